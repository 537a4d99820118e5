import { describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { clientOptionsFromProperties, loadProperties } from '../../src/client/properties.ts'
import { CA_PEM, CLIENT } from '../support/certificates.ts'

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p";'

/** Files by path, on no disk. */
const filesWith = (content: Record<string, string>) => ({
  ...nodeFileSystem,
  readFile(path: string): Buffer {
    const found = content[path]
    if (found === undefined) throw new Error(`ENOENT: ${path}`)
    return Buffer.from(found)
  },
})

const options = (properties: Record<string, string>, files: Record<string, string> = {}) =>
  clientOptionsFromProperties(new Map(Object.entries(properties)), {
    bootstrapServers: ['localhost:9092'],
    files: filesWith(files),
  })

describe('client properties', () => {
  it('become client options', () => {
    expect(
      options({
        'client.id': 'me',
        'request.timeout.ms': '1500',
        'default.api.timeout.ms': '9000',
        'socket.connection.setup.timeout.ms': '700',
      }),
    ).toMatchObject({
      bootstrapServers: ['localhost:9092'],
      clientId: 'me',
      requestTimeoutMs: 1500,
      apiTimeoutMs: 9000,
      connectTimeoutMs: 700,
      tls: undefined,
      sasl: undefined,
      ignoredProperties: [],
    })
  })

  it('give the servers when the caller names none', () => {
    const properties = new Map([['bootstrap.servers', 'a:1, b:2']])
    expect(clientOptionsFromProperties(properties).bootstrapServers).toEqual(['a:1', 'b:2'])
  })

  it('that nobody understands are listed, those of the caller are not', () => {
    const properties = new Map([
      ['linger.ms', '5'],
      ['nonsense.ms', '1'],
    ])
    const alsoUnderstood = new Set(['linger.ms'])
    expect(clientOptionsFromProperties(properties, { alsoUnderstood }).ignoredProperties).toEqual(['nonsense.ms'])
  })

  it('set up SASL', () => {
    const result = options({
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': PLAIN,
    })
    expect(result.sasl).toEqual({ mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' })
    expect(result.tls).toBeUndefined()
  })

  it('set up TLS', () => {
    const files = { '/ca': CA_PEM, '/me.pem': CLIENT.key + CLIENT.cert }
    const stores = { 'ssl.truststore.location': '/ca', 'ssl.keystore.location': '/me.pem' }
    const { tls, sasl } = options({ 'security.protocol': 'SSL', ...stores }, files)
    expect(tls).toEqual({ caPem: CA_PEM, certPem: files['/me.pem'], keyPem: files['/me.pem'], verifyHostname: true })
    expect(sasl).toBeUndefined()
    expect(options({ 'security.protocol': 'PLAINTEXT', ...stores }, files).tls).toBeUndefined()
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['a protocol Kafka does not have', { 'security.protocol': 'TLS' }, /Invalid value TLS for configuration security/],
    ['a number that is none', { 'request.timeout.ms': 'soon' }, /Invalid value soon.*Not a number of type INT/],
    ['a number beyond an int', { 'request.timeout.ms': '99999999999' }, /Not a number of type INT/],
    ['Kerberos, the default mechanism', { 'security.protocol': 'SASL_SSL' }, /GSSAPI is not supported/],
    [
      'a login without a config',
      { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN' },
      /sasl.jaas.config is missing/,
    ],
    [
      'a login without a password',
      {
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'PLAIN',
        'sasl.jaas.config': 'M required username="u";',
      },
      /no username or no password/,
    ],
    ['a missing file', { 'security.protocol': 'SSL', 'ssl.truststore.location': '/no.pem' }, /Cannot read \/no.pem/],
  ])('refuse %s', (_, properties, reason) => {
    expect(() => options(properties)).toThrow(KtError)
    expect(() => options(properties)).toThrow(reason)
  })

  it('load from a file', () => {
    expect(loadProperties('/f', filesWith({ '/f': 'a=1\n' }))).toEqual(new Map([['a', '1']]))
    expect(() => loadProperties('/none', filesWith({}))).toThrow('Cannot read the properties file /none')
    expect(() => loadProperties('/bad', filesWith({ '/bad': 'a=\\uzzzz' }))).toThrow('not a Java properties file')
  })
})

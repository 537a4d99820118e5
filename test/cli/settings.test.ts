import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ConnectionTarget } from '../../src/cli/context.ts'
import { ProfileStore } from '../../src/cli/profiles.ts'
import { gatherSettings, loginConfig, shownValue, variableOf } from '../../src/cli/settings.ts'

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-settings-'))
afterAll(() => fs.rmSync(home, { recursive: true }))
const store = new ProfileStore({ KT_HOME: home })
const SCRAM = 'SCRAM-SHA-256'
store.write(
  'prod',
  new Map([
    ['bootstrap.servers', 'profile:1'],
    ['sasl.mechanism', SCRAM],
    ['sasl.jaas.config', loginConfig(SCRAM, 'alice', 'from profile')],
  ]),
)
store.write(
  'open',
  new Map([
    ['sasl.mechanism', 'PLAIN'],
    ['sasl.jaas.config', loginConfig('PLAIN', 'bob', undefined)],
  ]),
)
const file = path.join(home, 'client.properties')
fs.writeFileSync(file, 'bootstrap.servers=file:1\nclient.id=file\nacks=1\nsasl.mechanism=PLAIN\n')

function gather(target: ConnectionTarget, env: Record<string, string> = {}) {
  const settings = gatherSettings(target, { KT_HOME: home, ...env })
  const of = (key: string): [string, string] | null => {
    const found = settings.effective.get(key)
    return found === undefined ? null : [found.value, found.source]
  }
  return { settings, of }
}

const SERVERS = 'bootstrap.servers'

describe('a setting', () => {
  it('is the flag’s before all else, and what it wins over is told', () => {
    const target = { bootstrapServer: 'flag:1', profile: 'prod', commandConfig: file }
    const { of, settings } = gather(target, { KT_BOOTSTRAP_SERVER: 'env:1' })
    expect(of(SERVERS)).toEqual(['flag:1', 'flag --bootstrap-server'])
    const lost = settings.overridden.filter(({ key }) => key === SERVERS).map(({ source }) => source)
    expect(lost).toEqual([`file ${file}`, 'environment KT_BOOTSTRAP_SERVER', 'profile prod'])
    expect(settings.profile).toEqual({ name: 'prod', chosenBy: '--profile' })
  })

  it('is the environment’s before the profile of KT_PROFILE, and that before the file’s', () => {
    const env = { KT_PROFILE: 'prod', KT_SASL_MECHANISM: 'PLAIN' }
    const { of } = gather({ commandConfig: file }, env)
    expect(of(SERVERS)).toEqual(['profile:1', 'profile prod'])
    expect(of('sasl.mechanism')).toEqual(['PLAIN', 'environment KT_SASL_MECHANISM'])
    expect(of('client.id')).toEqual(['file', `file ${file}`])
  })

  it('of a profile named on the command line wins over the environment', () => {
    const { of } = gather({ profile: 'prod' }, { KT_BOOTSTRAP_SERVER: 'env:1', KT_CLIENT_ID: 'env' })
    expect(of(SERVERS)).toEqual(['profile:1', 'profile prod'])
    expect(of('client.id')).toEqual(['env', 'environment KT_CLIENT_ID'])
  })

  it('that a command read from the file itself is still the file’s', () => {
    const properties = new Map([
      ['acks', '1'],
      ['client.id', 'mine'],
    ])
    const { of } = gather({ commandConfig: file, properties })
    expect(of('acks')).toEqual(['1', `file ${file}`])
    expect(of('client.id')).toEqual(['mine', 'flag --command-property'])
  })

  it('names controllers when they are asked', () => {
    const { of } = gather({ bootstrapController: 'c:1', commandConfig: file })
    expect(of(SERVERS)).toEqual(['c:1', 'flag --bootstrap-controller'])
  })

  it('comes from variables of all of ssl, sasl and security, and empty ones are none', () => {
    const { of } = gather(
      {},
      {
        KT_SECURITY_PROTOCOL: 'SSL',
        KT_SSL_TRUSTSTORE_LOCATION: '/ca.pem',
        KT_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM: '',
        KT_SASL_MECHANISM: '',
      },
    )
    expect(of('security.protocol')![0]).toBe('SSL')
    expect(of('ssl.truststore.location')).toEqual(['/ca.pem', 'environment KT_SSL_TRUSTSTORE_LOCATION'])
    expect(of('ssl.endpoint.identification.algorithm')![0]).toBe('')
    expect(of('sasl.mechanism')).toBeNull()
    expect(variableOf('ssl.key.password')).toBe('environment KT_SSL_KEY_PASSWORD')
  })
})

describe('user and password of the environment', () => {
  const JAAS = 'sasl.jaas.config'
  it('complete a login without a password', () => {
    const { of } = gather({ profile: 'open' }, { KT_SASL_PASSWORD: 'p' })
    expect(of(JAAS)).toEqual([loginConfig('PLAIN', 'bob', 'p'), 'environment KT_SASL_PASSWORD'])
  })

  it('replace what is weaker, and not a profile that was named', () => {
    const env = { KT_SASL_USERNAME: 'eve', KT_SASL_PASSWORD: 'p' }
    const weaker = gather({}, { ...env, KT_PROFILE: 'prod' })
    expect(weaker.of(JAAS)![0]).toBe(loginConfig(SCRAM, 'eve', 'p'))
    expect(weaker.settings.overridden.map(({ source }) => source)).toEqual(['profile prod'])
    expect(gather({ profile: 'prod' }, env).of(JAAS)![1]).toBe('profile prod')
  })

  it('are a login of their own', () => {
    const env = { KT_SASL_USERNAME: 'eve', KT_SASL_PASSWORD: 'p"q', KT_SASL_MECHANISM: 'PLAIN' }
    const [value, source] = gather({ bootstrapServer: 'a:1' }, env).of(JAAS)!
    expect(value).toContain('PlainLoginModule required username="eve" password="p\\"q";')
    expect(source).toBe('environment KT_SASL_USERNAME, KT_SASL_PASSWORD')
    expect(gather({}, { ...env, KT_SASL_MECHANISM: 'OAUTHBEARER' }).of(JAAS)).toBeNull()
    expect(gather({}, { KT_SASL_PASSWORD: 'p', KT_SASL_MECHANISM: 'PLAIN' }).of(JAAS)).toBeNull()
  })
})

describe('what is shown', () => {
  it.each([
    ['ssl.key.password', 'x', '(hidden)'],
    ['sasl.oauthbearer.client.credentials.client.secret', 'x', '(hidden)'],
    ['ssl.keystore.key', 'x', '(hidden)'],
    ['ssl.truststore.certificates', '-----BEGIN CERTIFICATE-----', '(PEM)'],
    ['ssl.keystore.location', '/me.p12', '/me.p12'],
    ['sasl.oauthbearer.token.endpoint.url', 'https://me:sesame@issuer:8443/t', 'https://me:(hidden)@issuer:8443/t'],
    ['sasl.oauthbearer.token.endpoint.url', 'https://issuer:8443/t', 'https://issuer:8443/t'],
    [
      'sasl.jaas.config',
      'M required username="u" password="p" odd="o";',
      'M required username="u" password="(hidden)" odd="(hidden)";',
    ],
    [
      'sasl.jaas.config',
      'M required clientId="c" clientSecret="p";',
      'M required clientId="c" clientSecret="(hidden)";',
    ],
    ['sasl.jaas.config', 'not a login: password=p', '(hidden)'],
  ])('of %s = %s', (key, value, shown) => {
    expect(shownValue({ key, value })).toBe(shown)
  })
})

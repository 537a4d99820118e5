/** TLS and SASL against Apache Kafka's own listeners, from the Java properties a person would write. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { createAdmin } from '../../../src/client/admin.ts'
import type { BearerLogin } from '../../../src/client/admin-types.ts'
import { GroupConsumer } from '../../../src/client/group-consumer.ts'
import { parseProperties } from '../../../src/client/java-properties.ts'
import { Producer } from '../../../src/client/producer.ts'
import { clientOptionsFromProperties } from '../../../src/client/properties.ts'
import { decodeRecords } from '../../../src/protocol/records/record.ts'
import {
  type ApacheKafka,
  apacheKafkaHome,
  freePorts,
  runScript,
  startApacheKafka,
} from '../../support/apache-kafka.ts'
import { CA_PEM, CLIENT, ELSEWHERE, LOCALHOST } from '../../support/certificates.ts'
import {
  JKS_KEY,
  JKS_KEY_PASSWORD,
  JKS_TRUST,
  PKCS12_KEY,
  PKCS12_TRUST,
  STORE_PASSWORD,
} from '../../support/key-stores.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'
import { closedPort } from '../../support/scripted-broker.ts'
import { TokenIssuer } from '../../support/token-issuer.ts'

const home = await apacheKafkaHome()
const MODULES = 'org.apache.kafka.common.security'
const ALICE = 'unsecuredLoginStringClaim_sub="alice"'
const STORES = { 'trust.jks': JKS_TRUST, 'trust.p12': PKCS12_TRUST, 'key.jks': JKS_KEY, 'key.p12': PKCS12_KEY }

describe.skipIf(home === null)('our client and Apache Kafka’s secure listeners', () => {
  let kafka: ApacheKafka
  let directory: string
  let issuer: TokenIssuer
  const ports: Record<string, number> = {}

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-security-'))
    const file = (name: string, text: string): string => {
      fs.writeFileSync(path.join(directory, name), text)
      return path.join(directory, name)
    }
    const keyStore = file('server.pem', LOCALHOST.key + LOCALHOST.cert)
    const trustStore = file('ca.pem', CA_PEM)
    for (const [name, bytes] of Object.entries(STORES)) fs.writeFileSync(path.join(directory, name), bytes)
    issuer = await TokenIssuer.start()
    const keys = file('keys.json', issuer.keySet)
    const [plain, controller, tls, mutual, sasl, oidc] = (await freePorts(6)) as [number, ...number[]]
    Object.assign(ports, { plain, tls, mutual, sasl, oidc })
    const listeners = [
      `PLAINTEXT://127.0.0.1:${plain}`,
      `SSL://localhost:${tls}`,
      `MUTUAL://localhost:${mutual}`,
      `SASL_SSL://localhost:${sasl}`,
      `OIDC://localhost:${oidc}`,
    ]
    const plainModule = `${MODULES}.plain.PlainLoginModule required username="admin" password="admin" user_alice="wonder=land";`
    // Kafka reads no file and asks no endpoint that the JVM was not told of.
    process.env.JAVA_TOOL_OPTIONS = `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=file://${keys} -Dorg.apache.kafka.sasl.oauthbearer.allowed.files=${keys}`
    kafka = await startApacheKafka(home!, {
      listeners: [...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(','),
      'advertised.listeners': [...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(','),
      'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
      'listener.security.protocol.map':
        'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,MUTUAL:SSL,SASL_SSL:SASL_SSL,OIDC:SASL_SSL',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keyStore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': trustStore,
      'listener.name.mutual.ssl.client.auth': 'required',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      'listener.name.oidc.sasl.enabled.mechanisms': 'OAUTHBEARER',
      'listener.name.sasl_ssl.oauthbearer.sasl.jaas.config': `${MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker" unsecuredValidatorRequiredScope="kafka";`,
      'listener.name.oidc.oauthbearer.sasl.jaas.config': `${MODULES}.oauthbearer.OAuthBearerLoginModule required;`,
      'listener.name.oidc.oauthbearer.sasl.server.callback.handler.class': `${MODULES}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
      'listener.name.oidc.oauthbearer.connections.max.reauth.ms': '60000',
      'sasl.oauthbearer.jwks.endpoint.url': `file://${keys}`,
      'sasl.oauthbearer.expected.audience': 'kafka',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      'allow.everyone.if.no.acl.found': 'true',
      'listener.name.sasl_ssl.plain.sasl.jaas.config': plainModule,
      'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': `${MODULES}.scram.ScramLoginModule required;`,
      'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${MODULES}.scram.ScramLoginModule required;`,
    })
    delete process.env.JAVA_TOOL_OPTIONS
    const admin = createAdmin({ bootstrapServers: [`127.0.0.1:${plain}`] })
    for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
      await admin.alterScramCredentials([{ user: 'alice', mechanism, iterations: 4096, password: 'wonder=land' }])
    }
    await admin.close()
  })
  afterAll(async () => {
    await kafka?.stop()
    await issuer?.stop()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  const trust = (): string => `ssl.truststore.type=PEM\nssl.truststore.location=${directory}/ca.pem\n`
  const inline = (pem: string): string => pem.trim().replaceAll('\n', '\\n\\\n')
  const options = (listener: string, text: string, host = 'localhost') =>
    clientOptionsFromProperties(parseProperties(text), { bootstrapServers: [`${host}:${ports[listener]}`] })
  const jaas = (module: string, password = 'wonder=land'): string =>
    `sasl.jaas.config=${MODULES}.${module} required username="alice" password="${password}";\n`

  async function clusterId(listener: string, text: string, host?: string): Promise<string> {
    const admin = createAdmin(options(listener, text, host))
    try {
      return (await admin.describeCluster()).clusterId
    } finally {
      await admin.close()
    }
  }

  async function failure(listener: string, text: string, host?: string): Promise<KtError> {
    const error = await clusterId(listener, text, host).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(KtError)
    return error as KtError
  }

  it('over TLS, trusted from a file or from the properties themselves', async () => {
    expect(await clusterId('tls', `security.protocol=SSL\n${trust()}`)).toHaveLength(22)
    const text = `security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.certificates=${inline(CA_PEM)}\n`
    expect(await clusterId('tls', text)).toHaveLength(22)
  })

  it('over mutual TLS', async () => {
    const identity = `ssl.keystore.type=PEM\nssl.keystore.key=${inline(CLIENT.key)}\nssl.keystore.certificate.chain=${inline(CLIENT.cert)}\n`
    expect(await clusterId('mutual', `security.protocol=SSL\n${trust()}${identity}`)).toHaveLength(22)
    const error = await failure('mutual', `security.protocol=SSL\n${trust()}`)
    expect(error.kind, `${error.message} ${error.facts.join()}`).toBe('authentication')
    expect(error.next).toContain('ssl.keystore.location')
  })

  it.each([
    ['JKS', 'jks', `ssl.key.password=${JKS_KEY_PASSWORD}\n`],
    ['PKCS12', 'p12', ''],
  ])('over mutual TLS with stores in %s', async (type, suffix, more) => {
    const store = (kind: string, name: string): string =>
      `ssl.${kind}.type=${type}\nssl.${kind}.location=${directory}/${name}.${suffix}\nssl.${kind}.password=${STORE_PASSWORD}\n`
    const text = `security.protocol=SSL\n${store('truststore', 'trust')}${store('keystore', 'key')}${more}`
    expect(await clusterId('mutual', text)).toHaveLength(22)
  })

  const unsecured = (claims: string): string =>
    `security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n${trust()}sasl.jaas.config=${MODULES}.oauthbearer.OAuthBearerLoginModule required ${claims};\n`

  it('logs in with an unsecured token of OAUTHBEARER', async () => {
    expect(await clusterId('sasl', unsecured(`${ALICE} unsecuredLoginListClaim_scope=",kafka"`))).toHaveLength(22)
    const refused = await failure('sasl', unsecured(ALICE))
    expect(refused.kind).toBe('authentication')
    expect(refused.message).toContain('insufficient_scope')
    expect(refused.facts).toContain('mechanism OAUTHBEARER')
  })

  const oidc = (secret: string): string =>
    `security.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n${trust()}sasl.oauthbearer.token.endpoint.url=${issuer.url}\n` +
    `sasl.jaas.config=${MODULES}.oauthbearer.OAuthBearerLoginModule required clientId="alice" clientSecret="${secret}" scope="kafka";\n`

  it('logs in with a token of an OIDC issuer, asked for once', async () => {
    const before = issuer.asked
    const { token } = options('oidc', oidc('sesame')).sasl as BearerLogin
    expect((await token()).principal).toBe('alice')
    expect((await token()).principal).toBe('alice')
    expect(issuer.asked).toBe(before + 1)
    expect(await clusterId('oidc', oidc('sesame'))).toHaveLength(22)
  })

  it('stays logged in beyond the life of its token (KIP-368)', async () => {
    issuer.lifeSeconds = 2
    const before = issuer.asked
    const admin = createAdmin(options('oidc', oidc('sesame')))
    const end = Date.now() + 3_500
    while (Date.now() < end) {
      expect((await admin.describeCluster()).clusterId).toHaveLength(22)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await admin.close()
    issuer.lifeSeconds = 300
    expect(issuer.asked - before).toBeGreaterThanOrEqual(2)
  })

  it('tells an issuer that refuses from a broker that does', async () => {
    const noToken = await failure('oidc', oidc('wrong'))
    expect(noToken).toMatchObject({ kind: 'authentication' })
    expect(noToken.message).toContain(`The token endpoint ${issuer.url} refused: invalid_client`)
    issuer.audience = 'elsewhere'
    const refused = await failure('oidc', oidc('sesame'))
    issuer.audience = 'kafka'
    expect(refused.kind).toBe('authentication')
    expect(refused.message).toContain('refused the login')
    expect(refused.next).toContain('audience')
  })

  it('a mechanism that is not offered comes with those that are', async () => {
    const error = await failure(
      'oidc',
      `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n${trust()}${jaas('plain.PlainLoginModule')}`,
    )
    expect(error.facts).toContain('the broker offers these mechanisms: OAUTHBEARER')
  })

  it.each([
    ['PLAIN', 'plain.PlainLoginModule'],
    ['SCRAM-SHA-256', 'scram.ScramLoginModule'],
    ['SCRAM-SHA-512', 'scram.ScramLoginModule'],
  ])('logs in with %s', async (mechanism, module) => {
    const text = `security.protocol=SASL_SSL\nsasl.mechanism=${mechanism}\n${trust()}`
    expect(await clusterId('sasl', text + jaas(module))).toHaveLength(22)
    const refused = await failure('sasl', text + jaas(module, 'wrong'))
    expect(refused.kind).toBe('authentication')
    expect(refused.next).toContain('sasl.jaas.config')
  })

  it.each([
    ['PLAIN', () => jaas('plain.PlainLoginModule')],
    ['SCRAM-SHA-512', () => jaas('scram.ScramLoginModule')],
    ['OAUTHBEARER', () => unsecured(`${ALICE} unsecuredLoginListClaim_scope=",kafka"`)],
  ])('produces and reads in a group there with %s, kafkajs included', async (mechanism, login) => {
    const text = `security.protocol=SASL_SSL\nsasl.mechanism=${mechanism}\n${trust()}${login()}`
    const topic = `secret-${mechanism}`
    const producer = new Producer(options('sasl', text))
    await producer.send({ topic, key: null, value: Buffer.from('sesame') })
    await producer.close()
    const consumer = new GroupConsumer(options('sasl', text), { groupId: topic, topics: [topic], reset: 'earliest' })
    await consumer.start()
    const batch = (await consumer.next())!
    expect(decodeRecords(batch.buffer, batch.at).map(({ value }) => String(value))).toEqual(['sesame'])
    await consumer.close()
  })

  it('says what is wrong when the protocols do not match', async () => {
    const plaintextToTls = await failure('tls', 'security.protocol=PLAINTEXT\n')
    expect(plaintextToTls.message).toMatch(/TLS/)
    const tlsToPlaintext = await failure('plain', `security.protocol=SSL\n${trust()}`, '127.0.0.1')
    expect(tlsToPlaintext.message).toMatch(/plaintext/)
    const noLogin = await failure('sasl', `security.protocol=SSL\n${trust()}`)
    expect(noLogin.message).toMatch(/SASL/)
  })

  it('says when a certificate is not to be trusted', async () => {
    const stranger = `security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.certificates=${inline(ELSEWHERE.cert)}\n`
    const error = await failure('tls', stranger)
    expect(error.kind).toBe('authentication')
    expect(error.next).toContain('ssl.truststore')
  })

  /** As alice, who may do what nothing is said about. */
  async function asAlice(args: readonly string[], input = ''): Promise<CommandResult> {
    const file = path.join(directory, 'alice.properties')
    fs.writeFileSync(
      file,
      `security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n${trust()}${jaas('scram.ScramLoginModule')}`,
    )
    const connection = ['--bootstrap-server', `localhost:${ports.sasl}`, '--command-config', file]
    return runCommand([...args, ...connection], { input })
  }

  const GRANT = /next: ask an administrator for it: kt (acls --bootstrap-server localhost:\d+ --add .*)/

  /** Does what the hint says, as somebody who may. */
  async function grant(stderr: string): Promise<void> {
    const line = GRANT.exec(stderr)![1]!.replace(/localhost:\d+/, `127.0.0.1:${ports.plain}`)
    expect(await runCommand(line.split(' '))).toMatchObject({ code: 0 })
  }

  it('a denial names operation and resource, and the line that allows it does', async () => {
    const root = ['--bootstrap-server', `127.0.0.1:${ports.plain}`]
    await runCommand(['topics', ...root, '--create', '--topic', 'vault'])
    const owner = ['--add', '--allow-principal', 'User:bob', '--operation', 'All']
    await runCommand(['acls', ...root, ...owner, '--topic', 'vault', '--group', 'guards'])

    const offsets = ['get-offsets', '--topic', 'vault']
    const configs = ['configs', '--describe', '--entity-type', 'topics', '--entity-name', 'vault']
    const group = ['consumer-groups', '--describe', '--group', 'guards']
    const read = ['console-consumer', '--topic', 'vault', '--group', 'guards', '--timeout-ms', '3000']
    const cases: [string[], string][] = [
      [['console-producer', '--topic', 'vault'], 'Describe on topic vault, as User:alice'],
      [['console-producer', '--topic', 'vault'], 'Write on topic vault, as User:alice'],
      [configs, 'DescribeConfigs on topic vault, as User:alice'],
      [group, 'Describe on group guards, as User:alice'],
      [read, 'Read on group guards, as User:alice'],
      [read, 'Read on topic vault, as User:alice'],
    ]
    for (const [args, denied] of cases) {
      const result = await asAlice(args, 'gold\n')
      expect(result.stderr, args.join(' ')).toContain(`denied: ${denied}`)
      await grant(result.stderr)
    }
    expect((await asAlice(offsets)).stdout).toBe('vault:0:0\n')
  })

  it('a profile is all that a command needs, its password from the environment', async () => {
    const env = { KT_HOME: path.join(directory, 'home') }
    const flags = ['--security-protocol', 'SASL_SSL', '--mechanism', 'SCRAM-SHA-256', '--user', 'alice']
    const where = ['--bootstrap-server', `localhost:${ports.sasl}`, '--truststore', `${directory}/trust.jks`]
    const added = await runCommand(
      ['profile', 'add', 'secure', ...flags, ...where, '--property', `ssl.truststore.password=${STORE_PASSWORD}`],
      { env },
    )
    expect(added).toMatchObject({ code: 0 })
    const list = ['topics', '--list', '--profile', 'secure']
    const without = await runCommand(list, { env })
    expect(without.stdout + without.stderr).toContain('no password')
    const good = await runCommand(list, { env: { ...env, KT_SASL_PASSWORD: 'wonder=land' } })
    expect(good).toMatchObject({ code: 0, stderr: '' })
    const wrong = await runCommand(['describe', '--profile', 'secure'], { env: { ...env, KT_SASL_PASSWORD: 'no' } })
    expect(wrong.code).toBe(5)
    expect(wrong.stderr).toContain('failed step: SASL')
  })

  it('each step that may fail is named, with an exit code of its own', async () => {
    const tls = { KT_SECURITY_PROTOCOL: 'SSL', KT_SSL_TRUSTSTORE_LOCATION: `${directory}/ca.pem` }
    const cases: [string, Record<string, string>, number, RegExp][] = [
      ['no-such-host.invalid:9092', {}, 3, /failed step: DNS/],
      [`localhost:${await closedPort()}`, {}, 3, /failed step: TCP/],
      [
        `localhost:${ports.tls}`,
        { KT_SECURITY_PROTOCOL: 'SSL' },
        5,
        /authority that is not trusted[\s\S]*failed step: TLS/,
      ],
      [`127.0.0.1:${ports.plain}`, tls, 3, /failed step: TLS/],
      [`localhost:${ports.tls}`, {}, 3, /failed step: TLS/],
      [`localhost:${ports.sasl}`, tls, 5, /SASL/],
    ]
    for (const [server, env, code, step] of cases) {
      const result = await runCommand(['describe', '--bootstrap-server', server], { env })
      expect(result.stderr).toMatch(step)
      expect(result.code, result.stderr).toBe(code)
    }
  })

  const jks = (): string =>
    `ssl.truststore.location=${directory}/trust.jks\nssl.truststore.password=${STORE_PASSWORD}\n` +
    `ssl.keystore.location=${directory}/key.jks\nssl.keystore.password=${STORE_PASSWORD}\nssl.key.password=${JKS_KEY_PASSWORD}\n`
  const pkcs12 = (): string =>
    `ssl.truststore.type=PKCS12\nssl.truststore.location=${directory}/trust.p12\nssl.truststore.password=${STORE_PASSWORD}\n`
  const scram = (): string =>
    `security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-256\nssl.truststore.type=PEM\nssl.truststore.certificates=${inline(CA_PEM)}\n`

  it.each<[string, string, () => string]>([
    ['JKS', 'mutual', () => `security.protocol=SSL\nssl.enabled.protocols=TLSv1.2\n${jks()}`],
    [
      'PKCS12',
      'sasl',
      () => `security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n${pkcs12()}${jaas('plain.PlainLoginModule')}`,
    ],
    ['PEM in line', 'sasl', () => `${scram()}${jaas('scram.ScramLoginModule')}`],
    ['an unsecured token', 'sasl', () => unsecured(`${ALICE} unsecuredLoginListClaim_scope=",kafka"`)],
  ])('a file with %s does for kt what it does for Kafka’s own script', async (_, listener, text) => {
    const file = path.join(directory, 'same.properties')
    fs.writeFileSync(file, text())
    const args = ['--bootstrap-server', `localhost:${ports[listener]}`, '--command-config', file, '--list']
    const theirs = await runScript(home!, 'kafka-topics', args)
    const ours = await runCommand(['kafka-topics.sh', ...args])
    expect(theirs.code).toBe(0)
    expect({ stdout: ours.stdout, code: ours.code }).toEqual({ stdout: theirs.stdout, code: 0 })
  })
})

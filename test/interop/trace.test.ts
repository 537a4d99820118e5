/** `kt trace` between others' clients (kcat, Apache's own scripts) and Apache Kafka: plain, and with TLS and logins behind it. */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { createAdmin } from '../../src/client/admin.ts'
import {
  type ApacheKafka,
  apacheKafkaHome,
  freePorts,
  runProcess,
  runScript,
  startApacheKafka,
} from '../support/apache-kafka.ts'
import { CA_PEM, LOCALHOST } from '../support/certificates.ts'
import { runCommand } from '../support/run-command.ts'
import { traced } from '../support/traced.ts'
import { works } from './foreign-clients/tools.ts'

const home = await apacheKafkaHome()
const hasKcat = works('kcat', ['-V'])
const MODULES = 'org.apache.kafka.common.security'

describe.skipIf(home === null)('kt trace and Apache Kafka', () => {
  let kafka: ApacheKafka
  let directory: string
  const ports: Record<string, number> = {}

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-trace-'))
    const [plain, controller, sasl, secure] = (await freePorts(4)) as [number, number, number, number]
    Object.assign(ports, { plain, sasl, secure })
    fs.writeFileSync(path.join(directory, 'server.pem'), LOCALHOST.key + LOCALHOST.cert)
    fs.writeFileSync(path.join(directory, 'ca.pem'), CA_PEM)
    const listeners = [
      `PLAINTEXT://127.0.0.1:${plain}`,
      `SASL_PLAINTEXT://127.0.0.1:${sasl}`,
      `SASL_SSL://localhost:${secure}`,
      `CONTROLLER://127.0.0.1:${controller}`,
    ].join(',')
    const module = `${MODULES}.plain.PlainLoginModule required username="admin" password="admin" user_alice="wonder=land";`
    kafka = await startApacheKafka(home!, {
      ...{ listeners, 'advertised.listeners': listeners },
      'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
      'listener.security.protocol.map':
        'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': path.join(directory, 'server.pem'),
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
      'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl_plaintext.plain.sasl.jaas.config': module,
      'listener.name.sasl_ssl.plain.sasl.jaas.config': module,
      'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': `${MODULES}.scram.ScramLoginModule required;`,
      'share.coordinator.state.topic.replication.factor': '1',
      'share.coordinator.state.topic.min.isr': '1',
    })
    const admin = createAdmin({ bootstrapServers: [`127.0.0.1:${plain}`] })
    await admin.alterScramCredentials([
      { user: 'alice', mechanism: 'SCRAM-SHA-256', iterations: 4096, password: 'wonder=land' },
    ])
    const topics = ['plain', 'java', 'share', 'login'].map((name) => ({ name, partitions: 2, replicationFactor: 1 }))
    await admin.createTopics(topics)
    await admin.close()
  })
  afterAll(async () => {
    await kafka?.stop()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  const at = (listener: string, host = '127.0.0.1'): string[] => ['--bootstrap-server', `${host}:${ports[listener]}`]
  const file = (name: string, ...lines: string[]): string => {
    fs.writeFileSync(path.join(directory, name), `${lines.join('\n')}\n`)
    return path.join(directory, name)
  }

  it.skipIf(!hasKcat)('kcat: every byte of some MB arrives, both ways', async () => {
    const random = seededRandom(3)
    const text = Array.from({ length: 12_000 }, () => `${random.bytes(400).toString('base64')}\n`).join('')
    const result = await traced(at('plain'), async (servers) => {
      const kcat = (args: readonly string[], input = '') =>
        runProcess('kcat', ['-b', servers, '-t', 'plain', '-p', '0', ...args], { input, timeoutMs: 60_000 })
      expect(await kcat(['-P'], text)).toMatchObject({ code: 0 })
      const { stdout } = await kcat(['-C', '-e', '-q', '-o', 'beginning'])
      expect(hash(stdout)).toBe(hash(text))
    })
    expect(result.stdout).toMatch(/rdkafka#\d+ Produce v\d+ to broker 1: \d+ records? .*for plain-0/)
    expect(result.stdout).toContain(' ApiVersions v3 to broker 1: the client is librdkafka ')
  })

  it('the scripts: produced, read by a group, described; brokers are where the proxy is', async () => {
    const result = await traced(['-v', ...at('plain')], async (servers) => {
      const script = (name: string, ...args: string[]) =>
        runScript(home!, name, [...args, '--bootstrap-server', servers])
      const lines = 'a:1\nb:2\nc:3\n'
      const produced = runScript(home!, 'kafka-console-producer', ['--topic', 'java', '--bootstrap-server', servers], {
        input: lines,
      })
      expect((await produced).code).toBe(0)
      const args = [
        '--topic',
        'java',
        '--group',
        'readers',
        '--from-beginning',
        '--max-messages',
        '3',
        '--timeout-ms',
        '20000',
      ]
      const consumed = await script('kafka-console-consumer', ...args)
      expect(consumed.stdout.trim().split('\n').sort()).toEqual(['a:1', 'b:2', 'c:3'])
      const versions = await script('kafka-broker-api-versions')
      expect(versions.stdout).toMatch(new RegExp(`^${servers} \\(id: 1 `))
      const described = await script('kafka-consumer-groups', '--describe', '--group', 'readers')
      expect(described.stdout).toContain('readers')
    })
    expect(result.stdout).toMatch(/ConsumerGroupHeartbeat|JoinGroup/)
    expect(result.stdout).toMatch(/OffsetCommit v\d+ to broker 1 \(.*\), the coordinator of group readers: remember/)
    expect(result.stdout).toContain('the client is apache-kafka-java 4.3.1')
    expect(result.stdout).not.toContain('kt could not read')
    expect(result.stdout).not.toMatch(/^\S+ .* ! /m)
  })

  it('the console share consumer: addresses behind records are replaced too', async () => {
    const servers = `127.0.0.1:${ports.plain}`
    const config = [
      '--alter',
      '--entity-type',
      'groups',
      '--entity-name',
      'sharers',
      '--add-config',
      'share.auto.offset.reset=earliest',
    ]
    expect((await runCommand(['configs', '--bootstrap-server', servers, ...config])).code).toBe(0)
    await runCommand(['console-producer', '--topic', 'share', '--bootstrap-server', servers], { input: 'shared\n' })
    const result = await traced(at('plain'), async (proxy) => {
      const args = [
        '--bootstrap-server',
        proxy,
        '--topic',
        'share',
        '--group',
        'sharers',
        '--max-messages',
        '1',
        '--timeout-ms',
        '30000',
      ]
      expect((await runScript(home!, 'kafka-console-share-consumer', args)).stdout).toBe('shared\n')
    })
    expect(result.stdout).toMatch(/ShareFetch v\d+ to broker 1/)
    expect(result.stdout).not.toContain('kt could not read')
  })

  it('TLS and a login are those of kt: the client needs neither', async () => {
    const properties = file(
      'secure.properties',
      'security.protocol=SASL_SSL',
      'sasl.mechanism=SCRAM-SHA-256',
      `sasl.jaas.config=${MODULES}.scram.ScramLoginModule required username="alice" password="wonder=land";`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${directory}/ca.pem`,
    )
    const result = await traced([...at('secure', 'localhost'), '--command-config', properties], async (servers) => {
      const produced = await runCommand(['console-producer', '--topic', 'login', '--bootstrap-server', servers], {
        input: 'hidden\n',
      })
      expect(produced).toMatchObject({ code: 0 })
      const listed = await runScript(home!, 'kafka-topics', ['--list', '--bootstrap-server', servers])
      expect(listed.stdout.split('\n')).toContain('login')
    })
    expect(result.stderr).toContain(
      'clients speak PLAINTEXT to kt, kt speaks TLS and a login by SCRAM-SHA-256 to the cluster',
    )
    expect(result.stdout + result.stderr).not.toMatch(/wonder|hidden/)
    // --explain hears members of groups (kafkajs) behind TLS and a login as well.
    const args = [
      '--topic',
      'login',
      '--group',
      'explained',
      '--from-beginning',
      '--max-messages',
      '1',
      '--explain',
      '-vv',
    ]
    const explained = await runCommand([
      'console-consumer',
      ...at('secure', 'localhost'),
      ...args,
      '--command-config',
      properties,
    ])
    expect(explained).toMatchObject({ code: 0, stdout: 'hidden\n' })
    for (const told of ['SaslAuthenticate v', 'JoinGroup v', 'SyncGroup v', 'Fetch v', '<hidden>|not shown']) {
      expect(explained.stderr).toMatch(new RegExp(told))
    }
    expect(explained.stderr).not.toMatch(/wonder|kt could not|kt cannot/)
    const wrong = file(
      'wrong.properties',
      ...fs.readFileSync(properties, 'utf8').trim().split('\n'),
      `sasl.jaas.config=${MODULES}.scram.ScramLoginModule required username="alice" password="no";`,
    )
    const refused = await traced([...at('secure', 'localhost'), '--command-config', wrong], async () => undefined)
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('refused the login')])
  })

  it("the client's own login goes through, and its password is not told", async () => {
    const own = file(
      'client.properties',
      'security.protocol=SASL_PLAINTEXT',
      'sasl.mechanism=PLAIN',
      `sasl.jaas.config=${MODULES}.plain.PlainLoginModule required username="alice" password="wonder=land";`,
    )
    const result = await traced([...at('sasl'), '-vv'], async (servers) => {
      const listed = await runScript(home!, 'kafka-topics', [
        '--list',
        '--bootstrap-server',
        servers,
        '--command-config',
        own,
      ])
      expect(listed.stdout.split('\n')).toContain('login')
    })
    expect(result.stderr).toContain("the cluster wants a login, and kt has none; the client's own login goes through")
    expect(result.stdout).toMatch(/SaslAuthenticate v\d+ to .*: one step of logging in/)
    expect(result.stdout).toContain('authBytes: <18 bytes, not shown>')
    expect(result.stdout).not.toContain('wonder')
  })
})

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

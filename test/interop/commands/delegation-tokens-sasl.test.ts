/** `kt delegation-tokens` and Apache's script where clients log in: tokens are made, seen, renewed and ended. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type ApacheKafka,
  apacheKafkaHome,
  freePorts,
  runScript,
  startApacheKafka,
} from '../../support/apache-kafka.ts'
import { runCommand } from '../../support/run-command.ts'

const LOGIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="secret"'
const WAIT = { timeout: 10_000, interval: 50 }
const home = await apacheKafkaHome()
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-tokens-'))
const file = path.join(directory, 'client.properties')
fs.writeFileSync(file, `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${LOGIN};\n`)

interface Token {
  readonly tokenId: string
  readonly hmac: string
  readonly owner: string
  readonly renewers: readonly string[]
}

describe.skipIf(home === null)('kt delegation-tokens beside kafka-delegation-tokens.sh, with a login', () => {
  let kafka: ApacheKafka
  let connection: readonly string[]

  beforeAll(async () => {
    const [plain, sasl, controller] = await freePorts(3)
    const listeners = `PLAINTEXT://127.0.0.1:${plain},SASL://127.0.0.1:${sasl},CONTROLLER://127.0.0.1:${controller}`
    kafka = await startApacheKafka(home!, {
      listeners,
      'advertised.listeners': listeners,
      'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config': `${LOGIN} user_alice="secret";`,
      'delegation.token.secret.key': 'a-secret-for-tests',
    })
    connection = ['--bootstrap-server', `127.0.0.1:${sasl}`, '--command-config', file]
  })
  afterAll(async () => {
    await kafka?.stop()
    fs.rmSync(directory, { recursive: true })
  })

  const script = (line: string) => runScript(home!, 'kafka-delegation-tokens', [...connection, ...line.split(' ')])
  const kt = (line: string) => runCommand(['delegation-tokens', ...connection, ...line.split(' ')])
  const tokens = async (): Promise<Token[]> => JSON.parse((await kt('--describe --format json')).stdout).tokens
  /** Ids, secrets and times differ from token to token. */
  const shape = (text: string): string =>
    text
      .replace(/[A-Za-z0-9+/]{60,}=*/g, 'HMAC')
      .replace(/[\w-]{22}/g, 'ID')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d/g, 'TIME')

  it('creates the same tokens', async () => {
    const line = '--create --max-life-time-period 3600000 --renewer-principal User:bob --renewer-principal User:carl'
    const [theirs, ours] = [await script(line), await kt(line)]
    expect({ code: ours.code, stdout: shape(ours.stdout) }).toEqual({ code: theirs.code, stdout: shape(theirs.stdout) })
    expect(ours.stdout).toContain('[User:bob, User:carl]')
  })

  it('describes them in the same words', async () => {
    await vi.waitFor(async () => expect((await tokens()).length).toBeGreaterThanOrEqual(2), WAIT)
    const line = '--describe --owner-principal User:alice'
    const [theirs, ours] = [await script(line), await kt(line)]
    const rows = (text: string): string[] => text.split('\n').sort()
    expect(rows(ours.stdout)).toEqual(rows(theirs.stdout))
  })

  it('renews and ends them', async () => {
    const [first, second] = (await tokens()) as [Token, Token]
    for (const line of ['--renew --renew-time-period 60000', '--expire --expiry-time-period -1']) {
      const theirs = await script(`${line} --hmac ${first.hmac}`)
      const ours = await kt(`${line} --hmac ${second.hmac}`)
      const own = (text: string): string => shape(text.replaceAll(first.hmac, 'H').replaceAll(second.hmac, 'H'))
      expect({ code: ours.code, stdout: own(ours.stdout) }).toEqual({ code: theirs.code, stdout: own(theirs.stdout) })
      expect(ours.stdout).toContain('New expiry date : ')
    }
    // A broker answers before each of its parts has seen the change.
    await vi.waitFor(async () => {
      const left = (await tokens()).map(({ tokenId }) => tokenId)
      expect(left.filter((id) => id === first.tokenId || id === second.tokenId)).toEqual([])
    }, WAIT)
  })

  it('refuses a secret of no token in the same words', async () => {
    const line = '--renew --renew-time-period 1 --hmac YWJj'
    const [theirs, ours] = [await script(line), await kt(line)]
    const first = (text: string): string => text.split('\n')[0]!
    expect({ code: ours.code, stdout: ours.stdout }).toEqual({ code: theirs.code, stdout: theirs.stdout })
    expect(first(ours.stderr)).toBe(first(theirs.stderr))
  })
})

/** Groups of Apache Kafka's coordinator, watched and foretold: every step is told, and what was foretold comes true. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { type CommandResult, KeptOutput, type RunOptions, runCommand } from '../../support/run-command.ts'

const home = await apacheKafkaHome()
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-live-'))
const WAIT = { timeout: 60_000, interval: 300 }

interface Running {
  readonly done: Promise<CommandResult>
  /** What stands on its stdout so far. */
  said(): string
  stop(): Promise<CommandResult>
}

interface Partition {
  readonly topic: string
  readonly partition: number
}

describe.skipIf(home === null)('a group of Apache Kafka', () => {
  let kafka: ApacheKafka
  const running: Running[] = []

  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    await kt('topics', '--create --if-not-exists --topic Alive-a --partitions 5')
    await kt('topics', '--create --if-not-exists --topic Alive-b --partitions 4')
  })
  afterAll(async () => {
    await Promise.all(running.map((each) => each.stop()))
    await kt('topics', '--delete --topic Alive-a')
    await kt('topics', '--delete --topic Alive-b')
    await kafka.stop()
    fs.rmSync(directory, { recursive: true })
  })

  const kt = (command: string, args: string, options: RunOptions = {}): Promise<CommandResult> =>
    runCommand([command, '--bootstrap-server', kafka.bootstrapServers, ...args.split(' ')], options)

  function run(command: string, args: string): Running {
    const interruption = new AbortController()
    const stdout = new KeptOutput()
    const done = kt(command, args, { signal: interruption.signal, stdout })
    const each = {
      done,
      said: () => stdout.text,
      stop: () => {
        interruption.abort('SIGINT')
        return done
      },
    }
    running.push(each)
    return each
  }

  function member(groupId: string, name: string, protocol: string): Running {
    const file = path.join(directory, `${name}.properties`)
    fs.writeFileSync(file, `client.id=${name}\ngroup.protocol=${protocol}\n`)
    return run('console-consumer', `--include Alive-.* --group ${groupId} --command-config ${file}`)
  }

  async function settled(groupId: string, count: number): Promise<Map<string, string[]>> {
    let found = new Map<string, string[]>()
    await vi.waitFor(async () => {
      const { stdout } = await kt('consumer-groups', `--describe --group ${groupId} --members --format json`)
      const [group] = stdout.startsWith('{') ? JSON.parse(stdout).groups : [undefined]
      expect([group?.state, group?.rows.length]).toEqual([count === 0 ? 'Empty' : 'Stable', count])
      const rows = group.rows as { consumerId: string; assignment: Partition[] }[]
      found = new Map(rows.map(({ consumerId, assignment }) => [consumerId, textsOf(assignment)]))
    }, WAIT)
    return found
  }

  const textsOf = (list: readonly Partition[]): string[] =>
    list.map(({ topic, partition }) => `${topic}-${partition}`).sort()

  it.each([
    ['consumer', 'uniform'],
    ['classic', 'range'],
  ])(
    'of the %s protocol comes to what %s was foretold to make of it',
    async (protocol, assignor) => {
      const groupId = `Alive-whatif-${protocol}`
      const members = new Map(
        ['m0', 'm1', 'm2'].map((name) => [name, member(groupId, `${protocol}-${name}`, protocol)]),
      )
      await settled(groupId, 3)
      const { stdout } = await kt(
        'consumer-groups',
        `--what-if --group ${groupId} --member-count -1 --assignor ${assignor} --format json`,
      )
      const { leaving, forecasts, presentAssignor } = JSON.parse(stdout)
      expect(presentAssignor).toBe(assignor)
      const forecast = forecasts.find((each: { protocol: string }) => each.protocol === protocol)
      const gone = (leaving[0] as string).replace(/^\w+-(m\d)~.*$/, '$1')
      await members.get(gone)!.stop()
      const after = await settled(groupId, 2)
      const foretold = (forecast.members as { memberId: string; partitions: Partition[] }[]).map(
        ({ memberId, partitions }) => [memberId, textsOf(partitions)] as const,
      )
      expect([...after].sort()).toEqual(foretold.sort())
      await Promise.all([...members.values()].map((each) => each.stop()))
    },
    200_000,
  )

  it.each(['consumer', 'classic'])(
    'of the %s protocol is told step by step',
    async (protocol) => {
      const groupId = `Alive-steps-${protocol}`
      const watching = run('consumer-groups', `--describe --group ${groupId} --steps --format json`)
      // One step after the other: what the watcher has not seen apart, it cannot tell apart.
      const seen = (pattern: RegExp) => vi.waitFor(() => expect(watching.said()).toMatch(pattern), WAIT)
      await seen(/"step":"watching"/)
      const first = member(groupId, `${protocol}-s0`, protocol)
      await settled(groupId, 1)
      await seen(/"step":"joined".*-s0/)
      const second = member(groupId, `${protocol}-s1`, protocol)
      await settled(groupId, 2)
      await seen(/"step":"joined".*-s1/)
      await first.stop()
      await settled(groupId, 1)
      await seen(/"step":"left".*-s0/)
      await second.stop()
      await settled(groupId, 0)
      await seen(/"step":"left".*-s1[\s\S]*"step":"settled".*"state":"Empty"/)
      const { stdout } = await watching.stop()
      const steps = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      const of = (name: string) => steps.filter(({ step }) => step === name)
      expect(of('joined').map(({ member: { clientId } }) => clientId)).toEqual([`${protocol}-s0`, `${protocol}-s1`])
      expect(of('left').map(({ member: { clientId } }) => clientId)).toEqual([`${protocol}-s0`, `${protocol}-s1`])
      expect(of('settled').at(-1)).toMatchObject({ state: 'Empty', unread: { length: 9 } })
      expect(steps.at(-1)).toMatchObject({ step: 'summary', joined: 2, left: 2 })
      const whole = of('stopped').some(({ why, partitions }) => why === 'rebalance' && partitions.length === 9)
      // Only an eager group stands still as a whole.
      expect(whole).toBe(protocol === 'classic')
      const numbers = of(protocol === 'classic' ? 'generation' : 'epochs').map(
        (each) => each.generation ?? each.groupEpoch,
      )
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    },
    200_000,
  )
})

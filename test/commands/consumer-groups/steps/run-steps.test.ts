/** A group that rebalances while it is watched: on the bundled node, in this process, with members of our own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Admin, ClientOptions } from '../../../../src/client/admin-types.ts'
import { startCluster } from '../../../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../../../src/cluster/types.ts'
import { type CommandResult, type RunOptions, runCommand } from '../../../support/run-command.ts'

let cluster: LocalCluster
beforeAll(async () => {
  cluster = await startCluster({
    config: { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.num.partitions': '3' },
  })
  await kt('topics', '--create --topic orders --partitions 4')
  await kt('console-producer', '--topic orders', { input: 'one\ntwo\n' })
})
afterAll(() => cluster.close())

const kt = (command: string, args: string, options: RunOptions = {}): Promise<CommandResult> =>
  runCommand([command, '--bootstrap-server', cluster.bootstrapServers, ...args.split(' ')], options)

interface Running {
  readonly done: Promise<CommandResult>
  stop(): Promise<CommandResult>
}

function run(command: string, args: string): Running {
  const interruption = new AbortController()
  const done = kt(command, args, { signal: interruption.signal })
  return {
    done,
    stop() {
      interruption.abort('SIGINT')
      return done
    },
  }
}

const reader = (groupId: string): Running =>
  run('console-consumer', `--topic orders --group ${groupId} --from-beginning`)

/** Until the group is as it should be. */
async function settled(groupId: string, members: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { stdout } = await kt('consumer-groups', `--describe --group ${groupId} --state --format json`)
        const [group] = stdout.startsWith('{') ? JSON.parse(stdout).groups : []
        return [group?.state, group?.rows[0]?.memberCount]
      },
      { timeout: 30_000, interval: 200 },
    )
    .toEqual([members === 0 ? 'Empty' : 'Stable', members])
}

interface StepDocument {
  readonly step: string
  readonly [field: string]: unknown
}

describe('--steps', () => {
  it('tells who comes and goes, which partitions move and how long nobody reads', async () => {
    const watching = run('consumer-groups', '--describe --group billing --steps --format json')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const first = reader('billing')
    await settled('billing', 1)
    const second = reader('billing')
    await settled('billing', 2)
    await second.stop()
    await settled('billing', 1)
    await first.stop()
    await settled('billing', 0)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const { code, stdout, stderr } = await watching.stop()
    expect(code).toBe(130)
    expect(stderr).toContain("There is no group 'billing' yet")
    const documents: StepDocument[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const each of documents) {
      expect(each).toMatchObject({ apiVersion: 'kt/v1', kind: 'ConsumerGroupStep', groupId: 'billing' })
      expect(each.timestamp).toBeGreaterThan(1_700_000_000_000)
    }
    const of = (step: string): StepDocument[] => documents.filter((each) => each.step === step)
    expect(documents[0]).toMatchObject({ step: 'watching', state: 'Dead' })
    expect(of('joined')).toHaveLength(2)
    expect(of('left')).toHaveLength(2)
    // Every generation is a record: none is missed, however short it was.
    const generations = of('generation').map(({ generation }) => generation as number)
    expect(generations).toEqual(generations.map((_, at) => generations[0]! + at))
    const moves = of('started').flatMap(({ moves }) => moves as { from: unknown; to: unknown; stoodStillMs: number }[])
    expect(moves.filter(({ from }) => from === null)).toHaveLength(4)
    expect(of('settled').filter(({ moved }) => moved === 2)).toHaveLength(2)
    expect(of('settled').at(-1)).toMatchObject({ state: 'Empty', unread: { length: 4 }, lag: 0 })
    expect(documents.at(-1)).toMatchObject({ step: 'summary', joined: 2, left: 2, moved: 4, state: 'Empty' })
  }, 120_000)

  it('prints a line for each to people, with the group where there are several', async () => {
    const member = reader('one')
    await settled('one', 1)
    await kt('consumer-groups', '--reset-offsets --group two --topic orders --to-earliest --execute')
    const watching = run('consumer-groups', '--describe --group one --group two --steps')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await member.stop()
    await settled('one', 0)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const { stdout, stderr } = await watching.stop()
    expect(stderr).toMatch(/^Steps come from __consumer_offsets-\d(, __consumer_offsets-\d)* and from describing/)
    expect(stdout).toMatch(/^[\d:.]+Z {2}one {2}Stable, .*range, 1 member, 4 partitions(; lag 0)?$/m)
    expect(stdout).toMatch(/^[\d:.]+Z {2}two {2}Empty, 0 members, 0 partitions; lag 2$/m)
    expect(stdout).toMatch(/^[\d:.]+Z {2}one {2}- console-consumer~.{4} is gone; it read orders 0-3$/m)
    expect(stdout).toMatch(/one {2}watched for .*: 1 rebalance, 0 joined, 1 left/)
  }, 60_000)

  it('goes by descriptions alone where the records may not be read, and says so', async () => {
    const createAdmin = async (options: ClientOptions): Promise<Admin> => {
      const admin = (await import('../../../../src/client/admin.ts')).createAdmin(options)
      const error = { code: 29, name: 'TOPIC_AUTHORIZATION_FAILED', message: 'Not authorized to access topics: []' }
      const describeTopics: Admin['describeTopics'] = (names, more) =>
        names.includes('__consumer_offsets')
          ? Promise.resolve(new Map([['__consumer_offsets', { ok: false, error }]]) as never)
          : admin.describeTopics(names, more)
      return { ...admin, describeTopics }
    }
    const interruption = new AbortController()
    const watching = kt('consumer-groups', '--describe --group polled --steps --format json', {
      signal: interruption.signal,
      createAdmin,
    })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const member = reader('polled')
    await settled('polled', 1)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await member.stop()
    await settled('polled', 0)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    interruption.abort('SIGINT')
    const { stdout, stderr } = await watching
    expect(stderr.match(/cannot be read \(Not authorized to access topics: \[\]\)/g)).toHaveLength(1)
    const documents: StepDocument[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(documents[0]).toMatchObject({ step: 'watching', source: 'polls' })
    expect(documents.filter(({ step }) => step === 'generation')).toEqual([])
    expect(documents.at(-1)).toMatchObject({ step: 'summary', joined: 1, left: 1, state: 'Empty' })
  }, 60_000)

  it('does not go with other views', async () => {
    for (const other of ['--members', '--state', '--totals', '--watch']) {
      const { code, stderr } = await kt('consumer-groups', `--describe --group g --steps ${other}`)
      expect(code).not.toBe(0)
      expect(stderr).toContain('steps')
    }
    const alone = await kt('consumer-groups', '--list --steps')
    expect(alone.stderr).toContain('--steps goes with --describe')
  })
})

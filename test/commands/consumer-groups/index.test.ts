/** The command over an admin of plain data: what it asks, what it prints, how it ends. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Admin, GroupDescription, OffsetSpec, TopicPartition } from '../../../src/client/admin-types.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { type MemoryAdmin, memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'

const SERVER = ['--bootstrap-server', 'test:1']
const COORDINATOR = { id: 1, host: '127.0.0.1', port: 9092, rack: null }

function group(groupId: string, more: Partial<GroupDescription> = {}): GroupDescription {
  return {
    groupId,
    type: 'Classic',
    protocolType: 'consumer',
    state: 'Empty',
    assignor: '',
    coordinator: COORDINATOR,
    members: [],
    ...more,
  }
}

const at = (topic: string, partition: number, offset: number) => ({
  topic,
  partition,
  offset,
  leaderEpoch: 0,
  metadata: '',
})

/** A cluster with the topic `orders` of three partitions whose logs reach from 10 to 20, and the group `billing`. */
function cluster(methods: Partial<Admin> = {}): MemoryAdmin {
  return memoryAdmin({
    describeGroups: async (ids) =>
      new Map(
        ids.map((id) => [
          id,
          id === 'billing' ? ok(group(id)) : refused('GROUP_ID_NOT_FOUND', `Group ${id} not found.`, 69),
        ]),
      ),
    listGroups: async () => [{ groupId: 'billing', protocolType: 'consumer', state: 'Empty', type: 'Classic' }],
    listGroupOffsets: async (ids) =>
      new Map(ids.map((id) => [id, ok(id === 'billing' ? [at('orders', 0, 12), at('orders', 1, 20)] : [])])),
    describeTopics: async (names) =>
      new Map(
        (names as string[]).map((name) => [
          name,
          name === 'orders'
            ? ok(topicOf('orders', ['1:1:1', '1:1:1', '1:1:1']))
            : refused('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.', 3),
        ]),
      ),
    listTopics: async () => [{ name: 'orders', topicId: 'x', isInternal: false }],
    listOffsets: async (queries) =>
      queries.map(({ spec }) => ok({ offset: offsetOf(spec), timestamp: -1, leaderEpoch: 0 })),
    alterGroupOffsets: async (_, offsets) => offsets.map(() => ok(undefined)),
    ...methods,
  })
}

function offsetOf(spec: OffsetSpec): number {
  if (spec === 'earliest') return 10
  if (spec === 'latest') return 20
  return typeof spec === 'number' && spec > 1_000_000 ? -1 : 15
}

async function run(args: string[], admin: MemoryAdmin = cluster(), options = {}): Promise<CommandResult> {
  return runCommand(['consumer-groups', ...SERVER, ...args], { createAdmin: admin.createAdmin, ...options })
}

/** Rows of a reset as `topic-partition=offset`, sorted. */
function newOffsets(stdout: string): string[] {
  const rows = stdout.split('\n').filter((line) => /^\S+ +\S+ +\d+ +-?\d+$/.test(line))
  return rows
    .map((line) => line.split(/ +/))
    .map(([, topic, partition, offset]) => `${topic}-${partition}=${offset}`)
    .sort()
}

describe('--list', () => {
  it('asks for consumer groups only and prints their names', async () => {
    const admin = cluster()
    expect(await run(['--list'], admin)).toMatchObject({ code: 0, stdout: 'billing\n', stderr: '' })
    expect(admin.calls[0]).toEqual({
      method: 'listGroups',
      args: [{ protocolTypes: ['', 'consumer'], types: ['Classic', 'Consumer'] }],
    })
  })
  it('filters by state and type in any case', async () => {
    const admin = cluster()
    await run(['--list', '--state', 'stable, EMPTY', '--type=classic'], admin)
    expect(admin.calls[0]!.args).toEqual([
      { protocolTypes: ['', 'consumer'], types: ['Classic'], states: ['Stable', 'Empty'] },
    ])
  })
  it('refuses states and types it does not know', async () => {
    const { code, stderr, stdout } = await run(['--list', '--state', 'bogus'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain("Invalid state list 'bogus'. Valid states are: ")
    expect((await run(['--list', '--type', 'share'])).stderr).toContain("Invalid types list 'share'")
  })
  it('prints json, and a table at a terminal', async () => {
    const { stdout } = await run(['--list', '--format', 'json'])
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'ConsumerGroupList',
      groups: [{ groupId: 'billing', type: 'Classic', state: 'Empty', protocolType: 'consumer' }],
    })
    expect((await run(['--list'], cluster(), { terminal: true })).stdout).toMatch(
      /GROUP +TYPE +STATE\nbilling +Classic/,
    )
  })
})

describe('--describe', () => {
  it('prints lag, and tells on stderr that nobody reads', async () => {
    const { code, stdout, stderr } = await run(['--describe', '--group', 'billing'])
    expect(code).toBe(0)
    expect(stderr).toBe("\nConsumer group 'billing' has no active members.\n")
    expect(stdout.split('\n').slice(2)).toEqual([
      'billing         orders          0          12              20              8               -               -               -',
      'billing         orders          1          20              20              0               -               -               -',
      '',
    ])
  })
  it('prints members with the most partitions first, then what nobody reads', async () => {
    const member = (memberId: string, partitions: number[]) => ({
      memberId,
      groupInstanceId: null,
      clientId: 'c',
      host: '/h',
      assignment: partitions.map((partition) => ({ topic: 'orders', partition })),
    })
    const admin = cluster({
      describeGroups: async () =>
        new Map([
          ['billing', ok(group('billing', { state: 'Stable', members: [member('one', [2]), member('two', [1, 0])] }))],
        ]),
      listGroupOffsets: async () => new Map([['billing', ok([at('orders', 1, 11), at('gone', 0, 5)])]]),
    })
    const { stdout, stderr } = await run(['--describe', '--group', 'billing'], admin)
    expect(stderr).toBe('')
    const cells = stdout
      .split('\n')
      .slice(2, -1)
      .map((line) => line.split(/ +/).slice(1, 7))
    expect(cells).toEqual([
      ['orders', '0', '-', '20', '-', 'two'],
      ['orders', '1', '11', '20', '9', 'two'],
      ['orders', '2', '-', '20', '-', 'one'],
      ['gone', '0', '5', '-', '-', '-'],
    ])
  })
  it('asks four times, however many groups there are', async () => {
    const admin = cluster({ describeGroups: async (ids) => new Map(ids.map((id) => [id, ok(group(id))])) })
    await run(['--describe', '--group', 'b', '--group', 'a'], admin)
    expect(admin.calls.map(({ method }) => method)).toEqual(['describeGroups', 'listGroupOffsets', 'close'])
    const names = (await run(['--describe', '--state', '--group', 'b', '--group', 'a'], admin)).stdout
    expect(names.indexOf('\na ')).toBeLessThan(names.indexOf('\nb '))
  })
  it("prints the script's error for an unknown group, exits with 0 and helps on stderr", async () => {
    const { code, stdout, stderr } = await run(['--describe', '--group', 'biling'])
    expect(code).toBe(0)
    expect(stdout).toBe(
      '\nError: Executing consumer group command failed due to ' +
        'org.apache.kafka.common.errors.GroupIdNotFoundException: Group biling not found.\n',
    )
    expect(stderr).toContain("Did you mean 'billing'?")
  })
  it('fails properly where a structure was asked for', async () => {
    const { code, stdout, stderr } = await run(['--describe', '--group', 'biling', '--format', 'json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Group biling not found.')
  })
  it('prints json', async () => {
    const { stdout } = await run(['--describe', '--group', 'billing', '--format', 'json'])
    const [first] = JSON.parse(stdout).groups
    expect(first).toMatchObject({ groupId: 'billing', state: 'Empty' })
    expect(first.rows[0]).toEqual({
      topic: 'orders',
      partition: 0,
      leaderEpoch: 0,
      currentOffset: 12,
      logEndOffset: 20,
      lag: 8,
      consumerId: null,
      host: null,
      clientId: null,
    })
  })
  it('shows the sum of the lag at a terminal', async () => {
    expect((await run(['--describe', '--group', 'billing'], cluster(), { terminal: true })).stdout).toContain(
      'total lag: 8',
    )
  })
  it('warns about a rebalance and a dead group', async () => {
    const inState = (state: string) =>
      cluster({ describeGroups: async () => new Map([['billing', ok(group('billing', { state }))]]) })
    const rebalancing = await run(['--describe', '--group', 'billing', '--state'], inState('PreparingRebalance'))
    expect(rebalancing.stderr).toBe("\nWarning: Consumer group 'billing' is rebalancing.\n")
    const dead = await run(['--describe', '--group', 'billing', '--state'], inState('Dead'))
    expect(dead.stdout).toBe("\nError: Consumer group 'billing' does not exist.\n")
  })
})

describe('--reset-offsets', () => {
  const RESET = ['--reset-offsets', '--group', 'billing', '--dry-run']

  it.each([
    [
      ['--topic', 'orders', '--to-earliest'],
      ['orders-0=10', 'orders-1=10', 'orders-2=10'],
    ],
    [
      ['--topic', 'orders:0,2', '--to-latest'],
      ['orders-0=20', 'orders-2=20'],
    ],
    [['--topic', 'orders:0', '--to-offset', '17'], ['orders-0=17']],
    [['--topic', 'orders:0', '--to-datetime', '1970-01-01T00:00:01.000'], ['orders-0=15']],
    [
      ['--all-topics', '--shift-by', '-1'],
      ['orders-0=11', 'orders-1=19'],
    ],
    [
      ['--all-topics', '--to-current'],
      ['orders-0=12', 'orders-1=20'],
    ],
    [
      ['--topic', 'orders', '--to-current'],
      ['orders-0=12', 'orders-1=20', 'orders-2=20'],
    ],
  ])('%s', async (args, expected) => {
    const admin = cluster()
    const { code, stdout } = await run([...RESET, ...args], admin)
    expect({ code, offsets: newOffsets(stdout) }).toEqual({ code: 0, offsets: expected })
    expect(admin.calls.map(({ method }) => method)).not.toContain('alterGroupOffsets')
  })

  it('counts a duration back from now', async () => {
    const admin = cluster()
    const clock = new ManualClock(10_000_000)
    await run([...RESET, '--topic', 'orders:0', '--by-duration', 'PT1H'], admin, { clock })
    const asked = admin.calls.filter(({ method }) => method === 'listOffsets').map(({ args }) => args[0])
    expect(asked[0]).toEqual([{ topic: 'orders', partition: 0, spec: 10_000_000 - 3_600_000 }])
  })

  it('falls back to the end where no record is that young, and says so', async () => {
    const { stdout } = await run([...RESET, '--topic', 'orders:0', '--to-datetime', '2050-01-01T00:00:00.000'])
    expect(stdout).toContain('\nWarn: Partition 0 from topic orders is empty. Falling back to latest known offset.\n')
    expect(newOffsets(stdout)).toEqual(['orders-0=20'])
  })

  it('moves offsets outside the log to its nearest end, with a warning', async () => {
    const high = await run([...RESET, '--topic', 'orders:0', '--to-offset', '100'])
    expect(newOffsets(high.stdout)).toEqual(['orders-0=20'])
    expect(high.stderr).toContain(
      'New offset (100) is higher than latest offset for topic partition orders-0. Value will be set to 20',
    )
    const low = await run([...RESET, '--topic', 'orders:0', '--shift-by', '-99'])
    expect(newOffsets(low.stdout)).toEqual(['orders-0=10'])
    expect(low.stderr).toContain('lower than earliest offset')
  })

  it('sets them with --execute', async () => {
    const admin = cluster()
    await run(['--reset-offsets', '--group', 'billing', '--topic', 'orders:1', '--to-earliest', '--execute'], admin)
    expect(admin.calls.find(({ method }) => method === 'alterGroupOffsets')!.args).toEqual([
      'billing',
      [{ topic: 'orders', partition: 1, offset: 10 }],
    ])
  })

  it('prepares offsets for a group that does not exist yet', async () => {
    const { stdout } = await run([
      '--reset-offsets',
      '--group',
      'new',
      '--topic',
      'orders:0',
      '--to-latest',
      '--dry-run',
    ])
    expect(newOffsets(stdout)).toEqual(['orders-0=20'])
  })

  it('warns where neither --dry-run nor --execute is given', async () => {
    const { stderr } = await run(['--reset-offsets', '--group', 'billing', '--topic', 'orders:0', '--to-latest'])
    expect(stderr).toContain('WARN: No action will be performed as the --execute option is missing.')
  })

  it('leaves an active group alone', async () => {
    const active = cluster({
      describeGroups: async () => new Map([['billing', ok(group('billing', { state: 'Stable' }))]]),
    })
    const { code, stdout } = await run([...RESET, '--topic', 'orders', '--to-latest'], active)
    expect(code).toBe(0)
    expect(stdout).toBe(
      "\nError: Assignments can only be reset if the group 'billing' is inactive, but the current state is Stable.\n" +
        '\nGROUP           TOPIC           PARTITION  NEW-OFFSET\n',
    )
  })

  it('prints CSV with --export, without the group when there is one', async () => {
    const { stdout } = await run([...RESET, '--topic', 'orders:0', '--to-latest', '--export'])
    expect(stdout).toBe('orders,0,20\n\n')
    const two = await run([
      '--reset-offsets',
      '--group',
      'billing',
      '--group',
      'x',
      '--dry-run',
      '--topic',
      'orders:0',
      '--to-latest',
      '--export',
    ])
    expect(two.stdout.trim().split('\n').sort()).toEqual(['billing,orders,0,20', 'x,orders,0,20'])
  })

  it.each([
    [['--topic', 'nope', '--to-latest'], 'This server does not host this topic-partition.'],
    [
      ['--topic', 'nope:0', '--to-latest'],
      'java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: ' +
        'This server does not host this topic-partition.',
    ],
    [['--topic', 'orders:9', '--to-latest'], 'The partitions "orders-9" do not exist'],
    [['--topic', 'orders:0', '--by-duration', '5x'], 'Text cannot be parsed to a Duration'],
    [['--from-file', '/nowhere/plan.csv'], 'java.io.IOException: Unable to read file /nowhere/plan.csv'],
  ])("%s fails in the script's words and exits with 0", async (args, text) => {
    const { code, stdout } = await run([...RESET, ...args])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `\nError: Executing consumer group command failed due to ${text}\n`,
    })
  })

  it.each([
    [['--to-latest'], 'One of the reset scopes should be defined: --all-topics, --topic.'],
    [['--topic', 'orders'], "Option '[reset-offsets]' requires one of the following scenarios:"],
    [['--topic', 'orders:x', '--to-latest'], "Invalid partition 'x' specified in topic arg 'orders:x''"],
    [['--topic', 'a:b:c', '--to-latest'], "Invalid topic arg 'a:b:c', expected topic name and partitions"],
    [
      ['--topic', 'orders:2', '--shift-by', '1'],
      'Cannot shift offset for partition orders-2 since there is no current',
    ],
    [['--topic', 'orders', '--shift-by', 'x'], "Cannot parse argument 'x' of option shift-by"],
  ])('%s is a usage error', async (args, text) => {
    const { code, stdout, stderr } = await run([...RESET, ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(text)
  })

  describe('--from-file', () => {
    let file: string
    beforeEach(() => {
      file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-plan-')), 'plan.csv')
    })
    afterEach(() => fs.rmSync(path.dirname(file), { recursive: true }))

    it('sets what the file says, inside the log', async () => {
      fs.writeFileSync(file, '"orders",0,11\norders,1,99\n')
      const { stdout } = await run([...RESET, '--from-file', file])
      expect(newOffsets(stdout)).toEqual(['orders-0=11', 'orders-1=20'])
    })
    it('tells of a group the file does not know', async () => {
      fs.writeFileSync(file, 'other,orders,0,11\n')
      const { stdout } = await run([...RESET, '--from-file', file])
      expect(stdout).toBe(
        '\nError: No reset plan for group billing found\n\nGROUP           TOPIC           PARTITION  NEW-OFFSET\n',
      )
    })
    it('says which line is wrong', async () => {
      fs.writeFileSync(file, 'orders,0,11\norders,one,2\n')
      const { code, stderr } = await run([...RESET, '--from-file', file])
      expect(code).toBe(1)
      expect(stderr).toContain('Line 2')
    })
  })
})

describe('--delete', () => {
  it('says what was deleted', async () => {
    const admin = cluster({ deleteGroups: async (ids) => new Map(ids.map((id) => [id, ok(undefined)])) })
    expect(await run(['--delete', '--group', 'billing'], admin)).toMatchObject({
      code: 0,
      stdout: "Deletion of requested consumer groups ('billing') was successful.\n",
    })
  })
  it('tells failures one by one and goes on with the others', async () => {
    const admin = cluster({
      deleteGroups: async () =>
        new Map([
          ['billing', refused('NON_EMPTY_GROUP', 'The group is not empty.', 68)],
          ['old', ok(undefined)],
        ]),
    })
    expect(await run(['--delete', '--group', 'billing', '--group', 'old'], admin)).toMatchObject({
      code: 0,
      stdout:
        '\nError: Deletion of some consumer groups failed:\n' +
        "* Group 'billing' could not be deleted due to: org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty.\n" +
        "\nThese consumer groups were deleted successfully: 'old'\n",
    })
  })
})

describe('--delete-offsets', () => {
  const args = (topic: string): string[] => ['--delete-offsets', '--group', 'billing', '--topic', topic]

  it('deletes those of every partition of a topic', async () => {
    const admin = cluster({ deleteGroupOffsets: async (_, partitions) => ok(partitions.map(() => ok(undefined))) })
    const { code, stdout } = await run(args('orders'), admin)
    expect(code).toBe(0)
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'Request succeeded for deleting offsets from group billing.',
      '',
      'TOPIC           PARTITION  STATUS         ',
      'orders          0          Successful     ',
    ])
  })
  it('tells a failure of the group, and of each partition', async () => {
    const admin = cluster({
      deleteGroupOffsets: async () => refused('GROUP_ID_NOT_FOUND', 'The group id does not exist.', 69),
    })
    expect((await run(args('orders:1'), admin)).stdout).toBe(
      '\nError: The group id does not exist.\n\nTOPIC           PARTITION  STATUS         \n' +
        'orders          1          Error: org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.\n',
    )
  })
  it('tells that a partition is subscribed', async () => {
    const message = 'Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.'
    const admin = cluster({
      deleteGroupOffsets: async (_, partitions: readonly TopicPartition[]) =>
        ok(partitions.map(() => refused('GROUP_SUBSCRIBED_TO_TOPIC', message, 86))),
    })
    const { stdout } = await run(args('orders:0'), admin)
    expect(stdout).toContain('\nError: Encountered some partition-level error, see the follow-up details.\n')
    expect(stdout).toContain('Error: org.apache.kafka.common.errors.GroupSubscribedToTopicException: Deleting offsets')
  })
  it('makes a row of a topic that does not exist', async () => {
    const admin = cluster({ deleteGroupOffsets: async () => ok([]) })
    const { stdout } = await run(args('nope'), admin)
    expect(stdout).toContain(
      'nope            -          Error: org.apache.kafka.common.errors.UnknownTopicOrPartitionException',
    )
  })
})

describe('--validate-regex', () => {
  it('needs no cluster', async () => {
    const run = (regex: string) => runCommand(['consumer-groups', '--validate-regex', regex])
    expect(await run('foo.*')).toMatchObject({ code: 0, stdout: 'The regular expression `foo.*` is valid.\n' })
    expect((await run('foo((')).stdout).toBe('The regular expression `foo((` is invalid: missing closing ).\n')
  })
})

describe('the checks', () => {
  it.each([
    [[], 'Command must include exactly one action: --list, --describe, --delete, --reset-offsets'],
    [['--describe'], 'Option [describe] takes one of these options: [all-groups], [group]'],
    [['--delete'], 'Option [delete] takes one of these options: [all-groups], [group]'],
    [['--delete', '--group', 'g', '--topic', 't'], 'The consumer does not support topic-specific offset deletion'],
    [['--delete-offsets', '--group', 'g'], 'Option [delete-offsets] takes the following options: [topic], [group]'],
    [['--list', '--describe', '--group', 'g'], 'Option "[group]" can\'t be used with option "[list]"'],
    [['--describe', '--group', 'g', '--all-groups'], 'Option "[group]" can\'t be used with option "[all-groups]"'],
    [['--describe', '--group', 'g', '--topic', 't'], 'Option "[topic]" can\'t be used with option "[describe]"'],
    [['--describe', '--group', 'g', '--members', '--state'], 'Option [describe] takes at most one of these options'],
    [['--describe', '--group', 'g', '--state', 'x'], 'Option [describe] does not take a value for [state]'],
    [['--list', '--members'], 'Option(s) [members] are unavailable given other options on the command line'],
    [['--reset-offsets', '--topic', 't', '--to-latest', '--dry-run'], 'Option [reset-offsets] takes one of these'],
    [['--reset-offsets', '--group', 'g', '--dry-run', '--execute'], 'only accepts one of [execute] and [dry-run]'],
    [
      ['--reset-offsets', '--group', 'g', '--dry-run', '--to-earliest', '--to-latest'],
      'Option "[to-earliest]" can\'t be used with option "[to-latest]"',
    ],
  ])('%s', async (args, text) => {
    const { code, stdout, stderr } = await runCommand(['consumer-groups', ...SERVER, ...args])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(text)
  })
})

import { describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import type { StreamsGroupDescription } from '../../../src/client/group-kind-types.ts'
import { isInternalTopic } from '../../../src/commands/streams-groups/change.ts'
import { tasksText } from '../../../src/commands/streams-groups/tables.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

const NONE = { active: [], standby: [], warmup: [] }
const NOT_FOUND = refused('GROUP_ID_NOT_FOUND', 'Group g not found.', ErrorCode.GROUP_ID_NOT_FOUND)
const group = (more: Partial<StreamsGroupDescription> = {}): StreamsGroupDescription => ({
  groupId: 'g',
  state: 'Stable',
  groupEpoch: 3,
  targetAssignmentEpoch: 2,
  topologyEpoch: 1,
  coordinator: { id: 1, host: 'h', port: 9, rack: null },
  subtopologies: [
    {
      subtopologyId: '0',
      sourceTopics: ['in'],
      repartitionSourceTopics: ['g-x-repartition'],
      changelogTopics: ['g-store-changelog', 'odd'],
    },
  ],
  members: [
    {
      memberId: 'm',
      memberEpoch: 4,
      clientId: 'c',
      host: '/h',
      processId: 'p',
      isClassic: false,
      assignment: { ...NONE, active: [{ subtopologyId: '0', partitions: [0] }] },
      targetAssignment: { ...NONE, standby: [{ subtopologyId: '0', partitions: [0, 1] }] },
    },
  ],
  ...more,
})
const EMPTY = group({ state: 'Empty', members: [] })
const committed = (topic: string, partition: number, offset: number) => ({
  topic,
  partition,
  offset,
  leaderEpoch: -1,
  metadata: '',
})

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const { createAdmin, calls } = memoryAdmin({
    listGroups: async () => [{ groupId: 'g', state: 'Empty', type: 'Streams', protocolType: 'streams' }],
    describeStreamsGroups: async (ids) => new Map(ids.map((id) => [id, ok(group())])),
    listGroupOffsets: async (ids) =>
      new Map(ids.map((id) => [id, ok([committed('in', 0, 5), committed('other', 0, 1)])])),
    describeTopics: async (names) =>
      new Map((names as string[]).map((name) => [name, ok(topicOf(name, ['1:1:1', '1:1:1']))])),
    listOffsets: async (queries) =>
      queries.map(({ spec }) => ok({ offset: spec === 'earliest' ? 2 : 7, timestamp: -1, leaderEpoch: 0 })),
    alterGroupOffsets: async (_, offsets) => offsets.map(() => ok(undefined)),
    deleteGroupOffsets: async (_, partitions) => ok(partitions.map(() => ok(undefined))),
    deleteGroups: async (ids) => new Map(ids.map((id) => [id, ok(undefined)])),
    deleteTopics: async (names) => new Map(names.map((name) => [name, ok(undefined)])),
    ...methods,
  })
  const args = ['streams-groups', '--bootstrap-server', 'a:1', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin, ...options })
  return { ...result, calls: calls.filter(({ method }) => method !== 'close') }
}
const empty = { describeStreamsGroups: async () => new Map([['g', ok(EMPTY)]]) }
const unknown = { describeStreamsGroups: async () => new Map([['g', NOT_FOUND]]) }
const argsOf = (calls: { method: string; args: unknown[] }[], method: string) =>
  calls.filter((call) => call.method === method).map(({ args }) => args)

describe('kt streams-groups --describe', () => {
  it('tells the lag of what active tasks read, repartitioned topics too', async () => {
    expect((await run('--describe --group g')).stdout).toBe(
      'GROUP           TOPIC           PARTITION  OFFSET-LAG\n' +
        'g               in              0          2\n' +
        'g               g-x-repartition 0          5\n',
    )
    expect((await run('--describe --group g --verbose')).stdout.split('\n')[1]).toBe(
      'g               in              0          5               -               7               2              ',
    )
  })

  it('tells members with their tasks', async () => {
    expect((await run('--describe --group g --members')).stdout).toBe(
      'GROUP           MEMBER          PROCESS         CLIENT-ID       ASSIGNMENTS\n' +
        'g               m               p               c               ACTIVE: 0:[0]; \n',
    )
    expect((await run('--describe --group g --members --verbose')).stdout.split('\n')[1]).toBe(
      'g               2                         1              m               streams         4               p               c               ACTIVE: 0:[0]; TARGET-STANDBY: 0:[0,1]; ',
    )
    expect(tasksText(NONE)).toBe('')
  })

  it('tells the state, and of an empty group that nobody is in it', async () => {
    expect((await run('--describe --group g --state --verbose')).stdout).toBe(
      'GROUP           COORDINATOR (ID)          STATE                     GROUP-EPOCH     TARGET-ASSIGNMENT-EPOCH   #MEMBERS\n' +
        'g               h:9 (1)                   Stable                    3               2                         1\n',
    )
    const { stdout } = await run('--describe --group g --state', empty)
    expect(stdout).toMatch(/^\nError: Streams group 'g' has no active members\.\nGROUP/)
    expect((await run('--describe --group g --members', empty)).stdout).toBe('')
  })

  it('fails for a group that is not there', async () => {
    const { code, stdout } = await run('--describe --group g', unknown)
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        '\nError: Executing streams group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group g not found.\n',
    })
  })

  it('has documents and tables', async () => {
    const json = JSON.parse((await run('--describe --group g --format json')).stdout)
    expect(json).toMatchObject({
      kind: 'StreamsGroupDescriptionList',
      groups: [{ groupId: 'g', memberCount: 1, offsets: [{ topic: 'in', lag: 2 }, { topic: 'g-x-repartition' }] }],
    })
    const people = await run('--describe --group g --members', {}, { terminal: true })
    expect(people.stdout).toMatch(/^g {2}Stable {2}1 members {2}coordinator h:9 \(1\), epoch 3\nMEMBER/)
  })
})

describe('kt streams-groups --reset-offsets', () => {
  it('sets what the group committed for topics from outside', async () => {
    const { stdout, calls } = await run('--reset-offsets --group g --all-input-topics --to-earliest --execute', empty)
    expect(stdout).toBe(
      `\n${'GROUP'.padEnd(30)} ${'TOPIC'.padEnd(30)} PARTITION  NEW-OFFSET     \n${'g'.padEnd(30)} ${'in'.padEnd(30)} 0          2              \n`,
    )
    expect(argsOf(calls, 'alterGroupOffsets')).toEqual([['g', [{ topic: 'in', partition: 0, offset: 2 }]]])
    expect(argsOf(calls, 'deleteTopics')).toEqual([])
  })

  it('sets nothing when a topic is not the group’s', async () => {
    const { stdout, calls } = await run('--reset-offsets --group g --input-topic in --to-latest --execute', empty)
    expect(stdout).toMatch(/^\nError: One or more topics are not part of the group 'g'\.\n\nGROUP/)
    expect(argsOf(calls, 'alterGroupOffsets')).toEqual([])
  })

  it('leaves a group that runs', async () => {
    const { code, stdout, calls } = await run('--reset-offsets --group g --input-topic in:0 --to-latest --execute')
    expect(code).toBe(0)
    expect(stdout).toContain(
      "Assignments can only be reset if the group 'g' is inactive, but the current state is Stable.",
    )
    expect(argsOf(calls, 'alterGroupOffsets')).toEqual([])
  })

  it('deletes internal topics when it is told to', async () => {
    const line = '--reset-offsets --group g --input-topic in:0 --to-latest --execute'
    const all = await run(`${line} --delete-all-internal-topics`, empty)
    expect(argsOf(all.calls, 'deleteTopics')).toEqual([[['g-x-repartition', 'g-store-changelog']]])
    expect(all.stdout).toContain("Error: The internal topic 'odd' is not inferred as internal")
    const deleteTopics = async () => new Map([['x', refused('UNKNOWN_TOPIC_OR_PARTITION', 'no')]])
    const one = await run(`${line} --delete-internal-topic x`, { ...empty, deleteTopics })
    expect(one.stdout).toContain("Deleting internal topics for group 'g' failed because the topics do not exist.")
  })

  it('writes a plan, and needs to know the topics', async () => {
    const line = '--reset-offsets --group g --dry-run --to-latest'
    expect((await run(`${line} --input-topic in:0 --export`, empty)).stdout).toBe('in,0,7\n\n')
    const { code, stderr } = await run(line, empty)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^One of the reset scopes should be defined: --all-topics, --topic\.\n/)
  })
})

describe('kt streams-groups --delete', () => {
  it('deletes a group, with its internal topics when it is told to', async () => {
    expect((await run('--delete --group g', empty)).stdout).toBe(
      "Deletion of requested streams groups ('g') was successful.\n",
    )
    const { stdout, calls } = await run('--delete --group g --delete-all-internal-topics', empty)
    expect(stdout).toContain("Deletion of associated internal topics of the streams groups ('g') was successful.\n")
    expect(calls.map(({ method }) => method).slice(-2)).toEqual(['deleteGroups', 'deleteTopics'])
  })

  it('says why not', async () => {
    const { stdout } = await run('--delete --group g --group x', empty)
    expect(stdout).toBe(
      '\nError: Deletion of some streams groups failed:\n' +
        "* Group 'x' could not be deleted due to: java.lang.IllegalArgumentException: Group 'x' does not exist or is not a streams group.\n" +
        "\nThese streams groups were deleted successfully: 'g'.\n",
    )
  })

  it('knows internal topics by their names', () => {
    for (const name of [
      'g-s-changelog',
      'g-r-repartition',
      'g-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000012-topic',
    ]) {
      expect(isInternalTopic(name, name.startsWith('g-KTABLE') ? 'x' : 'g')).toBe(!name.startsWith('g-KTABLE'))
    }
    expect(isInternalTopic('g-a-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000012-topic', 'g')).toBe(true)
    expect(isInternalTopic('other-s-changelog', 'g')).toBe(false)
  })
})

describe('kt streams-groups --delete-offsets', () => {
  it('deletes what was committed for topics, or for all input', async () => {
    const { stdout, calls } = await run('--delete-offsets --group g --input-topic in:1', empty)
    expect(stdout).toMatch(/^Request succeeded for deleting offsets from group g\.\n\nTOPIC/)
    expect(argsOf(calls, 'deleteGroupOffsets')).toEqual([['g', [{ topic: 'in', partition: 1 }]]])
    const all = await run('--delete-offsets --group g --all-input-topics', empty)
    expect(argsOf(all.calls, 'deleteGroupOffsets')).toEqual([['g', [{ topic: 'in', partition: 0 }]]])
  })
})

describe('kt streams-groups refuses', () => {
  it.each([
    ['--list --members', 'Option(s) [members] are unavailable given other options on the command line'],
    ['--describe', 'Option [describe] takes one of these options: [all-groups], [group]'],
    [
      '--delete --group a --input-topic t',
      'Kafka Streams does not support topic-specific offset deletion from a streams group.',
    ],
    [
      '--delete-offsets --group a --group b --input-topic t',
      'Option [delete-offsets] supports only one [group] at a time, but found: [a, b]',
    ],
    ['--reset-offsets --group a', 'Option [reset-offsets] takes the option: [execute] or [dry-run]'],
    ['--delete --group a --dry-run', 'Only Option [reset-offsets] accepts [execute] or [dry-run]'],
    [
      '--list --delete-all-internal-topics',
      'Option [delete-all-internal-topics] takes one of these options: [delete], [reset-offsets]',
    ],
    [
      '--list --delete-internal-topic t',
      'Option [delete-internal-topic] takes [reset-offsets] when [execute] is used.',
    ],
    [
      '--group a',
      'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, or --delete-offsets.',
    ],
  ])('%s', async (line, message) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: message })
  })
})

import { describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import type { ShareGroupDescription } from '../../../src/client/group-kind-types.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../../support/run-command.ts'

const NOT_FOUND = refused('GROUP_ID_NOT_FOUND', 'Group x not found.', ErrorCode.GROUP_ID_NOT_FOUND)
const group = (groupId: string, more: Partial<ShareGroupDescription> = {}): ShareGroupDescription => ({
  groupId,
  state: 'Stable',
  assignor: 'simple',
  groupEpoch: 3,
  targetAssignmentEpoch: 2,
  coordinator: { id: 1, host: 'h', port: 9, rack: null },
  members: [
    {
      memberId: 'm',
      memberEpoch: 4,
      clientId: 'c',
      host: '/h',
      subscribedTopics: ['t'],
      assignment: [
        { topic: 't', partition: 1 },
        { topic: 't', partition: 0 },
      ],
    },
  ],
  ...more,
})
const EMPTY = group('g', { state: 'Empty', members: [] })
const listing = (groupId: string, state: string) => ({ groupId, state, type: 'Share', protocolType: 'share' })

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const { createAdmin, calls } = memoryAdmin({
    listGroups: async () => [listing('a', 'Empty'), listing('g', 'Stable')],
    describeShareGroups: async (ids) => new Map(ids.map((id) => [id, ok(group(id))])),
    listShareGroupOffsets: async (ids) =>
      new Map(ids.map((id) => [id, ok([{ topic: 't', partition: 0, startOffset: 5, leaderEpoch: null, lag: 2 }])])),
    describeTopics: async () => new Map([['t', ok(topicOf('t', ['1:1:1', '1:1:1']))]]),
    listOffsets: async (queries) => queries.map(() => ok({ offset: 7, timestamp: -1, leaderEpoch: 0 })),
    alterShareGroupOffsets: async (_, offsets) => ok(offsets.map(() => ok(undefined))),
    deleteShareGroupOffsets: async () => ok([ok(undefined), refused('UNKNOWN_TOPIC_OR_PARTITION', 'no such topic')]),
    deleteGroups: async (ids) => new Map(ids.map((id) => [id, ok(undefined)])),
    ...methods,
  })
  const args = ['share-groups', '--bootstrap-server', 'a:1', ...line.split(' ')]
  const result = await runCommand(args, { createAdmin, ...options })
  return { ...result, calls: calls.filter(({ method }) => method !== 'close') }
}
const empty = async () => new Map([['g', ok(EMPTY)]])

describe('kt share-groups', () => {
  it('lists names, or states', async () => {
    expect((await run('--list')).stdout).toBe('a\ng\n')
    const { stdout, calls } = await run('--list --state STABLE,empty')
    expect(stdout).toBe(`${'GROUP'.padEnd(15)} STATE\n${'a'.padEnd(15)} Empty\n${'g'.padEnd(15)} Stable\n`)
    expect(calls[0]!.args).toEqual([{ types: ['Share'], states: ['Stable', 'Empty'] }])
    expect(JSON.parse((await run('--list --format json')).stdout)).toMatchObject({
      kind: 'ShareGroupList',
      groups: [{ groupId: 'a', state: 'Empty' }, {}],
    })
  })

  it('describes where groups begin to read', async () => {
    expect((await run('--describe --group g --verbose')).stdout).toBe(
      '\nGROUP           TOPIC           PARTITION  LEADER-EPOCH  START-OFFSET  LAG\n' +
        'g               t               0          -             5             2\n',
    )
    const none = async (ids: readonly string[]) => new Map(ids.map((id) => [id, ok([])]))
    const { stdout } = await run('--describe --group g', { listShareGroupOffsets: none })
    expect(stdout).toBe("\nShare group 'g' has no offset information.\n")
    expect((await run('--describe --all-groups', {}, { terminal: true })).stdout).toMatch(/^GROUP +TOPIC +PARTITION/)
  })

  it('describes members and states', async () => {
    expect((await run('--describe --group g --members')).stdout).toBe(
      '\nGROUP           CONSUMER-ID     HOST            CLIENT-ID       #PARTITIONS  ASSIGNMENT\n' +
        'g               m               /h              c               2            t:0,1\n',
    )
    expect((await run('--describe --group g --state --verbose')).stdout).toBe(
      '\nGROUP           COORDINATOR (ID)          STATE           GROUP-EPOCH  ASSIGNMENT-EPOCH  #MEMBERS\n' +
        'g               h:9  (1)                  Stable          3            2                 1\n',
    )
    const nobody = await run('--describe --group g --members', { describeShareGroups: empty })
    expect(nobody).toMatchObject({ stdout: '', stderr: "\nShare group 'g' has no active members.\n" })
    const json = await run('--describe --group g --members --format json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'ShareGroupMembers',
      groups: [{ groupId: 'g', members: [{ memberId: 'm', subscribedTopics: ['t'] }] }],
    })
    const state = await run('--describe --group g --state', {}, { terminal: true })
    expect(state.stdout).toMatch(/^GROUP +STATE +COORDINATOR +MEMBERS\ng +Stable +h:9 \(1\) +1\n$/)
  })

  it('tells a refusal on stdout and exits with 0, as the script', async () => {
    const describeShareGroups = async () => new Map([['x', NOT_FOUND]])
    const { code, stdout } = await run('--describe --group x', { describeShareGroups })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        '\nError: Executing share group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group x not found.\n',
    })
    const json = await run('--describe --group x --format json', { describeShareGroups })
    expect(json).toMatchObject({ code: 1, stdout: '' })
  })

  it('resets a group without members, or one that is not there', async () => {
    for (const outcome of [ok(EMPTY), NOT_FOUND]) {
      const describeShareGroups = async () => new Map([['g', outcome]])
      const line = '--reset-offsets --group g --topic t:1 --to-latest --execute'
      const { stdout, calls } = await run(line, { describeShareGroups })
      expect(stdout).toBe(
        '\nGROUP           TOPIC           PARTITION  NEW-OFFSET\ng               t               1          7\n',
      )
      expect(calls.at(-1)).toEqual({
        method: 'alterShareGroupOffsets',
        args: ['g', [{ topic: 't', partition: 1, offset: 7 }]],
      })
    }
  })

  it('shows what a reset would do to all topics of the group', async () => {
    const line = '--reset-offsets --group g --all-topics --to-earliest --dry-run --format json'
    const { stdout, calls } = await run(line, { describeShareGroups: empty })
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ShareGroupReset',
      executed: false,
      groupId: 'g',
      offsets: [{ topic: 't', partition: 0, offset: 7 }],
    })
    expect(calls.map(({ method }) => method)).not.toContain('alterShareGroupOffsets')
  })

  it('does not reset a group that is read', async () => {
    const { code, stdout, stderr } = await run('--reset-offsets --group g --topic t --to-latest --execute')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^Share group 'g' is not empty\.\n/)
  })

  it('forgets topics', async () => {
    const { stdout } = await run('--delete-offsets --group g --topic t --topic a')
    expect(stdout).toBe('\nTOPIC           STATUS\na               Error: no such topic\nt               Successful\n')
    const deleteShareGroupOffsets = async () => refused('NON_EMPTY_GROUP', 'The group is not empty.')
    const refusal = await run('--delete-offsets --group g --topic t', { deleteShareGroupOffsets })
    expect(refusal.stdout).toContain('\nError: The group is not empty.\n\nTOPIC ')
  })

  it('deletes groups that are there and empty', async () => {
    expect((await run('--delete --group a')).stdout).toBe("Deletion of requested share groups ('a') was successful.\n")
    const { stdout, calls } = await run('--delete --group a --group g --group x')
    expect(stdout).toBe(
      '\nError: Deletion of some share groups failed:\n' +
        "* Group 'g' could not be deleted due to: org.apache.kafka.common.errors.GroupNotEmptyException: Share group 'g' is not EMPTY.\n" +
        "* Group 'x' could not be deleted due to: java.lang.IllegalArgumentException: Group 'x' is not a share group.\n" +
        "\nThese share groups were deleted successfully: 'a'\n",
    )
    expect(calls).toContainEqual({ method: 'deleteGroups', args: [['a']] })
  })

  it.each([
    ['--list --state bogus', "Invalid state list 'bogus'. Valid states are: Stable, Empty, Dead"],
    ['--members --list', 'Option(s) [members] are unavailable given other options on the command line'],
    ['--describe', 'Option [describe] takes one of these options: [all-groups], [group]'],
    ['--describe --group a --state b', 'Option [describe] does not take a value for [state]'],
    ['--delete', 'Option [delete] takes the options [group] or [all-groups]'],
    [
      '--reset-offsets --group a --topic t --to-latest',
      'Option [reset-offsets] takes the option: [execute] or [dry-run]',
    ],
    ['--delete-offsets --group a', 'Option [delete-offsets] takes the following options: [group], [topic]'],
    ['--list --group a', `Option "[group]" can't be used with option "[list]"`],
  ])('%s: is refused', async (line, message) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: message })
  })
})

import { describe, expect, it } from 'vitest'
import type { Admin, GroupDescription } from '../../src/client/admin-types.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { memoryAdmin, ok, refused, topicOf } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const NOT_FOUND = refused('GROUP_ID_NOT_FOUND', 'not found', ErrorCode.GROUP_ID_NOT_FOUND)
const MEMBER = { memberId: 'm', groupInstanceId: null, clientId: 'c', host: '/h', assignment: [] }
const active: GroupDescription = {
  groupId: 'app',
  type: 'Classic',
  protocolType: 'consumer',
  state: 'Stable',
  assignor: 'range',
  coordinator: { id: 1, host: 'h', port: 1, rack: null },
  members: [MEMBER],
}
const TOPICS = ['in', 'mid', 'app-store-changelog', 'app-x-repartition', 'apple-changelog', '__consumer_offsets']

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const { createAdmin, calls } = memoryAdmin({
    describeGroups: async () => new Map([['app', NOT_FOUND]]),
    listTopics: async () => TOPICS.map((name) => ({ name, topicId: name, isInternal: name.startsWith('__') })),
    describeTopics: async (names) => new Map((names as string[]).map((name) => [name, ok(topicOf(name, ['1:1:1']))])),
    listOffsets: async (queries) =>
      queries.map(({ spec }) =>
        ok({ offset: spec === 'earliest' ? 2 : spec === 'latest' ? 9 : -1, timestamp: -1, leaderEpoch: 0 }),
      ),
    listGroupOffsets: async () =>
      new Map([['app', ok([{ topic: 'in', partition: 0, offset: 5, leaderEpoch: -1, metadata: '' }])]]),
    alterGroupOffsets: async (_, offsets) => offsets.map(() => ok(undefined)),
    deleteTopics: async (names) => new Map(names.map((name) => [name, ok(undefined)])),
    removeGroupMembers: async () => ok(undefined),
    ...methods,
  })
  const args = ['streams-application-reset', '--bootstrap-server', 'a:1', '--application-id', 'app', ...line.split(' ')]
  const result = await runCommand(args.filter(Boolean), { createAdmin, ...options })
  const argsOf = (method: string) => calls.filter((call) => call.method === method).map((call) => call.args)
  return { ...result, argsOf }
}

describe('kt streams-application-reset', () => {
  it('commits the earliest offsets and deletes the internal topics of the application alone', async () => {
    const { code, stdout, argsOf } = await run('--input-topics in')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'Reset-offsets for input topics [in]\n' +
        'Following input topics offsets will be reset to (for consumer group app)\n' +
        'Topic: in Partition: 0 Offset: 2\nDone.\n' +
        'Deleting inferred internal topics [app-x-repartition, app-store-changelog]\nDone.\n',
    })
    expect(argsOf('alterGroupOffsets')).toEqual([['app', [{ topic: 'in', partition: 0, offset: 2 }]]])
    expect(argsOf('deleteTopics')).toEqual([[['app-x-repartition', 'app-store-changelog']]])
  })

  it('does nothing in a dry run', async () => {
    const { stdout, argsOf } = await run('--input-topics in,gone --intermediate-topics mid --dry-run')
    expect(stdout).toContain('----Dry run displays the actions')
    expect(stdout).toContain('WARN: `--intermediate-topics` is deprecated')
    expect(stdout).toContain('Following input topics are not found, skipping them\nTopic: gone\n')
    expect(stdout).toContain('offsets will be reset to end (for consumer group app)\nTopic: mid\n')
    expect([...argsOf('alterGroupOffsets'), ...argsOf('deleteTopics')]).toEqual([])
  })

  it.each([
    ['--to-offset 5', 5, ''],
    ['--to-offset 2', 2, 'New offset (2) is lower than earliest offset. Value will be set to 2\n'],
    ['--to-offset 9', 9, 'New offset (9) is higher than latest offset. Value will be set to 9\n'],
    ['--to-latest', 9, ''],
    ['--shift-by -1', 4, ''],
    ['--shift-by -99', 2, 'New offset (-94) is lower than earliest offset. Value will be set to 2\n'],
    [
      '--by-duration P1D',
      9,
      'Partition 0 from topic in is empty, without a committed record. Falling back to latest known offset.\n',
    ],
  ])('%s: begins at %i', async (line, offset, text) => {
    const { stdout } = await run(`--input-topics in ${line}`)
    expect(stdout).toContain(`${text}Topic: in Partition: 0 Offset: ${offset}\n`)
  })

  it('leaves an application that runs, unless it is told to make it leave', async () => {
    const describeGroups = async () => new Map([['app', ok(active)]])
    const refusal = await run('--input-topics in', { describeGroups })
    expect(refusal.code).toBe(1)
    expect(refusal.stderr).toMatch(
      /^ERROR: java\.lang\.IllegalStateException: Consumer group 'app' is still active and has following members: \[m \(client c, host \/h\)\]/,
    )
    expect(refusal.argsOf('alterGroupOffsets')).toEqual([])
    const forced = await run('--input-topics in --force', { describeGroups })
    expect(forced.code).toBe(0)
    expect(forced.stdout).toMatch(/^Force deleting all active members in the group: app\n/)
    expect(forced.argsOf('removeGroupMembers')).toEqual([['app', [MEMBER]]])
  })

  it('fails when a topic is not there, after it has done the rest', async () => {
    const { code, argsOf } = await run('--input-topics in,gone')
    expect(code).toBe(1)
    expect(argsOf('alterGroupOffsets')).toHaveLength(1)
  })

  it('deletes what is named, and only what is internal', async () => {
    const some = await run('--internal-topics app-x-repartition')
    expect(some.stdout).toContain('Deleting specified internal topics [app-x-repartition]\n')
    const { code, stderr, argsOf } = await run('--internal-topics app-x-repartition,in')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^ERROR: java\.lang\.IllegalArgumentException: Invalid topic specified/)
    expect(argsOf('deleteTopics')).toEqual([])
  })

  it('tells each topic that could not be deleted', async () => {
    const deleteTopics = async (names: readonly string[]) =>
      new Map(names.map((name) => [name, refused('TOPIC_AUTHORIZATION_FAILED', 'not yours')]))
    const { code, stderr } = await run('', { deleteTopics })
    expect(code).toBe(1)
    expect(stderr).toContain('ERROR: deleting topic app-x-repartition: not yours\n')
    expect(stderr).toContain('ERROR: java.lang.RuntimeException: Encountered an error deleting one or more topics\n')
  })

  it('has documents', async () => {
    const { stdout } = await run('--input-topics in,gone --format json --dry-run')
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'kt/v1',
      kind: 'StreamsApplicationReset',
      applicationId: 'app',
      dryRun: true,
      offsets: [{ topic: 'in', partition: 0, offset: 2 }],
      missingTopics: ['gone'],
      deletedTopics: ['app-x-repartition', 'app-store-changelog'],
    })
  })

  it('refuses what cannot be, in the script’s words', async () => {
    const { code, stderr } = await runCommand(['streams-application-reset', '--input-topics', 'a'])
    expect({ code, first: stderr.split('\n')[0] }).toEqual({
      code: 1,
      first: 'Missing required option(s) [application-id]',
    })
    expect((await run('--to-earliest --to-latest')).stderr).toContain(
      `Option "[to-earliest]" can't be used with option "[to-latest]"`,
    )
    expect((await run('--input-topics in --to-datetime nope')).stderr).toMatch(
      /^ERROR: Resetting offsets failed\.\nERROR: java\.text\.ParseException: /,
    )
  })
})

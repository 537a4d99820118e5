import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { Journal } from '../../../src/commands/undo/journal.ts'
import { offsetCalls } from '../../../src/commands/undo/journaled-offsets.ts'
import { alterQuotasAndKeep } from '../../../src/commands/undo/journaled-quotas.ts'
import { alterScramAndKeep } from '../../../src/commands/undo/journaled-scram.ts'
import { Recorder } from '../../../src/commands/undo/recorder.ts'
import { memoryAdmin, ok, refused } from '../../support/memory-admin.ts'
import { KeptOutput } from '../../support/run-command.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-journaled-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

function setUp(methods: Partial<Admin>) {
  const stderr = new KeptOutput()
  const recorder = new Recorder({
    env: { KT_HOME: home },
    clock: systemClock,
    stdout: new KeptOutput(),
    stderr,
    programName: 'kt',
    asScript: false,
  })
  const identify: Admin['identify'] = async (topics) => ({
    clusterId: 'c',
    topicIds: new Map(topics.map((name) => [name, `id-${name}`])),
  })
  const { admin } = memoryAdmin({ identify, ...methods })
  return { calls: offsetCalls(admin, recorder), admin, recorder, stderr }
}
const edits = () => new Journal({ KT_HOME: home }, 'c').list().flatMap((entry) => entry.edits)

const at = (partition: number, offset: number) => ({ topic: 't', partition, offset })
const committed = (partition: number, offset: number) => ({ ...at(partition, offset), leaderEpoch: 3, metadata: 'm' })
const known: Partial<Admin> = {
  listGroupOffsets: async (ids) => new Map(ids.map((id) => [id, ok([committed(0, 5), committed(1, 6)])])),
  alterGroupOffsets: async (_, offsets) => offsets.map(() => ok(undefined)),
  deleteGroupOffsets: async (_, partitions) => ok(partitions.map(() => ok(undefined))),
  deleteGroups: async (ids) => new Map(ids.map((id) => [id, ok(undefined)])),
}

describe('committed offsets', () => {
  it('are kept with epoch and metadata; what stays is left out', async () => {
    const { calls } = setUp(known)
    await calls.alterGroupOffsets('g', [at(0, 0), at(1, 6), at(2, 7)])
    expect(edits()).toEqual([
      {
        kind: 'offsets',
        groupId: 'g',
        isShare: false,
        partitions: [
          {
            ...{ topic: 't', topicId: 'id-t', partition: 0 },
            before: { offset: 5, leaderEpoch: 3, metadata: 'm' },
            after: { offset: 0, leaderEpoch: -1, metadata: '' },
          },
          {
            ...{ topic: 't', topicId: 'id-t', partition: 2 },
            before: null,
            after: { offset: 7, leaderEpoch: -1, metadata: '' },
          },
        ],
      },
    ])
  })

  it('of partitions that were refused are not kept', async () => {
    const { calls } = setUp({ ...known, alterGroupOffsets: async () => [ok(undefined), refused('X', 'no')] })
    await calls.alterGroupOffsets('g', [at(0, 0), at(1, 0)])
    expect(edits()).toMatchObject([{ partitions: [{ partition: 0 }] }])
    const no = setUp({ ...known, deleteGroupOffsets: async () => refused('NON_EMPTY_GROUP', 'no') })
    await no.calls.deleteGroupOffsets('g', [at(0, 0)])
    expect(edits()).toHaveLength(1)
  })

  it('of a group that is not there yet were none', async () => {
    const none = async () => new Map([['g', refused('GROUP_ID_NOT_FOUND', 'no such')]])
    const { calls, stderr } = setUp({ ...known, listGroupOffsets: none })
    await calls.alterGroupOffsets('g', [at(0, 1)])
    expect(edits()).toMatchObject([{ partitions: [{ before: null, after: { offset: 1 } }] }])
    expect(stderr.text).toBe('')
  })

  it('are kept when they are deleted, alone and with their group', async () => {
    const { calls } = setUp({
      ...known,
      deleteGroups: async () =>
        new Map([
          ['g', ok(undefined)],
          ['busy', refused('NON_EMPTY_GROUP', 'no')],
        ]),
    })
    await calls.deleteGroupOffsets('g', [at(1, 0)])
    await calls.deleteGroups(['g', 'busy'])
    expect(edits()).toMatchObject([
      { groupId: 'g', partitions: [{ partition: 1, before: { offset: 6 }, after: null }] },
      { groupId: 'g', partitions: [{ partition: 0, before: { offset: 5 } }, { partition: 1 }] },
    ])
  })

  it('whose group tells nothing are changed all the same', async () => {
    const denied = async () => new Map([['g', refused('GROUP_AUTHORIZATION_FAILED', 'denied')]])
    const { calls, stderr } = setUp({ ...known, listGroupOffsets: denied })
    expect(await calls.alterGroupOffsets('g', [at(0, 1)])).toEqual([ok(undefined)])
    expect(stderr.text).toBe('kt: this change cannot be undone: the values before it could not be read (denied)\n')
  })
})

describe('where share groups begin', () => {
  const share: Partial<Admin> = {
    listShareGroupOffsets: async () => {
      const unknown = { topic: 't', partition: 1, startOffset: -1, leaderEpoch: 0, lag: null }
      return new Map([['s', ok([{ topic: 't', partition: 0, startOffset: 4, leaderEpoch: 0, lag: 1 }, unknown])]])
    },
    alterShareGroupOffsets: async (_, offsets) => ok(offsets.map(() => ok(undefined))),
    deleteShareGroupOffsets: async (_, topics) => ok(topics.map(() => ok(undefined))),
  }
  it('is kept; unknown is none', async () => {
    const { calls } = setUp(share)
    await calls.alterShareGroupOffsets('s', [at(0, 9), at(1, 9)])
    await calls.deleteShareGroupOffsets('s', ['t'])
    expect(edits()).toMatchObject([
      { isShare: true, partitions: [{ before: { offset: 4 }, after: { offset: 9 } }, { before: null }] },
      { isShare: true, partitions: [{ partition: 0, before: { offset: 4 }, after: null }] },
    ])
  })
})

describe('quotas and users', () => {
  const entity = { entries: new Map([['user', 'ann']]) }
  it('keeps quotas before and after', async () => {
    const { admin, recorder } = setUp({
      describeClientQuotas: async () => [{ entity, quotas: new Map([['producer_byte_rate', 5]]) }],
      alterClientQuotas: async (list) => list.map(() => ok(undefined)),
    })
    const ops = [
      { key: 'producer_byte_rate', value: null },
      { key: 'consumer_byte_rate', value: 7 },
    ]
    await alterQuotasAndKeep(admin, recorder, [{ entity, ops }], { validateOnly: true })
    expect(edits()).toEqual([])
    await alterQuotasAndKeep(admin, recorder, [{ entity, ops }])
    expect(edits()).toEqual([
      {
        kind: 'quota',
        entity: { user: 'ann' },
        values: [
          { key: 'producer_byte_rate', before: 5, after: null },
          { key: 'consumer_byte_rate', before: null, after: 7 },
        ],
      },
    ])
  })

  it('keeps of a password that there was one', async () => {
    const { admin, recorder } = setUp({ alterScramCredentials: async () => new Map([['ann', ok(undefined)]]) })
    await alterScramAndKeep(admin, recorder, [
      { user: 'ann', mechanism: 'SCRAM-SHA-256', iterations: 4096, password: 'geheim' },
    ])
    expect(edits()).toEqual([{ kind: 'lost', what: 'SCRAM-SHA-256 of user ann', why: 'passwords are not kept' }])
  })
})

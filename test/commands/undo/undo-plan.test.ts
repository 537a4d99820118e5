import { describe, expect, it } from 'vitest'
import type { ConfigEdit, Edit, OffsetEdit } from '../../../src/commands/undo/entry.ts'
import type { ClusterNow } from '../../../src/commands/undo/look-now.ts'
import { undoRows } from '../../../src/commands/undo/undo-plan.ts'

const cluster = (more: Partial<ClusterNow> = {}): ClusterNow => ({
  topicIds: new Map([['t', 'id']]),
  settings: new Map(),
  groups: new Map(),
  quotas: new Map(),
  logStarts: new Map(),
  ...more,
})
const setting = (before: string | null, after: string | null, topicId: string | null = 'id'): ConfigEdit => ({
  kind: 'config',
  resource: { type: 'TOPIC', name: 't' },
  topicId,
  settings: [{ name: 'retention.ms', before, after }],
})
const settings = (value: string | null) =>
  new Map([['topic t', new Map(value === null ? [] : [['retention.ms', value] as const])]])
const one = (edit: Edit, now: ClusterNow) => undoRows([edit], now)[0]!

describe('settings', () => {
  it.each([
    ['5', '7', '7', 'back'],
    [null, '7', '7', 'back'],
    ['5', null, null, 'back'],
    ['5', '7', '5', 'already'],
    ['5', '7', '9', 'changed'],
    ['5', '7', null, 'changed'],
    ['5', '007', '7', 'back'],
  ])('was %s, became %s, is %s: %s', (before, after, now, state) => {
    expect(one(setting(before, after), cluster({ settings: settings(now) })).state).toBe(state)
  })

  it('says what is there instead', () => {
    const { why, now, backTo } = one(setting('5', '7'), cluster({ settings: settings('9') }))
    expect({ why, now, backTo }).toEqual({
      why: 'it was set to 7 then and is 9 now: somebody changed it since',
      now: '9',
      backTo: '5',
    })
    expect(one(setting('5', null), cluster({ settings: settings('9') })).why).toContain('it was taken away then')
  })

  it('belong to a topic: neither to none nor to another one of its name', () => {
    const gone = cluster({ topicIds: new Map(), settings: new Map([['topic t', 'no such topic']]) })
    expect(one(setting('5', '7'), gone)).toMatchObject({ state: 'impossible', why: 'topic t does not exist any more' })
    const other = one(setting('5', '7', 'old'), cluster({ settings: settings('7') }))
    expect(other).toMatchObject({
      state: 'changed',
      why: expect.stringContaining('created anew since (topic id old, now id)'),
    })
    expect(one(setting('5', '7', null), cluster({ settings: settings('7') })).state).toBe('back')
  })
})

const offsets = (more: Partial<OffsetEdit> = {}): OffsetEdit => ({
  kind: 'offsets',
  groupId: 'g',
  isShare: false,
  partitions: [
    {
      ...{ topic: 't', topicId: 'id', partition: 0 },
      before: { offset: 5, leaderEpoch: 1, metadata: '' },
      after: { offset: 0, leaderEpoch: -1, metadata: '' },
    },
  ],
  ...more,
})
const group = (offset: number | null, memberCount = 0, state = 'Empty') =>
  new Map([['g', { offsets: new Map(offset === null ? [] : [['t:0', offset] as const]), state, memberCount }]])

describe('offsets', () => {
  it.each([
    [0, 'back'],
    [5, 'already'],
    [3, 'changed'],
    [null, 'changed'],
  ])('now at %s: %s', (now, state) => {
    expect(one(offsets(), cluster({ groups: group(now) })).state).toBe(state)
  })

  it('of a group with members stay', () => {
    expect(one(offsets(), cluster({ groups: group(0, 2, 'Stable') }))).toMatchObject({
      state: 'impossible',
      why: 'group g is Stable with 2 members; stop them first',
    })
    expect(one(offsets(), cluster({ groups: group(5, 2, 'Stable') })).state).toBe('already')
  })

  it('below the beginning of the log go back, and it is told', () => {
    const logStarts = new Map([['t:0', 6]])
    expect(one(offsets(), cluster({ groups: group(0), logStarts }))).toMatchObject({
      state: 'back',
      why: 'records before 6 are deleted since',
    })
  })

  it('of share groups become unknown only by whole topics', () => {
    const { partitions } = offsets()
    const unknown = { ...partitions[0]!, before: null }
    const alone = offsets({ isShare: true, partitions: [unknown] })
    expect(one(alone, cluster({ groups: group(0) })).state).toBe('back')
    const mixed = offsets({ isShare: true, partitions: [unknown, { ...partitions[0]!, partition: 1 }] })
    expect(one(mixed, cluster({ groups: group(0) })).why).toContain('only the whole topic t')
  })
})

describe('quotas and what is lost', () => {
  it('compares numbers', () => {
    const edit: Edit = { kind: 'quota', entity: { user: 'ann' }, values: [{ key: 'k', before: null, after: 2.5 }] }
    const quotas = (value: number) => new Map([['user ann', new Map([['k', value]])]])
    expect(one(edit, cluster({ quotas: quotas(2.5) }))).toMatchObject({ state: 'back', now: '2.5', backTo: null })
    expect(one(edit, cluster({ quotas: quotas(3) })).state).toBe('changed')
    expect(one(edit, cluster({ quotas: new Map([['user ann', new Map()]]) })).state).toBe('already')
  })

  it('never takes back a secret', () => {
    expect(one({ kind: 'lost', what: 'x', why: 'y' }, cluster())).toMatchObject({
      state: 'impossible',
      subject: 'x',
      why: 'y',
    })
  })
})

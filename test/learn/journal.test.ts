import { describe, expect, it } from 'vitest'
import { changes, Journal, MAX_EVENTS, type Snapshot } from '../../src/learn/journal.ts'

const partition = (more: Partial<Snapshot['partitions'][string]> = {}) => ({
  leader: 1,
  leaderEpoch: 0,
  isr: [1, 2, 3],
  replicas: [1, 2, 3],
  end: 0,
  ...more,
})

function snapshot(at: number, more: Partial<Snapshot> = {}): Snapshot {
  return { at, partitions: { 'orders-0': partition() }, groups: {}, brokers: [1, 2, 3], nodes: {}, ...more }
}

describe('changes between two looks', () => {
  it('are none when nothing changed', () => {
    expect(changes(snapshot(0), snapshot(1))).toEqual([])
  })

  it('tell of a leader that died', () => {
    const after = snapshot(1, {
      partitions: { 'orders-0': partition({ leader: 2, leaderEpoch: 1, isr: [2, 3] }) },
      brokers: [2, 3],
    })
    expect(changes(snapshot(0), after)).toEqual([
      { kind: 'broker', id: 1, change: 'gone' },
      { kind: 'leader', partition: 'orders-0', from: 1, to: 2, epoch: 1 },
      { kind: 'isr', partition: 'orders-0', from: [1, 2, 3], to: [2, 3] },
    ])
  })

  it('tell of a leader that led, died and led again between two looks, by its epoch', () => {
    const after = snapshot(1, { partitions: { 'orders-0': partition({ leaderEpoch: 2 }) } })
    expect(changes(snapshot(0), after)).toEqual([{ kind: 'leader', partition: 'orders-0', from: 1, to: 1, epoch: 2 }])
  })

  it('tell of records, also of records that are gone', () => {
    const five = snapshot(0, { partitions: { 'orders-0': partition({ end: 5 }) } })
    const three = snapshot(1, { partitions: { 'orders-0': partition({ end: 3 }) } })
    expect(changes(five, three)).toEqual([{ kind: 'end', partition: 'orders-0', from: 5, to: 3 }])
  })

  it('say nothing of an end that nobody answered for', () => {
    const unknown = snapshot(1, { partitions: { 'orders-0': partition({ end: null }) } })
    expect(changes(snapshot(0), unknown)).toEqual([])
  })

  it('tell of topics made and deleted', () => {
    const none = snapshot(0, { partitions: {} })
    expect(changes(none, snapshot(1))).toEqual([{ kind: 'partition', partition: 'orders-0', change: 'made' }])
    expect(changes(snapshot(0), none)).toEqual([{ kind: 'partition', partition: 'orders-0', change: 'gone' }])
  })

  it('tell of a member that takes over what another had', () => {
    const two = {
      shop: {
        state: 'Stable',
        members: { a: { clientId: 'one', partitions: ['orders-0'] }, b: { clientId: 'two', partitions: [] } },
        committed: { 'orders-0': 3 },
      },
    }
    const one = {
      shop: {
        state: 'Stable',
        members: { b: { clientId: 'two', partitions: ['orders-0'] } },
        committed: { 'orders-0': 4 },
      },
    }
    expect(changes(snapshot(0, { groups: two }), snapshot(1, { groups: one }))).toEqual([
      { kind: 'assignment', group: 'shop', clientId: 'one', from: ['orders-0'], to: [] },
      { kind: 'member', group: 'shop', clientId: 'one', change: 'left' },
      { kind: 'assignment', group: 'shop', clientId: 'two', from: [], to: ['orders-0'] },
      { kind: 'committed', group: 'shop', partition: 'orders-0', from: 3, to: 4 },
    ])
  })

  it('tell of a topic that was deleted and made anew between two looks', () => {
    const of = (at: number, topicId: string | undefined) =>
      snapshot(at, { partitions: { 'orders-0': partition(topicId === undefined ? {} : { topicId }) } })
    expect(changes(of(0, 'one'), of(1, 'other'))).toEqual([
      { kind: 'partition', partition: 'orders-0', change: 'gone' },
      { kind: 'partition', partition: 'orders-0', change: 'made' },
    ])
    expect(changes(of(0, undefined), of(1, 'other'))).toEqual([])
  })

  it('tell of processes', () => {
    const before = snapshot(0, { nodes: { '1': 'running', '2': 'running' } })
    const after = snapshot(1, { nodes: { '1': 'stopped', '2': 'paused' } })
    expect(changes(before, after)).toEqual([
      { kind: 'node', id: 1, from: 'running', to: 'stopped' },
      { kind: 'node', id: 2, from: 'running', to: 'paused' },
    ])
  })
})

describe('Journal', () => {
  const led = (at: number, leader: number) => snapshot(at, { partitions: { 'orders-0': partition({ leader }) } })

  it('takes the first look as what was there before', () => {
    const journal = new Journal()
    expect(journal.note(led(10, 1))).toEqual([])
    expect(journal.last?.at).toBe(10)
  })

  it('says between which two looks something happened', () => {
    const journal = new Journal()
    journal.note(led(10, 1))
    journal.note(led(20, 2))
    expect(journal.find('leader')).toMatchObject([{ from: 1, to: 2, at: 20, after: 10 }])
    expect(journal.find('leader', ({ to }) => to === 3)).toEqual([])
  })

  it('goes on where a kept one ended', () => {
    const first = new Journal()
    first.note(led(10, 1))
    const { events, last } = first
    const second = new Journal(JSON.parse(JSON.stringify({ events, last })))
    expect(second.note(led(30, 2))).toMatchObject([{ kind: 'leader', at: 30, after: 10 }])
  })

  it('takes no change of a time when another lesson was done, and nothing of before the beginning', () => {
    const journal = new Journal()
    journal.note(led(10, 1))
    journal.note(led(20, 2))
    journal.resume(led(30, 3))
    expect(journal.note(led(40, 3))).toEqual([])
    expect(journal.find('leader')).toHaveLength(1)
    journal.since(20)
    expect(journal.find('leader')).toHaveLength(1)
    journal.since(21)
    expect(journal.events).toEqual([])
  })

  it('forgets what is oldest', () => {
    const journal = new Journal()
    for (let at = 0; at <= MAX_EVENTS + 5; at++) journal.note(led(at, at))
    expect(journal.events).toHaveLength(MAX_EVENTS)
    expect(journal.events.at(-1)?.at).toBe(MAX_EVENTS + 5)
  })
})

describe('a look that took long', () => {
  it('is old news when another one has begun and ended meanwhile', () => {
    const journal = new Journal()
    journal.note(snapshot(10, { brokers: [1, 2, 3] }))
    journal.note(snapshot(30, { brokers: [1, 2] }))
    expect(journal.note(snapshot(20, { brokers: [1, 2, 3] }))).toEqual([])
    expect(journal.last?.brokers).toEqual([1, 2])
  })
})

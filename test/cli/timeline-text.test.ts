import { describe, expect, it } from 'vitest'
import type { TimelineEvent, TimelineFact } from '../../src/base/timeline.ts'
import { timelineNames, timelineText } from '../../src/cli/timeline-text.ts'

const event = (fact: TimelineFact): TimelineEvent => ({ ...fact, nodeId: 1, timestamp: 0, machineMs: 0 })
const partition = 'my-orders-0'
const append = {
  type: 'append',
  partition,
  role: 'leader',
  leaderEpoch: 2,
  sizeInBytes: 70,
  isDuplicate: false,
} as const

describe('what happened inside a node', () => {
  it.each<[TimelineFact, string]>([
    [{ ...append, baseOffset: 5, lastOffset: 5 }, 'my-orders-0: appended offset 5 as leader, leader epoch 2, 70 bytes'],
    [
      { ...append, baseOffset: 5, lastOffset: 7, isDuplicate: true },
      "my-orders-0: offsets 5 to 7 came again and are not appended: the producer's sequence is known",
    ],
    [
      { type: 'follower-fetch', partition, replicaId: 3, endOffset: 8 },
      'my-orders-0: broker 3 fetches from offset 8, so it has everything below',
    ],
    [
      { type: 'high-watermark', partition, role: 'follower', from: 1, to: 2 },
      'my-orders-0: high watermark 1 -> 2, as the leader says',
    ],
    [
      { type: 'isr', partition, step: 'shrinking', from: [1, 2], to: [1], reason: 'late' },
      'my-orders-0: asks for the ISR 1,2 -> 1: late',
    ],
    [
      { type: 'isr', partition, step: 'changed', from: [1, 2], to: [1], reason: 'written' },
      'my-orders-0: ISR 1,2 -> 1: written',
    ],
    [
      { type: 'isr', partition, step: 'refused', from: [1], to: [1, 2], reason: 'INELIGIBLE_REPLICA' },
      'my-orders-0: the controller refuses the ISR 1,2: INELIGIBLE_REPLICA',
    ],
    [
      { type: 'leader-epoch', partition, role: 'leader', leaderId: 1, leaderEpoch: 3, endOffset: 9 },
      'my-orders-0: leads from now on, leader epoch 3 begins at offset 9',
    ],
    [
      { type: 'leader-epoch', partition, role: 'follower', leaderId: 2, leaderEpoch: 3, endOffset: 9 },
      'my-orders-0: follows broker 2 in leader epoch 3, its own log ends at offset 9',
    ],
    [
      { type: 'leader-epoch', partition, role: 'follower', leaderId: -1, leaderEpoch: 3, endOffset: 9 },
      'my-orders-0: has no leader, leader epoch 3',
    ],
    [
      { type: 'log', partition, step: 'rolled', offset: 100, reason: 'segment 0 has 9 bytes' },
      'my-orders-0: rolled: a new segment begins at offset 100 (segment 0 has 9 bytes)',
    ],
    [
      { type: 'log', partition, step: 'segments-deleted', offset: 0, reason: 'retention.ms' },
      'my-orders-0: deletes its segments up to that of offset 0: retention.ms',
    ],
    [
      { type: 'log', partition, step: 'start-offset', offset: 4, reason: 'segment deletion' },
      'my-orders-0: begins at offset 4 now: segment deletion',
    ],
    [
      { type: 'log', partition, step: 'truncated', offset: 4, reason: 'the log ended at 9' },
      'my-orders-0: truncated to offset 4: the log ended at 9',
    ],
    [
      { ...{ type: 'waiting', waitingId: 1, operation: 'Fetch', partitions: [] }, reason: '1 byte', timeoutMs: 500 },
      'Fetch waits in purgatory, 500 ms at most, for 1 byte',
    ],
    [
      { ...{ type: 'completed', waitingId: 1, operation: 'Fetch', partitions: [] }, elapsedMs: 2.13, isExpired: false },
      'Fetch leaves purgatory after 2.1 ms: what it waited for is there',
    ],
    [
      { ...{ type: 'completed', waitingId: 1, operation: 'Fetch', partitions: [] }, elapsedMs: 500.4, isExpired: true },
      'Fetch leaves purgatory after 500 ms: time is over',
    ],
    [
      { type: 'group', groupId: 'g', state: 'Stable', generation: 2, step: 'member A has left' },
      'group g (Stable, generation 2): member A has left',
    ],
    [
      { type: 'metadata', step: 'committed', baseOffset: 1, lastOffset: 2, records: [] },
      'metadata offsets 1 to 2 committed',
    ],
    [{ type: 'quorum', leaderId: null, epoch: 4 }, 'quorum epoch 4: no leader yet'],
    [{ type: 'quorum', leaderId: 100, epoch: 4 }, 'quorum epoch 4: node 100 leads'],
    [{ type: 'broker-fenced', brokerId: 3, reason: 'late' }, 'fences broker 3: late'],
  ])('%j', (fact, text) => {
    expect(timelineText(event(fact))).toBe(text)
  })

  it('shows few records of many, those of Kafka’s own topics last', () => {
    const records = ['A __x-0', 'A __x-1', 'A __x-2', 'A t-0', 'A t-1', 'A __x-3']
    expect(timelineText(event({ type: 'metadata', step: 'written', baseOffset: 1, lastOffset: 6, records }))).toBe(
      'writes metadata offsets 1 to 6: A t-0; A t-1; A __x-0; A __x-1; and 2 more',
    )
  })
})

it('knows whom an event concerns', () => {
  expect(timelineNames(event({ ...append, baseOffset: 0, lastOffset: 0 }))).toEqual(['my-orders'])
  const waiting = { type: 'waiting', waitingId: 1, operation: 'Fetch', reason: '', timeoutMs: 1 } as const
  expect(timelineNames(event({ ...waiting, partitions: ['a-0', 'b-1'] }))).toEqual(['a', 'b'])
  const group = { type: 'group', groupId: 'g', state: 'Stable', generation: 1, step: '' } as const
  expect(timelineNames(event(group))).toEqual(['g'])
  expect(timelineNames(event({ type: 'quorum', leaderId: 1, epoch: 1 }))).toBeNull()
})

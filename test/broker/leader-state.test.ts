/** The leader alone, its followers' fetches and the controller's answers given by hand. */
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import type { AlteredPartition, PartitionProposal } from '../../src/broker/alter-partition-manager.ts'
import { LeaderState } from '../../src/broker/leader-state.ts'
import type { Log } from '../../src/log/types.ts'
import type { PartitionRegistration } from '../../src/metadata/types.ts'
import { ErrorCode, type ErrorName } from '../../src/protocol/error-codes.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { MemoryTimeline } from '../support/memory-timeline.ts'

const LAG_MS = 10_000
const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAABQ'

class FakeLog {
  logStartOffset = 0
  logEndOffset = 0
  highWatermark = 0
  readonly epochs: [number, number][] = []

  updateHighWatermark(offset: number): boolean {
    if (offset <= this.highWatermark) return false
    this.highWatermark = offset
    return true
  }
  setLeaderEpochStart(epoch: number, offset: number): void {
    this.epochs.push([epoch, offset])
  }
}

class Harness {
  readonly clock = new ManualClock(0)
  readonly log = new FakeLog()
  readonly timeline = new MemoryTimeline()
  readonly epochs = new Map([2, 3, 4].map((id) => [id, id * 10]))
  readonly shuttingDown = new Set<number>()
  readonly proposals: PartitionProposal[] = []
  accepts = true
  wakes = 0
  minInsyncReplicas = 1
  readonly leader: LeaderState
  private registration: PartitionRegistration

  constructor(isr: readonly number[], options: { endOffset?: number; highWatermark?: number; minIsr?: number } = {}) {
    this.log.logEndOffset = options.endOffset ?? 0
    this.log.highWatermark = options.highWatermark ?? 0
    this.minInsyncReplicas = options.minIsr ?? 1
    const { clock, epochs, shuttingDown } = this
    const harness = this
    this.leader = new LeaderState(
      {
        nodeId: 1,
        brokerEpoch: () => 10,
        brokers: { aliveEpoch: (id) => epochs.get(id) ?? null, isShuttingDown: (id) => shuttingDown.has(id) },
        alterPartitions: {
          submit: (proposal) => {
            if (this.accepts) this.proposals.push(proposal)
            return this.accepts
          },
        },
        replicaLagTimeMaxMs: LAG_MS,
        clock,
        logger: silentLogger,
        timeline: this.timeline,
      },
      {
        name: 't-0',
        topicId: TOPIC_ID,
        index: 0,
        log: this.log as unknown as Log,
        get minInsyncReplicas() {
          return harness.minInsyncReplicas
        },
        onHighWatermark: () => this.wakes++,
      },
    )
    this.registration = { replicas: [1, 2, 3], isr, leader: 1, leaderEpoch: 4, partitionEpoch: 7 } as never
    this.leader.update(this.registration, true)
  }

  /** The next image; `change` is what a record changed, the partition epoch grows with it. */
  metadata(change: Partial<PartitionRegistration>, isNewLeader = false): void {
    const partitionEpoch = this.registration.partitionEpoch + 1
    this.registration = { ...this.registration, partitionEpoch, ...change }
    this.leader.update(this.registration, isNewLeader)
  }

  append(count: number): void {
    this.leader.beforeAppend()
    this.log.logEndOffset += count
    this.leader.advanceHighWatermark()
  }

  fetch(replicaId: number, fetchOffset: number, brokerEpoch = this.epochs.get(replicaId) ?? -1): boolean {
    const nowMs = this.clock.monotonic()
    const leaderEndOffset = this.log.logEndOffset
    const rest = { logStartOffset: 0, nowMs, leaderEndOffset, brokerEpoch, rounds: null }
    return this.leader.onFetch(this.leader.follower(replicaId)!, { fetchOffset, ...rest })
  }

  /** What was proposed last, as ids; null while nothing was. */
  get proposed(): readonly number[] | null {
    return this.proposals.at(-1)?.proposed.members.map(({ brokerId }) => brokerId) ?? null
  }

  commit(change: Partial<AlteredPartition> = {}): void {
    const isr = this.proposed!
    this.proposals.pop()!.onAnswer({ leaderEpoch: 4, partitionEpoch: 8, leaderRecoveryState: 0, isr, ...change })
  }

  refuse(error: ErrorName): void {
    this.proposals.pop()!.onAnswer({ errorCode: ErrorCode[error] })
  }
}

describe('a new leader', () => {
  it('starts its epoch at its log end and knows of no follower where it is', () => {
    const { leader, log } = new Harness([1, 2, 3], { endOffset: 12, highWatermark: 9 })
    expect([log.epochs, leader.epochStartOffset, log.highWatermark]).toEqual([[[4, 12]], 12, 9])
    expect([...leader.allFollowers()].map(({ replicaId, logEndOffset }) => [replicaId, logEndOffset])).toEqual([
      [2, -1],
      [3, -1],
    ])
  })

  it('starts no epoch again for another image of the same one, and keeps its followers’ places', () => {
    const harness = new Harness([1, 2, 3])
    harness.append(3)
    harness.fetch(2, 3)
    harness.metadata({ isr: [1, 2] })
    expect([harness.log.epochs.length, harness.leader.follower(2)!.logEndOffset]).toEqual([1, 3])
    harness.metadata({ leaderEpoch: 5 })
    expect(harness.log.epochs).toEqual([
      [4, 0],
      [5, 3],
    ])
  })

  it('takes new replicas in and lets old ones go', () => {
    const harness = new Harness([1, 2])
    harness.metadata({ replicas: [1, 2, 4] })
    expect([...harness.leader.allFollowers()].map(({ replicaId }) => replicaId)).toEqual([2, 4])
    expect(harness.leader.follower(3)).toBeUndefined()
  })
})

describe('the high watermark', () => {
  it('is what every member of the ISR has, and never goes back', () => {
    const harness = new Harness([1, 2, 3])
    harness.append(10)
    expect(harness.fetch(2, 8)).toBe(false)
    expect(harness.fetch(3, 5)).toBe(true)
    expect(harness.log.highWatermark).toBe(5)
    expect(harness.fetch(3, 9)).toBe(true)
    expect([harness.log.highWatermark, harness.fetch(2, 3)]).toEqual([8, false])
    expect(harness.log.highWatermark).toBe(8)
  })

  it('waits for one that is about to join: otherwise it would never get there', () => {
    const harness = new Harness([1, 2])
    harness.append(10)
    harness.fetch(2, 10)
    expect(harness.log.highWatermark).toBe(10)
    harness.accepts = false
    harness.fetch(3, 10)
    harness.append(5)
    harness.fetch(2, 15)
    expect(harness.log.highWatermark).toBe(10)
    harness.fetch(3, 15)
    expect(harness.log.highWatermark).toBe(15)
  })

  it.each([
    ['is fenced', (harness: Harness) => harness.epochs.delete(3)],
    ['is shutting down', (harness: Harness) => harness.shuttingDown.add(3)],
    ['was replaced by a newer process', (harness: Harness) => harness.epochs.set(3, 31)],
  ])('does not wait for one outside of the ISR that %s', (_why, leave) => {
    const harness = new Harness([1, 2])
    harness.accepts = false
    harness.fetch(3, 0)
    leave(harness)
    harness.append(5)
    harness.fetch(2, 5)
    expect(harness.log.highWatermark).toBe(5)
  })

  it('does not wait for one outside of the ISR that has fallen behind', async () => {
    const harness = new Harness([1, 2])
    harness.accepts = false
    harness.fetch(3, 0)
    harness.append(5)
    await harness.clock.advance(LAG_MS + 1)
    harness.fetch(2, 5)
    expect(harness.log.highWatermark).toBe(5)
  })

  it('stands still below min.insync.replicas (KIP-966)', () => {
    const harness = new Harness([1], { minIsr: 2 })
    harness.append(5)
    expect([harness.log.highWatermark, harness.leader.isUnderMinIsr]).toEqual([0, true])
    harness.fetch(2, 5)
    // On its way into the ISR is not in it, though an answer may count on it.
    expect([harness.log.highWatermark, harness.leader.hasEnoughForAcknowledgement]).toEqual([0, true])
    harness.commit()
    expect([harness.log.highWatermark, harness.wakes]).toEqual([5, 1])
  })

  it('asks for no more replicas than there are', () => {
    const harness = new Harness([1, 2, 3], { minIsr: 7 })
    expect(harness.leader.isUnderMinIsr).toBe(false)
    harness.metadata({ isr: [1, 2] })
    expect(harness.leader.isUnderMinIsr).toBe(true)
  })

  it('moves when the ISR shrinks, once the controller has said so', async () => {
    const harness = new Harness([1, 2, 3])
    harness.append(5)
    harness.fetch(2, 5)
    await harness.clock.advance(LAG_MS + 1)
    harness.leader.maybeShrink()
    expect([harness.proposed, harness.log.highWatermark]).toEqual([[1, 2], 0])
    harness.commit()
    expect([harness.log.highWatermark, harness.wakes, harness.leader.isr]).toEqual([5, 1, [1, 2]])
  })
})

describe('shrinking the ISR', () => {
  it('drops who has not caught up for replica.lag.time.max.ms, and not before', async () => {
    const harness = new Harness([1, 2, 3])
    harness.append(5)
    harness.fetch(2, 5)
    await harness.clock.advance(LAG_MS)
    harness.leader.maybeShrink()
    expect(harness.proposed).toBeNull()
    await harness.clock.advance(1)
    harness.leader.maybeShrink()
    expect(harness.proposed).toEqual([1, 2])
  })

  it('leaves one alone that has all there is, however long ago it fetched', async () => {
    const harness = new Harness([1, 2, 3])
    harness.fetch(2, 0)
    harness.fetch(3, 0)
    await harness.clock.advance(100 * LAG_MS)
    harness.leader.maybeShrink()
    expect(harness.proposed).toBeNull()
  })

  it('drops one that never fetched, and all at once', async () => {
    const harness = new Harness([1, 2, 3])
    await harness.clock.advance(LAG_MS + 1)
    harness.leader.maybeShrink()
    expect(harness.proposed).toEqual([1])
    harness.leader.maybeShrink()
    expect(harness.proposals).toHaveLength(1)
  })

  it('tells the epochs of those who stay (KIP-903)', async () => {
    const harness = new Harness([1, 2, 3])
    harness.append(1)
    harness.fetch(2, 1)
    await harness.clock.advance(LAG_MS + 1)
    harness.leader.maybeShrink()
    expect(harness.proposals[0]).toMatchObject({ topicId: TOPIC_ID, partition: 0 })
    expect(harness.proposals[0]!.proposed).toEqual({
      leaderEpoch: 4,
      partitionEpoch: 7,
      leaderRecoveryState: 0,
      members: [
        { brokerId: 1, brokerEpoch: 10 },
        { brokerId: 2, brokerEpoch: 20 },
      ],
    })
  })
})

describe('growing the ISR', () => {
  it('takes a follower in at the high watermark, not before', () => {
    const harness = new Harness([1, 2])
    harness.append(10)
    harness.fetch(2, 10)
    harness.fetch(3, 9)
    expect(harness.proposed).toBeNull()
    harness.fetch(3, 10)
    expect(harness.proposed).toEqual([1, 2, 3])
  })

  it('needs no more than the high watermark, where the log is longer', () => {
    const harness = new Harness([1, 2])
    harness.append(10)
    harness.fetch(2, 4)
    harness.fetch(3, 4)
    expect([harness.log.highWatermark, harness.proposed]).toEqual([4, [1, 2, 3]])
  })

  it('waits until it has reached the start of this leader’s epoch, though the high watermark is below', () => {
    const harness = new Harness([1, 2], { endOffset: 12, highWatermark: 5 })
    harness.fetch(3, 11)
    expect(harness.proposed).toBeNull()
    harness.fetch(3, 12)
    expect(harness.proposed).toEqual([1, 2, 3])
  })

  it.each([
    ['that is fenced', (harness: Harness) => harness.epochs.delete(3)],
    ['that is shutting down', (harness: Harness) => harness.shuttingDown.add(3)],
    ['whose fetch is of an earlier life', (harness: Harness) => harness.epochs.set(3, 31)],
  ])('takes nobody in %s, until that is over', (_why, leave) => {
    const harness = new Harness([1, 2])
    leave(harness)
    harness.fetch(3, 0, 30)
    expect(harness.proposed).toBeNull()
    harness.epochs.set(3, 30)
    harness.shuttingDown.clear()
    harness.leader.reconsider()
    expect(harness.proposed).toEqual([1, 2, 3])
  })

  it('takes a follower in that does not tell its epoch, which brokers of old do not', () => {
    const harness = new Harness([1, 2])
    harness.fetch(3, 0, -1)
    expect(harness.proposals[0]!.proposed.members.at(-1)).toEqual({ brokerId: 3, brokerEpoch: -1 })
  })

  it('goes by fetches of this epoch alone', () => {
    const harness = new Harness([1, 2])
    harness.accepts = false
    harness.fetch(3, 0)
    harness.accepts = true
    harness.metadata({ leaderEpoch: 5 })
    expect(harness.proposed).toBeNull()
    harness.fetch(3, 0)
    expect(harness.proposed).toEqual([1, 2, 3])
  })

  it('has one change on its way at a time, the next follows the answer', () => {
    const harness = new Harness([1])
    harness.fetch(2, 0)
    harness.fetch(3, 0)
    expect(harness.proposals).toHaveLength(1)
    harness.commit()
    expect(harness.proposed).toEqual([1, 2, 3])
  })
})

describe('what the controller answers', () => {
  const growing = (): Harness => {
    const harness = new Harness([1, 2])
    harness.fetch(3, 0)
    return harness
  }

  it('is taken at its word, also where it is ahead of the metadata', () => {
    const harness = growing()
    harness.commit()
    expect([harness.leader.isr, harness.leader.partitionEpoch, harness.leader.isChangeInFlight]).toEqual([
      [1, 2, 3],
      8,
      false,
    ])
    // Its record comes later, when another change may be on its way.
    harness.append(1)
    harness.fetch(2, 1)
    harness.metadata({ isr: [1, 2, 3] })
    expect(harness.leader.isr).toEqual([1, 2, 3])
  })

  it('does not take back what was proposed since, when its record comes', async () => {
    const harness = growing()
    harness.commit()
    harness.append(1)
    harness.fetch(2, 1)
    await harness.clock.advance(LAG_MS + 1)
    harness.leader.maybeShrink()
    harness.metadata({ isr: [1, 2, 3] })
    expect([harness.leader.isChangeInFlight, harness.proposed]).toEqual([true, [1, 2]])
    harness.commit({ partitionEpoch: 9 })
    expect(harness.leader.isr).toEqual([1, 2])
  })

  it.each(['INELIGIBLE_REPLICA', 'OPERATION_NOT_ATTEMPTED'] as const)(
    '%s: the old ISR stands, and it is tried again',
    async (error) => {
      const harness = growing()
      harness.refuse(error)
      expect([harness.leader.isr, harness.leader.isChangeInFlight, harness.proposals.length]).toEqual([
        [1, 2],
        false,
        0,
      ])
      await harness.clock.advance(500)
      expect(harness.proposed).toEqual([1, 2, 3])
    },
  )

  it.each([
    'UNKNOWN_TOPIC_OR_PARTITION',
    'UNKNOWN_TOPIC_ID',
    'FENCED_LEADER_EPOCH',
    'INVALID_UPDATE_VERSION',
    'INVALID_REQUEST',
    'NEW_LEADER_ELECTED',
  ] as const)('%s: nothing is done until the metadata has come', async (error) => {
    const harness = growing()
    harness.refuse(error)
    await harness.clock.advance(10 * LAG_MS)
    harness.fetch(3, 0)
    harness.leader.maybeShrink()
    expect([harness.proposals.length, harness.leader.isChangeInFlight]).toEqual([0, true])
    harness.metadata({ isr: [1, 2] })
    expect([harness.leader.isChangeInFlight, harness.proposed]).toEqual([true, [1, 2, 3]])
    expect(harness.proposals[0]!.proposed.partitionEpoch).toBe(8)
  })

  it('any other error: the same again', () => {
    const harness = growing()
    const [first] = harness.proposals
    harness.refuse('UNKNOWN_SERVER_ERROR')
    expect(harness.proposals[0]!.proposed).toBe(first!.proposed)
  })

  it('of a proposal that metadata has gone over counts for nothing', () => {
    const harness = growing()
    const [stale] = harness.proposals.splice(0)
    harness.metadata({ isr: [1] })
    stale!.onAnswer({ leaderEpoch: 4, partitionEpoch: 8, leaderRecoveryState: 0, isr: [1, 2, 3] })
    stale!.onAnswer({ errorCode: ErrorCode.INELIGIBLE_REPLICA })
    expect(harness.leader.isr).toEqual([1])
  })

  it('of another epoch, or older than what is known, counts for nothing', () => {
    const older = growing()
    older.commit({ partitionEpoch: 6 })
    expect(older.leader.isr).toEqual([1, 2])
    const other = growing()
    other.commit({ leaderEpoch: 5 })
    expect(other.leader.isr).toEqual([1, 2])
  })

  it('is waited for before another is proposed, also the one of an earlier epoch', async () => {
    const harness = new Harness([1, 2])
    harness.accepts = false
    harness.fetch(3, 0)
    expect(harness.leader.isChangeInFlight).toBe(false)
    harness.accepts = true
    await harness.clock.advance(500)
    expect(harness.proposed).toEqual([1, 2, 3])
  })

  it('ends the change also where it changed nothing', () => {
    const harness = growing()
    harness.commit({ partitionEpoch: 7, isr: [1, 2] })
    expect([harness.leader.isr, harness.proposed]).toEqual([
      [1, 2],
      [1, 2, 3],
    ])
  })

  it('is nobody’s any more after leadership', async () => {
    const harness = growing()
    harness.refuse('INELIGIBLE_REPLICA')
    harness.leader.end()
    await harness.clock.advance(10_000)
    expect([harness.proposals, harness.clock.timerCount]).toEqual([[], 0])
  })
})

describe('the low watermark', () => {
  it('is the smallest log start of the replicas that are in service', () => {
    const harness = new Harness([1, 2, 3])
    harness.log.logEndOffset = 10
    harness.log.logStartOffset = 6
    const startsAt = (replicaId: number, logStartOffset: number): void => {
      const fetch = { fetchOffset: 10, logStartOffset, nowMs: 0, leaderEndOffset: 10, brokerEpoch: -1, rounds: null }
      harness.leader.onFetch(harness.leader.follower(replicaId)!, fetch)
    }
    startsAt(2, 4)
    startsAt(3, 2)
    expect(harness.leader.lowWatermark).toBe(2)
    harness.epochs.delete(3)
    expect(harness.leader.lowWatermark).toBe(4)
    startsAt(2, 8)
    expect(harness.leader.lowWatermark).toBe(6)
  })
})

describe('the timeline', () => {
  it('tells the epoch, how far followers are, and the high watermark', () => {
    const harness = new Harness([1, 2, 3], { endOffset: 4, highWatermark: 4 })
    const partition = 't-0'
    const epoch = { type: 'leader-epoch', partition, role: 'leader', leaderId: 1, leaderEpoch: 4, endOffset: 4 }
    expect(harness.timeline.take()).toEqual([epoch])
    harness.append(2)
    harness.fetch(2, 6)
    harness.fetch(2, 6)
    harness.fetch(3, 5)
    expect(harness.timeline.take()).toEqual([
      { type: 'follower-fetch', partition, replicaId: 2, endOffset: 6 },
      { type: 'follower-fetch', partition, replicaId: 3, endOffset: 5 },
      { type: 'high-watermark', partition, role: 'leader', from: 4, to: 5 },
    ])
  })

  it('tells why the ISR shrinks and grows, and what the controller said', async () => {
    const harness = new Harness([1, 2])
    await harness.clock.advance(LAG_MS + 1)
    harness.append(1)
    harness.timeline.take()
    await harness.clock.advance(LAG_MS + 1)
    harness.leader.maybeShrink()
    const shrinking = { type: 'isr', partition: 't-0', from: [1, 2], to: [1] }
    const why = 'not caught up for 10000 ms: (brokerId: 2, endOffset: -1)'
    expect(harness.timeline.take()).toEqual([{ ...shrinking, step: 'shrinking', reason: why }])
    harness.commit()
    const changed = { ...shrinking, step: 'changed', reason: 'the controller has written it, partition epoch 8' }
    expect(harness.timeline.take()[0]).toEqual(changed)
    harness.fetch(2, 1)
    const expanding = harness.timeline.take().find(({ type }) => type === 'isr')
    expect(expanding).toMatchObject({ step: 'expanding', from: [1], to: [1, 2] })
    harness.refuse('INELIGIBLE_REPLICA')
    expect(harness.timeline.take()).toMatchObject([{ step: 'refused', reason: 'INELIGIBLE_REPLICA' }])
  })

  it('makes nothing while nobody watches', () => {
    const harness = new Harness([1, 2])
    harness.timeline.take()
    harness.timeline.isWatched = false
    harness.append(1)
    harness.fetch(2, 1)
    expect([harness.log.highWatermark, harness.timeline.take()]).toEqual([1, []])
  })
})

/** One fetcher, its leader's answers given by hand. Whole brokers are at work in `replica-manager.test.ts`. */
import { afterEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { ReplicaFetcher } from '../../src/broker/replica-fetcher.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import { type Followed, FollowedLog, followedPartition } from '../support/followed-partition.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { fetched, fetchFailed, type PartitionAnswer, ScriptedLeader } from '../support/scripted-leader.ts'

const SETTINGS = {
  waitMaxMs: 500,
  minBytes: 1,
  maxBytes: 1_000,
  responseMaxBytes: 10_000,
  backoffMs: 1_000,
  socketTimeoutMs: 30_000,
}
const SESSION = 77

class Harness {
  readonly clock = new ManualClock(0)
  readonly leader = new ScriptedLeader()
  readonly fetcher = new ReplicaFetcher({
    nodeId: 2,
    leaderId: 1,
    fetcherId: 0,
    address: { host: 'one', port: 1 },
    peers: this.leader,
    settings: SETTINGS,
    brokerEpoch: () => 42,
    clock: this.clock,
    logger: silentLogger,
  })

  /** Follows partitions 0, 1, ... that hold `ends` records each. */
  async follow(...ends: readonly number[]): Promise<Followed[]> {
    const all = ends.map((end, index) => followedPartition('a', index, new FollowedLog(end)))
    for (const { partition } of all) this.fetcher.add(partition)
    await settled()
    return all
  }

  /** Answers the fetch that is under way. */
  async answer(...partitions: readonly Omit<PartitionAnswer, 'topicId'>[]): Promise<void> {
    const { topicId } = followedPartition('a', 0).partition
    await this.leader.last.answer(fetched(SESSION, ...partitions.map((each) => ({ topicId, ...each }))))
  }

  async answerOffsets(endOffset: number, startOffset: number, errorCode = 0): Promise<void> {
    for (const offset of [endOffset, startOffset]) {
      const { topics } = this.leader.last.listOffsets
      const partitions = topics![0]!.partitions!.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode,
        offset: BigInt(offset),
      }))
      await this.leader.last.answer({ topics: [{ name: 'a', partitions }] })
    }
  }
}

let harness: Harness
const begin = (): Harness => {
  harness = new Harness()
  return harness
}
afterEach(() => harness.fetcher.close())

describe('a round', () => {
  it('asks for everything that was added in one go, as this broker', async () => {
    const { leader } = begin()
    await harness.follow(5, 0)
    expect(leader.asked).toHaveLength(1)
    expect(leader.last).toMatchObject({ api: 'Fetch', version: 18, timeoutMs: 30_000, clientId: 'broker-2-fetcher-0' })
    expect(leader.last.fetch).toMatchObject({
      replicaState: { replicaId: 2, replicaEpoch: 42n },
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 10_000,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: 0,
    })
    expect(leader.named()).toEqual(['0@5', '1@0'])
  })

  it('is followed by the next within the same turn, which names only what has changed', async () => {
    const { leader } = begin()
    const [first] = await harness.follow(5, 0)
    await harness.answer({ index: 0, records: Buffer.alloc(3), highWatermark: 6, logStartOffset: 1 })
    expect(first!.appended).toEqual(['3 at 5, 6, 1'])
    expect([leader.asked.length, leader.last.fetch.sessionId, leader.named()]).toEqual([2, SESSION, ['0@8']])
    await harness.answer()
    expect([leader.asked.length, leader.named()]).toEqual([3, []])
  })

  it('hears of the high watermark without records, and need not say anything then', async () => {
    const { leader } = begin()
    const [first] = await harness.follow(5)
    await harness.answer({ index: 0, highWatermark: 5 })
    expect([first!.log.highWatermark, leader.named()]).toEqual([5, []])
  })

  it('is not made while there is nobody to fetch for', async () => {
    const { leader, clock } = begin()
    await clock.advance(10_000)
    expect(leader.asked).toEqual([])
    const [only] = await harness.follow(0)
    harness.fetcher.remove(only!.partition)
    await harness.answer()
    await clock.advance(10_000)
    expect(leader.asked).toHaveLength(1)
  })

  it('takes back what is no longer followed, and heeds no answer for it', async () => {
    const { leader } = begin()
    const [first, second] = await harness.follow(0, 0)
    await harness.answer()
    harness.fetcher.remove(first!.partition)
    await harness.answer({ index: 0, records: Buffer.alloc(2) }, { index: 1, records: Buffer.alloc(2) })
    expect([first!.appended.length, second!.appended.length]).toEqual([0, 1])
    expect(leader.named()).toEqual(['1@2', '-0'])
  })

  it('tells now and then where logs start that retention has moved', async () => {
    const { leader, clock } = begin()
    const [first] = await harness.follow(5)
    await harness.answer()
    first!.log.logStartOffset = 3
    await harness.answer()
    expect(leader.named()).toEqual([])
    await clock.advance(10_000)
    await harness.answer()
    expect(leader.last.fetch.topics![0]!.partitions![0]!.logStartOffset).toBe(3n)
  })
})

describe('what is added while the leader holds the request', () => {
  it('is asked for beside it, without a session, until the main request takes it along', async () => {
    const { leader } = begin()
    await harness.follow(0)
    const main = leader.last
    const late = followedPartition('a', 7)
    harness.fetcher.add(late.partition)
    await settled()
    expect([leader.asked.length, leader.named()]).toEqual([2, ['7@0']])
    expect(leader.last.fetch).toMatchObject({ sessionId: 0, sessionEpoch: -1, maxWaitMs: 50 })
    await harness.answer({ index: 7, records: Buffer.alloc(4) })
    expect(late.appended).toEqual(['4 at 0, 0, 0'])
    expect([leader.asked.length, leader.named()]).toEqual([3, ['7@4']])
    await main.answer(fetched(SESSION))
    expect([leader.asked.length, leader.named()]).toEqual([4, ['7@4']])
    // Nothing is left to ask for beside it.
    await leader.asked[2]!.answer(fetched(0))
    expect(leader.asked).toHaveLength(4)
  })

  it('is stored once when both lanes bring it', async () => {
    const { leader } = begin()
    await harness.follow(0)
    const main = leader.last
    const late = followedPartition('a', 7)
    harness.fetcher.add(late.partition)
    await settled()
    const beside = leader.last
    await main.answer(fetched(SESSION))
    const records = { topicId: late.partition.topicId, index: 7, records: Buffer.alloc(4) }
    await leader.last.answer(fetched(SESSION, records))
    await beside.answer(fetched(0, records))
    expect(late.appended).toHaveLength(1)
  })

  it('is left to the main request when the other one fails', async () => {
    const { leader } = begin()
    await harness.follow(0)
    const main = leader.last
    harness.fetcher.add(followedPartition('a', 7).partition)
    await settled()
    await leader.last.fail(new KafkaError('NETWORK_EXCEPTION'))
    expect(leader.asked).toHaveLength(2)
    await main.answer(fetched(SESSION))
    expect(leader.named()).toEqual(['7@0'])
  })
})

describe('a leader that cannot be reached', () => {
  it('is asked again after pauses that grow to replica.fetch.backoff.ms, naming all', async () => {
    const { leader, clock } = begin()
    await harness.follow(5)
    const pauses: number[] = []
    for (let i = 0; i < 8; i++) {
      await leader.last.fail(new KafkaError('NETWORK_EXCEPTION'))
      const [before, sinceMs] = [leader.asked.length, clock.monotonic()]
      while (leader.asked.length === before) await clock.advance(10)
      pauses.push(clock.monotonic() - sinceMs)
      expect(leader.named()).toEqual(['0@5'])
    }
    expect(pauses).toEqual([20, 40, 80, 160, 320, 640, 1_000, 1_000])
    await harness.answer()
    expect(leader.named()).toEqual([])
    await leader.last.fail(new KafkaError('NETWORK_EXCEPTION'))
    await clock.advance(20)
    // What became of the session is not certain.
    expect([leader.asked.length, leader.named(), leader.last.fetch.sessionEpoch]).toEqual([11, ['0@5'], 0])
  })

  it.each([
    ['FETCH_SESSION_ID_NOT_FOUND', 0],
    ['INVALID_FETCH_SESSION_EPOCH', SESSION],
  ] as const)('is asked at once for a new session when it answers %s', async (error, sessionId) => {
    const { leader } = begin()
    await harness.follow(5)
    await harness.answer()
    await leader.last.answer(fetchFailed(ErrorCode[error]))
    expect([leader.last.fetch.sessionId, leader.last.fetch.sessionEpoch]).toEqual([sessionId, 0])
    expect(leader.named()).toEqual(['0@5'])
  })

  it('is left alone for a while after any other error', async () => {
    const { leader, clock } = begin()
    await harness.follow(5)
    await leader.last.answer(fetchFailed(ErrorCode.UNKNOWN_SERVER_ERROR))
    expect(leader.asked).toHaveLength(1)
    await clock.advance(20)
    expect(leader.asked).toHaveLength(2)
  })

  it('is found where it listens now', async () => {
    const { leader, clock } = begin()
    await harness.follow(5)
    harness.fetcher.moveTo({ host: 'one', port: 1 })
    expect(leader.closed).toEqual([])
    harness.fetcher.moveTo({ host: 'two', port: 2 })
    expect(leader.closed).toEqual(['one:1'])
    await leader.last.fail(new KafkaError('NETWORK_EXCEPTION'))
    await clock.advance(20)
    expect(leader.last.address).toEqual({ host: 'two', port: 2 })
  })
})

describe('the error of one partition', () => {
  it.each([
    'NOT_LEADER_OR_FOLLOWER',
    'UNKNOWN_LEADER_EPOCH',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'UNKNOWN_TOPIC_ID',
    'KAFKA_STORAGE_ERROR',
  ] as const)('%s: it pauses, the others go on', async (error) => {
    const { leader, clock } = begin()
    const [, other] = await harness.follow(5, 6)
    const data = { index: 1, records: Buffer.alloc(1) }
    await harness.answer({ index: 0, errorCode: ErrorCode[error] }, data)
    expect([leader.named(), other!.appended.length]).toEqual([['1@7', '-0'], 1])
    await clock.advance(20)
    await harness.answer()
    expect(leader.named()).toContain('0@5')
  })

  it('pauses longer each time, until an answer is good', async () => {
    const { leader, clock } = begin()
    await harness.follow(5)
    const pauses: number[] = []
    for (let i = 0; i < 4; i++) {
      await harness.answer({ index: 0, errorCode: i === 3 ? 0 : ErrorCode.NOT_LEADER_OR_FOLLOWER })
      const [before, sinceMs] = [leader.asked.length, clock.monotonic()]
      if (i === 3) break
      while (leader.asked.length === before) await clock.advance(10)
      pauses.push(clock.monotonic() - sinceMs)
    }
    expect(pauses).toEqual([20, 40, 80])
  })

  it('FENCED_LEADER_EPOCH: it is not asked for again until the metadata says who leads', async () => {
    const { leader, clock } = begin()
    const [first] = await harness.follow(5, 6)
    await harness.answer({ index: 0, errorCode: ErrorCode.FENCED_LEADER_EPOCH })
    await clock.advance(60_000)
    expect([harness.fetcher.size, leader.named()]).toEqual([1, ['-0']])
    harness.fetcher.add(first!.partition)
    await harness.answer()
    expect(leader.named()).toContain('0@5')
  })

  it('corrupt bytes are fetched again', async () => {
    const { leader, clock } = begin()
    const [first] = await harness.follow(5)
    first!.failWith = new KafkaError('CORRUPT_MESSAGE')
    await harness.answer({ index: 0, records: Buffer.alloc(2) })
    await clock.advance(20)
    expect(leader.named()).toEqual(['0@5'])
    await harness.answer({ index: 0, records: Buffer.alloc(2) })
    expect(first!.appended).toEqual(['2 at 5, 0, 0'])
  })

  it('a log that fails ends the following of this epoch, and of this partition alone', async () => {
    const { leader, clock } = begin()
    const [first] = await harness.follow(5, 6)
    first!.failWith = new KafkaError('KAFKA_STORAGE_ERROR')
    await harness.answer({ index: 0, records: Buffer.alloc(2) })
    await clock.advance(60_000)
    expect([harness.fetcher.size, leader.named()]).toEqual([1, ['-0']])
  })
})

describe('a log that has left the leader’s history', () => {
  it('is cut where they parted, and fetched on from there at once', async () => {
    const { leader } = begin()
    const log = new FollowedLog(20, [
      [1, 0],
      [3, 10],
    ])
    const { partition } = followedPartition('a', 0, log)
    harness.fetcher.add(partition)
    await settled()
    expect(leader.last.fetch.topics![0]!.partitions![0]!.lastFetchedEpoch).toBe(3)
    await harness.answer({ index: 0, diverging: { epoch: 2, endOffset: 14 } })
    expect([log.logEndOffset, leader.named()]).toEqual([10, ['0@10']])
    expect(leader.last.fetch.topics![0]!.partitions![0]!.lastFetchedEpoch).toBe(1)
    // Once more, where the first cut was not enough.
    await harness.answer({ index: 0, diverging: { epoch: 1, endOffset: 4 } })
    expect([log.logEndOffset, leader.named()]).toEqual([4, ['0@4']])
  })
})

describe('OFFSET_OUT_OF_RANGE', () => {
  const outOfRange = { index: 0, errorCode: ErrorCode.OFFSET_OUT_OF_RANGE }

  it('starts anew where the leader starts, when that is behind our end', async () => {
    const { leader } = begin()
    const [first] = await harness.follow(5)
    await harness.answer(outOfRange)
    expect([leader.last.api, leader.last.listOffsets.replicaId]).toEqual(['ListOffsets', 2])
    await harness.answerOffsets(50, 30)
    expect([first!.log.logStartOffset, first!.log.logEndOffset, leader.named()]).toEqual([30, 30, ['0@30']])
  })

  it('cuts what the leader does not have', async () => {
    const { leader } = begin()
    const [first] = await harness.follow(50)
    await harness.answer(outOfRange)
    await harness.answerOffsets(40, 30)
    expect([first!.log.logStartOffset, first!.log.logEndOffset, leader.named()]).toEqual([0, 40, ['0@40']])
  })

  it('waits before it asks again when our place is one the leader has after all', async () => {
    const { leader, clock } = begin()
    const [first] = await harness.follow(45)
    await harness.answer(outOfRange)
    await harness.answerOffsets(50, 30)
    expect([first!.log.logEndOffset, leader.asked.length]).toEqual([45, 3])
    await clock.advance(20)
    expect(leader.named()).toEqual(['0@45'])
  })

  it('pauses when the leader does not tell its offsets', async () => {
    const { leader, clock } = begin()
    const [first] = await harness.follow(5)
    await harness.answer(outOfRange)
    await harness.answerOffsets(50, 30, ErrorCode.NOT_LEADER_OR_FOLLOWER)
    expect([first!.log.logEndOffset, leader.asked.length]).toEqual([5, 3])
    await clock.advance(20)
    expect(leader.named()).toEqual(['0@5'])
    await harness.answer(outOfRange)
    await leader.last.fail(new KafkaError('NETWORK_EXCEPTION'))
    const before = leader.asked.length
    await clock.advance(40)
    expect([leader.asked.length, leader.named()]).toEqual([before + 1, ['0@5']])
  })

  it('touches nothing of a partition that was taken away meanwhile', async () => {
    begin()
    const [first] = await harness.follow(5)
    await harness.answer(outOfRange)
    harness.fetcher.remove(first!.partition)
    await harness.answerOffsets(50, 30)
    expect(first!.log.logEndOffset).toBe(5)
  })
})

describe('a fetcher that is closed', () => {
  it('heeds no answer and asks for nothing', async () => {
    const { leader, clock } = begin()
    const [first] = await harness.follow(5)
    harness.fetcher.close()
    await harness.answer({ index: 0, records: Buffer.alloc(2) })
    await clock.advance(60_000)
    expect([first!.appended, leader.asked.length, leader.closed]).toEqual([[], 1, ['one:1']])
    expect(clock.timerCount).toBe(0)
  })
})

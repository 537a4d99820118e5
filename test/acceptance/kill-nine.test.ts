/**
 * `kill -9` of the node under load, again and again: every acknowledged record is there afterwards, once and in order, and
 * so are the group's committed offsets. The producers are idempotent: what was not acknowledged is sent again with its
 * old sequence, so a lost producer state would show as a duplicate, a lost record as a gap.
 */
import { expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { offsetCommit } from '../../src/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../src/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../src/protocol/messages/10-find-coordinator.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { initProducerId } from '../../src/protocol/messages/22-init-producer-id.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { batchSizeAt } from '../../src/protocol/records/record-batch.ts'
import { batchOf, RawClient } from '../support/raw-client.ts'
import { RunningNode } from '../support/running-node.ts'

/** The storm kills several processes; `KT_LONG=1 npm test` kills this one more often. */
const KILLS = process.env.KT_LONG === undefined ? 8 : 20
const TOPIC = 'under-load'
const GROUP = 'under-load-group'
const PARTITIONS = 3
const RECORDS_PER_BATCH = 7
const MAX_IN_FLIGHT = 5
/** Long enough for hundreds of batches, different each time. */
const LOAD_MS = { min: 60, spread: 200 }

const RETRIABLE: ReadonlySet<number> = new Set([
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
])

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** An idempotent producer of one partition: numbers in a row, several requests in flight, resent until acknowledged. */
class Writer {
  readonly partition: number
  /** Batches acknowledged, all before any that is not. */
  acknowledged = 0
  /** Answers that were wrong. */
  readonly problems: string[] = []
  private readonly producerId: bigint
  private next = 0

  constructor(partition: number, producerId: bigint) {
    this.partition = partition
    this.producerId = producerId
  }

  private batch(number: number): Buffer {
    const first = number * RECORDS_PER_BATCH
    const values = Array.from({ length: RECORDS_PER_BATCH }, (_, index) => String(first + index))
    // The time is now: a producer whose batches are older than producer.id.expiration.ms is forgotten.
    return batchOf(values, { producerId: this.producerId, producerEpoch: 0, baseSequence: first }, Date.now())
  }

  /** Sends until the connection breaks, beginning with what the last one left open. */
  async run(client: RawClient, isOver: () => boolean): Promise<void> {
    this.next = this.acknowledged
    const lane = async (): Promise<void> => {
      while (!isOver() && !client.closed) {
        const number = this.next++
        const answer = await client.produce(TOPIC, this.batch(number), { partition: this.partition }).catch(() => null)
        if (answer === null) return
        const { errorCode, baseOffset } = answer
        if (errorCode !== 0 || Number(baseOffset) !== number * RECORDS_PER_BATCH) {
          this.problems.push(`partition ${this.partition}, batch ${number}: error ${errorCode}, offset ${baseOffset}`)
          return
        }
        // Answers come in order, so everything before this one is acknowledged, too.
        this.acknowledged = number + 1
      }
    }
    await Promise.all(Array.from({ length: MAX_IN_FLIGHT }, lane))
  }
}

/** Commits growing offsets and remembers the last one that was acknowledged. */
class Committer {
  acknowledged = -1
  attempted = -1

  async run(client: RawClient, isOver: () => boolean): Promise<void> {
    while (!isOver() && !client.closed) {
      const offset = this.attempted + 1
      const response = await client
        .tryRequest(offsetCommit, 8, {
          groupId: GROUP,
          topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, committedOffset: BigInt(offset) }] }],
        })
        .catch(() => null)
      if (response === null) return
      const code = response.topics[0]!.partitions[0]!.errorCode
      this.attempted = offset
      if (code === 0) this.acknowledged = offset
      else if (RETRIABLE.has(code)) await pause(5)
      else throw new Error(`commit answered ${code}`)
    }
  }
}

async function prepare(port: number): Promise<Writer[]> {
  using client = await RawClient.connect(port)
  await client.request(createTopics, 5, {
    topics: [{ name: TOPIC, numPartitions: PARTITIONS, replicationFactor: 1 }],
    timeoutMs: 5000,
  })
  for (;;) {
    const found = await client.request(findCoordinator, 2, { key: GROUP, keyType: 0 })
    if (found.errorCode === 0) break
    await pause(10)
  }
  const writers: Writer[] = []
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const { producerId, errorCode } = await client.request(initProducerId, 4, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
    })
    expect(errorCode).toBe(0)
    writers.push(new Writer(partition, producerId))
  }
  return writers
}

async function load(node: RunningNode, writers: readonly Writer[], committer: Committer, forMs: number): Promise<void> {
  let over = false
  const clients = await Promise.all(Array.from({ length: writers.length + 1 }, () => RawClient.connect(node.port)))
  const running = [
    ...writers.map((writer, index) => writer.run(clients[index]!, () => over)),
    committer.run(clients.at(-1)!, () => over),
  ]
  await pause(forMs)
  await node.stop('SIGKILL')
  over = true
  await Promise.all(running)
}

async function readAll(client: RawClient, partition: number): Promise<number[]> {
  const values: number[] = []
  for (;;) {
    const { records, highWatermark, errorCode } = await client.fetch(TOPIC, values.length, { partition })
    expect(errorCode).toBe(0)
    for (let at = 0; at < records!.length; at += batchSizeAt(records!, at)) {
      for (const { offset, value } of decodeRecords(records!, at)) {
        if (offset === values.length) values.push(Number(value))
      }
    }
    if (values.length >= Number(highWatermark)) return values
  }
}

async function verify(port: number, writers: readonly Writer[], committer: Committer): Promise<void> {
  using client = await RawClient.connect(port)
  for (const writer of writers) {
    expect(writer.problems).toEqual([])
    const values = await readAll(client, writer.partition)
    expect(values.length).toBeGreaterThanOrEqual(writer.acknowledged * RECORDS_PER_BATCH)
    const wrong = values.findIndex((value, index) => value !== index)
    expect(wrong, `partition ${writer.partition} at offset ${wrong}: ${values.slice(wrong - 2, wrong + 3)}`).toBe(-1)
  }
  const committed = await committedOffset(client)
  expect(committed).toBeGreaterThanOrEqual(committer.acknowledged)
  expect(committed).toBeLessThanOrEqual(committer.attempted + 1)
}

async function committedOffset(client: RawClient): Promise<number> {
  for (;;) {
    const response = await client.request(offsetFetch, 7, {
      groupId: GROUP,
      topics: [{ name: TOPIC, partitionIndexes: [0] }],
    })
    if (response.errorCode === 0) return Number(response.topics[0]!.partitions[0]!.committedOffset)
    expect(RETRIABLE).toContain(response.errorCode)
    await pause(10)
  }
}

it(`loses nothing when the node is killed ${KILLS} times under load`, { timeout: 240_000 }, async () => {
  const random = seededRandom(9)
  await using node = new RunningNode()
  await node.start()
  const writers = await prepare(node.port)
  const committer = new Committer()
  for (let kill = 0; kill < KILLS; kill++) {
    await load(node, writers, committer, LOAD_MS.min + random.next() * LOAD_MS.spread)
    await node.start()
    await verify(node.port, writers, committer)
  }
  // The load was real: on every partition something was acknowledged in most rounds.
  for (const writer of writers) expect(writer.acknowledged).toBeGreaterThan(KILLS)
  expect(committer.acknowledged).toBeGreaterThan(KILLS)
})

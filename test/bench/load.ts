/** A load generator on one raw socket: pre-encoded batches, several requests in flight, nothing but the broker measured. */
import * as net from 'node:net'
import { Reader } from '../../src/base/bytes.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { decodeResponse, encodeRequest } from '../../src/protocol/header.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { deleteTopics } from '../../src/protocol/messages/20-delete-topics.ts'
import { incrementalAlterConfigs } from '../../src/protocol/messages/44-incremental-alter-configs.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import type { Api, RequestInput, ResponseOf } from '../../src/protocol/schema.ts'

const PRODUCE_VERSION = 9
const FETCH_VERSION = 12

const READ_BYTES = 1024 * 1024

/**
 * Frames in, frames out, in order: Kafka answers a connection's requests in the order they came. The generator must not
 * be what is measured: it reads into one buffer that is used again and again, so an answer is good until the next turn.
 */
export class RawConnection {
  private readonly socket: net.Socket
  private readonly waiting: ((frame: Buffer) => void)[] = []
  private frame = Buffer.allocUnsafe(READ_BYTES)
  private filled = 0
  private correlationId = 0

  private constructor(host: string, port: number) {
    const onread = { buffer: Buffer.allocUnsafe(READ_BYTES), callback: this.onData.bind(this) }
    this.socket = net.connect({ host, port, noDelay: true, onread })
    this.socket.on('close', () => {
      for (const resolve of this.waiting.splice(0)) resolve(Buffer.alloc(0))
    })
  }

  static connect(address: string): Promise<RawConnection> {
    const at = address.lastIndexOf(':')
    const connection = new RawConnection(address.slice(0, at), Number(address.slice(at + 1)))
    return new Promise((resolve, reject) => {
      connection.socket.once('connect', () => resolve(connection))
      connection.socket.once('error', reject)
    })
  }

  private onData(length: number, chunk: Uint8Array): boolean {
    this.makeRoom(length)
    this.frame.set(chunk.subarray(0, length), this.filled)
    this.filled += length
    let at = 0
    while (this.filled - at >= 4) {
      const size = this.frame.readInt32BE(at) + 4
      if (this.filled - at < size) break
      this.waiting.shift()?.(this.frame.subarray(at + 4, at + size))
      at += size
    }
    if (at > 0) {
      // Answers are read in microtasks, before the next chunk arrives: what is left may move then, not now.
      const rest = Buffer.from(this.frame.subarray(at, this.filled))
      this.filled = 0
      if (rest.length > 0) {
        this.frame = Buffer.allocUnsafe(Math.max(this.frame.length, rest.length))
        rest.copy(this.frame)
        this.filled = rest.length
      }
    }
    return true
  }

  private makeRoom(length: number): void {
    if (this.filled + length <= this.frame.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.frame.length * 2, this.filled + length))
    this.frame.copy(larger, 0, 0, this.filled)
    this.frame = larger
  }

  sendRaw(chunks: readonly Buffer[]): Promise<Buffer> {
    this.socket.cork()
    for (const chunk of chunks) this.socket.write(chunk)
    this.socket.uncork()
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  async request<A extends Api>(api: A, version: number, input: RequestInput<A>): Promise<ResponseOf<A>> {
    const frame = await this.sendRaw(encodeRequest(api, version, this.correlationId++, 'kt-bench', input))
    return decodeResponse(api, version, new Reader(frame)).body as ResponseOf<A>
  }

  close(): void {
    this.socket.destroy()
  }
}

export async function createTopic(connection: RawConnection, name: string, partitions = 1): Promise<void> {
  await connection.request(createTopics, 5, {
    topics: [{ name, numPartitions: partitions, replicationFactor: 1 }],
    timeoutMs: 10_000,
  })
  for (;;) {
    const answer = await connection.request(metadata, 5, { topics: [{ name }], allowAutoTopicCreation: false })
    const topic = answer.topics[0]
    if (topic?.errorCode === 0 && topic.partitions.every((partition) => partition.leaderId >= 0)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const BROKER_RESOURCE = 4
const SET = 0
/** Longer than either side takes to delete the files of a topic. */
const DELETED_MS = 500

/** Files of deleted topics go at once, not after a minute. */
export async function deleteFilesAtOnce(connection: RawConnection): Promise<void> {
  const configs = [{ name: 'log.segment.delete.delay.ms', configOperation: SET, value: '0' }]
  const resources = [{ resourceType: BROKER_RESOURCE, resourceName: '', configs }]
  const { responses } = await connection.request(incrementalAlterConfigs, 1, { resources, validateOnly: false })
  if (responses[0]?.errorCode !== 0) throw new Error(`configs answered error code ${responses[0]?.errorCode}`)
}

/**
 * Deletes a topic and waits until its files have gone. Where data is kept in memory, a machine may have to ask for pages
 * that nobody had before, several times slower than for those given back: runs that leave theirs behind slow the next.
 */
export async function deleteTopic(connection: RawConnection, name: string): Promise<void> {
  await connection.request(deleteTopics, 4, { topicNames: [name], timeoutMs: 10_000 })
  await new Promise((resolve) => setTimeout(resolve, DELETED_MS))
}

function produceChunks(topic: string, batch: Buffer, acks: number, index = 0): Buffer[] {
  return encodeRequest(produce, PRODUCE_VERSION, 1, 'kt-bench', {
    acks,
    timeoutMs: 30_000,
    topicData: [{ name: topic, partitionData: [{ index, records: batch }] }],
  })
}

/** A batch of about `batchBytes` whose records have values of `valueBytes` that do not repeat too plainly. */
export function makeBatch(batchBytes: number, valueBytes: number): { batch: Buffer; records: number } {
  const records = Math.max(1, Math.floor(batchBytes / (valueBytes + 8)))
  const now = Date.now()
  const inputs = Array.from({ length: records }, (_, index) => ({
    key: null,
    value: Buffer.alloc(valueBytes, `record ${index} of the load, `),
    timestamp: now,
  }))
  return { batch: encodeBatch(inputs, {}), records }
}

export interface ProduceLoad {
  readonly batchBytes: number
  readonly valueBytes: number
  readonly totalBytes: number
  readonly inFlight: number
  /** 1 when left out. */
  readonly acks?: number
  /** How many partitions take turns, from the first on; 1 when left out. All of them are led by the same broker. */
  readonly partitions?: number
}

const FIRST_PAUSE_MS = 20

/** One record into each partition, with acks=all, as soon as the broker leads it. */
export async function produceFirst(address: string, topic: string, partitions: number): Promise<void> {
  const connection = await RawConnection.connect(address)
  const { batch } = makeBatch(0, 1)
  for (let index = 0; index < partitions; ) {
    const code = producedCode(await connection.sendRaw(produceChunks(topic, batch, -1, index)))
    if (code === 0) index++
    else if (code === ErrorCode.NOT_LEADER_OR_FOLLOWER || code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS))
    } else throw new Error(`produce answered error code ${code}`)
  }
  connection.close()
}

/** MB/s of record batches acknowledged. */
export async function produceLoad(address: string, topic: string, load: ProduceLoad): Promise<number> {
  const connection = await RawConnection.connect(address)
  const { batch } = makeBatch(load.batchBytes, load.valueBytes)
  const requests = Array.from({ length: load.partitions ?? 1 }, (_, index) =>
    produceChunks(topic, batch, load.acks ?? 1, index),
  )
  const total = Math.ceil(load.totalBytes / batch.length)
  let sent = 0
  const worker = async (): Promise<void> => {
    while (sent < total) {
      const chunks = requests[sent++ % requests.length]!
      checkProduced(await connection.sendRaw(chunks))
    }
  }
  const started = process.hrtime.bigint()
  await Promise.all(Array.from({ length: load.inFlight }, worker))
  const elapsed = Number(process.hrtime.bigint() - started) / 1e9
  connection.close()
  return (total * batch.length) / elapsed / 1e6
}

function producedCode(frame: Buffer): number | undefined {
  const { body } = decodeResponse(produce, PRODUCE_VERSION, new Reader(frame))
  return body.responses[0]?.partitionResponses[0]?.errorCode
}

function checkProduced(frame: Buffer): void {
  const code = producedCode(frame)
  if (code !== 0) throw new Error(`produce answered error code ${code}`)
}

/** MB/s of one connection fetching a partition from its start to its end. */
export async function fetchLoad(address: string, topic: string, totalBytes: number): Promise<number> {
  const connection = await RawConnection.connect(address)
  let offset = 0n
  let bytes = 0
  const started = process.hrtime.bigint()
  while (bytes < totalBytes) {
    const answer = await connection.request(fetch, FETCH_VERSION, {
      replicaId: -1,
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 50 * 1024 * 1024,
      topics: [{ topic, partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1024 * 1024 }] }],
    })
    const partition = answer.responses[0]!.partitions[0]!
    if (partition.errorCode !== 0) throw new Error(`fetch answered error code ${partition.errorCode}`)
    const records = partition.records ?? Buffer.alloc(0)
    bytes += records.length
    const next = nextOffset(records, offset)
    // At the end the broker would wait for more: start over instead.
    offset = next >= partition.highWatermark ? 0n : next
  }
  const elapsed = Number(process.hrtime.bigint() - started) / 1e9
  connection.close()
  return bytes / elapsed / 1e6
}

/** Offset after the last whole batch; the last one may be cut off. */
function nextOffset(records: Buffer, from: bigint): bigint {
  let next = from
  for (let at = 0; at + 61 <= records.length; ) {
    const size = records.readInt32BE(at + 8) + 12
    if (at + size > records.length) break
    next = records.readBigInt64BE(at) + BigInt(records.readInt32BE(at + 23)) + 1n
    at += size
  }
  return next
}

/** Microseconds of `count` single-record produces, one after the other. */
export async function produceLatencies(address: string, topic: string, count: number, acks = 1): Promise<number[]> {
  const connection = await RawConnection.connect(address)
  const { batch } = makeBatch(1, 100)
  const chunks = produceChunks(topic, batch, acks)
  const latencies: number[] = []
  for (let i = 0; i < count; i++) {
    const started = process.hrtime.bigint()
    checkProduced(await connection.sendRaw(chunks))
    latencies.push(Number(process.hrtime.bigint() - started) / 1000)
  }
  connection.close()
  return latencies
}

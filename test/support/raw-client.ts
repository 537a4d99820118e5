/** Requests and raw bytes on one socket: what tests of a node need and no more. */
import * as net from 'node:net'
import { Reader } from '../../src/base/bytes.ts'
import { decodeResponse, encodeRequest } from '../../src/protocol/header.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { type FetchRequestInput, type FetchResponse, fetch } from '../../src/protocol/messages/01-fetch.ts'
import type { BatchOptions } from '../../src/protocol/records/batch-builder.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import type { Api, RequestInput, ResponseOf } from '../../src/protocol/schema.ts'

export class RawClient implements Disposable {
  readonly socket: net.Socket
  closed = false
  private received: Buffer = Buffer.alloc(0)
  private readonly waiting: ((frame: Buffer | null) => void)[] = []
  private correlationId = 0

  private constructor(socket: net.Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.onData(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed = true
      for (const resolve of this.waiting.splice(0)) resolve(null)
    })
  }

  static connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = net.connect({ port, host, noDelay: true })
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', () => resolve(new RawClient(socket)))
    })
  }

  private onData(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
    while (this.received.length >= 4 && this.received.length >= 4 + this.received.readInt32BE(0)) {
      const end = 4 + this.received.readInt32BE(0)
      this.waiting.shift()?.(this.received.subarray(4, end))
      this.received = this.received.subarray(end)
    }
  }

  /** The next answer; null when the connection was closed instead. */
  nextFrame(): Promise<Buffer | null> {
    if (this.closed) return Promise.resolve(null)
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  /** Sends bytes as they are. */
  write(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** Resolves with null when the node closed the connection instead of answering. */
  async tryRequest<A extends Api>(api: A, version: number, input: RequestInput<A>): Promise<ResponseOf<A> | null> {
    const answer = this.nextFrame()
    this.write(Buffer.concat(encodeRequest(api, version, this.correlationId++, 'raw', input)))
    const frame = await answer
    return frame === null ? null : (decodeResponse(api, version, new Reader(frame)).body as ResponseOf<A>)
  }

  async request<A extends Api>(api: A, version: number, input: RequestInput<A>): Promise<ResponseOf<A>> {
    const response = await this.tryRequest(api, version, input)
    if (response === null) throw new Error(`${api.name} v${version}: the connection was closed`)
    return response
  }

  /** Produces one batch to one partition and returns that partition's answer. */
  async produce(topic: string, records: Buffer, options: { partition?: number; acks?: number; version?: number } = {}) {
    const { partition = 0, acks = -1, version = 9 } = options
    const response = await this.request(produce, version, {
      acks,
      timeoutMs: 5000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    })
    return response.responses[0]!.partitionResponses[0]!
  }

  /** Fetches without a session. */
  async fetch(topic: string, fetchOffset: number, options: Partial<FetchRequestInput> & { partition?: number } = {}) {
    const { partition = 0, ...rest } = options
    const response = await this.request(fetch, 12, {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 10_000_000,
      topics: [{ topic, partitions: [{ partition, fetchOffset: BigInt(fetchOffset), partitionMaxBytes: 10_000_000 }] }],
      ...rest,
    })
    return partitionOf(response)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

export function partitionOf(response: FetchResponse) {
  return response.responses[0]!.partitions[0]!
}

/** One batch of values, all at the same time. */
export function batchOf(values: readonly string[], options: BatchOptions = {}, timestamp = 1_700_000_000_000): Buffer {
  return encodeBatch(
    values.map((value) => ({ timestamp, key: null, value: Buffer.from(value) })),
    options,
  )
}

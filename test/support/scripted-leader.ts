/** A leader whose every answer is given by the test, and what a fetcher asked of it. */
import type { Uuid } from '../../src/base/uuid.ts'
import type { FetchRequestInput, FetchResponse } from '../../src/protocol/messages/01-fetch.ts'
import type { ListOffsetsRequestInput } from '../../src/protocol/messages/02-list-offsets.ts'
import type { PeerAddress, PeerChannel, PeerNetwork } from '../../src/protocol/peers.ts'
import { settled } from './manual-clock.ts'

export interface AskedOfLeader {
  readonly api: string
  readonly version: number
  readonly address: PeerAddress
  readonly clientId: string
  readonly timeoutMs: number
  readonly fetch: FetchRequestInput
  readonly listOffsets: ListOffsetsRequestInput
  answer(body: unknown): Promise<void>
  fail(error: unknown): Promise<void>
}

export interface PartitionAnswer {
  readonly topicId: Uuid
  readonly index: number
  readonly errorCode?: number
  readonly highWatermark?: number
  readonly logStartOffset?: number
  readonly diverging?: { readonly epoch: number; readonly endOffset: number }
  readonly records?: Buffer
}

export class ScriptedLeader implements PeerNetwork {
  readonly asked: AskedOfLeader[] = []
  readonly closed: string[] = []

  open(address: PeerAddress, clientId: string): PeerChannel {
    const send = (api: { name: string }, version: number, request: unknown, timeoutMs: number): Promise<never> =>
      new Promise((resolve, reject) => {
        const about = { api: api.name, version, address, clientId, timeoutMs }
        const bodies = { fetch: request as FetchRequestInput, listOffsets: request as ListOffsetsRequestInput }
        this.asked.push({
          ...about,
          ...bodies,
          answer: async (body) => {
            resolve(body as never)
            await settled()
          },
          fail: async (error) => {
            reject(error)
            await settled()
          },
        })
      })
    const close = (): void => void this.closed.push(`${address.host}:${address.port}`)
    return { address, send, close } as unknown as PeerChannel
  }

  get last(): AskedOfLeader {
    return this.asked.at(-1)!
  }

  /** `index@offset` of everything a fetch names, and `-index` of what it takes back. */
  named(request = this.last.fetch): string[] {
    const asked = (request.topics ?? []).flatMap(({ partitions }) =>
      partitions!.map(({ partition, fetchOffset }) => `${partition}@${fetchOffset}`),
    )
    const forgotten = (request.forgottenTopicsData ?? []).flatMap(({ partitions }) => partitions!.map((at) => `-${at}`))
    return [...asked, ...forgotten]
  }
}

/** An answer to Fetch as it is decoded. */
export function fetched(sessionId: number, ...partitions: readonly PartitionAnswer[]): FetchResponse {
  const responses = partitions.map((partition) => ({
    topic: '',
    topicId: partition.topicId,
    partitions: [
      {
        partitionIndex: partition.index,
        errorCode: partition.errorCode ?? 0,
        highWatermark: BigInt(partition.highWatermark ?? 0),
        lastStableOffset: -1n,
        logStartOffset: BigInt(partition.logStartOffset ?? 0),
        divergingEpoch: {
          epoch: partition.diverging?.epoch ?? -1,
          endOffset: BigInt(partition.diverging?.endOffset ?? -1),
        },
        abortedTransactions: null,
        preferredReadReplica: -1,
        records: partition.records ?? null,
      },
    ],
  }))
  return { throttleTimeMs: 0, errorCode: 0, sessionId, responses, nodeEndpoints: [] } as unknown as FetchResponse
}

/** An answer to Fetch as a whole. */
export function fetchFailed(errorCode: number, sessionId = 0): FetchResponse {
  return { ...fetched(sessionId), errorCode }
}

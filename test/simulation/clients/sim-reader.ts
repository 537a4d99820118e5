/** Reads one topic from its first record on, up to the high watermark, across all changes of leaders. */
import { errorName } from '../../../src/protocol/error-codes.ts'
import { type FetchResponse, fetch } from '../../../src/protocol/messages/01-fetch.ts'
import type { World } from '../world/world.ts'
import { SimClient } from './sim-client.ts'

const FETCH_VERSION = 17
const MAX_BYTES = 100_000
const MAX_WAIT_MS = 300

type PartitionData = FetchResponse['responses'][number]['partitions'][number]

/** Told of every batch that is new to the reader, in order of its offsets. Returns the offset to read next. */
export type OnRecords = (partition: number, fetchOffset: number, records: Buffer) => number

export interface ReaderOptions {
  readonly topic: string
  readonly partitions: readonly number[]
  readonly onRecords: OnRecords
}

export class SimReader extends SimClient {
  /** Next offset per partition. */
  readonly position = new Map<number, number>()
  private readonly options: ReaderOptions

  constructor(world: World, name: string, host: string, brokers: readonly string[], options: ReaderOptions) {
    super(world, name, host, brokers)
    this.options = options
  }

  start(): void {
    this.run(async () => {
      await Promise.all(this.options.partitions.map((partition) => this.read(partition)))
    })
  }

  private async read(partition: number): Promise<void> {
    this.position.set(partition, 0)
    while (!this.stopped) {
      const progress = await this.fetchOnce(partition)
      if (progress) continue
      await this.backoff()
      await this.refresh(this.options.topic)
    }
  }

  /** False when the leader must be looked up. */
  private async fetchOnce(partition: number): Promise<boolean> {
    const { topic } = this.options
    const leader = this.leader(topic, partition)
    const topicId = this.topicId(topic)
    if (leader === null || topicId === null) return false
    const fetchOffset = this.position.get(partition)!
    const response = await this.ask(leader.address, fetch, FETCH_VERSION, {
      maxWaitMs: MAX_WAIT_MS,
      minBytes: 1,
      maxBytes: MAX_BYTES,
      topics: [{ topicId, partitions: [this.fetchPartition(partition, fetchOffset, leader.leaderEpoch)] }],
    })
    const data = response?.responses[0]?.partitions[0]
    if (data === undefined) return false
    return this.accept(partition, fetchOffset, data)
  }

  private fetchPartition(partition: number, fetchOffset: number, currentLeaderEpoch: number) {
    return { partition, currentLeaderEpoch, fetchOffset: BigInt(fetchOffset), partitionMaxBytes: MAX_BYTES }
  }

  private accept(partition: number, fetchOffset: number, data: PartitionData): boolean {
    if (data.errorCode !== 0) {
      this.world.count(`fetch answered ${errorName(data.errorCode)}`)
      this.checkRetriable(data.errorCode, `reading ${this.options.topic}-${partition} from ${fetchOffset}`)
      return false
    }
    const { records } = data
    if (records === null || records.length === 0) return true
    this.position.set(partition, this.options.onRecords(partition, fetchOffset, records))
    return true
  }
}

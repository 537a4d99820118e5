/**
 * A client of a replicated partition that never stops: one record after the other with acks=all, from whoever leads. What
 * it measures is how long nobody acknowledged anything.
 */
import { Reader } from '../../../src/base/bytes.ts'
import { decodeResponse, encodeRequest } from '../../../src/protocol/header.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { createTopics } from '../../../src/protocol/messages/19-create-topics.ts'
import { makeBatch, RawConnection } from '../load.ts'

const PRODUCE_VERSION = 9
const METADATA_VERSION = 9
const ANSWER_MS = 2_000
const PAUSE_MS = 2

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A node that was killed answers nothing: whoever asks must not wait for it. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  const first = await Promise.race([work.catch(() => null), late])
  clearTimeout(timer)
  return first
}

interface Leader {
  readonly id: number
  readonly address: string
  readonly isr: readonly number[]
}

/** Leader of a topic's partition 0 as the first broker that answers tells it; null while there is none. */
export async function findLeader(bootstrap: readonly string[], topic: string, index = 0): Promise<Leader | null> {
  for (const address of bootstrap) {
    const found = await within(ANSWER_MS, askForLeader(address, topic, index))
    if (found !== null) return found
  }
  return null
}

async function askForLeader(address: string, topic: string, index: number): Promise<Leader | null> {
  const connection = await RawConnection.connect(address)
  try {
    const answer = await connection.request(metadata, METADATA_VERSION, {
      topics: [{ name: topic }],
      allowAutoTopicCreation: false,
    })
    const partition = answer.topics[0]?.partitions.find(({ partitionIndex }) => partitionIndex === index)
    const broker = answer.brokers.find(({ nodeId }) => nodeId === partition?.leaderId)
    if (partition === undefined || broker === undefined || partition.errorCode !== 0) return null
    return { id: broker.nodeId, address: `${broker.host}:${broker.port}`, isr: partition.isrNodes }
  } finally {
    connection.close()
  }
}

export interface TopicShape {
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly configs?: Readonly<Record<string, string>>
}

/** Creates a topic and waits until every replica of its first partition is in sync. */
export async function createReplicated(
  bootstrap: readonly string[],
  topic: string,
  { partitions = 1, replicationFactor = 3, configs = {} }: TopicShape = {},
): Promise<Leader> {
  const connection = await RawConnection.connect(bootstrap[0]!)
  const entries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  for (;;) {
    const topics = [{ name: topic, numPartitions: partitions, replicationFactor, configs: entries }]
    const answer = await connection.request(createTopics, 5, { topics, timeoutMs: 30_000 })
    const code = answer.topics[0]!.errorCode
    if (code === 0 || code === 36) break
    // Fewer brokers than replicas have registered yet.
    await pause(5)
  }
  connection.close()
  for (;;) {
    const leader = await findLeader(bootstrap, topic)
    if (leader !== null && leader.isr.length === replicationFactor) return leader
    await pause(5)
  }
}

export class AckProbe {
  acknowledged = 0
  private readonly bootstrap: readonly string[]
  private readonly topic: string
  private readonly chunks: Buffer[]
  private running = true
  private lastAck = performance.now()
  private longest = 0
  private readonly finished: Promise<void>

  constructor(bootstrap: readonly string[], topic: string) {
    this.bootstrap = bootstrap
    this.topic = topic
    this.chunks = encodeRequest(produce, PRODUCE_VERSION, 1, 'kt-bench', {
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, partitionData: [{ index: 0, records: makeBatch(1, 100).batch }] }],
    })
    this.finished = this.run()
  }

  /** Longest time in ms without an acknowledgement since the last call. */
  longestGapMs(): number {
    const gap = Math.max(this.longest, performance.now() - this.lastAck)
    this.longest = 0
    return gap
  }

  async until(count: number): Promise<void> {
    const wanted = this.acknowledged + count
    while (this.acknowledged < wanted) await pause(5)
  }

  async stop(): Promise<void> {
    this.running = false
    await this.finished
  }

  private async run(): Promise<void> {
    while (this.running) {
      const leader = await findLeader(this.bootstrap, this.topic)
      if (leader === null) await pause(PAUSE_MS)
      else await within(60_000, this.sendTo(leader.address))
    }
  }

  private async sendTo(address: string): Promise<void> {
    const connection = await RawConnection.connect(address)
    while (this.running) {
      const frame = await connection.sendRaw(this.chunks)
      if (frame.length === 0) break
      const { body } = decodeResponse(produce, PRODUCE_VERSION, new Reader(frame))
      if (body.responses[0]?.partitionResponses[0]?.errorCode !== 0) break
      const now = performance.now()
      this.longest = Math.max(this.longest, now - this.lastAck)
      this.lastAck = now
      this.acknowledged += 1
    }
    connection.close()
    await pause(PAUSE_MS)
  }
}

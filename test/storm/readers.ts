/** Groups that read while the storm blows: our own consumers, and librdkafka's. They commit what they have read. */
import * as path from 'node:path'
import { GroupConsumer } from '../../src/client/group-consumer.ts'
import { forEachRecord, loadCodecsFor } from '../../src/protocol/records/record.ts'
import { PYTHON } from '../interop/foreign-clients/tools.ts'
import { partitionKey } from './ledger.ts'
import { LineProcess } from './line-process.ts'
import type { Surroundings } from './writers.ts'

/** A member of a group, reading until it is told to end. */
export interface GroupReader {
  readonly group: string
  finish(): Promise<void>
}

const SESSION_TIMEOUT_MS = 10_000
const HEARTBEAT_INTERVAL_MS = 1_000
const COMMIT_INTERVAL_MS = 500
const RETRY_MS = 200

export class OwnReader implements GroupReader {
  readonly group: string
  private readonly around: Surroundings
  private readonly running: Promise<void>
  private consumer: GroupConsumer
  private over = false

  constructor(group: string, around: Surroundings) {
    this.group = group
    this.around = around
    this.consumer = this.makeConsumer()
    this.running = this.run()
  }

  private makeConsumer(): GroupConsumer {
    return new GroupConsumer(
      { bootstrapServers: this.around.bootstrapServers.split(','), clientId: this.group, requestTimeoutMs: 5_000 },
      {
        groupId: this.group,
        topics: this.around.topics.map(({ name }) => name),
        reset: 'earliest',
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
        heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
        rebalanceTimeoutMs: SESSION_TIMEOUT_MS,
        autoCommitIntervalMs: COMMIT_INTERVAL_MS,
      },
    )
  }

  /** A consumer that gives up is followed by another, as a supervised process would be. */
  private async run(): Promise<void> {
    while (!this.over) {
      try {
        await this.consumer.start()
        await this.read()
      } catch {
        await this.consumer.close()
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        if (!this.over) this.consumer = this.makeConsumer()
      }
    }
  }

  private async read(): Promise<void> {
    for (;;) {
      const batch = await this.consumer.next()
      if (batch === null) return
      const { buffer, at, header, firstOffset } = batch
      await loadCodecsFor(buffer.subarray(at, at + header.sizeInBytes))
      const partition = partitionKey(batch.topic, batch.partition)
      forEachRecord(buffer, at, (record, offset) => {
        if (offset < firstOffset) return
        this.around.ledger.read(this.group, partition, offset, record.value()!.toString())
      })
    }
  }

  async finish(): Promise<void> {
    this.over = true
    await this.consumer.close()
    await this.running
  }
}

interface ReadReport {
  readonly name: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly value: string
}

export function pythonReader(group: string, around: Surroundings): GroupReader {
  const script = path.join(import.meta.dirname, 'foreign_reader.py')
  const topics = around.topics.map(({ name }) => name)
  const child = new LineProcess(PYTHON, [script, around.bootstrapServers, group, ...topics], {
    errorsTo: path.join(around.directory, `reader-${group}.err`),
    onLine: (told) => {
      const { name, topic, partition, offset, value } = told as ReadReport
      if (name === 'record_data') around.ledger.read(group, partitionKey(topic, partition), offset, value)
    },
  })
  return { group, finish: () => child.endInput() }
}

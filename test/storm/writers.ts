/** Writers of a storm: our own producer in this process, librdkafka's and Java's in theirs. All idempotent, acks=all. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Random } from '../../src/base/random.ts'
import { Producer, type ProducerRecord } from '../../src/client/producer.ts'
import { PYTHON } from '../interop/foreign-clients/tools.ts'
import { apacheKafkaHome } from '../support/apache-kafka.ts'
import { type Ledger, partitionKey } from './ledger.ts'
import { LineProcess } from './line-process.ts'

export interface StormTopic {
  readonly name: string
  readonly partitions: number
}

export interface Surroundings {
  readonly bootstrapServers: string
  readonly topics: readonly StormTopic[]
  readonly ledger: Ledger
  /** For files of clients, and what they say on stderr. */
  readonly directory: string
}

/** Something that writes until it is told to end, and ends when all it wrote is acknowledged or refused. */
export interface Writer {
  readonly name: string
  finish(): Promise<void>
}

/** Longer than a storm: nothing is given up, so that whatever is refused is news. */
const DELIVERY_TIMEOUT_MS = 600_000
/** A paused broker answers nothing: who waits for it longer than that keeps its partitions waiting. */
const REQUEST_TIMEOUT_MS = 5_000
const TICK_MS = 10
const MAX_OUTSTANDING = 2_000

export class OwnWriter implements Writer {
  readonly name: string
  private readonly producer: Producer
  private readonly around: Surroundings
  private readonly places: readonly Pick<ProducerRecord, 'topic' | 'partition'>[]
  private readonly random: Random
  private readonly recordsPerSecond: number
  private outstanding = 0
  private number = 0
  private over = false
  private readonly running: Promise<void>

  constructor(name: string, around: Surroundings, options: { random: Random; recordsPerSecond: number }) {
    this.name = name
    this.around = around
    this.random = options.random
    this.recordsPerSecond = options.recordsPerSecond
    this.places = around.topics.flatMap(({ name: topic, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
    )
    this.producer = new Producer(
      { bootstrapServers: around.bootstrapServers.split(','), clientId: `storm-${name}` },
      {
        acks: 'all',
        enableIdempotence: true,
        deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        maxBlockMs: DELIVERY_TIMEOUT_MS,
      },
    )
    this.running = this.run()
  }

  private async run(): Promise<void> {
    let before = performance.now()
    for (let due = 0; !this.over; ) {
      const now = performance.now()
      // What the cluster did not take for a while is not made up for.
      due = Math.min(due + ((now - before) * this.recordsPerSecond) / 1_000, this.recordsPerSecond)
      before = now
      for (; due >= 1 && this.outstanding < MAX_OUTSTANDING; due--) this.write()
      await new Promise((resolve) => setTimeout(resolve, TICK_MS))
    }
  }

  private write(): void {
    const { topic, partition } = this.places[Math.floor(this.random.next() * this.places.length)]!
    const value = `${this.name}.${this.number++}`
    this.outstanding += 1
    this.producer
      .send({ topic, partition, key: null, value: Buffer.from(value) })
      .then(
        (told) =>
          this.around.ledger.acknowledged(this.name, {
            partition: partitionKey(topic, told.partition),
            value,
            offset: told.offset,
          }),
        (error: unknown) => this.around.ledger.refused({ producer: this.name, value, error: String(error) }),
      )
      .finally(() => {
        this.outstanding -= 1
      })
  }

  async finish(): Promise<void> {
    this.over = true
    await this.running
    await this.producer.flush()
    while (this.outstanding > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS))
    await this.producer.close()
  }
}

/** What `foreign_writer.py` and `kafka-verifiable-producer` say of each record. */
interface SendReport {
  readonly name: string
  readonly topic: string
  readonly partition: number
  /** null when librdkafka knows that the record was stored, by the success of a later one, and not where. */
  readonly offset: number | null
  readonly value: string
  readonly exception?: string
  readonly message?: string
}

const UNKNOWN_OFFSET = -1

function report(ledger: Ledger, producer: string, told: SendReport): void {
  const { value } = told
  if (told.name === 'producer_send_success') {
    const { topic, partition, offset } = told
    ledger.acknowledged(producer, {
      partition: partitionKey(topic, partition),
      value,
      offset: offset ?? UNKNOWN_OFFSET,
    })
  } else if (told.name === 'producer_send_error') {
    ledger.refused({ producer, value, error: `${told.exception} ${told.message ?? ''}` })
  }
}

/** librdkafka through confluent-kafka. */
export function pythonWriter(name: string, around: Surroundings, recordsPerSecond: number): Writer {
  const topics = around.topics.map((topic) => `${topic.name}:${topic.partitions}`)
  const script = path.join(import.meta.dirname, 'foreign_writer.py')
  const child = new LineProcess(PYTHON, [script, around.bootstrapServers, name, String(recordsPerSecond), ...topics], {
    errorsTo: path.join(around.directory, `writer-${name}.err`),
    onLine: (told) => report(around.ledger, name, told as SendReport),
  })
  return { name, finish: () => child.endInput() }
}

/** Apache Kafka's own producer; one topic each is all it takes. Null where Java or Kafka is not present. */
export async function javaWriter(name: string, around: Surroundings, recordsPerSecond: number): Promise<Writer | null> {
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return null
  const home = await apacheKafkaHome()
  if (home === null) return null
  const config = path.join(around.directory, 'verifiable-producer.properties')
  fs.writeFileSync(config, JAVA_PROPERTIES)
  const flags = ['--topic', around.topics[0]!.name, '--bootstrap-server', around.bootstrapServers, '--acks', '-1']
  const load = ['--throughput', String(recordsPerSecond), '--value-prefix', name, '--command-config', config]
  const child = new LineProcess(path.join(home, 'bin/kafka-verifiable-producer.sh'), [...flags, ...load], {
    errorsTo: path.join(around.directory, `writer-${name}.err`),
    onLine: (told) => report(around.ledger, name, told as SendReport),
  })
  // Its shutdown hook sends what is left and waits for it.
  return { name, finish: () => child.terminate() }
}

/** Longer than anybody is without a leader: whoever does not get through in this time never will. */
const JAVA_DELIVERY_TIMEOUT_MS = 120_000
const JAVA_PROPERTIES = `enable.idempotence=true
retries=2147483647
delivery.timeout.ms=${JAVA_DELIVERY_TIMEOUT_MS}
request.timeout.ms=${REQUEST_TIMEOUT_MS}
max.block.ms=${DELIVERY_TIMEOUT_MS}
metadata.max.age.ms=5000
`

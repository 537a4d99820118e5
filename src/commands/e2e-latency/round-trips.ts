/** Sends one record, waits until it has come back, and sends the next. */
import { KtError } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import type { CommandContext } from '../../cli/context.ts'
import { listOffsets } from '../../client/admin/offsets.ts'
import { createTopics, listTopics } from '../../client/admin/topics.ts'
import type { ClusterClient } from '../../client/cluster-client.ts'
import type { FetchedBatch, Fetcher } from '../../client/fetcher.ts'
import { partitionCounts } from '../../client/partition-counts.ts'
import type { Producer, ProducerRecord } from '../../client/producer.ts'
import { decodeRecords, type KafkaRecord } from '../../protocol/records/record.ts'
import { awaitNext } from '../await-next.ts'
import { unwrap } from '../outcome.ts'
import type { LatencySettings } from './options.ts'

/** How long a record may take to come back. */
const POLL_TIMEOUT_MS = 60_000
const LETTER_A = 65
const LETTERS = 26

/** Makes the topic unless it exists; true when it was made. */
export async function ensureTopic(client: ClusterClient, topic: string, announce: () => void): Promise<void> {
  const topics = await listTopics(client)
  if (topics.some(({ name }) => name === topic)) return
  announce()
  unwrap((await createTopics(client, [{ name: topic, partitions: 1, replicationFactor: 1 }])).get(topic)!)
}

/** Reads every partition from its end on; what is sent from now on comes. */
export async function readFromEnd(client: ClusterClient, fetcher: Fetcher, topic: string): Promise<void> {
  const counts = await partitionCounts(client, [topic])
  const partitions = Array.from({ length: counts.get(topic)! }, (_, partition) => ({ topic, partition }))
  const ends = await listOffsets(
    client,
    partitions.map((each) => ({ ...each, spec: 'latest' as const })),
  )
  await fetcher.assign(partitions.map((each, at) => ({ ...each, start: { offset: unwrap(ends[at]!).offset } })))
}

/** Java's way: one drawn letter, as often as there are bytes. */
function letters(random: Random, length: number): Buffer {
  return Buffer.alloc(length, LETTER_A + Math.floor(random.next() * LETTERS))
}

export function makeRecord(settings: LatencySettings, random: Random): ProducerRecord {
  const { topic, keySize, recordSize, headers, headerKeySize, headerSize } = settings
  return {
    topic,
    key: letters(random, keySize),
    value: letters(random, recordSize),
    headers: Array.from({ length: headers }, () => ({
      key: letters(random, headerKeySize).toString('latin1'),
      value: headerSize === -1 ? null : letters(random, headerSize),
    })),
  }
}

/** Milliseconds from the send to the return of one record; null when it was interrupted. */
export async function roundTrip(
  record: ProducerRecord,
  producer: Producer,
  fetcher: Fetcher,
  context: CommandContext,
): Promise<number | null> {
  const begin = context.clock.monotonic()
  const sent = producer.send(record)
  const [, batch] = await Promise.all([sent, awaitNext(Promise.resolve(fetcher.next()), POLL_TIMEOUT_MS, context)])
  const elapsedMs = context.clock.monotonic() - begin
  if (batch === 'interrupted') return null
  if (batch === 'idle' || batch === null) {
    throw new KtError('timeout', `poll() timed out before finding a result (timeout:[${POLL_TIMEOUT_MS}ms])`)
  }
  checkSame(record, batch)
  return elapsedMs
}

function checkSame(sent: ProducerRecord, { buffer, at, firstOffset }: FetchedBatch): void {
  const records = decodeRecords(buffer, at).filter(({ offset }) => offset >= firstOffset)
  const read = records[0]!
  checkPart('value', sent.value as Buffer, read.value)
  checkPart('key', sent.key as Buffer, read.key)
  checkHeaders(sent, read)
  if (records.length !== 1) {
    throw mismatch(`Only one result was expected during this test. We found [${records.length}]`)
  }
}

function checkPart(name: string, sent: Buffer, read: Buffer | null): void {
  if (read?.equals(sent) === true) return
  throw mismatch(`The message ${name} read [${read}] did not match the message ${name} sent [${sent}]`)
}

function checkHeaders(sent: ProducerRecord, read: KafkaRecord): void {
  const text = (headers: KafkaRecord['headers']): string =>
    headers.map(({ key, value }) => `${key}:${value === null ? 'null' : value.toString('latin1')}`).join(',')
  const [theirs, ours] = [text(read.headers), text(sent.headers as KafkaRecord['headers'])]
  if (theirs !== ours) throw mismatch(`The message headers read [${theirs}] did not match those sent [${ours}]`)
}

function mismatch(message: string): KtError {
  return new KtError('kafka', message, { facts: ['somebody else may be sending to the same topic'] })
}

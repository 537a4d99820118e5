/**
 * Micro benchmark of the protocol floor: `node --import tsx test/bench/protocol.bench.ts`. Prints messages, records and
 * megabytes a second, with the interpreter beside the compiled codecs.
 */
import { Reader, Writer } from '../../src/base/bytes.ts'
import { crc32c, crc32cJs } from '../../src/base/crc32c.ts'
import { murmur2 } from '../../src/base/murmur2.ts'
import { decode, encode, encodeToBuffer } from '../../src/protocol/codec.ts'
import { interpretDecode, interpretEncode } from '../../src/protocol/interpret.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { heartbeat } from '../../src/protocol/messages/12-heartbeat.ts'
import { BatchBuilder } from '../../src/protocol/records/batch-builder.ts'
import { loadAllCodecs, loadedCodec } from '../../src/protocol/records/compression.ts'
import { decodeRecords, forEachRecord } from '../../src/protocol/records/record.ts'
import { COMPRESSION_NAMES } from '../../src/protocol/records/record-batch.ts'
import { validateBatch } from '../../src/protocol/records/validate.ts'
import type { Schema, SchemaInput } from '../../src/protocol/schema.ts'

const MIN_MS = 250

/** Calls a second, after a warm-up as long as half the run. */
function rate(run: () => unknown): number {
  const callsFor = (ms: number): number => {
    const until = performance.now() + ms
    let calls = 0
    do {
      for (let i = 0; i < 16; i++) run()
      calls += 16
    } while (performance.now() < until)
    return calls
  }
  callsFor(MIN_MS / 2)
  const started = performance.now()
  const calls = callsFor(MIN_MS)
  return (calls / (performance.now() - started)) * 1000
}

function print(name: string, ...columns: string[]): void {
  process.stdout.write(`${name.padEnd(34)}${columns.map((column) => column.padStart(18)).join('')}\n`)
}

const perSecond = (value: number, unit: string): string =>
  value >= 1e6 ? `${(value / 1e6).toFixed(1)} M${unit}/s` : `${(value / 1e3).toFixed(1)} k${unit}/s`
const megabytes = (bytesPerSecond: number): string => `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`

function message<S extends Schema>(name: string, schema: S, version: number, value: SchemaInput<S>): void {
  const bytes = encodeToBuffer(schema, version, value)
  const compiledDecode = rate(() => decode(schema, version, new Reader(bytes)))
  const compiledEncode = rate(() => encode(schema, version, value, new Writer()))
  const interpretedDecode = rate(() => interpretDecode(schema, version, new Reader(bytes)))
  const interpretedEncode = rate(() => interpretEncode(schema, version, value, new Writer()))
  print(
    `${name} (${bytes.length} B)`,
    perSecond(compiledDecode, ''),
    perSecond(compiledEncode, ''),
    `${(compiledDecode / interpretedDecode).toFixed(1)}x`,
    `${(compiledEncode / interpretedEncode).toFixed(1)}x`,
  )
}

function messages(): void {
  print('message', 'decode', 'encode', 'vs interpreter', 'vs interpreter')
  message('Heartbeat v4', heartbeat.request, 4, { groupId: 'payments', generationId: 7, memberId: 'consumer-1-uuid' })
  const records = Buffer.alloc(16_384)
  message('Produce v9, 1 partition', produce.request, 9, {
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }],
  })
  message('Produce v9 response', produce.response, 9, {
    responses: [{ name: 'orders', partitionResponses: [{ index: 0, baseOffset: 12_345n }] }],
  })
  const partitions = Array.from({ length: 20 }, (_, index) => ({ partitionIndex: index, highWatermark: 100n, records }))
  message('Fetch v12 response, 20 partitions', fetch.response, 12, { responses: [{ topic: 'orders', partitions }] })
  const topics = Array.from({ length: 50 }, (_, topic) => ({
    name: `topic-${topic}`,
    topicId: Buffer.alloc(16, topic + 1).toString('base64url'),
    partitions: Array.from({ length: 6 }, (__, partitionIndex) => ({
      partitionIndex,
      leaderId: 1,
      replicaNodes: [1, 2, 3],
      isrNodes: [1, 2, 3],
    })),
  }))
  message('Metadata v12 response, 50x6', metadata.response, 12, {
    brokers: [{ host: 'localhost', port: 9092 }],
    topics,
  })
}

function recordBatches(valueBytes: number): void {
  const count = Math.ceil((valueBytes < 200 ? 16_384 : 65_536) / valueBytes)
  const value = Buffer.alloc(valueBytes, 'a value of some text ')
  const builder = new BatchBuilder(128 * 1024)
  const fill = (): void => {
    builder.reset()
    for (let i = 0; i < count; i++) builder.append(1_700_000_000_000 + i, null, value)
  }
  fill()
  const batch = builder.build()
  const show = (name: string, calls: number): void =>
    print(`${name}, ${valueBytes} B`, perSecond(calls * count, 'rec'), megabytes(calls * batch.length))
  show('append', rate(fill))
  show(
    'append and build',
    rate(() => {
      fill()
      return builder.build()
    }),
  )
  let sum = 0
  const visit = (): void =>
    forEachRecord(batch, 0, (record, offset) => {
      sum += record.valueLength + offset
    })
  show('forEachRecord', rate(visit))
  show(
    'decodeRecords',
    rate(() => decodeRecords(batch).length),
  )
  const timestamps = { type: 'CreateTime', nowMs: 1.7e12, beforeMaxMs: 2 ** 62, afterMaxMs: 3.6e6 } as const
  show(
    'validateBatch',
    rate(() => validateBatch(batch, 0, { client: true, partition: 'orders-0', timestamps })),
  )
  if (sum < 0) throw new Error('unreachable')
}

/** Lines like those of a log file: some of it repeats, some does not. */
function logLines(bytes: number): Buffer {
  let text = ''
  for (let i = 0; text.length < bytes; i++) {
    const id = (Math.imul(i, 2654435761) >>> 0).toString(36)
    text += `{"orderId":"${id}","customer":${i % 997},"status":"shipped","total":${(i * 7919) % 10_000}}\n`
  }
  return Buffer.from(text.slice(0, bytes))
}

async function compressions(): Promise<void> {
  await loadAllCodecs()
  for (const bytes of [16_384, 1_000_000]) {
    const input = logLines(bytes)
    for (const name of COMPRESSION_NAMES.slice(1)) {
      const codec = loadedCodec(COMPRESSION_NAMES.indexOf(name))
      const packed = codec.compress(input)
      const compress = rate(() => codec.compress(input))
      const decompress = rate(() => codec.decompress(packed, bytes))
      print(
        `${name}, ${bytes} B`,
        megabytes(compress * bytes),
        megabytes(decompress * bytes),
        `to ${((packed.length / bytes) * 100).toFixed(0)}%`,
      )
    }
  }
}

function hashes(): void {
  for (const bytes of [64, 1024, 65_536]) {
    const input = Buffer.alloc(bytes, 'checksum ')
    print(
      `crc32c, ${bytes} B`,
      megabytes(rate(() => crc32c(input)) * bytes),
      `js ${megabytes(rate(() => crc32cJs(input)) * bytes)}`,
    )
  }
  print(
    'murmur2, 16 B',
    perSecond(
      rate(() => murmur2(Buffer.from('customer-1234567'))),
      '',
    ),
  )
}

messages()
print('\nrecords', 'records', 'bytes')
for (const bytes of [10, 100, 1024]) recordBatches(bytes)
print('\ncompression', 'compress', 'decompress', 'size')
await compressions()
print('\nhashes')
hashes()

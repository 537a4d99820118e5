/** `--bytes` over files made here: every byte is named once, values are what was written, damage is told where it is. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Writer } from '../../../../src/base/bytes.ts'
import { ProducerEntry } from '../../../../src/log/producer-entry.ts'
import { serializeProducerSnapshot } from '../../../../src/log/producer-snapshot.ts'
import { encodeToBuffer } from '../../../../src/protocol/codec.ts'
import { groupMetadataKey, groupMetadataValue } from '../../../../src/protocol/coordinator/02-group-metadata.ts'
import { consumerProtocolSubscription } from '../../../../src/protocol/messages/consumer-protocol.ts'
import { partitionRecord } from '../../../../src/protocol/metadata/03-partition.ts'
import { loadCodec } from '../../../../src/protocol/records/compression.ts'
import { encodeControlBatch, encodeEndTxnMarker } from '../../../../src/protocol/records/control-record.ts'
import { encodeBatch, type RecordInput } from '../../../../src/protocol/records/record.ts'
import { AT, readBatchHeader } from '../../../../src/protocol/records/record-batch.ts'
import type { Schema, SchemaInput } from '../../../../src/protocol/schema.ts'
import { type CommandResult, runCommand } from '../../../support/run-command.ts'
import { expectEveryByteNamed, type NamedBytes, namedBytes } from './support.ts'

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-bytes-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true }))

const SEGMENT = '00000000000000000000'
function write(name: string, ...parts: readonly (Buffer | string)[]): string {
  const file = path.join(directory, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part))))
  return file
}
const dump = (file: string, ...args: string[]): Promise<CommandResult> =>
  runCommand(['dump-log', '--files', file, '--bytes', ...args])

/** The documents of a file, which is checked to be named byte by byte. */
async function named(file: string, ...args: string[]): Promise<NamedBytes[]> {
  const result = await dump(file, '--format', 'json', '--max-batches', '0', '--max-records', '0', ...args)
  const units = namedBytes(result.stdout)
  expectEveryByteNamed(units, file)
  return units
}
/** Values by name. */
const values = ({ fields }: NamedBytes): Record<string, unknown> =>
  Object.fromEntries(fields.map(({ name, value }) => [name, value]))
const notes = (unit: NamedBytes, name: string): string =>
  unit.fields.find((field) => field.name === name)!.notes.join('; ')

const record = (key: string | null, value: string | null, more: Partial<RecordInput> = {}): RecordInput => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestamp: 1000,
  ...more,
})
const message = <S extends Schema>(schema: S, version: number, value: SchemaInput<S>): Buffer =>
  encodeToBuffer(schema, version, value)
function int16(value: number): Buffer {
  const writer = new Writer()
  writer.int16(value)
  return writer.toBuffer()
}

describe('a batch', () => {
  it('has each field of its header by the name and at the place the code reads it', async () => {
    const batch = encodeBatch([record('k', 'one'), record(null, 'two', { timestamp: 1700 })], {
      baseOffset: 40,
      producerId: 7n,
      producerEpoch: 1,
      baseSequence: 5,
      transactional: true,
    })
    const [header] = await named(write(`${SEGMENT}.log`, batch))
    const places = header!.fields.map(({ name, position }) => [name, position])
    expect(places).toEqual(Object.entries(AT).slice(0, -1))
    const { sizeInBytes, lastOffset, ...read } = readBatchHeader(batch)
    const expected = { ...read, batchLength: sizeInBytes - 12, producerId: Number(read.producerId) }
    expect(values(header!)).toEqual(expected)
    expect(lastOffset).toBe(41)
    expect(notes(header!, 'attributes')).toContain('bit 4 transactional: 1')
    expect(notes(header!, 'crc')).toContain(`computed ${read.crc}: the same`)
    expect(header!.broken).toBeNull()
  })

  it('has its records field by field, with deltas resolved', async () => {
    const headers = [
      { key: 'a', value: null },
      { key: 'b', value: Buffer.from('c') },
    ]
    const batch = encodeBatch([record('k', 'one', { headers }), record(null, null, { timestamp: 3600_000 })], {
      baseOffset: 40,
    })
    const [, first, second] = await named(write(`${SEGMENT}.log`, batch))
    expect(values(first!)).toEqual({
      ...{ length: 17, attributes: 0, timestampDelta: 0, offsetDelta: 0 },
      ...{ keyLength: 1, key: 'k', valueLength: 3, value: 'one', headersCount: 2 },
      ...{ 'headers[0].headerKeyLength': 1, 'headers[0].headerKey': 'a', 'headers[0].headerValueLength': -1 },
      ...{ 'headers[1].headerKeyLength': 1, 'headers[1].headerKey': 'b', 'headers[1].headerValueLength': 1 },
      'headers[1].value': 'c',
    })
    expect(notes(second!, 'timestampDelta')).toBe('zigzag 7198000; timestamp 3600000; 1970-01-01T01:00:00.000Z')
    expect(notes(second!, 'offsetDelta')).toBe('zigzag 2; offset 41')
    expect(notes(second!, 'keyLength')).toBe('zigzag 1; null')
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('is shown packed and unpacked: %s', async (name) => {
    const batch = encodeBatch([record('k', 'x'.repeat(500))], { codec: await loadCodec(name) })
    const [header, inner] = await named(write(`${SEGMENT}.log`, batch))
    const packed = header!.fields.at(-1)!
    expect([packed.name, packed.type, packed.position]).toEqual(['records', 'compressed', AT.records])
    expect(packed.notes[0]).toBe(`compressed with ${name}`)
    expect(inner!.space).toBe('decompressed')
    expect(inner!.fields[0]!.position).toBe(0)
    expect(values(inner!).value).toMatch(/^x+\.\.\.$/)
  })

  it('names markers and the records of the quorum', async () => {
    const marker = encodeEndTxnMarker({
      ...{ commit: true, coordinatorEpoch: 3, producerId: 1n, producerEpoch: 0, timestamp: 5 },
    })
    const leader = encodeControlBatch(
      [{ type: 'leaderChange', body: { leaderId: 100, voters: [{ voterId: 100 }] } }],
      1,
    )
    const units = await named(write(`${SEGMENT}.log`, marker, leader))
    expect(values(units[1]!)).toMatchObject({ 'key.version': 0, 'key.type': 1, 'value.version': 0 })
    expect(values(units[1]!)['value.coordinatorEpoch']).toBe(3)
    expect(notes(units[1]!, 'key.type')).toBe('commit')
    expect(values(units[3]!)).toMatchObject({ 'value.leaderId': 100, 'value.voters count': 1 })
  })
})

describe('internal topics', () => {
  it('are named by the declarations of their records', async () => {
    const body = { partitionId: 2, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', replicas: [1, 2], leader: 1, leaderEpoch: 4 }
    const frame = Buffer.from([1, 3, 0])
    const value = Buffer.concat([frame, message(partitionRecord, 0, body)])
    const file = write(`__cluster_metadata-0/${SEGMENT}.log`, encodeBatch([{ key: null, value, timestamp: 0 }]))
    const [, unit] = await named(file)
    expect(values(unit!)).toMatchObject({
      ...{ 'value.frameVersion': 1, 'value.apiKey': 3, 'value.version': 0, 'value.partitionId': 2 },
      ...{ 'value.replicas count': 2, 'value.replicas[1]': 2, 'value.leader': 1, 'value.leaderEpoch': 4 },
      'value tagged fields': 0,
    })
    expect(notes(unit!, 'value.apiKey')).toBe('PartitionRecord')
  })

  it('are named down to what the members of a group put into it', async () => {
    const subscription = Buffer.concat([int16(1), message(consumerProtocolSubscription, 1, { topics: ['orders'] })])
    const member = { memberId: 'm', clientId: 'c', clientHost: 'h', subscription, assignment: Buffer.alloc(0) }
    const group = { protocolType: 'consumer', generation: 1, protocol: 'range', leader: 'm', members: [member] }
    const key = Buffer.concat([int16(2), message(groupMetadataKey, 0, { group: 'billing' })])
    const value = Buffer.concat([int16(3), message(groupMetadataValue, 3, group)])
    const [, unit] = await named(write(`__consumer_offsets-7/${SEGMENT}.log`, encodeBatch([{ key, value }])))
    expect(values(unit!)).toMatchObject({
      ...{ 'key.type': 2, 'key.group': 'billing', 'value.version': 3, 'value.generation': 1 },
      ...{ 'value.members[0].memberId': 'm', 'value.members[0].subscription.topics[0]': 'orders' },
    })
  })

  it('say what does not fit', async () => {
    const file = write(`__consumer_offsets-7/${SEGMENT}.log`, encodeBatch([record('no key of a group', 'no value')]))
    const [, unit] = await named(file)
    expect(unit!.fields.filter(({ type }) => type === 'unreadable').map(({ notes: why }) => why)).toEqual([
      ['there is no record of type 28271 in this topic'],
      ['its key does not say what it is'],
    ])
  })
})

describe('other files', () => {
  it('are named: indexes, whole and preallocated', async () => {
    const entry = (offset: number, position: number): Buffer => {
      const bytes = Buffer.alloc(8)
      bytes.writeInt32BE(offset, 0)
      bytes.writeInt32BE(position, 4)
      return bytes
    }
    const units = await named(write('00000000000000000100.index', entry(0, 0), entry(7, 4096), Buffer.alloc(800)))
    expect(units.map(({ unit }) => unit)).toEqual(['entry', 'entry', 'free'])
    expect(values(units[1]!)).toEqual({ relativeOffset: 7, position: 4096 })
    expect(notes(units[1]!, 'relativeOffset')).toContain('offset 107')
    const later = await dump(path.join(directory, '00000000000000000100.index'), '--format', 'json', '--offset', '107')
    expect(namedBytes(later.stdout)[0]!.title).toBe('entry 2')
  })

  it('are named: time and transaction indexes', async () => {
    const time = Buffer.alloc(24)
    time.writeBigInt64BE(3_600_000n, 0)
    time.writeInt32BE(4, 8)
    const [entry, free] = await named(write('00000000000000000100.timeindex', time))
    expect(values(entry!)).toEqual({ timestamp: 3_600_000, relativeOffset: 4 })
    expect([notes(entry!, 'timestamp'), free!.unit]).toEqual(['1970-01-01T01:00:00.000Z', 'free'])
    const aborted = Buffer.alloc(34)
    aborted.writeBigInt64BE(9n, 2)
    aborted.writeBigInt64BE(100n, 10)
    aborted.writeBigInt64BE(105n, 18)
    aborted.writeBigInt64BE(106n, 26)
    const file = write('00000000000000000100.txnindex', aborted)
    const [transaction] = await named(file)
    const offsets = { firstOffset: 100, lastOffset: 105, lastStableOffset: 106 }
    expect(values(transaction!)).toEqual({ version: 0, producerId: 9, ...offsets })
    const cut = await dump(write('00000000000000000200.txnindex', aborted, aborted.subarray(0, 5)))
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('whole entries: 5 bytes left')])
  })

  it('are named: producer snapshots', async () => {
    const producer = new ProducerEntry(9n)
    producer.producerEpoch = 2
    producer.transactionFirstOffset = 55
    const bytes = serializeProducerSnapshot([producer])
    const [unit] = await named(write(`${SEGMENT}.snapshot`, bytes))
    expect(values(unit!)).toMatchObject({
      ...{ 'producerEntries[0].producerId': 9, 'producerEntries[0].epoch': 2 },
      'producerEntries[0].currentTxnFirstOffset': 55,
    })
    expect(notes(unit!, 'crc')).toContain('the same')
    bytes[20]! ^= 1
    const broken = await dump(write(`${SEGMENT}.snapshot`, bytes))
    expect(broken.code).toBe(1)
    expect(broken.stdout).toContain('DIFFERENT')
  })

  it('are named: checkpoints, properties and JSON', async () => {
    const [epochs] = await named(write('leader-epoch-checkpoint', '0\n2\n0 0\n3 1500\n'))
    expect(values(epochs!)).toEqual({
      ...{ version: '0', count: '2', 'entries[0].epoch': '0', 'entries[0].startOffset': '0' },
      ...{ 'entries[1].epoch': '3', 'entries[1].startOffset': '1500' },
    })
    const [meta] = await named(write('meta.properties', '#\nnode.id=1\ncluster.id=abc\n'))
    expect(values(meta!)).toEqual({ comment: '#', 'node.id': '1', 'cluster.id': 'abc' })
    const [quorum] = await named(write('quorum-state', '{"leaderId":1,"currentVoters":[{"voterId":1},{"voterId":2}]}'))
    expect(values(quorum!)).toEqual({ leaderId: '1', currentVoters: '[{"voterId":1},{"voterId":2}]' })
    const [topic] = await named(write('partition.metadata', 'version: 0\ntopic_id: 0i8qbKddS9WNJrz1uMkCqA'))
    expect(values(topic!)).toEqual({ version: '0', topic_id: '0i8qbKddS9WNJrz1uMkCqA' })
    const short = await dump(write('leader-epoch-checkpoint', '0\n2\n0 0\n'))
    expect([short.code, short.stderr]).toEqual([1, expect.stringContaining('2 entries promised, 1 are there')])
  })

  it('are shown for a whole directory, those without names told', async () => {
    write(`${SEGMENT}.log`, encodeBatch([record(null, 'x')]))
    write('leader-epoch-checkpoint', '0\n0\n')
    write('notes.txt', 'hello')
    const { code, stdout, stderr } = await dump(directory)
    expect(code).toBe(0)
    expect(stdout.match(/^Dumping .*$/gm)).toHaveLength(3)
    expect(stderr).toContain('notes.txt: 5 bytes that kt has no names for')
  })
})

describe('damage', () => {
  const batch = encodeBatch([record('key', 'value'), record('more', 'records')])

  it('is told where it is, for each place at which a file may end', async () => {
    for (let length = 1; length < batch.length; length++) {
      const file = write(`${SEGMENT}.log`, batch, batch.subarray(0, length))
      const result = await dump(file, '--format', 'json')
      expect(result.code).toBe(1)
      expectEveryByteNamed(namedBytes(result.stdout), file)
    }
  })

  it('names the field in which a file ends', async () => {
    const inHeader = await dump(write(`${SEGMENT}.log`, batch, batch.subarray(0, 24)))
    expect(inHeader.stderr).toContain('lastOffsetDelta: 24 bytes are less than a batch header')
    const inRecord = await dump(write(`${SEGMENT}.log`, batch.subarray(0, batch.length - 4)))
    expect(inRecord.stderr).toContain('record 2 of 2: value: 7 bytes wanted, 4 left')
    expect(inRecord.stdout).toMatch(/key +bytes +"more"/)
  })

  it('is told of checksums, lengths and counts', async () => {
    const flipped = Buffer.from(batch)
    flipped[batch.length - 3]! ^= 1
    const crc = await dump(write(`${SEGMENT}.log`, flipped))
    expect([crc.code, crc.stderr]).toEqual([1, expect.stringContaining('broken in batch at 0')])
    expect(crc.stdout).toContain('DIFFERENT')
    const zeros = await dump(write(`${SEGMENT}.log`, batch, Buffer.alloc(100)))
    expect(zeros.stderr).toContain('batchLength: the batch length 0 is impossible')
    const counted = Buffer.from(batch)
    counted.writeInt32BE(3, AT.recordCount)
    expect((await dump(write(`${SEGMENT}.log`, counted))).stderr).toContain('the batch says 3, and holds 2')
  })

  it('leaves no record unread that can be', async () => {
    const broken = Buffer.from(batch)
    // The second record's length.
    broken[batch.length - 17 - 1]! = 0x7f
    const result = await dump(write(`${SEGMENT}.log`, broken))
    expect(result.stdout).toContain('record 1 of 2')
    expect(result.code).toBe(1)
  })
})

describe('limits', () => {
  const batches = [0, 2, 4, 6].map((baseOffset) =>
    encodeBatch([record('a', 'x'.repeat(200)), record('b', 'y')], { baseOffset }),
  )
  const titles = ({ stdout }: CommandResult): string[] => stdout.match(/^batch at .*?: offsets \d+/gm) ?? []

  it('hold, and say how to go on', async () => {
    const file = write(`${SEGMENT}.log`, ...batches)
    const size = batches[0]!.length
    const two = await dump(file, '--max-batches', '2')
    expect(titles(two)).toHaveLength(2)
    expect(two.stderr).toContain(`--from-position ${2 * size} goes on there`)
    expect(titles(await dump(file, '--from-position', String(2 * size)))[0]).toContain('offsets 4')
    expect(titles(await dump(file, '--from-position', String(2 * size + 9)))[0]).toContain('offsets 4')
    expect(titles(await dump(file, '--offset', '3'))[0]).toContain('offsets 2')
    expect(titles(await dump(file, '--offset', '99'))).toEqual([])
  })

  it('cut long fields and long batches, and name them all the same', async () => {
    const file = write(`${SEGMENT}.log`, batches[0]!)
    const result = await dump(file, '--format', 'json', '--max-records', '1', '--max-field-bytes', '10')
    const units = namedBytes(result.stdout)
    expectEveryByteNamed(units, file)
    const value = units[1]!.fields.find(({ name }) => name === 'value')!
    expect([value.sizeInBytes, value.hex]).toEqual([200, '78'.repeat(10)])
    expect(units[2]!.title).toBe('1 more records')
    expect((await dump(file, '--max-field-bytes', '8')).stdout).toContain('... 192 more')
  })

  it('are checked', async () => {
    const file = write(`${SEGMENT}.log`, batches[0]!)
    expect((await dump(file, '--max-batches', '-1')).stderr).toContain('--max-batches must not be below zero')
    const alone = await runCommand(['dump-log', '--files', file, '--max-batches', '1'])
    expect(alone.stderr).toContain('--max-batches goes with --bytes')
    const missing = await dump(path.join(directory, 'nothing.log'))
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('There is no file')])
  })
})

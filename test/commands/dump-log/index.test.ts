/** The command over files made here: every kind, whole and damaged. Real directories are compared in the interop tests. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Writer } from '../../../src/base/bytes.ts'
import { ProducerEntry } from '../../../src/log/producer-entry.ts'
import { serializeProducerSnapshot } from '../../../src/log/producer-snapshot.ts'
import { encodeToBuffer } from '../../../src/protocol/codec.ts'
import { offsetCommitKey, offsetCommitValue } from '../../../src/protocol/coordinator/01-offset-commit.ts'
import { groupMetadataKey, groupMetadataValue } from '../../../src/protocol/coordinator/02-group-metadata.ts'
import { consumerProtocolSubscription } from '../../../src/protocol/messages/consumer-protocol.ts'
import { topicRecord } from '../../../src/protocol/metadata/02-topic.ts'
import { loadCodec } from '../../../src/protocol/records/compression.ts'
import { encodeControlBatch, encodeEndTxnMarker } from '../../../src/protocol/records/control-record.ts'
import { encodeBatch, type RecordInput } from '../../../src/protocol/records/record.ts'
import type { Schema, SchemaInput } from '../../../src/protocol/schema.ts'
import { type CommandResult, runCommand } from '../../support/run-command.ts'

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-dump-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true }))

const SEGMENT = '00000000000000000000'
const at = (name: string): string => path.join(directory, name)
function write(name: string, ...parts: readonly Buffer[]): string {
  fs.writeFileSync(at(name), Buffer.concat(parts))
  return at(name)
}
const dump = (files: string | readonly string[], ...args: string[]): Promise<CommandResult> =>
  runCommand(['dump-log', '--files', typeof files === 'string' ? files : files.join(','), ...args])

const text = (key: string | null, value: string | null, more: Partial<RecordInput> = {}): RecordInput => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestamp: 1000,
  ...more,
})

/** Output lines behind `Dumping` and the headline. */
const body = ({ stdout }: CommandResult): string[] => stdout.split('\n').slice(2, -1)
/** The pairs of a batch line that a test looks at. */
const pairs = (line: string, ...names: string[]): string =>
  names.map((name) => new RegExp(`${name}: (\\S+)`).exec(line)![1]).join(' ')

describe('a log', () => {
  it('prints its batches', async () => {
    const first = encodeBatch([text('k', 'one'), text(null, 'two')], {
      producerId: 7n,
      producerEpoch: 1,
      baseSequence: 5,
    })
    const file = write(`${SEGMENT}.log`, first, encodeBatch([text(null, 'x', { timestamp: 2000 })], { baseOffset: 2 }))
    const { code, stdout } = await dump(file)
    expect(code).toBe(0)
    const crc = first.readUInt32BE(17)
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `Dumping ${file}`,
      'Log starting offset: 0',
      'baseOffset: 0 lastOffset: 1 count: 2 baseSequence: 5 lastSequence: 6 producerId: 7 producerEpoch: 1 ' +
        'partitionLeaderEpoch: -1 isTransactional: false isControl: false deleteHorizonMs: OptionalLong.empty ' +
        `position: 0 CreateTime: 1000 size: ${first.length} magic: 2 compresscodec: none crc: ${crc} isvalid: true`,
    ])
    expect(pairs(stdout.split('\n')[3]!, 'baseOffset', 'position', 'CreateTime')).toBe(`2 ${first.length} 2000`)
  })

  it('prints records with --deep-iteration, and their contents with --print-data-log', async () => {
    const headers = [
      { key: 'a', value: null },
      { key: 'b', value: Buffer.from('c') },
    ]
    const file = write(`${SEGMENT}.log`, encodeBatch([text('k', 'one', { headers }), text(null, null)]))
    expect(body(await dump(file, '--deep-iteration')).slice(1)).toEqual([
      '| offset: 0 CreateTime: 1000 keySize: 1 valueSize: 3 sequence: -1 headerKeys: [a,b]',
      '| offset: 1 CreateTime: 1000 keySize: -1 valueSize: -1 sequence: -1 headerKeys: []',
    ])
    expect(body(await dump(file, '--print-data-log')).slice(1)).toEqual([
      '| offset: 0 CreateTime: 1000 keySize: 1 valueSize: 3 sequence: -1 headerKeys: [a,b] key: k payload: one',
      '| offset: 1 CreateTime: 1000 keySize: -1 valueSize: -1 sequence: -1 headerKeys: []',
    ])
    expect(body(await dump(file, '--print-data-log', '--skip-record-metadata')).slice(1)).toEqual([
      '| key: k payload: one',
      '',
    ])
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('reads %s', async (name) => {
    const codec = await loadCodec(name)
    const file = write(`${SEGMENT}.log`, encodeBatch([text(null, 'packed')], { codec }))
    const lines = body(await dump(file, '--print-data-log'))
    expect(pairs(lines[0]!, 'compresscodec', 'isvalid')).toBe(`${name} true`)
    expect(lines[1]).toContain('payload: packed')
  })

  it('wraps sequences', async () => {
    const records = Array.from({ length: 3 }, () => text(null, 'x'))
    const file = write(
      `${SEGMENT}.log`,
      encodeBatch(records, { producerId: 1n, producerEpoch: 0, baseSequence: 2 ** 31 - 2 }),
    )
    const lines = body(await dump(file, '--deep-iteration'))
    expect(lines.map((line) => / (?:lastS|s)equence: (-?\d+)/.exec(line)![1])).toEqual([
      '0',
      '2147483646',
      '2147483647',
      '0',
    ])
  })

  it('prints markers and the quorum’s own records', async () => {
    const marker = encodeEndTxnMarker({
      commit: true,
      coordinatorEpoch: 3,
      producerId: 1n,
      producerEpoch: 0,
      timestamp: 5,
    })
    const leader = encodeControlBatch(
      [{ type: 'leaderChange', body: { version: 0, leaderId: 1, voters: [{ voterId: 1 }], grantingVoters: [] } }],
      5,
    )
    const lines = body(await dump(write(`${SEGMENT}.log`, marker, leader), '--print-data-log'))
    expect(lines[1]).toContain('headerKeys: [] endTxnMarker: COMMIT coordinatorEpoch: 3')
    expect(lines[3]).toMatch(
      / LeaderChange: \{"version":0,"leaderId":1,"voters":\[\{"voterId":1\}\],"grantingVoters":\[\]\}$/,
    )
  })

  it('stops at --max-bytes and says nothing of the rest', async () => {
    const batch = encodeBatch([text(null, 'x')])
    const file = write(`${SEGMENT}.log`, batch, batch)
    expect(body(await dump(file, '--max-bytes', String(batch.length + 5)))).toHaveLength(1)
  })

  it('tells of bytes at the end that are no batch', async () => {
    const batch = encodeBatch([text(null, 'x')])
    const file = write(`${SEGMENT}.log`, batch, batch.subarray(0, 30))
    expect(body(await dump(file)).at(-1)).toBe(`Found 30 invalid bytes at the end of ${SEGMENT}.log`)
  })

  it('tells a wrong checksum and goes on', async () => {
    const batch = Buffer.from(encodeBatch([text(null, 'x')]))
    batch[batch.length - 2]! ^= 1
    const lines = body(await dump(write(`${SEGMENT}.log`, batch)))
    expect(pairs(lines[0]!, 'isvalid')).toBe('false')
  })

  it('gives a reason for what cannot be read', async () => {
    const zeros = write(`${SEGMENT}.log`, Buffer.alloc(100))
    expect(await dump(zeros)).toMatchObject({ code: 1 })
    expect((await dump(zeros)).stderr).toContain(
      'Found record size 0 smaller than minimum record overhead (14) in file',
    )
    const old = Buffer.from(encodeBatch([text(null, 'x')]))
    old[16] = 1
    expect((await dump(write(`${SEGMENT}.log`, old))).stderr).toContain('has format v1')
    const broken = Buffer.from(encodeBatch([text(null, 'abc')]))
    broken[61] = 0x7f
    const result = await dump(write(`${SEGMENT}.log`, broken), '--deep-iteration')
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('The batch at position 0 cannot be read')
  })

  it('tells on stderr where offsets do not follow each other', async () => {
    const file = write(`${SEGMENT}.log`, encodeBatch([text(null, 'x')], { baseOffset: 5 }))
    expect((await dump(file, '--deep-iteration')).stderr).toBe(
      `Non-consecutive offsets in ${file}\n  -1 is followed by 5\n`,
    )
  })

  it('reads batches that are larger than a piece of the file', async () => {
    const batches = [0, 1, 2].map((baseOffset) => encodeBatch([text(null, 'x'.repeat(1_500_000))], { baseOffset }))
    const lines = body(await dump(write(`${SEGMENT}.log`, ...batches)))
    expect(lines.map((line) => pairs(line, 'baseOffset', 'isvalid'))).toEqual(['0 true', '1 true', '2 true'])
  })
})

describe('decoders', () => {
  const long = Buffer.from([0, 0, 0, 0, 0, 0, 0, 42])

  it('are named by class', async () => {
    const file = write(`${SEGMENT}.log`, encodeBatch([{ key: Buffer.from([0, 0, 0, 7]), value: long, timestamp: 1 }]))
    const tools = 'org.apache.kafka.tools.api.'
    const lines = body(
      await dump(file, '--value-decoder-class', `${tools}LongDecoder`, '--key-decoder-class', `${tools}IntegerDecoder`),
    )
    expect(lines[1]).toMatch(/ key: 7 payload: 42$/)
    expect(body(await dump(file, '--value-decoder-class'))[1]).toContain('payload: \0\0')
    expect(body(await dump(file, '--value-decoder-class', 'DefaultDecoder'))[1]).toContain('payload: \\x00')
  })

  it('give a reason for bytes they cannot read, and for classes there are not', async () => {
    const file = write(`${SEGMENT}.log`, encodeBatch([text('k', 'abc')]))
    const short = await dump(file, '--value-decoder-class', 'org.apache.kafka.tools.api.LongDecoder')
    expect(short.code).toBe(1)
    expect(short.stdout).toContain('\n| offset: 0 CreateTime: 1000 keySize: 1 valueSize: 3')
    expect(short.stderr).toContain('The value of the record at offset 0 has 3 bytes, LongDecoder reads 8')
    expect((await dump(file, '--value-decoder-class', 'a.B')).stderr).toContain('Failed to load decoder class a.B')
  })

  const versioned = <S extends Schema>(prefix: number, schema: S, version: number, value: SchemaInput<S>): Buffer => {
    const head = Buffer.alloc(2)
    head.writeInt16BE(prefix)
    return Buffer.concat([head, encodeToBuffer(schema, version, value)])
  }

  it('read __consumer_offsets, members’ subscriptions among it', async () => {
    const subscription = versioned(0, consumerProtocolSubscription, 0, { topics: ['t'] })
    const members = [{ memberId: 'm', clientId: 'c', clientHost: '/h', subscription, assignment: Buffer.from('??') }]
    const file = write(
      `${SEGMENT}.log`,
      encodeBatch([
        {
          key: versioned(1, offsetCommitKey, 0, { group: 'g', topic: 't', partition: 0 }),
          value: versioned(3, offsetCommitValue, 3, {
            offset: 5n,
            leaderEpoch: 1,
            metadata: 'm"',
            commitTimestamp: 9n,
          }),
        },
        {
          key: versioned(2, groupMetadataKey, 0, { group: 'g' }),
          value: versioned(3, groupMetadataValue, 3, { protocolType: 'consumer', generation: 1, members }),
        },
        { key: versioned(2, groupMetadataKey, 0, { group: 'g' }), value: null },
        text('kx', 'y'),
      ]),
    )
    const lines = body(await dump(file, '--offsets-decoder')).slice(1)
    expect(lines[0]).toContain(
      ' key: {"type":"1","data":{"group":"g","topic":"t","partition":0}} payload: {"version":"3",' +
        '"data":{"offset":5,"leaderEpoch":1,"metadata":"m\\"","commitTimestamp":9}}',
    )
    expect(lines[1]).toContain('"subscription":{"topics":["t"],"userData":null},"assignment":"Pz8="')
    expect(lines[2]).toContain('payload: <DELETE>')
    expect(lines[3]).toContain(' key: Unknown record type 27512 at offset 3, skipping.')
  })

  it('read __cluster_metadata, and say what is not of it', async () => {
    const writer = new Writer()
    for (const byte of [1, topicRecord.type, 0]) writer.uvarint(byte)
    writer.bytes(encodeToBuffer(topicRecord, 0, { name: 'orders', topicId: 'AAAAAAAAAAAAAAAAAAAAAg' }))
    const value = writer.toBuffer()
    const garbage = Buffer.concat([value, Buffer.from([9])])
    const large = Buffer.from([1, 0xff, 0xff, 0x7f])
    const values = [value, garbage, Buffer.from('v0'), Buffer.from([1, 99, 0]), Buffer.from([1]), large, null]
    const file = write(`${SEGMENT}.log`, encodeBatch(values.map((each) => ({ key: null, value: each, timestamp: 1 }))))
    const payloads = body(await dump(file, '--cluster-metadata-decoder'))
      .slice(1)
      .map((line) => line.split('payload: ')[1])
    expect(payloads).toEqual([
      '{"type":"TOPIC_RECORD","version":0,"data":{"name":"orders","topicId":"AAAAAAAAAAAAAAAAAAAAAg"}}',
      'Error at 1, skipping. Found 1 byte(s) of garbage after 2',
      'Error at 2, skipping. Could not deserialize metadata record due to unknown frame version 118(only frame version 1 is supported)',
      'Error at 3, skipping. Unknown metadata id 99',
      'Error at 4, skipping. Error while reading type',
      'Error at 5, skipping. Value for type was too large.',
      'Error at 6, skipping. Error while reading frame version',
    ])
  })

  it('are honest about tiered storage', async () => {
    const file = write(`${SEGMENT}.log`, encodeBatch([{ key: null, value: Buffer.from([1, 0, 0]), timestamp: 1 }]))
    expect(body(await dump(file, '--remote-log-metadata-decoder'))[1]).toContain(
      'Error at offset 0, skipping. kt does not read records of tiered storage (type 0, version 0).',
    )
  })
})

/** Two batches, and indexes that point at the second. */
function indexed(): { second: number } {
  const first = encodeBatch([text(null, 'a'), text(null, 'b', { timestamp: 1500 })])
  const next = encodeBatch([text(null, 'c', { timestamp: 2000 })], { baseOffset: 2 })
  write(`${SEGMENT}.log`, first, next)
  return { second: first.length }
}
function offsetEntry(offset: number, position: number): Buffer {
  const entry = Buffer.alloc(8)
  entry.writeInt32BE(offset, 0)
  entry.writeInt32BE(position, 4)
  return entry
}
function timeEntry(timestamp: number, offset: number): Buffer {
  const entry = Buffer.alloc(12)
  entry.writeBigInt64BE(BigInt(timestamp), 0)
  entry.writeInt32BE(offset, 8)
  return entry
}

describe('an offset index', () => {
  it('prints its entries, up to where it was written', async () => {
    const { second } = indexed()
    const file = write(`${SEGMENT}.index`, offsetEntry(2, second), Buffer.alloc(800))
    expect(await dump(file)).toMatchObject({
      code: 0,
      stdout: `Dumping ${file}\noffset: 2 position: ${second}\n`,
      stderr: '',
    })
    expect((await dump(file, '--verify-index-only')).stdout).toBe(`Dumping ${file}\n`)
  })
  it('tells on stderr where it does not point at the batch it names', async () => {
    indexed()
    const file = write(`${SEGMENT}.index`, offsetEntry(2, 0))
    expect(await dump(file)).toMatchObject({
      code: 0,
      stdout: `Dumping ${file}\noffset: 2 position: 0\n`,
      stderr: `Mismatches in :${file}\n  Index offset: 2, log offset: 1\n`,
    })
  })
  it('may be empty, sane, or corrupt', async () => {
    const { second } = indexed()
    const file = write(`${SEGMENT}.index`)
    expect((await dump(file)).stdout).toBe(`Dumping ${file}\n${file} is empty.\n`)
    write(`${SEGMENT}.index`, offsetEntry(2, second))
    expect((await dump(file, '--index-sanity-check')).stdout).toBe(`Dumping ${file}\n${file} passed sanity check.\n`)
    write(`${SEGMENT}.index`, offsetEntry(2, second), Buffer.alloc(3))
    expect((await dump(file, '--index-sanity-check')).stderr).toContain('is corrupt, found 11 bytes')
    write(`${SEGMENT}.index`, offsetEntry(-5, 0))
    expect((await dump(file, '--index-sanity-check')).stderr).toContain(
      'the last offset is -5 which is less than the base',
    )
  })
  it('cannot be compared with a log that is not there, or too short', async () => {
    const file = write(`${SEGMENT}.index`, offsetEntry(2, 100))
    expect((await dump(file)).stderr).toContain(`Cannot read ${at(`${SEGMENT}.log`)}`)
    indexed()
    write(`${SEGMENT}.index`, offsetEntry(2, 5000))
    const { code, stderr } = await dump(file)
    expect(code).toBe(1)
    expect(stderr).toContain('Slice from position 5000 exceeds end position of')
  })
})

describe('a time index', () => {
  it('prints its entries and finds nothing wrong with them', async () => {
    const { second } = indexed()
    write(`${SEGMENT}.index`, offsetEntry(2, second))
    const file = write(`${SEGMENT}.timeindex`, timeEntry(1500, 1), timeEntry(2000, 2), Buffer.alloc(1200))
    expect(await dump(file)).toMatchObject({
      code: 0,
      stdout: `Dumping ${file}\ntimestamp: 1500 offset: 1\ntimestamp: 2000 offset: 2\n`,
      stderr: '',
    })
  })
  it('tells on stderr what does not fit', async () => {
    indexed()
    write(`${SEGMENT}.index`)
    const file = write(`${SEGMENT}.timeindex`, timeEntry(1600, 1), timeEntry(1600, 2), timeEntry(1800, 9))
    expect((await dump(file)).stderr).toBe(
      `Found timestamp mismatch in :${file}\n` +
        '  Index timestamp: 1600, log timestamp: 1500\n  Index timestamp: 1600, log timestamp: 2000\n' +
        `Found out of order timestamp in :${file}\n  Index timestamp: 1600, Previously indexed timestamp: 1600\n` +
        `The following indexed offsets are not found in :${file}\nIndexed offset: 9, found log offset: -1\n`,
    )
  })
  it('passes or fails its sanity check', async () => {
    indexed()
    write(`${SEGMENT}.index`)
    const file = write(`${SEGMENT}.timeindex`, timeEntry(1500, 1), timeEntry(2000, 2))
    expect((await dump(file, '--index-sanity-check')).stdout).toContain('passed sanity check.')
    write(`${SEGMENT}.timeindex`, timeEntry(1500, 1), timeEntry(1000, 2))
    expect((await dump(file, '--index-sanity-check')).stderr).toContain('less than the first timestamp 1500')
  })
})

describe('--format', () => {
  const documents = (stdout: string): Record<string, unknown>[] =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('json prints a line per batch and record', async () => {
    const headers = [{ key: 'h', value: null }]
    const batch = encodeBatch([text('k', 'v', { headers })], { producerId: 7n, producerEpoch: 0, baseSequence: 0 })
    const file = write(
      `${SEGMENT}.log`,
      batch,
      encodeEndTxnMarker({ commit: false, coordinatorEpoch: 1, producerId: 7n, producerEpoch: 0, timestamp: 5 }),
    )
    const found = documents((await dump(file, '--print-data-log', '--format', 'json')).stdout)
    expect(found.map(({ kind }) => kind)).toEqual(['RecordBatch', 'LogRecord', 'RecordBatch', 'LogRecord'])
    expect(found[0]).toMatchObject({ apiVersion: 'kt/v1', file, baseOffset: 0, producerId: 7, isValid: true, count: 1 })
    expect(found[1]).toMatchObject({ file, offset: 0, timestamp: 1000, headerKeys: ['h'], key: 'k', value: 'v' })
    expect(found[3]).toMatchObject({ control: 'endTxnMarker: ABORT coordinatorEpoch: 1' })
    expect(found[3]).not.toHaveProperty('key')
  })
  it('json prints entries of indexes and states', async () => {
    const { second } = indexed()
    const index = write(`${SEGMENT}.index`, offsetEntry(2, second))
    const timeIndex = write(`${SEGMENT}.timeindex`, timeEntry(2000, 2))
    const snapshot = write(`${SEGMENT}.snapshot`, serializeProducerSnapshot([new ProducerEntry(2n ** 60n)]))
    const found = documents((await dump([index, timeIndex, snapshot], '--format', 'json')).stdout)
    expect(found).toMatchObject([
      { kind: 'OffsetIndexEntry', file: index, offset: 2, position: second },
      { kind: 'TimeIndexEntry', file: timeIndex, timestamp: 2000, offset: 2 },
      { kind: 'ProducerState', file: snapshot, producerId: '1152921504606846976', lastBatch: null },
    ])
  })
  it('yaml prints documents', async () => {
    const { second } = indexed()
    const index = write(`${SEGMENT}.index`, offsetEntry(2, second))
    expect((await dump(index, '--format', 'yaml')).stdout).toBe(
      `---\napiVersion: kt/v1\nkind: OffsetIndexEntry\nfile: ${index}\noffset: 2\nposition: ${second}\n`,
    )
  })
})

describe('other files', () => {
  it('are producer snapshots', async () => {
    const entry = new ProducerEntry(14n)
    Object.assign(entry, { producerEpoch: 2, coordinatorEpoch: 1, lastTimestamp: 77, transactionFirstOffset: 5 })
    entry.batches.push({ lastSequence: 9, lastOffset: 19, offsetDelta: 3, timestamp: 77 })
    const file = write(`${SEGMENT}.snapshot`, serializeProducerSnapshot([entry, new ProducerEntry(15n)]))
    expect((await dump(file)).stdout).toBe(
      `Dumping ${file}\nproducerId: 14 producerEpoch: 2 coordinatorEpoch: 1 currentTxnFirstOffset: OptionalLong[5] ` +
        'lastTimestamp: 77 firstSequence: 6 lastSequence: 9 lastOffset: 19 offsetDelta: 3 timestamp: 77\n' +
        'producerId: 15 producerEpoch: -1 coordinatorEpoch: -1 currentTxnFirstOffset: OptionalLong.empty lastTimestamp: -1\n',
    )
    write(`${SEGMENT}.snapshot`, Buffer.alloc(12))
    expect(await dump(file)).toMatchObject({ code: 0, stderr: 'Snapshot contained an unknown file version 0\n' })
  })

  it('are transaction indexes', async () => {
    const entry = Buffer.alloc(34)
    for (const [index, value] of [7n, 1n, 5n, 6n].entries()) entry.writeBigInt64BE(value, 2 + index * 8)
    const file = write(`${SEGMENT}.txnindex`, entry)
    expect((await dump(file)).stdout).toBe(
      `Dumping ${file}\nversion: 0 producerId: 7 firstOffset: 1 lastOffset: 5 lastStableOffset: 6\n`,
    )
    entry.writeInt16BE(3, 0)
    write(`${SEGMENT}.txnindex`, entry)
    expect(await dump(file)).toMatchObject({ code: 1 })
  })

  it('are snapshots of the metadata log', async () => {
    const header = encodeControlBatch(
      [{ type: 'snapshotHeader', body: { version: 0, lastContainedLogTimestamp: 3n } }],
      1,
    )
    const snapshot = write('00000000000000000042-0000000007.checkpoint', header)
    expect((await dump(snapshot)).stdout).toContain('\nSnapshot end offset: 42, epoch: 7\n')
    const bootstrap = write('bootstrap.checkpoint', header)
    const { stdout } = await dump(bootstrap, '--deep-iteration')
    expect(stdout).toContain('\nKRaft bootstrap snapshot\n')
    expect(stdout).toContain(' SnapshotHeader {"version":0,"lastContainedLogTimestamp":3}\n')
  })

  it('are left alone when their kind is not known', async () => {
    const { code, stdout, stderr } = await dump(['meta.properties', 'dir//leader-epoch-checkpoint', 'some-dir/'])
    expect(code).toBe(0)
    expect(stdout).toBe('Dumping meta.properties\nDumping dir/leader-epoch-checkpoint\nDumping some-dir\n')
    expect(stderr).toContain('Ignoring unknown file dir/leader-epoch-checkpoint\n')
  })

  it('are named after an offset', async () => {
    expect((await dump(at('mine.log'))).stderr).toContain('is not named after an offset')
    expect((await dump(at('mine.checkpoint'))).stderr).toContain('is not named after a snapshot')
    expect(await dump(at(`${SEGMENT}.log`))).toMatchObject({ code: 1 })
  })

  it('are required', async () => {
    const { code, stderr } = await runCommand(['dump-log', '--print-data-log'])
    expect(code).toBe(1)
    expect(stderr).toContain('Missing required argument "[files]"')
  })
})

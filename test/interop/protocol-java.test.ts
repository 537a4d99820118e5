/** Our bytes against those of Apache Kafka's own classes: every message, every record, batches of every compression. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { decode, encodeToBuffer } from '../../src/protocol/codec.ts'
import { encodeRequest } from '../../src/protocol/header.ts'
import { toJson } from '../../src/protocol/json.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { loadAllCodecs, loadCodec } from '../../src/protocol/records/compression.ts'
import {
  decodeControlRecord,
  encodeControlBatch,
  encodeEndTxnMarker,
} from '../../src/protocol/records/control-record.ts'
import { encodeBatch, forEachRecord, type RecordInput } from '../../src/protocol/records/record.ts'
import {
  COMPRESSION_NAMES,
  compressionOf,
  isControlBatch,
  isTransactional,
  readBatchHeader,
} from '../../src/protocol/records/record-batch.ts'
import { validateBatch } from '../../src/protocol/records/validate.ts'
import { includesVersion, parseVersions, type SchemaInput } from '../../src/protocol/schema.ts'
import { allSchemas } from '../support/all-schemas.ts'
import { apacheKafkaHome } from '../support/apache-kafka.ts'
import { randomMessage } from '../support/random-message.ts'

const kafkaHome = await apacheKafkaHome()
const VALUES_PER_VERSION = 6
/** One message of theirs per version, kept so that machines without Java hold to them too; written with KT_GOLDEN=1. */
const GOLDEN = path.join(import.meta.dirname, '../golden/protocol-messages.txt')
const GOLDEN_HEX_CHARS = 300
/** Kafka's classes have these, we have no declaration: headers and keys are written by hand, the rest is Java's own. */
const NOT_DECLARED = ['ControlRecordTypeSchema', 'DefaultPrincipal', 'RequestHeader', 'ResponseHeader']
/** Versions of 4.3.1's classes that no broker of 4.3 accepts (`latestVersionUnstable`). */
const UNSTABLE = ['InitProducerIdRequest 6', 'InitProducerIdResponse 6']

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-protocol-java-'))
const file = (name: string): string => path.join(directory, name)
const lines = (name: string): string[] => fs.readFileSync(file(name), 'utf8').trimEnd().split('\n')

function runJava(source: string, args: readonly string[]): void {
  const java = path.join(import.meta.dirname, 'java', source)
  execFileSync('java', ['-cp', path.join(kafkaHome!, 'libs', '*'), java, ...args], { cwd: directory })
}

afterAll(() => fs.rmSync(directory, { recursive: true }))

describe.skipIf(kafkaHome === null)('messages', async () => {
  const schemas = await allSchemas()
  const byName = new Map(schemas.map((schema) => [schema.name, schema]))

  beforeAll(() => {
    fs.writeFileSync(file('ours'), [...ourLines(), ...headerLines()].join('\n'))
    runJava('ProtocolBytes.java', ['ours', 'theirs', 'echoed', path.join(kafkaHome!, 'libs')])
  })

  function ourLines(): string[] {
    const random = seededRandom(2024)
    return schemas.flatMap((schema) => {
      const { min, max } = parseVersions(schema.validVersions)
      return Array.from({ length: (max - min + 1) * VALUES_PER_VERSION }, (_, index) => {
        const version = min + Math.floor(index / VALUES_PER_VERSION)
        const value = randomMessage(schema, version, random) as SchemaInput<typeof schema>
        return `${schema.name} ${version} ${encodeToBuffer(schema, version, value).toString('hex')}`
      })
    })
  }

  /** A request without its body is size and header. */
  function headerLines(): string[] {
    return [8, 12].flatMap((version) =>
      ['kt', 'größer', '', null].map((clientId) => {
        const body = encodeToBuffer(metadata.request, version, {})
        const frame = Buffer.concat(encodeRequest(metadata, version, -7, clientId, {}))
        const header = frame.subarray(4, frame.length - body.length)
        return `RequestHeader ${version === 12 ? 2 : 1} ${header.toString('hex')}`
      }),
    )
  }

  it.runIf(process.env.KT_GOLDEN)('the golden file is written again', () => {
    const chosen = new Map<string, string>()
    for (const line of lines('theirs')) {
      const [name, version, hex] = line.split(' ', 3) as [string, string, string]
      const schema = byName.get(name)
      if (schema === undefined || !includesVersion(schema.validVersions, Number(version))) continue
      const key = `${name} ${version}`
      const before = chosen.get(key)
      const better = before === undefined || (hex.length > before.length && hex.length <= GOLDEN_HEX_CHARS)
      if (better) chosen.set(key, hex)
    }
    const text = [...chosen].map(([key, hex]) => `${key} ${hex}\n`).join('')
    fs.mkdirSync(path.dirname(GOLDEN), { recursive: true })
    fs.writeFileSync(GOLDEN, text)
  })

  it('theirs are decoded and encoded again to the same bytes, in every version', () => {
    const wrong: string[] = []
    const covered = new Set<string>()
    for (const line of lines('theirs')) {
      const [name, version, hex] = line.split(' ') as [string, string, string]
      const schema = byName.get(name)
      const key = `${name} ${version}`
      if (schema === undefined || !includesVersion(schema.validVersions, Number(version))) {
        if (!NOT_DECLARED.includes(name) && !UNSTABLE.includes(key)) wrong.push(`${key} is not declared`)
        continue
      }
      covered.add(key)
      const reader = new Reader(Buffer.from(hex, 'hex'))
      const value = decode(schema, Number(version), reader) as SchemaInput<typeof schema>
      if (reader.remaining > 0) wrong.push(`${key} leaves ${reader.remaining} bytes of ${hex}`)
      const again = encodeToBuffer(schema, Number(version), value).toString('hex')
      if (again !== hex) wrong.push(`${key}: ${hex} became ${again}`)
    }
    expect(wrong).toEqual([])
    const missing = schemas.flatMap((schema) => {
      const { min, max } = parseVersions(schema.validVersions)
      const versions = Array.from({ length: max - min + 1 }, (_, index) => `${schema.name} ${min + index}`)
      return versions.filter((key) => !covered.has(key))
    })
    expect(missing).toEqual([])
  })

  it('theirs are the same JSON text', () => {
    const wrong: string[] = []
    for (const line of lines('theirs')) {
      const [name, version, hex] = line.split(' ', 3) as [string, string, string]
      const schema = byName.get(name)
      if (schema === undefined || !includesVersion(schema.validVersions, Number(version))) continue
      const value = decode(schema, Number(version), new Reader(Buffer.from(hex, 'hex')))
      const text = toJson(schema, value, Number(version))
      const expected = line.slice(`${name} ${version} ${hex} `.length)
      if (text !== expected) wrong.push(`${name} ${version}\n${expected}\n${text}`)
    }
    expect(wrong.slice(0, 3)).toEqual([])
  })

  it('ours are read and written again by theirs to the same bytes', () => {
    const ours = fs.readFileSync(file('ours'), 'utf8').split('\n')
    const echoed = lines('echoed')
    expect(echoed.length).toBe(ours.length)
    expect(ours.filter((line, index) => line !== echoed[index]).slice(0, 3)).toEqual([])
  })
})

describe.skipIf(kafkaHome === null)('record batches', () => {
  const ours: Buffer[] = []

  beforeAll(async () => {
    await loadAllCodecs()
    ours.push(...(await ourDataBatches()), ...ourControlBatches())
    fs.writeFileSync(file('our-batches'), ours.map((batch) => batch.toString('hex')).join('\n'))
    runJava('RecordBatches.java', ['our-batches', 'their-batches', 'our-batches-described'])
  })

  async function ourDataBatches(): Promise<Buffer[]> {
    const random = seededRandom(99)
    const records = (count: number, bytes: number): RecordInput[] =>
      Array.from({ length: count }, (_, index) => ({
        timestamp: 1_700_000_000_000 + Math.floor((random.next() - 0.5) * 2 ** 33),
        key: random.next() < 0.3 ? null : Buffer.from(`key ${index}`),
        value: random.next() < 0.1 ? null : random.bytes(Math.floor(random.next() * bytes)),
        headers:
          random.next() < 0.2
            ? [
                { key: 'hé', value: null },
                { key: '', value: Buffer.from('x') },
              ]
            : [],
      }))
    const batches: Buffer[] = []
    for (const name of COMPRESSION_NAMES) {
      const codec = await loadCodec(name)
      batches.push(encodeBatch(records(1, 10), { codec }))
      batches.push(encodeBatch(records(300, 100), { codec, baseOffset: 12_345_678_901, partitionLeaderEpoch: 9 }))
      batches.push(
        encodeBatch(records(40, 9000), {
          codec,
          producerId: 5n,
          producerEpoch: 1,
          baseSequence: 70,
          transactional: true,
        }),
      )
      const text = Array.from({ length: 2000 }, (_, i) => ({
        key: null,
        value: Buffer.from(`line ${i} `.repeat(i % 90)),
      }))
      batches.push(encodeBatch(text, { codec, compressionLevel: 1 }))
    }
    return batches
  }

  function ourControlBatches(): Buffer[] {
    const voters = [{ voterId: 1, voterDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAg' }]
    return [
      encodeEndTxnMarker({ commit: true, coordinatorEpoch: 7, producerId: 99n, producerEpoch: 3, timestamp: 1e12 }),
      encodeControlBatch(
        [{ type: 'leaderChange', body: { version: 1, leaderId: 1, voters, grantingVoters: voters } }],
        1e12,
        { baseOffset: 4, partitionLeaderEpoch: 2 },
      ),
    ]
  }

  /** The same text as `RecordBatches.java` writes. */
  function describeBatch(batch: Buffer): string[] {
    const header = readBatchHeader(batch)
    const { attributes } = header
    const hex = (bytes: Buffer | null): string => (bytes === null ? '-' : `x${bytes.toString('hex')}`)
    const described = [
      `batch ${header.baseOffset} ${header.lastOffset} ${header.sizeInBytes} ` +
        `${COMPRESSION_NAMES[compressionOf(attributes)]} ${header.maxTimestamp} ${header.producerId} ` +
        `${header.producerEpoch} ${header.baseSequence} ${header.partitionLeaderEpoch} ` +
        `${isTransactional(attributes)} ${isControlBatch(attributes)}`,
    ]
    forEachRecord(batch, 0, (record, offset, timestamp) => {
      const headers = record.headers().map(({ key, value }) => ` ${key}=${hex(value)}`)
      described.push(`record ${offset} ${timestamp} ${hex(record.key())} ${hex(record.value())}${headers.join('')}`)
    })
    return described
  }

  it('theirs are valid and hold what theirs say they hold', () => {
    const expected: string[] = []
    const found: string[] = []
    for (const line of lines('their-batches')) {
      if (!line.startsWith('bytes ')) {
        expected.push(line)
        continue
      }
      const batch = Buffer.from(line.slice(6), 'hex')
      expect(validateBatch(batch, 0, { client: false, partition: 't-0' })).toMatchObject({ ok: true })
      found.push(...describeBatch(batch))
    }
    expect(found.length).toBeGreaterThan(7000)
    expect(found).toEqual(expected)
  })

  it('ours are valid for theirs and hold what we put in', () => {
    expect(lines('our-batches-described')).toEqual(ours.flatMap(describeBatch))
  })

  it('reads their control records', () => {
    const controls: unknown[] = []
    for (const line of lines('their-batches')) {
      if (!line.startsWith('bytes ')) continue
      const batch = Buffer.from(line.slice(6), 'hex')
      if (!isControlBatch(readBatchHeader(batch).attributes)) continue
      forEachRecord(batch, 0, (record) => controls.push(decodeControlRecord(record.key(), record.value())))
    }
    const voter = { voterId: 3, voterDirectoryId: ZERO_UUID }
    expect(controls).toEqual([
      { type: 'commit', body: { coordinatorEpoch: 21 } },
      { type: 'abort', body: { coordinatorEpoch: 22 } },
      { type: 'leaderChange', body: { version: 0, leaderId: 3, voters: [voter], grantingVoters: [voter] } },
      { type: 'snapshotHeader', body: { version: 0, lastContainedLogTimestamp: 77n } },
      { type: 'snapshotFooter', body: { version: 0 } },
      { type: 'kRaftVersion', body: { version: 0, kRaftVersion: 1 } },
      {
        type: 'kRaftVoters',
        body: {
          version: 0,
          voters: [
            {
              voterId: 1,
              voterDirectoryId: 'AAAAAAAAAAUAAAAAAAAABg',
              endpoints: [{ name: 'CONTROLLER', host: 'localhost', port: 9093 }],
              kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
            },
          ],
        },
      },
    ])
  })

  it('builds the same control batches as theirs, byte for byte', () => {
    const theirs = lines('their-batches').filter((line) => line.startsWith('bytes '))
    const options = { producerId: 4711n, producerEpoch: 2, partitionLeaderEpoch: 4, timestamp: 1_700_000_000_000 }
    const marker = encodeEndTxnMarker({ commit: true, coordinatorEpoch: 21, ...options })
    marker.writeBigInt64BE(9n, 0)
    expect(theirs).toContain(`bytes ${marker.toString('hex')}`)
    const header = encodeControlBatch(
      [{ type: 'snapshotHeader', body: { lastContainedLogTimestamp: 77n } }],
      1_700_000_000_002,
      { baseOffset: 0, partitionLeaderEpoch: 1 },
    )
    expect(theirs).toContain(`bytes ${header.toString('hex')}`)
  })
})

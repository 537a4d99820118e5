/**
 * Hostile bytes at a real node's socket, from a seed: random requests of every API and version, requests with bytes changed,
 * cut or added, frames that are none. The node answers or closes the connection; it stays alive, its memory stays
 * bounded, and nothing that is not a valid batch is stored. `KT_FUZZ_SEED` and `KT_FUZZ_ROUNDS` repeat or lengthen a run.
 */
import { readFileSync } from 'node:fs'
import * as zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { encodeRequest } from '../../src/protocol/header.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { type Codec, loadCodec } from '../../src/protocol/records/compression.ts'
import { AT, BATCH_HEADER_BYTES, updateCrc } from '../../src/protocol/records/record-batch.ts'
import { loadApi } from '../../src/protocol/registry.ts'
import { type Api, parseVersions } from '../../src/protocol/schema.ts'
import { randomMessage } from '../support/random-message.ts'
import { batchOf, RawClient } from '../support/raw-client.ts'
import { RunningNode } from '../support/running-node.ts'

const SEED = Number(process.env.KT_FUZZ_SEED ?? 20260731)
const ROUNDS = Number(process.env.KT_FUZZ_ROUNDS ?? 12)
const VICTIM = 'victim'
/** Some requests may rightly wait (Fetch, JoinGroup): nobody waits for them here. */
const PATIENCE_MS = 40
const MAX_GROWTH_BYTES = 250 * 1024 * 1024
/** APIs that may rightly change or delete the victim when its name is put in. */
const NOT_ON_VICTIM: ReadonlySet<number> = new Set([20, 21, 33, 37, 44])

const node = new RunningNode({ 'auto.create.topics.enable': 'false' })
let apis: { api: Api; min: number; max: number }[] = []

function residentBytes(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))![1]) * 1024
}

beforeAll(async () => {
  await node.start()
  using client = await RawClient.connect(node.port)
  const topics = [{ name: VICTIM, numPartitions: 1, replicationFactor: 1 }]
  await client.request(createTopics, 5, { topics, timeoutMs: 5000 })
  const served = await client.request(apiVersions, 0, {})
  apis = await Promise.all(
    served.apiKeys.map(async ({ apiKey, minVersion, maxVersion }) => {
      const api = (await loadApi(apiKey))!
      return { api, min: Math.max(minVersion, parseVersions(api.validVersions).min), max: maxVersion }
    }),
  )
})

afterAll(async () => {
  await node[Symbol.asyncDispose]()
})

/** Puts names of what exists into a random message, so that it gets past the first check now and then. */
function aim(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && random.next() < 0.4) return VICTIM
  if (typeof value === 'number' && random.next() < 0.3) return 0
  if (Array.isArray(value)) return value.map((each) => aim(each, random))
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, aim(each, random)]))
}

function randomRequest(random: Random, { api, min, max }: (typeof apis)[number]): Buffer {
  const version = min + Math.floor(random.next() * (max - min + 1))
  const message = randomMessage(api.request, version, random)
  const input = NOT_ON_VICTIM.has(api.key) ? message : aim(message, random)
  try {
    return Buffer.concat(encodeRequest(api, version, 7, 'fuzz', input as never))
  } catch {
    // Aiming may have made a number or text that does not fit.
    return Buffer.concat(encodeRequest(api, version, 7, 'fuzz', message as never))
  }
}

function withSize(body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

/** Changes, cuts or lengthens the body; the size stays true, or the node would merely wait for more. */
function mutated(frame: Buffer, random: Random): Buffer {
  const body = Buffer.from(frame.subarray(4))
  const kind = Math.floor(random.next() * 4)
  if (kind === 0) return withSize(body.subarray(0, 1 + Math.floor(random.next() * body.length)))
  if (kind === 1) return withSize(Buffer.concat([body, random.bytes(1 + Math.floor(random.next() * 100))]))
  const changes = kind === 2 ? 1 : 1 + Math.floor(random.next() * 12)
  // The key and version stay, so that it is this handler that is asked.
  for (let i = 0; i < changes; i++) body[4 + Math.floor(random.next() * (body.length - 4))] = random.bytes(1)[0]!
  return withSize(body)
}

/** Sends one frame; the answer, if any, is not looked at. */
async function poke(frame: Buffer): Promise<void> {
  using client = await RawClient.connect(node.port)
  const answer = client.nextFrame()
  client.write(frame)
  await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
}

async function victimEnd(): Promise<number> {
  using client = await RawClient.connect(node.port)
  const { highWatermark, errorCode } = await client.fetch(VICTIM, 0)
  expect(errorCode).toBe(0)
  return Number(highWatermark)
}

describe(`fuzz with seed ${SEED}`, () => {
  it('stands random and spoilt requests of every API and version', { timeout: 240_000 }, async () => {
    const random = seededRandom(SEED)
    const before = residentBytes()
    for (let round = 0; round < ROUNDS; round++) {
      const frames = apis.flatMap((each) => {
        const frame = randomRequest(random, each)
        return [frame, mutated(frame, random), mutated(frame, random)]
      })
      for (let at = 0; at < frames.length; at += 16) await Promise.all(frames.slice(at, at + 16).map(poke))
    }
    expect(await victimEnd()).toBe(0)
    expect(residentBytes() - before).toBeLessThan(MAX_GROWTH_BYTES)
  })

  it('stands frames that are none', { timeout: 60_000 }, async () => {
    const random = seededRandom(SEED + 1)
    const before = residentBytes()
    for (let round = 0; round < 20; round++) {
      const frames = Array.from({ length: 16 }, () => {
        const garbage = random.bytes(1 + Math.floor(random.next() * 2000))
        return random.next() < 0.5 ? garbage : withSize(garbage)
      })
      await Promise.all(frames.map(poke))
    }
    expect(await victimEnd()).toBe(0)
    expect(residentBytes() - before).toBeLessThan(MAX_GROWTH_BYTES)
  })

  it('stores no batch of which a byte under the checksum was changed', { timeout: 60_000 }, async () => {
    const random = seededRandom(SEED + 2)
    using client = await RawClient.connect(node.port)
    const whole = batchOf(['first value', 'second value', 'third value'])
    for (let i = 0; i < 400; i++) {
      const batch = Buffer.from(whole)
      const at = AT.magic + Math.floor(random.next() * (batch.length - AT.magic))
      batch[at] = batch[at]! ^ (1 << Math.floor(random.next() * 8))
      const { errorCode } = await client.produce(VICTIM, batch)
      expect(errorCode, `byte ${at}`).not.toBe(0)
    }
    expect(await victimEnd()).toBe(0)
  })
})

/** Changes a valid batch and makes its checksum right again: only looking inside finds the lie. */
function lie(change: (batch: Buffer) => void, codec?: Codec): Buffer {
  const batch = Buffer.from(batchOf(['one', 'two', 'three'], { codec }))
  change(batch)
  updateCrc(batch, 0)
  return batch
}

/** A batch whose records are these bytes. */
function batchWithRecords(records: Buffer, codecId: number, count: number): Buffer {
  const header = batchOf(['x']).subarray(0, BATCH_HEADER_BYTES)
  const batch = Buffer.concat([header, records])
  batch.writeInt32BE(batch.length - 12, AT.batchLength)
  batch.writeInt16BE(codecId, AT.attributes)
  batch.writeInt32BE(count - 1, AT.lastOffsetDelta)
  batch.writeInt32BE(count, AT.recordCount)
  updateCrc(batch, 0)
  return batch
}

describe('batches that lie', () => {
  const refused = async (batch: Buffer): Promise<void> => {
    using client = await RawClient.connect(node.port)
    const { errorCode } = await client.produce(VICTIM, batch)
    expect(errorCode).not.toBe(0)
    expect(await victimEnd()).toBe(0)
  }

  it.each([
    ['more records than there are', (batch: Buffer) => batch.writeInt32BE(4, AT.recordCount)],
    ['fewer records than there are', (batch: Buffer) => batch.writeInt32BE(2, AT.recordCount)],
    ['a negative count', (batch: Buffer) => batch.writeInt32BE(-1, AT.recordCount)],
    ['an absurd count', (batch: Buffer) => batch.writeInt32BE(2147483647, AT.recordCount)],
    ['another last offset', (batch: Buffer) => batch.writeInt32BE(1000, AT.lastOffsetDelta)],
    ['a control batch', (batch: Buffer) => batch.writeInt16BE(0x20, AT.attributes)],
    ['a compression it has not', (batch: Buffer) => batch.writeInt16BE(1, AT.attributes)],
    ['a compression nobody has', (batch: Buffer) => batch.writeInt16BE(7, AT.attributes)],
    ['records that do not parse', (batch: Buffer) => batch.fill(0xff, BATCH_HEADER_BYTES)],
  ])('refuses %s', async (_name, change) => {
    await refused(lie(change))
  })

  it.each(['gzip', 'lz4', 'snappy', 'zstd'] as const)('refuses %s that does not decompress', async (name) => {
    const codec = await loadCodec(name)
    await refused(lie((batch) => batch.fill(0xaa, BATCH_HEADER_BYTES + 4), codec))
  })

  it('refuses a bomb without unpacking it', { timeout: 60_000 }, async () => {
    const before = residentBytes()
    const bomb = zlib.gzipSync(Buffer.alloc(600 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(1_000_000)
    await refused(batchWithRecords(bomb, 1, 1))
    expect(residentBytes() - before).toBeLessThan(400 * 1024 * 1024)
  })

  it('serves on as if nothing had been', async () => {
    using client = await RawClient.connect(node.port)
    expect(await client.produce(VICTIM, batchOf(['at last']))).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(node.log()).not.toMatch(/unexpected error|uncaught|unhandled/i)
  })
})

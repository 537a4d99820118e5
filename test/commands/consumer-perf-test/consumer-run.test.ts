import { describe, expect, it } from 'vitest'
import type { FetchedBatch } from '../../../src/client/fetcher.ts'
import { type ConsumerJob, ConsumerRun } from '../../../src/commands/consumer-perf-test/consumer-run.ts'
import type { Reading } from '../../../src/commands/consumer-perf-test/perf-lines.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import { readBatchHeader } from '../../../src/protocol/records/record-batch.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { KeptOutput } from '../../support/run-command.ts'

/** `count` records with a key of one byte and a value of nine, from `baseOffset` on. */
function batch(baseOffset: number, count: number, firstOffset = baseOffset): FetchedBatch {
  const record = { key: Buffer.alloc(1), value: Buffer.alloc(9) }
  const buffer = encodeBatch(
    Array.from({ length: count }, () => record),
    { baseOffset },
  )
  const header = readBatchHeader(buffer, 0)
  return { topic: 't', partition: 0, buffer, at: 0, header, firstOffset, highWatermark: 1000 }
}

function setUp(job: Partial<ConsumerJob>, batches: (FetchedBatch | 'pause')[]) {
  const clock = new ManualClock()
  const controller = new AbortController()
  const intervals: Reading[] = []
  const consumed: number[] = []
  const stdout = new KeptOutput()
  const context = { clock, signal: controller.signal, stdout, stderr: stdout } as never
  const run = new ConsumerRun(
    {
      records: 100,
      timeoutMs: 1000,
      intervalMs: 500,
      maxPollRecords: 10,
      onInterval: (interval) => intervals.push(interval),
      onProgress: () => undefined,
      ...job,
    },
    context,
  )
  const source = {
    async next(): Promise<FetchedBatch | null> {
      const next = batches.shift()
      if (next === undefined) return new Promise(() => undefined)
      if (next !== 'pause') return next
      await clock.advance(600)
      return this.next()
    },
    consumed: (_: unknown, nextOffset: number) => consumed.push(nextOffset),
  }
  return { clock, controller, intervals, consumed, run, read: () => run.read(source, Promise.resolve()) }
}

describe('ConsumerRun', () => {
  it('counts records and bytes of keys and values', async () => {
    const { run, read } = setUp({ records: 7 }, [batch(0, 3), batch(3, 4)])
    expect(await read()).toBe('enough')
    expect([run.records, run.bytes]).toEqual([7, 70])
  })

  it('ends between two polls and says where', async () => {
    const { run, read, consumed } = setUp({ records: 12 }, [batch(100, 50)])
    await read()
    expect(run.records).toBe(20)
    expect(consumed).toEqual([120])
  })

  it('leaves out records before the position', async () => {
    const { run, read } = setUp({ records: 5 }, [batch(0, 10, 4)])
    await read()
    expect(run.records).toBe(6)
  })

  it('tells intervals, the record that ends one among them', async () => {
    const { run, read, intervals } = setUp({ records: 9 }, [batch(0, 3), 'pause', batch(3, 3), batch(6, 3)])
    run.assigned()
    await read()
    expect(intervals).toEqual([
      { startMs: run.startMs, endMs: run.startMs + 600, records: 4, bytes: 40, rebalanceMs: 0 },
    ])
  })

  it('ends when nothing comes, and when it is interrupted', async () => {
    const idle = setUp({}, [])
    const ended = idle.read()
    await idle.clock.advance(1000)
    expect(await ended).toBe('idle')
    const stopped = setUp({}, [])
    const reading = stopped.read()
    stopped.controller.abort()
    expect(await reading).toBe('interrupted')
  })

  it('rejects when joining fails', async () => {
    const { run } = setUp({}, [])
    const source = { next: () => new Promise<null>(() => undefined), consumed: () => undefined }
    await expect(run.read(source, Promise.reject(new Error('no group')))).rejects.toThrow('no group')
  })

  it('counts the time without partitions', async () => {
    const { run, clock } = setUp({}, [])
    await clock.advance(300)
    run.assigned()
    run.assigned()
    await clock.advance(50)
    run.revoked()
    await clock.advance(70)
    run.assigned()
    expect([run.rebalanceMs, run.rebalances]).toEqual([370, 2])
  })
})

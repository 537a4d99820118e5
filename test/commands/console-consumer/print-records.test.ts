import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/context.ts'
import type { FetchedBatch } from '../../../src/client/fetcher.ts'
import { PlainPrinter } from '../../../src/commands/console-consumer/batch-printer.ts'
import {
  type PrintLimits,
  printRecords,
  type RecordSource,
} from '../../../src/commands/console-consumer/print-records.ts'
import { fetchedBatches, textRecord } from '../../support/fetched-batch.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { KeptOutput } from '../../support/run-command.ts'

/** A source that gives these batches at once, and more when told. */
class TestSource implements RecordSource {
  readonly progress: string[] = []
  readonly #ready: FetchedBatch[]
  #waiting: ((batch: FetchedBatch | null) => void) | null = null
  #fail: ((error: Error) => void) | null = null

  constructor(ready: readonly FetchedBatch[]) {
    this.#ready = [...ready]
  }
  next(): FetchedBatch | Promise<FetchedBatch | null> {
    const batch = this.#ready.shift()
    if (batch !== undefined) return batch
    return new Promise((resolve, reject) => {
      this.#waiting = resolve
      this.#fail = reject
    })
  }
  give(batch: FetchedBatch | null): void {
    this.#waiting!(batch)
  }
  fail(error: Error): void {
    this.#fail!(error)
  }
  printed({ topic, partition }: FetchedBatch, nextOffset: number): void {
    this.progress.push(`${topic}-${partition}:${nextOffset}`)
  }
  async close(): Promise<void> {}
}

const FOREVER: PrintLimits = { maxMessages: Number.POSITIVE_INFINITY, idleTimeoutMs: null }

/** Keeps what is written, and in how many pieces it came. */
class CountingOutput extends KeptOutput {
  pieces = 0
  override write(data: string | Uint8Array): boolean {
    this.pieces++
    return super.write(data)
  }
}

function start(source: RecordSource, limits: Partial<PrintLimits> = {}) {
  const stdout = new CountingOutput()
  const clock = new ManualClock()
  const ending = new AbortController()
  const context = { stdout, clock, signal: ending.signal } as unknown as CommandContext
  const printer = new PlainPrinter(Buffer.from('\n'), Buffer.from('null'))
  const ended = printRecords(source, printer, { ...FOREVER, ...limits }, context)
  return { stdout, clock, ending, printer, ended }
}

const batchesOf = (...values: string[]) => fetchedBatches(values.map((value) => [textRecord(value)]))

describe('printRecords', () => {
  it('shows what is there before it waits for more', async () => {
    const [first, second] = await batchesOf('one', 'two')
    const source = new TestSource([first!])
    const run = start(source)
    await settled()
    expect(run.stdout.text).toBe('one\n')
    source.give(second!)
    await settled()
    expect(run.stdout.text).toBe('one\ntwo\n')
    source.give(null)
    expect(await run.ended).toBe('end')
    expect(source.progress).toEqual(['orders-0:1', 'orders-0:2'])
  })

  it('ends at the last record wanted and says how far a batch was printed', async () => {
    const batches = await fetchedBatches([[textRecord('a'), textRecord('b'), textRecord('c')]], { baseOffset: 5 })
    const source = new TestSource(batches)
    const run = start(source, { maxMessages: 2 })
    expect(await run.ended).toBe('end')
    expect(run.stdout.text).toBe('a\nb\n')
    expect(source.progress).toEqual(['orders-0:7'])
  })

  it('reads nothing when nothing is wanted', async () => {
    const source = new TestSource(await batchesOf('a'))
    expect(await start(source, { maxMessages: 0 }).ended).toBe('end')
    expect(source.progress).toEqual([])
  })

  it('ends when no record came for long enough, counted from the last one', async () => {
    const [first, second] = await batchesOf('one', 'two')
    const source = new TestSource([first!])
    const run = start(source, { idleTimeoutMs: 1000 })
    await settled()
    await run.clock.advance(900)
    source.give(second!)
    await settled()
    await run.clock.advance(900)
    await settled()
    expect(run.stdout.text).toBe('one\ntwo\n')
    await run.clock.advance(100)
    expect(await run.ended).toBe('idle')
  })

  it('ends when it is interrupted, while waiting and before', async () => {
    const source = new TestSource(await batchesOf('one'))
    const run = start(source)
    await settled()
    run.ending.abort('SIGINT')
    expect(await run.ended).toBe('interrupted')
    expect(run.stdout.text).toBe('one\n')
  })

  it('shows what was printed before a failure, then fails with it', async () => {
    const source = new TestSource(await batchesOf('one'))
    const run = start(source)
    await settled()
    source.fail(new Error('the cluster went away'))
    await expect(run.ended).rejects.toThrow('the cluster went away')
    expect(run.stdout.text).toBe('one\n')
  })

  it('writes in large pieces while there is more', async () => {
    const records = Array.from({ length: 2000 }, () => textRecord('x'.repeat(199)))
    const source = new TestSource(await fetchedBatches([records, records, records, records]))
    const run = start(source, { maxMessages: 8000 })
    await run.ended
    expect(run.stdout.bytes.length).toBe(8000 * 200)
    expect(run.stdout.pieces).toBeLessThanOrEqual(4)
  })
})

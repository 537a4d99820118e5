/** Any sequence of operations, reopenings and kills included, reads back like a log that is only an array. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { segmentPath } from '../../src/log/file-names.ts'
import type { UnifiedLog } from '../../src/log/log.ts'
import { LogModel } from './log-model.ts'
import {
  baseOffsetsIn,
  CLIENT,
  fillBatch,
  openTestLog,
  SLOW_MS,
  START_MS,
  scratchDirectory,
  type TestEnvironment,
  testEnvironment,
} from './support.ts'

const CONFIG = { segmentBytes: 1500, indexIntervalBytes: 150, segmentIndexBytes: 120 }

type Operation =
  | { readonly kind: 'append'; readonly count: number; readonly bytes: number; readonly ms: number }
  | { readonly kind: 'roll' | 'flush' | 'retention' | 'reopen' | 'write-indexes' }
  | { readonly kind: 'kill'; readonly garbage: number }
  | { readonly kind: 'truncate' | 'delete-records' | 'watermark' | 'read'; readonly share: number }

const share = fc.double({ min: 0, max: 1, noNaN: true })
const append = fc.record({
  kind: fc.constant('append' as const),
  count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5 })),
  bytes: fc.integer({ min: 0, max: 250 }),
  ms: fc.integer({ min: 0, max: 50 }),
})
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 12, arbitrary: append },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('truncate' as const, 'delete-records' as const), share }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('watermark' as const, 'read' as const), share }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('roll', 'flush', 'retention', 'reopen', 'write-indexes'),
    }) as fc.Arbitrary<Operation>,
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), garbage: fc.nat(100) }) },
)

/** The real log and the array, driven side by side. */
class Pair {
  readonly model = new LogModel()
  log: UnifiedLog
  private readonly env: TestEnvironment = testEnvironment()
  private readonly directory = join(scratchDirectory(), 'orders-0')

  constructor() {
    this.log = this.open(false)
  }

  run(step: Operation): void {
    const { log, model } = this
    if (step.kind === 'append') {
      const timestamp = START_MS + step.ms
      log.appendAsLeader(fillBatch(step.count, step.bytes, timestamp), CLIENT)
      model.append(step.count, timestamp)
    } else if (step.kind === 'truncate') this.truncate(Math.round(step.share * model.end))
    else if (step.kind === 'watermark') this.moveWatermark(Math.round(step.share * model.end))
    else if (step.kind === 'read') this.read(Math.round(step.share * model.end))
    else if (step.kind === 'delete-records') {
      const offset = Math.round(step.share * model.highWatermark)
      log.deleteRecordsBefore(offset)
      model.advanceStart(offset)
    } else if (step.kind === 'roll') log.roll()
    else if (step.kind === 'flush') log.flush()
    else if (step.kind === 'write-indexes') log.writeIndexes()
    else if (step.kind === 'retention') log.deleteOldSegments()
    else this.restart(step.kind === 'kill' ? step.garbage : null)
  }

  private truncate(offset: number): void {
    // Leaders truncate followers at ends of batches.
    const target = this.model.batches.findLast(({ base }) => base <= offset)?.base ?? this.model.start
    this.log.truncateTo(target)
    this.model.truncate(target)
  }

  /** Reads on from somewhere, so that positions are remembered when the next step changes the log. */
  private read(from: number): void {
    const { model } = this
    const start = Math.max(from, model.start)
    const expected = model.batches.filter(({ last }) => last >= start).map(({ base }) => base)
    expect(this.readFrom(start, 300)).toEqual(expected)
  }

  private moveWatermark(offset: number): void {
    this.log.updateHighWatermark(offset)
    this.model.highWatermark = Math.max(this.model.highWatermark, offset, this.model.start)
  }

  private restart(garbage: number | null): void {
    const { recoveryPoint } = this.log
    if (garbage === null) this.log.close()
    else {
      this.log.abandon()
      const active = this.log.segmentBaseOffsets.at(-1)!
      fs.appendFileSync(segmentPath(this.directory, active, '.log'), Buffer.alloc(garbage, 0x5a))
    }
    this.log = this.open(garbage === null, recoveryPoint)
    this.log.updateHighWatermark(this.model.highWatermark)
  }

  private open(cleanShutdown: boolean, recoveryPoint = 0): UnifiedLog {
    const { env, directory, model } = this
    return openTestLog({ env, directory, config: CONFIG, cleanShutdown, recoveryPoint, logStartOffset: model.start })
  }

  compare(): void {
    const { log, model } = this
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([
      model.start,
      model.highWatermark,
      model.end,
    ])
    expect(this.readFrom(model.start, 400)).toEqual(
      model.batches.filter(({ last }) => last >= model.start).map(({ base }) => base),
    )
    for (let offset = model.start; offset < model.end; offset++) {
      const data = log.read(offset, 1, 'log-end', true)
      expect(baseOffsetsIn(data.records).map(({ base }) => base)).toEqual([model.batchAt(offset)])
      data.release()
    }
    for (const ms of [0, 10, 25, 50, 51]) {
      expect(log.offsetForTimestamp(START_MS + ms)?.offset ?? null).toBe(model.offsetFor(START_MS + ms))
    }
    expect(log.bytesAfter(model.start, 'log-end')).toBe(this.bytesFrom(model.start))
  }

  private readFrom(start: number, maxBytes: number): number[] {
    const found: number[] = []
    for (let offset = start; offset < this.log.logEndOffset; ) {
      const data = this.log.read(offset, maxBytes, 'log-end', true)
      const batches = baseOffsetsIn(data.records)
      data.release()
      if (batches.length === 0) break
      found.push(...batches.map(({ base }) => base))
      offset = batches.at(-1)!.last + 1
    }
    return found
  }

  private bytesFrom(start: number): number {
    let bytes = 0
    for (let offset = start; offset < this.log.logEndOffset; ) {
      const data = this.log.read(offset, 1 << 20, 'log-end', true)
      bytes += data.records.length
      const batches = baseOffsetsIn(data.records)
      data.release()
      if (batches.length === 0) break
      offset = batches.at(-1)!.last + 1
    }
    return bytes
  }
}

describe('any sequence of operations', () => {
  it(
    'leaves a log that reads like an array of batches',
    () => {
      fc.assert(
        fc.property(fc.array(operation, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
          const pair = new Pair()
          for (const step of steps) pair.run(step)
          pair.compare()
          pair.log.close()
        }),
        { numRuns: 60 },
      )
    },
    SLOW_MS,
  )
})

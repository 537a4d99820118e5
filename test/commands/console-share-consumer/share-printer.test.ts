import { describe, expect, it } from 'vitest'
import { type ShareBatch, splitAcquired } from '../../../src/client/share/share-batches.ts'
import { DefaultFormatter } from '../../../src/commands/console-consumer/default-formatter.ts'
import { SharePrinter, type SharePrintJob } from '../../../src/commands/console-share-consumer/share-printer.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { KeptOutput } from '../../support/run-command.ts'

/** Values 0, 1, 2 ...; `short` is too short for a number. */
function batch(values: readonly Buffer[]): ShareBatch {
  const buffer = encodeBatch(values.map((value) => ({ key: null, value })))
  const acquired = [{ firstOffset: 0, lastOffset: values.length - 1, deliveryCount: 2 }]
  return splitAcquired(buffer, acquired, { topic: 't', partition: 0, brokerId: 1, checkCrcs: true }).batches[0]!
}

function setUp(job: Partial<SharePrintJob>, properties: [string, string][], batches: ShareBatch[]) {
  const stdout = new KeptOutput()
  const clock = new ManualClock()
  const acknowledged: [number, string][] = []
  const context = { stdout, stderr: stdout, clock, signal: new AbortController().signal } as never
  const formatter = new DefaultFormatter(new Map(properties))
  const printer = new SharePrinter(
    { formatter, maxMessages: 100, timeoutMs: 50, acknowledge: 'accept', ...job },
    context,
  )
  const source = {
    next: async () => (batches.length > 0 ? [batches.shift()!] : new Promise<null>(() => undefined)),
    acknowledge: (_: ShareBatch, type: string, range: { firstOffset: number }) =>
      void acknowledged.push([range.firstOffset, type]),
  }
  return { stdout, clock, acknowledged, printer, print: () => printer.print(source) }
}

const texts = (...values: string[]) => values.map((value) => Buffer.from(value))

describe('SharePrinter', () => {
  it('prints and decides about each record, up to the limit', async () => {
    const { print, stdout, acknowledged } = setUp(
      { maxMessages: 2, acknowledge: 'release' },
      [['print.delivery', 'true']],
      [batch(texts('a', 'b', 'c'))],
    )
    expect(await print()).toBe('enough')
    expect(stdout.text).toBe('Delivery:2\ta\nDelivery:2\tb\n')
    expect(acknowledged).toEqual([
      [0, 'release'],
      [1, 'release'],
    ])
  })

  it('rejects what cannot be printed, or ends there', async () => {
    const integers: [string, string][] = [
      ['value.deserializer', 'org.apache.kafka.common.serialization.IntegerDeserializer'],
    ]
    const values = [Buffer.from([0, 0, 0, 7]), Buffer.from('x')]
    const errors: Error[] = []
    const tolerant = setUp({ onRejected: (error) => errors.push(error), maxMessages: 2 }, integers, [batch(values)])
    await tolerant.print()
    expect(tolerant.stdout.text).toContain('7\n')
    expect(tolerant.acknowledged).toEqual([
      [0, 'accept'],
      [1, 'reject'],
    ])
    expect(errors).toHaveLength(1)
    const strict = setUp({ maxMessages: 2 }, integers, [batch(values)])
    await expect(strict.print()).rejects.toThrow()
    expect(strict.stdout.text).toContain('7\n')
  })

  it('ends when nothing comes', async () => {
    const { print, clock } = setUp({}, [], [])
    const printing = print()
    await clock.advance(50)
    expect(await printing).toBe('idle')
  })
})

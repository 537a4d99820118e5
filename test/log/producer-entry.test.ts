import { describe, expect, it } from 'vitest'
import {
  type AppendContext,
  type BatchMetadata,
  firstOffsetOf,
  firstSequenceOf,
  lastSequenceOf,
  ProducerAppend,
  ProducerEntry,
} from '../../src/log/producer-entry.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { type RecordBatchHeader, readBatchHeader } from '../../src/protocol/records/record-batch.ts'
import { batchOf, START_MS, type TestBatch } from './support.ts'

const MAX = 2 ** 31 - 1

function headerOf(options: TestBatch & { readonly count?: number } = {}): RecordBatchHeader {
  const records = Array.from({ length: options.count ?? 1 }, () => ({}))
  return readBatchHeader(batchOf({ producerId: 1n, producerEpoch: 0, baseSequence: 0, records, ...options }))
}

const context = (rest: Partial<AppendContext> = {}): AppendContext => ({
  partition: 'orders-0',
  origin: 'client',
  transactionVersion: 0,
  warn: () => undefined,
  ...rest,
})

const meta = (lastSequence: number, offsetDelta: number): BatchMetadata => ({
  lastSequence,
  lastOffset: 100,
  offsetDelta,
  timestamp: 0,
})

describe('sequences', () => {
  it.each([
    [0, 1, 0],
    [10, 5, 14],
    [MAX, 1, MAX],
    [MAX, 2, 0],
    [MAX - 1, 5, 2],
  ])('from %i over %i records end at %i, and back', (baseSequence, count, last) => {
    expect(lastSequenceOf(headerOf({ baseSequence, count }))).toBe(last)
    expect(firstSequenceOf(meta(last, count - 1))).toBe(baseSequence)
  })

  it('stay none without a base', () => {
    expect(lastSequenceOf(headerOf({ baseSequence: -1, count: 5 }))).toBe(-1)
    expect(firstOffsetOf(meta(5, 4))).toBe(96)
  })

  it.each([
    [4, 5, true],
    [4, 4, false],
    [4, 6, false],
    [4, 0, false],
    [MAX, 0, true],
    [MAX, 1, false],
  ])('after %i may come %i: %s', (last, next, allowed) => {
    const known = new ProducerEntry(1n)
    known.addBatch(0, meta(last, 0))
    const append = () => new ProducerAppend(1n, known, context()).appendData(headerOf({ baseSequence: next }))
    if (allowed) append()
    else expect(append).toThrow(KafkaError)
  })
})

describe('ProducerEntry', () => {
  it('remembers five batches, and none of another epoch', () => {
    const entry = new ProducerEntry(1n)
    for (let i = 0; i < 7; i++) entry.addBatch(0, { ...meta(i, 0), lastOffset: i })
    expect(entry.batches.map(({ lastOffset }) => lastOffset)).toEqual([2, 3, 4, 5, 6])
    expect(entry.findDuplicate(headerOf({ baseSequence: 2 }))?.lastOffset).toBe(2)
    expect(entry.findDuplicate(headerOf({ baseSequence: 1 }))).toBeNull()
    expect(entry.findDuplicate(headerOf({ baseSequence: 2, producerEpoch: 1 }))).toBeNull()
    entry.addBatch(1, meta(0, 0))
    expect(entry.batches).toHaveLength(1)
  })

  it('takes a batch for a duplicate only when both ends agree', () => {
    const entry = new ProducerEntry(1n)
    entry.addBatch(0, meta(9, 4))
    expect(entry.findDuplicate(headerOf({ baseSequence: 5, count: 5 }))).not.toBeNull()
    expect(entry.findDuplicate(headerOf({ baseSequence: 6, count: 4 }))).toBeNull()
    expect(entry.findDuplicate(headerOf({ baseSequence: 5, count: 4 }))).toBeNull()
  })

  it('is copied, not shared', () => {
    const entry = new ProducerEntry(1n)
    entry.addBatch(3, meta(9, 4))
    const copy = entry.copy()
    expect(copy).toEqual(entry)
    copy.addBatch(3, meta(10, 0))
    copy.transactionFirstOffset = 5
    expect([entry.batches.length, entry.transactionFirstOffset]).toEqual([1, null])
  })
})

describe('ProducerAppend', () => {
  const marker = { commit: true, coordinatorEpoch: 4, timestamp: START_MS + 5 }

  it('opens a transaction once, ends it, and may open the next', () => {
    const append = new ProducerAppend(1n, null, context())
    append.appendData(headerOf({ transactional: true, baseOffset: 10 }))
    append.appendData(headerOf({ transactional: true, baseOffset: 11, baseSequence: 1 }))
    expect(append.startedTransactions).toEqual([10])
    const ended = append.appendMarker(headerOf({ baseOffset: 12 }), marker)
    expect(ended).toEqual({ producerId: 1n, firstOffset: 10, lastOffset: 12, aborted: false })
    expect(append.appendMarker(headerOf({ baseOffset: 13 }), marker)).toBeNull()
    append.appendData(headerOf({ transactional: true, baseOffset: 14, baseSequence: 2 }))
    expect(append.startedTransactions).toEqual([10, 14])
    expect(append.entry).toMatchObject({ coordinatorEpoch: 4, transactionFirstOffset: 14 })
  })

  it('wants sequence 0 after a marker with a new epoch', () => {
    const known = new ProducerEntry(1n)
    known.addBatch(0, meta(9, 0))
    const append = new ProducerAppend(1n, known, context())
    append.appendMarker(headerOf({ producerEpoch: 1 }), marker)
    expect(append.entry.lastSequence).toBe(-1)
    expect(() => append.appendData(headerOf({ producerEpoch: 1, baseSequence: 10 }))).toThrow(/Out of order sequence/)
    append.appendData(headerOf({ producerEpoch: 1, baseSequence: 0 }))
  })

  it('takes any sequence from a leader', () => {
    const known = new ProducerEntry(1n)
    known.addBatch(0, meta(9, 0))
    new ProducerAppend(1n, known, context({ origin: 'replication' })).appendData(headerOf({ baseSequence: 500 }))
  })

  it('warns of what a leader has accepted and a client would not be allowed', () => {
    const warnings: string[] = []
    const known = new ProducerEntry(1n)
    known.addBatch(5, meta(9, 0))
    known.coordinatorEpoch = 8
    const append = new ProducerAppend(
      1n,
      known,
      context({ origin: 'replication', warn: (line) => warnings.push(line) }),
    )
    append.appendMarker(headerOf({ producerEpoch: 4 }), marker)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('Epoch of producer 1 at offset 0 in orders-0 is 4, which is < the last seen epoch 5')
    expect(warnings[1]).toContain('4 (zombie), 8 (current)')
  })

  it('leaves what was known before alone', () => {
    const known = new ProducerEntry(1n)
    known.addBatch(0, meta(9, 0))
    const before = known.copy()
    new ProducerAppend(1n, known, context()).appendData(headerOf({ baseSequence: 10, transactional: true }))
    expect(known).toEqual(before)
  })
})

import { describe, expect, it } from 'vitest'
import { CorruptFileError } from '../../src/log/errors.ts'
import { ProducerEntry } from '../../src/log/producer-entry.ts'
import { parseProducerSnapshot, serializeProducerSnapshot } from '../../src/log/producer-snapshot.ts'

function entry(): ProducerEntry {
  const made = new ProducerEntry(0x1122n)
  made.addBatch(3, { lastSequence: 41, lastOffset: 99, offsetDelta: 9, timestamp: 1_700_000_000_000 })
  made.coordinatorEpoch = 7
  made.transactionFirstOffset = 90
  return made
}

describe('producer snapshots', () => {
  it('are Kafka’s bytes', () => {
    const bytes = serializeProducerSnapshot([entry()])
    expect(bytes.subarray(0, 2).toString('hex')).toBe('0001')
    expect(bytes.subarray(6).toString('hex')).toBe(
      [
        '00000001', // one producer
        '0000000000001122',
        '0003', // epoch
        '00000029', // last sequence
        '0000000000000063', // last offset
        '00000009', // offset delta
        '0000018bcfe56800', // timestamp
        '00000007', // coordinator epoch
        '000000000000005a', // first offset of the open transaction
      ].join(''),
    )
  })

  it('come back as they were', () => {
    const idle = new ProducerEntry(5n)
    idle.producerEpoch = 2
    const [first, second] = parseProducerSnapshot(serializeProducerSnapshot([entry(), idle]))
    expect(first).toEqual(entry())
    expect(second).toEqual(idle)
    expect(parseProducerSnapshot(serializeProducerSnapshot([]))).toEqual([])
  })

  it('keep only the last batch of a producer', () => {
    const busy = entry()
    busy.addBatch(3, { lastSequence: 51, lastOffset: 109, offsetDelta: 9, timestamp: 5 })
    const [read] = parseProducerSnapshot(serializeProducerSnapshot([busy]))
    expect(read!.batches).toEqual([busy.batches[1]])
  })

  it('are refused with any byte changed, cut short, or of another version', () => {
    const good = serializeProducerSnapshot([entry()])
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad.writeUInt8(bad.readUInt8(at) ^ 0x10, at)
      expect(() => parseProducerSnapshot(bad)).toThrow(CorruptFileError)
    }
    for (let length = 0; length < good.length; length++) {
      expect(() => parseProducerSnapshot(good.subarray(0, length))).toThrow(CorruptFileError)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { readTransactionMarker } from '../../src/log/control-record.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { encodeControlBatch, encodeEndTxnMarker } from '../../src/protocol/records/control-record.ts'
import { batchOf, markerOf, START_MS } from './support.ts'

describe('readTransactionMarker', () => {
  it('reads a marker, wherever it lies in the buffer', () => {
    const marker = markerOf({ producerId: 1n, producerEpoch: 0, commit: false, coordinatorEpoch: 9 })
    const records = Buffer.concat([batchOf(), marker])
    const expected = { commit: false, coordinatorEpoch: 9, timestamp: START_MS }
    expect(readTransactionMarker(records, records.length - marker.length)).toEqual(expected)
  })

  it('reads what the protocol floor writes', () => {
    const options = { coordinatorEpoch: 3, producerId: 1n, producerEpoch: 2, timestamp: 12_345 }
    for (const commit of [true, false]) {
      const marker = readTransactionMarker(encodeEndTxnMarker({ ...options, commit }), 0)
      expect(marker).toEqual({ commit, coordinatorEpoch: 3, timestamp: 12_345 })
    }
  })

  it('is refused when its record is none', () => {
    const plain = batchOf({ control: true, transactional: true, producerId: 1n, producerEpoch: 0 })
    expect(() => readTransactionMarker(plain, 0)).toThrow(KafkaError)
    const torn = batchOf({ control: true, transactional: true, body: Buffer.from([9, 9]) })
    expect(() => readTransactionMarker(torn, 0)).toThrow(KafkaError)
  })

  it('is null for a batch that compaction emptied, and for other control records', () => {
    const marker = markerOf({ producerId: 1n, producerEpoch: 0, commit: true, body: Buffer.alloc(0), recordCount: 0 })
    marker.writeInt32BE(0, 57)
    expect(readTransactionMarker(batchOf({ records: [], recordCount: 0 }), 0)).toBeNull()
    const body = { version: 0, leaderId: 1, voters: [], grantingVoters: [] }
    expect(readTransactionMarker(encodeControlBatch([{ type: 'leaderChange', body }], 1), 0)).toBeNull()
  })
})

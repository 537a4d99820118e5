/** End-transaction markers (KIP-98): the one kind of control record a log has to understand. */
import { ProtocolError } from '../base/errors.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { type ControlRecord, decodeControlRecord } from '../protocol/records/control-record.ts'
import { forEachRecord } from '../protocol/records/record.ts'
import type { RecordCursor } from '../protocol/records/record-cursor.ts'
import type { TransactionMarker } from './producer-entry.ts'

/**
 * The marker in the control batch at `at`; null when compaction has emptied the batch or it is of another kind. Throws
 * KafkaError INVALID_RECORD or CORRUPT_MESSAGE when it is no control record at all.
 */
export function readTransactionMarker(records: Buffer, at: number): TransactionMarker | null {
  let marker: TransactionMarker | null = null
  forEachRecord(records, at, (record, _offset, timestamp) => {
    const control = decode(record)
    if (control?.type === 'commit' || control?.type === 'abort') {
      const { coordinatorEpoch } = control.body
      marker = { commit: control.type === 'commit', coordinatorEpoch, timestamp }
    }
    return false
  })
  return marker
}

function decode(record: RecordCursor): ControlRecord | null {
  try {
    return decodeControlRecord(record.key(), record.value())
  } catch (error) {
    if (error instanceof ProtocolError) throw new KafkaError('INVALID_RECORD', error.message)
    throw error
  }
}

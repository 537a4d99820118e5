/** End-transaction markers (KIP-98): the one kind of control record a log has to understand. */
import { decodeControlRecord } from '../protocol/records/control-record.ts'
import { forEachRecord } from '../protocol/records/record.ts'
import type { TransactionMarker } from './producer-entry.ts'

/** The marker in the control batch at `at`; null when compaction has emptied the batch or it is of another kind. */
export function readTransactionMarker(records: Buffer, at: number): TransactionMarker | null {
  let marker: TransactionMarker | null = null
  forEachRecord(records, at, (record, _offset, timestamp) => {
    const control = decodeControlRecord(record.key(), record.value())
    if (control?.type === 'commit' || control?.type === 'abort') {
      const { coordinatorEpoch } = control.body
      marker = { commit: control.type === 'commit', coordinatorEpoch, timestamp }
    }
    return false
  })
  return marker
}

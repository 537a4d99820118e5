/**
 * Fields of the binary files beside a log, in the names Kafka has for them. The readers and writers of these files take
 * their byte positions from here, and so does who shows the bytes by name.
 */
import { bytePositions } from '../protocol/layout.ts'
import { array, type Fields, int16, int32, int64, type Schema, uint32 } from '../protocol/schema.ts'

const offsetIndexFields = { relativeOffset: int32(), position: int32() } satisfies Fields
const timeIndexFields = { timestamp: int64(), relativeOffset: int32() } satisfies Fields
const abortedTransactionFields = {
  version: int16(),
  producerId: int64(),
  firstOffset: int64(),
  lastOffset: int64(),
  lastStableOffset: int64(),
} satisfies Fields
const snapshotHeadFields = { version: int16(), crc: uint32() } satisfies Fields
const producerEntryFields = {
  producerId: int64(),
  epoch: int16(),
  lastSequence: int32(),
  lastOffset: int64(),
  offsetDelta: int32(),
  timestamp: int64(),
  coordinatorEpoch: int32(),
  currentTxnFirstOffset: int64(),
} satisfies Fields

const fixed = <F extends Fields>(name: string, fields: F) =>
  ({ name, validVersions: '0+', flexibleVersions: 'none', fields }) satisfies Schema<F>

/** An entry of `.index`. */
export const offsetIndexEntry = fixed('OffsetIndexEntry', offsetIndexFields)
/** An entry of `.timeindex`. */
export const timeIndexEntry = fixed('TimeIndexEntry', timeIndexFields)
/** An entry of `.txnindex`. */
export const abortedTxn = fixed('AbortedTxn', abortedTransactionFields)
/** A whole `.snapshot`. */
export const producerSnapshot = fixed('ProducerSnapshot', {
  ...snapshotHeadFields,
  producerEntries: array(producerEntryFields),
})

export const OFFSET_INDEX_AT = bytePositions(offsetIndexFields)
export const TIME_INDEX_AT = bytePositions(timeIndexFields)
export const ABORTED_TXN_AT = bytePositions(abortedTransactionFields)
/** What precedes the count of entries; the checksum covers what follows it, the count included. */
export const SNAPSHOT_HEAD_AT = bytePositions(snapshotHeadFields)
export const PRODUCER_ENTRY_AT = bytePositions(producerEntryFields)

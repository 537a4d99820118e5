/** Records of the coordinators' topics as JSON, without a line break between them: as Kafka's formatters print them. */
import { ProtocolError } from '../../base/errors.ts'
import {
  type CoordinatorRecordTypes,
  GROUP_RECORD_TYPES,
  SHARE_RECORD_TYPES,
  TRANSACTION_RECORD_TYPES,
} from '../../protocol/coordinator/index.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { coordinatorRecordJson, UnknownRecordType } from '../coordinator-records.ts'
import { FormatError, type MessageFormatter } from './formatter.ts'

function coordinatorFormatter(types: CoordinatorRecordTypes, isShown: (type: number) => boolean): MessageFormatter {
  return {
    write(record, _place, offset, _timestamp, out) {
      const text = recordText(record, types, isShown, offset)
      if (text !== null) out.text(text)
    },
  }
}

/** null: another kind of record, which the formatter steps over. */
function recordText(
  record: RecordCursor,
  types: CoordinatorRecordTypes,
  isShown: (type: number) => boolean,
  offset: number,
): string | null {
  const key = record.key()
  if (key === null) return null
  try {
    const { type, key: keyJson, value } = coordinatorRecordJson(types, key, record.value())
    if (!isShown(type)) return null
    const valueText = value === null ? 'null' : `{"version":${value.version},"data":${value.json}}`
    return `{"key":{"type":${type},"data":${keyJson}},"value":${valueText}}`
  } catch (error) {
    if (error instanceof UnknownRecordType) return null
    if (!(error instanceof ProtocolError)) throw error
    const text = `Could not read record at offset ${offset} due to: ${error.message}`
    throw new FormatError(text, 'java.lang.RuntimeException')
  }
}

const anyOf = (types: readonly number[]): ((type: number) => boolean) => {
  const shown = new Set(types)
  return (type) => shown.has(type)
}

/** Committed offsets in `__consumer_offsets`. */
export const offsetsFormatter = coordinatorFormatter(GROUP_RECORD_TYPES, anyOf([0, 1]))
/** Classic groups in `__consumer_offsets`. */
export const groupMetadataFormatter = coordinatorFormatter(GROUP_RECORD_TYPES, anyOf([2]))
/** Share groups in `__consumer_offsets` (KIP-932). */
export const shareGroupFormatter = coordinatorFormatter(GROUP_RECORD_TYPES, anyOf([10, 11, 12, 13, 14, 15]))
/** `__transaction_state` */
export const transactionLogFormatter = coordinatorFormatter(TRANSACTION_RECORD_TYPES, () => true)
/** `__share_group_state` */
export const shareGroupStateFormatter = coordinatorFormatter(SHARE_RECORD_TYPES, () => true)

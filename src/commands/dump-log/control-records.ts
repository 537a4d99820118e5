import {
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from '../../protocol/control/control-records.ts'
import { toJson } from '../../protocol/json.ts'
import { type ControlRecordName, decodeControlRecord } from '../../protocol/records/control-record.ts'
import type { Schema, SchemaValue } from '../../protocol/schema.ts'

const QUORUM_RECORDS: Partial<Record<ControlRecordName, { label: string; schema: Schema }>> = {
  leaderChange: { label: 'LeaderChange:', schema: leaderChangeMessage },
  snapshotHeader: { label: 'SnapshotHeader', schema: snapshotHeaderRecord },
  snapshotFooter: { label: 'SnapshotFooter', schema: snapshotFooterRecord },
  kRaftVersion: { label: 'KRaftVersion', schema: kRaftVersionRecord },
  kRaftVoters: { label: 'KRaftVoters', schema: votersRecord },
}

/** A control record in words: a transaction marker, or a message of the metadata quorum as JSON. */
export function controlRecordText(key: Buffer | null, value: Buffer | null): string {
  const record = decodeControlRecord(key, value)
  if (record === null) return `controlType: UNKNOWN(${key!.readInt16BE(2)})`
  if (record.type === 'abort' || record.type === 'commit') {
    return `endTxnMarker: ${record.type.toUpperCase()} coordinatorEpoch: ${record.body.coordinatorEpoch}`
  }
  const { label, schema } = QUORUM_RECORDS[record.type]!
  return `${label} ${toJson(schema, record.body as SchemaValue<Schema>, record.body.version)}`
}

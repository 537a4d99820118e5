/** Values of control records (KIP-98, KIP-595, KIP-630, KIP-853). */
import {
  array,
  type Fields,
  int16,
  int32,
  int64,
  type Schema,
  type SchemaInput,
  type SchemaValue,
  string,
  struct,
  uint16,
  uuid,
} from '../schema.ts'

const voterFields = { voterId: int32(), voterDirectoryId: uuid('1+') } satisfies Fields
export const leaderChangeMessage = {
  name: 'LeaderChangeMessage',
  validVersions: '0-1',
  flexibleVersions: '0+',
  fields: { version: int16(), leaderId: int32(), voters: array(voterFields), grantingVoters: array(voterFields) },
} as const satisfies Schema
export type LeaderChangeMessage = SchemaValue<typeof leaderChangeMessage>
export type LeaderChangeMessageInput = SchemaInput<typeof leaderChangeMessage>

export const snapshotHeaderRecord = {
  name: 'SnapshotHeaderRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { version: int16(), lastContainedLogTimestamp: int64() },
} as const satisfies Schema
export type SnapshotHeaderRecord = SchemaValue<typeof snapshotHeaderRecord>
export type SnapshotHeaderRecordInput = SchemaInput<typeof snapshotHeaderRecord>

export const snapshotFooterRecord = {
  name: 'SnapshotFooterRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { version: int16() },
} as const satisfies Schema
export type SnapshotFooterRecord = SchemaValue<typeof snapshotFooterRecord>
export type SnapshotFooterRecordInput = SchemaInput<typeof snapshotFooterRecord>

export const kRaftVersionRecord = {
  name: 'KRaftVersionRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: { version: int16(), kRaftVersion: int16() },
} as const satisfies Schema
export type KRaftVersionRecord = SchemaValue<typeof kRaftVersionRecord>
export type KRaftVersionRecordInput = SchemaInput<typeof kRaftVersionRecord>

export const votersRecord = {
  name: 'VotersRecord',
  validVersions: '0',
  flexibleVersions: '0+',
  fields: {
    version: int16(),
    voters: array({
      voterId: int32(),
      voterDirectoryId: uuid(),
      endpoints: array({ name: string(), host: string(), port: uint16() }),
      kRaftVersionFeature: struct({ minSupportedVersion: int16(), maxSupportedVersion: int16() }),
    }),
  },
} as const satisfies Schema
export type VotersRecord = SchemaValue<typeof votersRecord>
export type VotersRecordInput = SchemaInput<typeof votersRecord>

export const endTxnMarker = {
  name: 'EndTxnMarker',
  validVersions: '0',
  flexibleVersions: 'none',
  fields: { coordinatorEpoch: int32() },
} as const satisfies Schema
export type EndTxnMarker = SchemaValue<typeof endTxnMarker>
export type EndTxnMarkerInput = SchemaInput<typeof endTxnMarker>

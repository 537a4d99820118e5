/**
 * Control records: the markers that end transactions (KIP-98) and those of the metadata quorum (KIP-595, KIP-630,
 * KIP-853). Key: version and type. Value: a message that begins with its version.
 */
import { Reader, Writer } from '../../base/bytes.ts'
import { ProtocolError } from '../../base/errors.ts'
import { decode, encode } from '../codec.ts'
import {
  endTxnMarker,
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from '../control/control-records.ts'
import { parseVersions, type Schema, type SchemaInput, type SchemaValue } from '../schema.ts'
import { BatchBuilder, type BatchOptions } from './batch-builder.ts'

/** Names as Kafka's tools print them, lower camel case. */
export const CONTROL_RECORD_TYPE = {
  abort: 0,
  commit: 1,
  leaderChange: 2,
  snapshotHeader: 3,
  snapshotFooter: 4,
  kRaftVersion: 5,
  kRaftVoters: 6,
} as const
export type ControlRecordName = keyof typeof CONTROL_RECORD_TYPE

const NAMES = Object.keys(CONTROL_RECORD_TYPE) as ControlRecordName[]

const SCHEMAS = {
  abort: endTxnMarker,
  commit: endTxnMarker,
  leaderChange: leaderChangeMessage,
  snapshotHeader: snapshotHeaderRecord,
  snapshotFooter: snapshotFooterRecord,
  kRaftVersion: kRaftVersionRecord,
  kRaftVoters: votersRecord,
} as const satisfies Record<ControlRecordName, Schema>

/** A decoded control record, told apart by `type`. */
export type ControlRecord = {
  [N in ControlRecordName]: { readonly type: N; readonly body: SchemaValue<(typeof SCHEMAS)[N]> }
}[ControlRecordName]
export type ControlRecordInput = {
  [N in ControlRecordName]: { readonly type: N; readonly body: SchemaInput<(typeof SCHEMAS)[N]> }
}[ControlRecordName]

/** The message in a control record's value. Markers are preceded by their version, the others begin with it. */
export function controlRecordSchema(type: ControlRecordName): { schema: Schema; versionIsApart: boolean } {
  return { schema: SCHEMAS[type], versionIsApart: isMarker(type) }
}

const KEY_VERSION = 0
const KEY_BYTES = 4

/** Key of a control record. */
export function controlRecordKey(type: ControlRecordName): Buffer {
  const key = Buffer.alloc(KEY_BYTES)
  key.writeInt16BE(KEY_VERSION, 0)
  key.writeInt16BE(CONTROL_RECORD_TYPE[type], 2)
  return key
}

/** Type of a control record, null for one we do not know, which readers step over. Throws ProtocolError. */
export function controlRecordType(key: Buffer | null): ControlRecordName | null {
  if (key === null || key.length < KEY_BYTES) throw new ProtocolError('a control record whose key is no control key')
  const version = key.readInt16BE(0)
  if (version < 0) throw new ProtocolError(`Invalid version found for control record: ${version}`)
  return NAMES[key.readInt16BE(2)] ?? null
}

/**
 * Value of a control record. Markers are prefixed with their version; the quorum's messages carry it as their first
 * field, which names the version they are written in.
 */
export function controlRecordValue({ type, body }: ControlRecordInput): Buffer {
  const schema: Schema = SCHEMAS[type]
  const { version = 0 } = body as { version?: number }
  const writer = new Writer()
  if (isMarker(type)) writer.int16(version)
  encode(schema, version, body as SchemaInput<Schema>, writer)
  return writer.toBuffer()
}

function isMarker(type: ControlRecordName): boolean {
  return type === 'abort' || type === 'commit'
}

/** A control record's content; null for a type we do not know. A later version is read as the latest we know. */
export function decodeControlRecord(key: Buffer | null, value: Buffer | null): ControlRecord | null {
  const type = controlRecordType(key)
  if (type === null) return null
  if (value === null) throw new ProtocolError(`a ${type} record without a value`)
  const schema: Schema = SCHEMAS[type]
  const reader = new Reader(value)
  const version = Math.min(reader.int16(), parseVersions(schema.validVersions).max)
  if (!isMarker(type)) reader.position = 0
  return { type, body: decode(schema, version, reader) } as ControlRecord
}

export interface EndTxnMarkerOptions {
  readonly commit: boolean
  readonly coordinatorEpoch: number
  readonly producerId: bigint
  readonly producerEpoch: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly partitionLeaderEpoch?: number
}

/** The batch that ends a transaction on a partition. */
export function encodeEndTxnMarker(options: EndTxnMarkerOptions): Buffer {
  const { commit, coordinatorEpoch, timestamp, producerId, producerEpoch, partitionLeaderEpoch } = options
  const record: ControlRecordInput = { type: commit ? 'commit' : 'abort', body: { coordinatorEpoch } }
  return encodeControlBatch([record], timestamp, {
    producerId,
    producerEpoch,
    partitionLeaderEpoch,
    transactional: true,
  })
}

/** A control batch of one or more records, all at `timestamp` (ms). */
export function encodeControlBatch(
  records: readonly ControlRecordInput[],
  timestamp: number,
  options: BatchOptions = {},
): Buffer {
  const builder = new BatchBuilder(512)
  for (const record of records) builder.append(timestamp, controlRecordKey(record.type), controlRecordValue(record))
  return builder.build({ ...options, control: true })
}

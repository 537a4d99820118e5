/**
 * Metadata records as bytes (KIP-631): frame version 1, type and version as unsigned varints, then the record's body.
 * Versions are those Apache Kafka writes at metadata.version 4.3-IV0.
 */
import { Reader, Writer } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { decode, encode } from '../protocol/codec.ts'
import {
  METADATA_RECORDS,
  METADATA_RECORDS_BY_TYPE,
  type MetadataRecord,
  type MetadataRecordInput,
  type MetadataRecordName,
} from '../protocol/metadata/index.ts'
import { includesVersion } from '../protocol/schema.ts'

const FRAME_VERSION = 1
/** Most records fit; the writer grows for those that do not. */
const TYPICAL_RECORD_BYTES = 256

/** Records whose newest version is written; all others are written at version 0. */
const WRITTEN_VERSIONS: Partial<Record<MetadataRecordName, number>> = {
  registerBrokerRecord: 4,
  partitionRecord: 2,
  partitionChangeRecord: 2,
}

/** The lowest version that holds what the change says, as Kafka's controller chooses it. */
function registrationChangeVersion(
  body: Extract<MetadataRecordInput, { record: 'brokerRegistrationChangeRecord' }>['body'],
): number {
  if (body.cordonedLogDirs != null) return 3
  if (body.logDirs !== undefined && body.logDirs.length > 0) return 2
  return body.inControlledShutdown !== undefined && body.inControlledShutdown !== 0 ? 1 : 0
}

/** The version in which a record is written. */
export function recordVersion(record: MetadataRecordInput): number {
  if (record.record === 'brokerRegistrationChangeRecord') return registrationChangeVersion(record.body)
  return WRITTEN_VERSIONS[record.record] ?? 0
}

export function encodeMetadataRecord(record: MetadataRecordInput): Buffer {
  const schema = METADATA_RECORDS[record.record]
  const version = recordVersion(record)
  const writer = new Writer(TYPICAL_RECORD_BYTES)
  writer.uvarint(FRAME_VERSION)
  writer.uvarint(schema.type)
  writer.uvarint(version)
  encode(schema, version, record.body as never, writer)
  return writer.toBuffer()
}

/** Throws `ProtocolError` for a record that this version of the software cannot read. */
export function decodeMetadataRecord(value: Buffer): MetadataRecord {
  const reader = new Reader(value)
  const frameVersion = reader.uvarint()
  if (frameVersion !== FRAME_VERSION) throw new ProtocolError(`metadata record with frame version ${frameVersion}`)
  const type = reader.uvarint()
  const version = reader.uvarint()
  const record = METADATA_RECORDS_BY_TYPE.get(type)
  if (record === undefined) throw new ProtocolError(`metadata record of unknown type ${type}`)
  const schema = METADATA_RECORDS[record]
  if (!includesVersion(schema.validVersions, version)) {
    throw new ProtocolError(`${schema.name} in unknown version ${version}`)
  }
  const body = decode(schema, version, reader)
  if (reader.remaining > 0) throw new ProtocolError(`${reader.remaining} bytes after a ${schema.name}`)
  return { record, body } as MetadataRecord
}

/**
 * Records of `__consumer_offsets`: built in the versions Kafka 4.3 writes, parsed in all versions it reads. The first
 * two bytes of a key are its record type, those of a value its version.
 */
import { Reader, Writer } from '../../base/bytes.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import { decode, encode } from '../../protocol/codec.ts'
import { legacyOffsetCommitKey, legacyOffsetCommitValue } from '../../protocol/coordinator/00-legacy-offset-commit.ts'
import { offsetCommitKey, offsetCommitValue } from '../../protocol/coordinator/01-offset-commit.ts'
import {
  type GroupMetadataValue,
  type GroupMetadataValueInput,
  groupMetadataKey,
  groupMetadataValue,
} from '../../protocol/coordinator/02-group-metadata.ts'
import type { Schema, SchemaInput } from '../../protocol/schema.ts'
import type { CoordinatorRecord } from '../types.ts'
import type { CommittedOffset } from './offsets.ts'

const TYPE = { legacyOffsetCommit: 0, offsetCommit: 1, groupMetadata: 2 } as const
const GROUP_METADATA_VERSION = 3
/** Version 4 carries the topic id (KIP-848); version 1 alone carries an expiry of the offset's own (OffsetCommit v2-4). */
const OFFSET_COMMIT_VERSION = 4
const OFFSET_COMMIT_VERSION_WITH_EXPIRY = 1

export interface OffsetKey {
  readonly group: string
  readonly topic: string
  readonly partition: number
}

/** A parsed record; a null value is a tombstone. `unknown`: of a kind this coordinator does not keep. */
export type GroupRecord =
  | { readonly kind: 'offset'; readonly key: OffsetKey; readonly value: CommittedOffset | null }
  | { readonly kind: 'group'; readonly groupId: string; readonly value: GroupMetadataValue | null }
  | { readonly kind: 'unknown'; readonly type: number }

function prefixed<S extends Schema>(prefix: number, schema: S, version: number, value: SchemaInput<S>): Buffer {
  const writer = new Writer(128)
  writer.int16(prefix)
  encode(schema, version, value, writer)
  return writer.toBuffer()
}

function offsetKeyBytes(key: OffsetKey): Buffer {
  return prefixed(TYPE.offsetCommit, offsetCommitKey, 0, key)
}

export function offsetCommitRecord(key: OffsetKey, offset: CommittedOffset): CoordinatorRecord {
  const expires = offset.expireTimestampMs !== null
  const version = expires ? OFFSET_COMMIT_VERSION_WITH_EXPIRY : OFFSET_COMMIT_VERSION
  const value = prefixed(version, offsetCommitValue, version, {
    offset: offset.committedOffset,
    leaderEpoch: offset.leaderEpoch,
    metadata: offset.metadata,
    commitTimestamp: BigInt(offset.commitTimestampMs),
    expireTimestamp: BigInt(offset.expireTimestampMs ?? -1),
    topicId: offset.topicId,
  })
  return { key: offsetKeyBytes(key), value }
}

export function offsetCommitTombstone(key: OffsetKey): CoordinatorRecord {
  return { key: offsetKeyBytes(key), value: null }
}

function groupKeyBytes(groupId: string): Buffer {
  return prefixed(TYPE.groupMetadata, groupMetadataKey, 0, { group: groupId })
}

export function groupMetadataRecord(groupId: string, value: GroupMetadataValueInput): CoordinatorRecord {
  return {
    key: groupKeyBytes(groupId),
    value: prefixed(GROUP_METADATA_VERSION, groupMetadataValue, GROUP_METADATA_VERSION, value),
  }
}

export function groupMetadataTombstone(groupId: string): CoordinatorRecord {
  return { key: groupKeyBytes(groupId), value: null }
}

/** Throws `ProtocolError` when the bytes do not hold what their type and version promise. */
export function parseRecord(record: CoordinatorRecord): GroupRecord {
  const key = new Reader(record.key)
  const type = key.int16()
  switch (type) {
    case TYPE.legacyOffsetCommit:
      return { kind: 'offset', key: decode(legacyOffsetCommitKey, 0, key), value: legacyOffset(record.value) }
    case TYPE.offsetCommit:
      return { kind: 'offset', key: decode(offsetCommitKey, 0, key), value: committedOffset(record.value) }
    case TYPE.groupMetadata:
      return { kind: 'group', groupId: decode(groupMetadataKey, 0, key).group, value: groupMetadata(record.value) }
    default:
      return { kind: 'unknown', type }
  }
}

function legacyOffset(bytes: Buffer | null): CommittedOffset | null {
  if (bytes === null) return null
  const reader = new Reader(bytes)
  const value = decode(legacyOffsetCommitValue, reader.int16(), reader)
  return {
    committedOffset: value.offset,
    leaderEpoch: -1,
    metadata: value.metadata,
    commitTimestampMs: Number(value.commitTimestamp),
    expireTimestampMs: null,
    topicId: ZERO_UUID,
  }
}

function committedOffset(bytes: Buffer | null): CommittedOffset | null {
  if (bytes === null) return null
  const reader = new Reader(bytes)
  const value = decode(offsetCommitValue, reader.int16(), reader)
  return {
    committedOffset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestampMs: Number(value.commitTimestamp),
    expireTimestampMs: value.expireTimestamp === -1n ? null : Number(value.expireTimestamp),
    topicId: value.topicId,
  }
}

/** Member bytes are slices of the record, which belongs to a batch that will go: copied. */
function groupMetadata(bytes: Buffer | null): GroupMetadataValue | null {
  if (bytes === null) return null
  const reader = new Reader(Buffer.from(bytes))
  return decode(groupMetadataValue, reader.int16(), reader)
}

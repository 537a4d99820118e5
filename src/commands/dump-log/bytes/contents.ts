/** What the keys and values of a log are made of: told by its options, by its directory's name, by its batches. */
import * as path from 'node:path'
import { Reader } from '../../../base/bytes.ts'
import { ProtocolError } from '../../../base/errors.ts'
import {
  type CoordinatorRecordTypes,
  GROUP_RECORD_TYPES,
  SHARE_RECORD_TYPES,
  TRANSACTION_RECORD_TYPES,
} from '../../../protocol/coordinator/index.ts'
import type { ByteRange } from '../../../protocol/interpret.ts'
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../protocol/messages/consumer-protocol.ts'
import { METADATA_RECORDS, METADATA_RECORDS_BY_TYPE } from '../../../protocol/metadata/index.ts'
import {
  CONTROL_RECORD_TYPE,
  controlRecordSchema,
  controlRecordType,
} from '../../../protocol/records/control-record.ts'
import { includesVersion, parseVersions, type Schema } from '../../../protocol/schema.ts'
import type { GivenDumpLog } from '../options.ts'
import { type FieldList, textOf, whyUnreadable } from './named-fields.ts'
import type { ContentNames } from './record-fields.ts'

/** Made anew for each record: how a value is read depends on its key. */
export type MakeContents = () => ContentNames

/** How the records of `file` are read, control records aside. */
export function contentsOf(file: string, given: GivenDumpLog): MakeContents {
  const topic = /^(.+)-\d+$/.exec(path.basename(path.dirname(path.resolve(file))))?.[1] ?? ''
  const is = (option: Parameters<GivenDumpLog['has']>[0], ...topics: string[]): boolean =>
    given.has(option) || topics.includes(topic)
  if (is('cluster-metadata-decoder', '__cluster_metadata') || file.endsWith('.checkpoint')) return metadataContents
  if (is('offsets-decoder', '__consumer_offsets')) return () => new CoordinatorContents(GROUP_RECORD_TYPES)
  if (is('transaction-log-decoder', '__transaction_state')) {
    return () => new CoordinatorContents(TRANSACTION_RECORD_TYPES)
  }
  if (is('share-group-state-decoder', '__share_group_state')) return () => new CoordinatorContents(SHARE_RECORD_TYPES)
  return () => PLAIN
}

function plain(name: string): (fields: FieldList, end: number) => void {
  return (fields, end) =>
    fields.add(name, 'bytes', end - fields.position, textOf(fields.bytes.subarray(fields.position, end)))
}

/** Whatever a producer wrote. */
const PLAIN: ContentNames = { key: plain('key'), value: plain('value') }

/** Names what `read` can; the rest up to `end` is told to be unreadable, with the reason. */
function attempt(fields: FieldList, name: string, end: number, read: () => void): void {
  try {
    read()
    if (fields.position < end) fields.unreadable(name, end, 'left over: no field of this version')
  } catch (error) {
    fields.unreadable(name, end, whyUnreadable(error))
  }
}

function int16(fields: FieldList, name: string, end: number, notes: (value: number) => string[]): number {
  const value = new Reader(fields.bytes, fields.position, end).int16()
  fields.add(name, 'int16', 2, value, notes(value))
  return value
}

/** A frame, which says what follows, and a record in it (KIP-500). */
const metadataContents: MakeContents = () => ({
  key: plain('key'),
  value: (fields, end) => attempt(fields, 'value', end, () => nameMetadataRecord(fields, end)),
})

function nameMetadataRecord(fields: FieldList, end: number): void {
  const uvarint = (name: string, notes: (value: number) => string[]): number => {
    const reader = new Reader(fields.bytes, fields.position, end)
    const value = reader.uvarint()
    fields.add(`value.${name}`, 'uvarint', reader.position - fields.position, value, notes(value))
    return value
  }
  uvarint('frameVersion', () => [])
  const type = uvarint('apiKey', (value) => [METADATA_RECORDS_BY_TYPE.get(value) ?? 'unknown'].map(recordName))
  const version = uvarint('version', () => [])
  const name = METADATA_RECORDS_BY_TYPE.get(type)
  if (name === undefined) throw new ProtocolError(`there is no metadata record ${type}`)
  fields.message(METADATA_RECORDS[name], version, end, { prefix: 'value.' })
}

const recordName = (name: string): string => name.replace(/^./, (first) => first.toUpperCase())

/** Records of the coordinators: both key and value begin with an int16, the type and the version. */
class CoordinatorContents implements ContentNames {
  readonly #types: CoordinatorRecordTypes
  #type = -1

  constructor(types: CoordinatorRecordTypes) {
    this.#types = types
  }

  key(fields: FieldList, end: number): void {
    attempt(fields, 'key', end, () => {
      this.#type = int16(fields, 'key.type', end, (type) => [this.#types.get(type)?.key.name ?? 'unknown'])
      const schemas = this.#types.get(this.#type)
      if (schemas === undefined) throw new ProtocolError(`there is no record of type ${this.#type} in this topic`)
      fields.message(schemas.key, 0, end, { prefix: 'key.' })
    })
  }

  value(fields: FieldList, end: number): void {
    attempt(fields, 'value', end, () => {
      const schemas = this.#types.get(this.#type)
      if (schemas === undefined) throw new ProtocolError('its key does not say what it is')
      const version = int16(fields, 'value.version', end, () => [schemas.value.name])
      const nested = (range: ByteRange): boolean => nameConsumerProtocol(fields, range)
      fields.message(schemas.value, version, end, { prefix: 'value.', nested })
    })
  }
}

/** Members of a classic group carry bytes of their own, those of the consumer protocol mostly. */
function nameConsumerProtocol(fields: FieldList, { path: name, type, start, end }: ByteRange): boolean {
  const match = /^members\[\d+\]\.(subscription|assignment)$/.exec(name)
  if (match === null || type !== 'bytes' || end - start < 2) return false
  const schema: Schema = match[1] === 'subscription' ? consumerProtocolSubscription : consumerProtocolAssignment
  const prefix = `value.${name}.`
  attempt(fields, `value.${name}`, end, () => {
    const version = int16(fields, `${prefix}version`, end, () => [schema.name])
    // A newer member's fields follow those we know.
    const known = includesVersion(schema.validVersions, version) ? version : parseVersions(schema.validVersions).max
    fields.message(schema, known, end, { prefix })
  })
  return true
}

/** Markers of transactions and the quorum's own records. */
export class ControlContents implements ContentNames {
  #type: ReturnType<typeof controlRecordType> = null

  key(fields: FieldList, end: number): void {
    attempt(fields, 'key', end, () => {
      const bytes = fields.bytes.subarray(fields.position, end)
      this.#type = controlRecordType(bytes)
      int16(fields, 'key.version', end, () => [])
      int16(fields, 'key.type', end, () => [this.#type ?? `unknown: kt knows 0-${CONTROL_RECORD_TYPE.kRaftVoters}`])
    })
  }

  value(fields: FieldList, end: number): void {
    attempt(fields, 'value', end, () => {
      if (this.#type === null) throw new ProtocolError('its key does not say what it is')
      const { schema, versionIsApart } = controlRecordSchema(this.#type)
      const version = new Reader(fields.bytes, fields.position, end).int16()
      if (versionIsApart) int16(fields, 'value.version', end, () => [schema.name])
      fields.message(schema, Math.min(version, parseVersions(schema.validVersions).max), end, { prefix: 'value.' })
    })
  }
}

/** Keys and values of records as text, one decoder per option of the script. */
import { Reader } from '../../base/bytes.ts'
import { KtError, ProtocolError } from '../../base/errors.ts'
import { decode } from '../../protocol/codec.ts'
import { groupMetadataValue } from '../../protocol/coordinator/02-group-metadata.ts'
import {
  type CoordinatorRecordTypes,
  GROUP_RECORD_TYPES,
  SHARE_RECORD_TYPES,
  TRANSACTION_RECORD_TYPES,
} from '../../protocol/coordinator/index.ts'
import { fieldsToJson, objectToJson, quoteJson, toJson } from '../../protocol/json.ts'
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.ts'
import { METADATA_RECORDS, METADATA_RECORDS_BY_TYPE } from '../../protocol/metadata/index.ts'
import { includesVersion, type Schema, type SchemaValue } from '../../protocol/schema.ts'
import { bytesText } from '../console-consumer/deserializers.ts'
import { coordinatorRecordJson, UnknownRecordType, type ValueToJson } from '../coordinator-records.ts'
import { type GivenDumpLog, STRING_DECODER } from './options.ts'

/** What is printed of a record; null leaves the part out. */
export interface DecodedRecord {
  readonly key: string | null
  readonly value: string | null
}
/** Throws a KtError when the bytes are not what the person said they are. */
export type RecordDecoder = (key: Buffer | null, value: Buffer | null, offset: number) => DecodedRecord

/** The decoder that the options ask for; the first of them wins, as in the script. Throws a usage `KtError`. */
export function decoderOf(given: GivenDumpLog): RecordDecoder {
  if (given.has('offsets-decoder')) return coordinatorDecoder(GROUP_RECORD_TYPES, groupMetadataToJson)
  if (given.has('transaction-log-decoder')) return coordinatorDecoder(TRANSACTION_RECORD_TYPES)
  if (given.has('cluster-metadata-decoder')) return decodeClusterMetadata
  if (given.has('remote-log-metadata-decoder')) return decodeRemoteLogMetadata
  if (given.has('share-group-state-decoder')) return coordinatorDecoder(SHARE_RECORD_TYPES)
  const valueDecoder = classDecoder(given.value('value-decoder-class') ?? STRING_DECODER)
  const keyDecoder = classDecoder(given.value('key-decoder-class') ?? STRING_DECODER)
  return (key, value, offset) => ({
    key: key === null ? null : keyDecoder(key, `key of the record at offset ${offset}`),
    value: value === null ? null : valueDecoder(value, `value of the record at offset ${offset}`),
  })
}

type ClassDecoder = (data: Buffer, what: string) => string

function sized(size: number, name: string, read: (data: Buffer) => string): ClassDecoder {
  return (data, what) => {
    if (data.length >= size) return read(data)
    throw new KtError('usage', `The ${what} has ${data.length} bytes, ${name} reads ${size}`)
  }
}

const CLASS_DECODERS: Readonly<Record<string, ClassDecoder>> = {
  StringDecoder: (data) => data.toString('utf8'),
  // Java prints an array as its type and address; the bytes are what was meant.
  DefaultDecoder: (data) => bytesText(data),
  IntegerDecoder: sized(4, 'IntegerDecoder', (data) => String(data.readInt32BE())),
  LongDecoder: sized(8, 'LongDecoder', (data) => String(data.readBigInt64BE())),
}

function classDecoder(className: string): ClassDecoder {
  const name = className.replace(/^(org\.apache\.kafka\.tools\.api|kafka\.serializer)\./, '')
  const decoder = Object.hasOwn(CLASS_DECODERS, name) ? CLASS_DECODERS[name] : undefined
  if (decoder !== undefined) return decoder
  throw new KtError('usage', `Failed to load decoder class ${className}`, {
    facts: [`kt has ${Object.keys(CLASS_DECODERS).join(', ')} of org.apache.kafka.tools.api`],
  })
}

function coordinatorDecoder(types: CoordinatorRecordTypes, valueToJson?: ValueToJson): RecordDecoder {
  return (key, value, offset) => {
    if (key === null) {
      const text = `Failed to decode message at offset ${offset} using the specified decoder (message had a missing key)`
      throw new KtError('usage', text)
    }
    try {
      const record = coordinatorRecordJson(types, key, value, valueToJson)
      return {
        key: `{"type":"${record.type}","data":${record.key}}`,
        value: record.value === null ? '<DELETE>' : `{"version":"${record.value.version}","data":${record.value.json}}`,
      }
    } catch (error) {
      if (error instanceof UnknownRecordType) {
        return { key: `Unknown record type ${error.type} at offset ${offset}, skipping.`, value: null }
      }
      if (!(error instanceof ProtocolError)) throw error
      return { key: `Error at offset ${offset}, skipping. ${error.message}`, value: null }
    }
  }
}

/** Members of a classic group carry the consumer protocol's bytes: shown decoded. */
function groupMetadataToJson(schema: Schema, value: SchemaValue<Schema>, version: number): string | null {
  if (schema !== groupMetadataValue) return null
  const group = value as unknown as SchemaValue<typeof groupMetadataValue>
  if (group.protocolType !== 'consumer') return null
  const memberSchema: Schema = { ...groupMetadataValue, fields: groupMetadataValue.fields.members.element!.fields! }
  const members = group.members.map((member) => {
    const texts = fieldsToJson(memberSchema, member as unknown as SchemaValue<Schema>, version)
    replace(texts, 'subscription', consumerProtocolSubscription, member.subscription)
    replace(texts, 'assignment', consumerProtocolAssignment, member.assignment)
    return objectToJson(texts)
  })
  const texts = fieldsToJson(schema, value, version)
  texts.set('members', `[${members.join(',')}]`)
  return objectToJson(texts)
}

/** Bytes that are not the protocol's stay what they are. */
function replace(texts: Map<string, string>, name: string, schema: Schema, bytes: Buffer): void {
  try {
    const reader = new Reader(bytes)
    const version = reader.int16()
    // A newer member's fields follow those we know.
    const known = includesVersion(schema.validVersions, version) ? version : 3
    texts.set(name, toJson(schema, decode(schema, known, reader), known))
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
  }
}

const FRAME_VERSION = 1

/** Reads the frame of a metadata record (KIP-500). Throws ProtocolError in Kafka's words. */
function readFrame(reader: Reader): { type: number; version: number } {
  const frameVersion = readFramePart(reader, 'frame version')
  if (frameVersion !== FRAME_VERSION) {
    throw new ProtocolError(
      `Could not deserialize metadata record due to unknown frame version ${frameVersion}(only frame version ${FRAME_VERSION} is supported)`,
    )
  }
  return { type: readFramePart(reader, 'type'), version: readFramePart(reader, 'version') }
}

const MAX_INT16 = 32767

function readFramePart(reader: Reader, name: string): number {
  let value: number
  try {
    value = reader.uvarint()
  } catch (error) {
    throw new ProtocolError(`Error while reading ${name}`, { cause: error })
  }
  if (value > MAX_INT16) throw new ProtocolError(`Value for ${name} was too large.`)
  return value
}

function decodeClusterMetadata(_key: Buffer | null, value: Buffer | null, offset: number): DecodedRecord {
  try {
    return { key: null, value: metadataRecordJson(value ?? Buffer.alloc(0)) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { key: null, value: `Error at ${offset}, skipping. ${error.message}` }
  }
}

function metadataRecordJson(value: Buffer): string {
  const reader = new Reader(value)
  const { type, version } = readFrame(reader)
  const name = METADATA_RECORDS_BY_TYPE.get(type)
  if (name === undefined) throw new ProtocolError(`Unknown metadata id ${type}`)
  const schema: Schema = METADATA_RECORDS[name]
  if (!includesVersion(schema.validVersions, version)) {
    throw new ProtocolError(`Failed to deserialize record with type ${type}`)
  }
  const body = decode(schema, version, reader)
  if (reader.remaining > 0) throw new ProtocolError(`Found ${reader.remaining} byte(s) of garbage after ${type}`)
  return `{"type":${quoteJson(constantName(schema.name))},"version":${version},"data":${toJson(schema, body, version)}}`
}

/** `PartitionChangeRecord` -> `PARTITION_CHANGE_RECORD`. */
function constantName(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()
}

/** Tiered storage is not kt's yet: the frame is checked, the record in it is named, not shown. */
function decodeRemoteLogMetadata(_key: Buffer | null, value: Buffer | null, offset: number): DecodedRecord {
  try {
    const { type, version } = readFrame(new Reader(value ?? Buffer.alloc(0)))
    throw new ProtocolError(`kt does not read records of tiered storage (type ${type}, version ${version}).`)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { key: null, value: `Error at offset ${offset}, skipping. ${error.message}` }
  }
}

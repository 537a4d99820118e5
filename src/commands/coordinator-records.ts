/** Records of the coordinators' topics as JSON: shared by dump-log and the console consumer's formatters. */
import { Reader } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { decode } from '../protocol/codec.ts'
import type { CoordinatorRecordTypes } from '../protocol/coordinator/index.ts'
import { toJson } from '../protocol/json.ts'
import { includesVersion, type Schema, type SchemaValue } from '../protocol/schema.ts'

/** Prints a record's value in another way than its declaration says; null leaves it as it is. */
export type ValueToJson = (schema: Schema, value: SchemaValue<Schema>, version: number) => string | null

export interface CoordinatorRecordJson {
  readonly type: number
  readonly key: string
  /** null: a tombstone. */
  readonly value: { readonly version: number; readonly json: string } | null
}

/** A record type that this topic does not have: a newer cluster wrote it, or it is another topic. */
export class UnknownRecordType extends Error {
  override readonly name = 'UnknownRecordType'
  readonly type: number

  constructor(type: number) {
    super(`Unknown record type ${type}`)
    this.type = type
  }
}

/**
 * Decodes key and value; both begin with an int16, the record's type and the value's version. Throws
 * `UnknownRecordType`, and `ProtocolError` in Kafka's words for bytes that are not what they claim.
 */
export function coordinatorRecordJson(
  types: CoordinatorRecordTypes,
  key: Buffer,
  value: Buffer | null,
  valueToJson: ValueToJson = () => null,
): CoordinatorRecordJson {
  const keyReader = new Reader(key)
  const type = readVersion(keyReader, 'key')
  const schemas = types.get(type)
  if (schemas === undefined) throw new UnknownRecordType(type)
  // The key is always version 0: its number says the type.
  const keyJson = toJson(schemas.key, readMessage(schemas.key, 0, keyReader, type, 'key'), 0)
  if (value === null) return { type, key: keyJson, value: null }
  const valueReader = new Reader(value)
  const version = readVersion(valueReader, 'value')
  if (!includesVersion(schemas.value.validVersions, version)) {
    throw new ProtocolError(`Found an unknown record version ${version} for record type ${type}`)
  }
  const decoded = readMessage(schemas.value, version, valueReader, version, 'value')
  const json = valueToJson(schemas.value, decoded, version) ?? toJson(schemas.value, decoded, version)
  return { type, key: keyJson, value: { version, json } }
}

function readVersion(reader: Reader, name: string): number {
  if (reader.remaining < 2) throw new ProtocolError(`Could not read version from ${name}'s buffer.`)
  return reader.int16()
}

function readMessage(
  schema: Schema,
  version: number,
  reader: Reader,
  shown: number,
  name: string,
): SchemaValue<Schema> {
  try {
    return decode(schema, version, reader)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProtocolError(`Could not read record with version ${shown} from ${name}'s buffer due to: ${reason}.`)
  }
}

import { formatDocument, type Structure, type StructuredFormat } from '../../cli/format.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { type DecodedPart, exactText, type RecordFields, recordJson } from '../record-json.ts'
import type { ByteSink } from './byte-sink.ts'
import { type DeserializerOptions, deserializerOf } from './default-formatter.ts'
import type { Deserialize } from './deserializers.ts'
import type { MessageFormatter, RecordPlace } from './formatter.ts'

/**
 * Records as documents: one line each as JSON, one document each as YAML. Keys, values and headers are text; bytes that
 * are no UTF-8 come as base64 under `keyBase64` and `valueBase64` instead, what was decoded comes with them.
 */
export class StructuredFormatter implements MessageFormatter {
  readonly #format: StructuredFormat
  readonly #deserializeKey: Deserialize | null
  readonly #deserializeValue: Deserialize | null
  readonly #deserializeHeaders: Deserialize | null

  constructor(format: StructuredFormat, properties: ReadonlyMap<string, string>, options: DeserializerOptions = {}) {
    this.#format = format
    this.#deserializeKey = options.decodeKey ?? deserializerOf(properties, 'key.deserializer', options)
    this.#deserializeValue = options.decodeValue ?? deserializerOf(properties, 'value.deserializer', options)
    this.#deserializeHeaders = deserializerOf(properties, 'headers.deserializer', options)
  }

  write(record: RecordCursor, place: RecordPlace, offset: number, timestamp: number, out: ByteSink): void {
    const { topic, partition, timestampType } = place
    const key = record.key()
    const value = record.value()
    const fields = { topic, partition, offset, timestamp, timestampType, headers: record.headers(), key, value }
    out.text(this.#format === 'yaml' ? this.#yaml(fields) : this.#json(fields))
  }

  #json(fields: RecordFields): string {
    const headers = this.#deserializeHeaders
    const decoded = {
      key: decodedPart(fields.key, this.#deserializeKey),
      value: decodedPart(fields.value, this.#deserializeValue),
      headers: headers === null ? undefined : fields.headers.map(({ value }) => decodedPart(value, headers)),
    }
    return `${recordJson(fields, decoded)}\n`
  }

  #yaml(fields: RecordFields): string {
    const { key, value, headers, ...place } = fields
    return `---\n${formatDocument('yaml', 'Record', {
      ...place,
      headers: headers.map(({ key: name, keyBytes, value: data }) => ({
        ...(keyBytes === undefined ? { key: name } : textOf('key', keyBytes, null)),
        ...textOf('value', data, this.#deserializeHeaders),
      })),
      ...textOf('key', key, this.#deserializeKey),
      ...textOf('value', value, this.#deserializeValue),
    })}`
  }
}

function decodedPart(data: Buffer | null, deserialize: Deserialize | null): DecodedPart | undefined {
  if (data === null || deserialize === null) return undefined
  if (deserialize.json !== undefined) return { json: deserialize.json(data) }
  const printed = deserialize(data)
  return typeof printed === 'string' ? { json: JSON.stringify(printed) } : undefined
}

function textOf(
  name: 'key' | 'value',
  data: Buffer | null,
  deserialize: Deserialize | null,
): Record<string, Structure> {
  if (data === null) return { [name]: null }
  const printed = deserialize === null ? data : deserialize(data)
  const base64 = { [`${name}Base64`]: data.toString('base64') }
  if (typeof printed === 'string') return { [name]: printed, ...base64 }
  const text = exactText(printed)
  return text === null ? base64 : { [name]: text }
}

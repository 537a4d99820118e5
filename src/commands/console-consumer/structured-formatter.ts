import { FORMAT_VERSION, formatDocument, type Structure, type StructuredFormat } from '../../cli/format.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { ByteSink } from './byte-sink.ts'
import { type DeserializerOptions, deserializerOf } from './default-formatter.ts'
import type { Deserialize } from './deserializers.ts'
import type { MessageFormatter, RecordPlace } from './formatter.ts'

/**
 * Records as documents: one line each as JSON, one document each as YAML. Keys, values and headers are text; bytes that
 * are no UTF-8 come as base64 under `keyBase64` and `valueBase64` instead.
 */
export class StructuredFormatter implements MessageFormatter {
  readonly #format: StructuredFormat
  readonly #deserializeKey: Deserialize | null
  readonly #deserializeValue: Deserialize | null
  readonly #deserializeHeaders: Deserialize | null

  constructor(format: StructuredFormat, properties: ReadonlyMap<string, string>, options: DeserializerOptions = {}) {
    this.#format = format
    this.#deserializeKey = deserializerOf(properties, 'key.deserializer', options)
    this.#deserializeValue = deserializerOf(properties, 'value.deserializer', options)
    this.#deserializeHeaders = deserializerOf(properties, 'headers.deserializer', options)
  }

  write(record: RecordCursor, place: RecordPlace, offset: number, timestamp: number, out: ByteSink): void {
    const { topic, partition, timestampType } = place
    const headers = record
      .headers()
      .map(({ key, value }) => ({ key, ...textOf('value', value, this.#deserializeHeaders) }))
    const fields: Record<string, Structure> = {
      topic,
      partition,
      offset,
      timestamp,
      timestampType,
      headers,
      ...textOf('key', record.key(), this.#deserializeKey),
      ...textOf('value', record.value(), this.#deserializeValue),
    }
    if (this.#format === 'yaml') out.text(`---\n${formatDocument('yaml', 'Record', fields)}`)
    else out.text(`${JSON.stringify({ apiVersion: FORMAT_VERSION, kind: 'Record', ...fields })}\n`)
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(
  name: 'key' | 'value',
  data: Buffer | null,
  deserialize: Deserialize | null,
): Record<string, Structure> {
  if (data === null) return { [name]: null }
  const printed = deserialize === null ? data : deserialize(data)
  if (typeof printed === 'string') return { [name]: printed }
  try {
    return { [name]: UTF8.decode(printed) }
  } catch {
    return { [`${name}Base64`]: printed.toString('base64') }
  }
}

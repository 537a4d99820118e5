/** Compression codecs, loaded when the first batch needs them: an idle node holds none. */
import { loadAllCodecs, loadCodec } from '../protocol/records/compression.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  COMPRESSION,
  COMPRESSION_NAMES,
  type CompressionName,
  compressionOf,
} from '../protocol/records/record-batch.ts'

const ready = new Set<CompressionName>()

/** Codec of the first batch; `none` for what is no batch or names a codec nobody knows: the log refuses those. */
export function codecOf(records: Buffer): CompressionName {
  if (records.length < BATCH_HEADER_BYTES) return 'none'
  return COMPRESSION_NAMES[compressionOf(records.readInt16BE(AT.attributes))] ?? 'none'
}

/** Null when the codec can be used at once. */
export function ensureCodec(name: CompressionName): Promise<void> | null {
  if (ready.has(name)) return null
  return loadCodec(name).then(() => {
    ready.add(name)
  })
}

/** Null when all can be used at once. */
export function ensureAllCodecs(): Promise<void> | null {
  if (ready.size === COMPRESSION_NAMES.length) return null
  return loadAllCodecs().then(() => {
    for (const name of COMPRESSION_NAMES) ready.add(name)
  })
}

/** A topic's `compression.type`: what its log compresses with, if anything. */
export function ensureTopicCodec(compressionType: string): Promise<void> | null {
  return compressionType in COMPRESSION ? ensureCodec(compressionType as CompressionName) : null
}

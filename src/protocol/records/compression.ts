/**
 * The five compressions of record batches (protocol guide, "Record Batch"; KIP-110 for zstd, KIP-390 for levels). A codec
 * is loaded once, when a batch first needs it, and is synchronous from then on.
 */
import * as zlib from 'node:zlib'
import { KafkaError } from '../error-codes.ts'
import { inflateWithin } from './output.ts'
import { COMPRESSION, COMPRESSION_NAMES, type CompressionName } from './record-batch.ts'

export interface Codec {
  readonly name: CompressionName
  /** Kafka's number of it, as in a batch's attributes. */
  readonly id: number
  /** `level` in the codec's own scale (KIP-390); gzip and zstd heed it. */
  compress(input: Buffer, level?: number): Buffer
  /** Throws KafkaError: MESSAGE_TOO_LARGE when more than `maxBytes` come out, INVALID_RECORD when it is not this format. */
  decompress(input: Buffer, maxBytes: number): Buffer
}

/**
 * What one batch may hold when decompressed, unless the caller allows less: far more than `message.max.bytes` ever gives
 * with honest data, little enough that a crafted batch cannot take the process down.
 */
export const MAX_DECOMPRESSED_BYTES = 128 * 1024 * 1024

const LOADERS: Record<CompressionName, () => Promise<Codec>> = {
  none: async () => ({ name: 'none', id: COMPRESSION.none, compress: (input) => input, decompress: (input) => input }),
  gzip: async () => gzipCodec,
  snappy: async () => {
    const { snappyCompress, snappyDecompress } = await import('./snappy.ts')
    return { name: 'snappy', id: COMPRESSION.snappy, compress: snappyCompress, decompress: snappyDecompress }
  },
  lz4: async () => {
    const { lz4Compress, lz4Decompress } = await import('./lz4.ts')
    return { name: 'lz4', id: COMPRESSION.lz4, compress: lz4Compress, decompress: lz4Decompress }
  },
  zstd: async () => {
    const { zstdOfNode, zstdOfWasm } = await import('./zstd.ts')
    return { name: 'zstd', id: COMPRESSION.zstd, ...(zstdOfNode() ?? (await zstdOfWasm())) }
  },
}

const gzipCodec: Codec = {
  name: 'gzip',
  id: COMPRESSION.gzip,
  compress: (input, level = zlib.constants.Z_DEFAULT_COMPRESSION) => zlib.gzipSync(input, { level }),
  decompress(input, maxBytes) {
    return inflateWithin(maxBytes, 'gzip', (maxOutputLength) => zlib.gunzipSync(input, { maxOutputLength }))
  },
}

const loading = new Map<CompressionName, Promise<Codec>>()
const loaded = new Map<number, Codec>()

/** Loads a codec, once; later calls give the same one. */
export function loadCodec(name: CompressionName): Promise<Codec> {
  let promise = loading.get(name)
  if (promise === undefined) {
    promise = LOADERS[name]().then((codec) => {
      loaded.set(codec.id, codec)
      return codec
    })
    loading.set(name, promise)
  }
  return promise
}

/** Loads all five: for a broker at its start, whose log is synchronous. */
export async function loadAllCodecs(): Promise<void> {
  await Promise.all(COMPRESSION_NAMES.map((name) => loadCodec(name)))
}

/**
 * The codec of a batch's attributes, already loaded. Throws KafkaError UNSUPPORTED_COMPRESSION_TYPE for a number that
 * Kafka does not know, and a plain Error for a codec nobody loaded, which is a defect.
 */
export function loadedCodec(id: number): Codec {
  const codec = loaded.get(id)
  if (codec !== undefined) return codec
  const name = COMPRESSION_NAMES[id]
  if (name === undefined) throw new KafkaError('UNSUPPORTED_COMPRESSION_TYPE', `Unknown compression type id: ${id}`)
  throw new Error(`codec ${name} was not loaded`)
}

import { loadCodec } from '../../protocol/records/compression.ts'
import { COMPRESSION_NAMES, compressionOf } from '../../protocol/records/record-batch.ts'
import type { FileBatch } from './batch-file.ts'

/** Makes sure that the batch can be decompressed; an unknown compression is found when it is opened. */
export async function loadCodecOf(batch: FileBatch): Promise<void> {
  const name = COMPRESSION_NAMES[compressionOf(batch.header.attributes)]
  if (name !== undefined && name !== 'none') await loadCodec(name)
}

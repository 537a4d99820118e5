import { type Random, systemRandom } from './random.ts'

/** A Kafka Uuid: 16 bytes written as 22 characters of unpadded base64url. */
export type Uuid = string

export const ZERO_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA'
/** Topic id of `__cluster_metadata` (KIP-500). */
export const METADATA_TOPIC_ID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** A random version 4 uuid that does not start with '-' (Kafka avoids those: they look like an option). */
export function randomUuid(random: Random = systemRandom): Uuid {
  for (;;) {
    const bytes = random.bytes(16)
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    const text = bytes.toString('base64url')
    if (!text.startsWith('-')) return text
  }
}

export function uuidToBytes(uuid: Uuid): Buffer {
  const bytes = Buffer.from(uuid, 'base64url')
  if (bytes.length !== 16) throw new RangeError(`not a uuid: ${JSON.stringify(uuid)}`)
  return bytes
}

/** Which partition a key belongs in, as the clients that are about compute it. */
import { crc32 } from 'node:zlib'
import { murmur2 } from '../base/murmur2.ts'

/**
 * `murmur2`: Java, kt, and most others. `crc32`: librdkafka (kcat, confluent-kafka) unless configured otherwise
 * (`consistent_random`). `fnv1a`: Sarama's hash partitioner.
 */
export const KEY_PARTITIONERS = ['murmur2', 'crc32', 'fnv1a'] as const
export type KeyPartitioner = (typeof KEY_PARTITIONERS)[number]

/** The partition of a key, from 0 to `count` - 1. */
export function partitionOfKey(partitioner: KeyPartitioner, key: Uint8Array, count: number): number {
  switch (partitioner) {
    case 'murmur2':
      return (murmur2(key) & 0x7fffffff) % count
    case 'crc32':
      return crc32(key) % count
    case 'fnv1a':
      // Sarama takes the hash as int32 and the remainder's absolute value.
      return Math.abs(fnv1a(key) % count)
  }
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a of 32 bits, as int32. */
function fnv1a(bytes: Uint8Array): number {
  let hash = FNV_OFFSET | 0
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME)
  return hash
}

import { describe, expect, it } from 'vitest'
import { partitionForKey } from '../../src/base/murmur2.ts'
import { KEY_PARTITIONERS, partitionOfKey } from '../../src/commands/key-partition.ts'

const keys = ['', 'a', 'alice', 'bob', 'grün', 'a longer key than most'].map((text) => Buffer.from(text))

describe('partitionOfKey', () => {
  it('is what our producer does', () => {
    for (const key of keys) expect(partitionOfKey('murmur2', key, 7)).toBe(partitionForKey(key, 7))
  })

  it('hashes as librdkafka and Sarama do', () => {
    // CRC-32 of "123456789" is 0xcbf43926; FNV-1a of "a" is 0xe40c292c, of "foobar" 0xbf9cf968 (the papers' check values).
    expect(partitionOfKey('crc32', Buffer.from('123456789'), 1000)).toBe(0xcbf43926 % 1000)
    expect(partitionOfKey('fnv1a', Buffer.from('a'), 1000)).toBe(Math.abs((0xe40c292c | 0) % 1000))
    expect(partitionOfKey('fnv1a', Buffer.from('foobar'), 1000)).toBe(Math.abs((0xbf9cf968 | 0) % 1000))
  })

  it('stays within the partitions', () => {
    for (const partitioner of KEY_PARTITIONERS) {
      for (const key of keys) {
        expect(partitionOfKey(partitioner, key, 1)).toBe(0)
        const partition = partitionOfKey(partitioner, key, 12)
        expect(partition).toBeGreaterThanOrEqual(0)
        expect(partition).toBeLessThan(12)
      }
    }
  })
})

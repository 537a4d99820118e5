import { describe, expect, it } from 'vitest'
import { BufferPool } from '../../src/log/buffer-pool.ts'

describe('BufferPool', () => {
  it.each([
    [0, 4096],
    [1, 4096],
    [4096, 4096],
    [4097, 8192],
    [1_000_000, 1_048_576],
  ])('gives %i bytes out of %i', (asked, size) => {
    expect(new BufferPool().take(asked).length).toBe(size)
  })

  it('hands a buffer out again, to one at a time', () => {
    const pool = new BufferPool()
    const first = pool.take(5000)
    expect(pool.take(5000)).not.toBe(first)
    pool.give(first)
    expect(pool.idleBytes).toBe(8192)
    expect(pool.take(6000)).toBe(first)
    expect(pool.idleBytes).toBe(0)
  })

  it('keeps no more than its limit, and no huge buffers', () => {
    const pool = new BufferPool(10_000)
    for (let i = 0; i < 5; i++) pool.give(Buffer.alloc(4096))
    expect(pool.idleBytes).toBe(8192)
    const large = new BufferPool()
    large.give(Buffer.alloc(16 * 2 ** 20))
    expect(large.idleBytes).toBe(0)
    pool.clear()
    expect(pool.idleBytes).toBe(0)
  })
})

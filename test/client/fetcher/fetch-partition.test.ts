import { describe, expect, it } from 'vitest'
import { FetchPartition } from '../../../src/client/fetcher/fetch-partition.ts'

describe('a partition that is read', () => {
  it('knows its offset at once when it was given one', () => {
    const given = new FetchPartition('t', 0, { offset: 5 })
    expect(given).toMatchObject({ fetchOffset: 5, pending: null })
    for (const start of ['earliest', 'latest', { timestamp: 5 }] as const) {
      expect(new FetchPartition('t', 0, start)).toMatchObject({ fetchOffset: -1, pending: start })
    }
  })

  it('has reached the end when it passed what was the end at first', () => {
    const partition = new FetchPartition('t', 0, { offset: 5 })
    expect(partition.reachedEnd).toBe(false)
    partition.endOffset = 6
    expect(partition.reachedEnd).toBe(false)
    partition.seek(6)
    expect(partition.reachedEnd).toBe(true)
  })
})

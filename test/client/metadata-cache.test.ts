import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { MetadataCache } from '../../src/client/metadata-cache.ts'
import { decode, encodeToBuffer } from '../../src/protocol/codec.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import type { ResponseInput } from '../../src/protocol/schema.ts'

const ID = 'mmmmmmmmmmmmmmmmmmmmmg'
const OTHER_ID = 'nnnnnnnnnnnnnnnnnnnnng'

/** A response as it comes off the wire, every default filled in. */
const response = (input: ResponseInput<typeof metadata>) =>
  decode(metadata.response, 13, new Reader(encodeToBuffer(metadata.response, 13, input)))

const topic = (leaders: [number, number][], topicId = ID, errorCode = 0) => ({
  name: 't',
  topicId,
  errorCode,
  partitions: leaders.map(([leaderId, leaderEpoch], partitionIndex) => ({ partitionIndex, leaderId, leaderEpoch })),
})

describe('the metadata cache', () => {
  it('knows brokers, leaders and topic ids', () => {
    const cache = new MetadataCache()
    cache.update(
      response({
        clusterId: 'c',
        controllerId: 2,
        brokers: [{ nodeId: 2, host: 'h', port: 9, rack: 'r' }],
        topics: [topic([[2, 5]])],
      }),
    )
    expect(cache).toMatchObject({ clusterId: 'c', controllerId: 2 })
    expect(cache.broker(2)).toEqual({ id: 2, host: 'h', port: 9, rack: 'r' })
    expect(cache.leader('t', 0)).toBe(2)
    expect(cache.topicName(ID)).toBe('t')
  })

  it('says -1 for what it does not know', () => {
    const cache = new MetadataCache()
    expect(cache.leader('t', 0)).toBe(-1)
    cache.update(response({ topics: [topic([[1, 0]])] }))
    expect(cache.leader('t', 1)).toBe(-1)
    expect(cache.broker(1)).toBeUndefined()
  })

  it('forgets brokers that are gone', () => {
    const cache = new MetadataCache()
    cache.update(response({ brokers: [{ nodeId: 1, host: 'a', port: 1 }] }))
    cache.update(response({ brokers: [{ nodeId: 2, host: 'b', port: 2 }] }))
    expect(cache.brokers.map(({ id }) => id)).toEqual([2])
  })

  it('is not taken back to a deposed leader by a broker that lags behind', () => {
    const cache = new MetadataCache()
    cache.update(response({ topics: [topic([[2, 7]])] }))
    cache.update(response({ topics: [topic([[1, 6]])] }))
    expect(cache.leader('t', 0)).toBe(2)
    cache.update(response({ topics: [topic([[3, 8]])] }))
    expect(cache.leader('t', 0)).toBe(3)
  })

  it('begins anew when a topic was deleted and made again', () => {
    const cache = new MetadataCache()
    cache.update(response({ topics: [topic([[2, 7]])] }))
    cache.update(response({ topics: [topic([[1, 0]], OTHER_ID)] }))
    expect(cache.leader('t', 0)).toBe(1)
    expect(cache.topicName(ID)).toBeUndefined()
    expect(cache.topicName(OTHER_ID)).toBe('t')
  })

  it('drops a topic that the cluster no longer has', () => {
    const cache = new MetadataCache()
    cache.update(response({ topics: [topic([[2, 7]])] }))
    cache.update(response({ topics: [topic([], ZERO_UUID, 3)] }))
    expect(cache.topic('t')).toBeUndefined()
    expect(cache.topicName(ID)).toBeUndefined()
  })

  it('takes a newer leader that came with an answer, never an older one', () => {
    const cache = new MetadataCache()
    cache.update(response({ topics: [topic([[2, 7]])] }))
    expect(cache.learnLeader('t', 0, 3, 7)).toBe(false)
    expect(cache.learnLeader('t', 0, 3, 8)).toBe(true)
    expect(cache.leader('t', 0)).toBe(3)
    expect(cache.learnLeader('unknown', 0, 3, 8)).toBe(false)
  })

  it('asks nothing of the order or completeness of partitions', () => {
    const cache = new MetadataCache()
    const partitions = [{ partitionIndex: 2, leaderId: 1, leaderEpoch: 0 }]
    cache.update(response({ topics: [{ name: 't', topicId: ID, partitions }] }))
    expect(cache.topic('t')!.partitions).toHaveLength(3)
    expect([cache.leader('t', 0), cache.leader('t', 2)]).toEqual([-1, 1])
  })
})

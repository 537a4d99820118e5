import { describe, expect, it } from 'vitest'
import { Writer } from '../../../../src/base/bytes.ts'
import { subscribedTopics } from '../../../../src/coordinator/group/classic/subscription.ts'
import { encode } from '../../../../src/protocol/codec.ts'
import { consumerProtocolSubscription } from '../../../../src/protocol/messages/consumer-protocol.ts'
import { subscription } from '../../harness.ts'

describe('subscribedTopics', () => {
  it('reads the topics of every version, also of those to come', () => {
    for (const version of [0, 1, 2, 3]) {
      const writer = new Writer()
      writer.int16(version)
      encode(consumerProtocolSubscription, version, { topics: ['t', 'u'], userData: Buffer.from('x') }, writer)
      expect(subscribedTopics(writer.toBuffer())).toEqual(['t', 'u'])
    }
    const future = Buffer.concat([subscription('t'), Buffer.from('more')])
    future.writeInt16BE(99)
    expect(subscribedTopics(future)).toEqual(['t'])
  })

  it('knows what is no subscription', () => {
    expect(subscribedTopics(Buffer.alloc(0))).toBeNull()
    expect(subscribedTopics(Buffer.from('hello'))).toBeNull()
    const negative = subscription('t')
    negative.writeInt16BE(-1)
    expect(subscribedTopics(negative)).toBeNull()
    const lying = subscription('t')
    lying.writeInt32BE(2 ** 31 - 1, 2)
    expect(subscribedTopics(lying)).toBeNull()
  })
})

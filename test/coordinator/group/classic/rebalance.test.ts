import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../../src/protocol/error-codes.ts'
import { Harness, named } from '../../harness.ts'

describe('sessions', () => {
  it('are not enforced while a member waits for the others', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const { ids } = await harness.stable(1, { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 })
    const options = { sessionTimeoutMs: 6000, rebalanceTimeoutMs: 60_000 }
    const newcomer = await harness.joinWithId(options)
    for (let i = 0; i < 2; i++) {
      await harness.clock.advance(20_000)
      expect(await harness.heartbeat(ids[0]!, 1)).toBe('REBALANCE_IN_PROGRESS')
    }
    expect(newcomer.response).toBeUndefined()
    await harness.clock.advance(20_000)
    expect(newcomer.response).toMatchObject({ errorCode: 0, generationId: 2 })
  })

  it('start anew when the assignment arrives', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const [first, second] = [await harness.joinWithId(), await harness.joinWithId()]
    await harness.clock.advance(0)
    const leader = first.response!.memberId!
    const follower = second.response!.memberId!
    const waiting = harness.sync(follower, 1)
    await harness.clock.advance(9000)
    expect(await harness.heartbeat(leader, 1)).toBe('NONE')
    await harness.clock.advance(5000)
    await harness.sync(leader, 1, {}).promise
    expect(named(await waiting.promise)).toBe('NONE')
    await harness.clock.advance(4000)
    expect(await harness.heartbeat(leader, 1)).toBe('NONE')
    await harness.clock.advance(5999)
    expect(await harness.state()).toBe('Stable')
    await harness.clock.advance(1)
    expect(await harness.state()).toBe('PreparingRebalance')
    expect(await harness.heartbeat(follower, 1)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('of all members end in an empty group, which lasts', async () => {
    const harness = await Harness.started()
    await harness.stable(3)
    await harness.clock.advance(200_000)
    expect(await harness.state()).toBe('Empty')
    await harness.restart()
    expect(await harness.state()).toBe('Empty')
    expect((await harness.stable(1)).generation).toBe(3)
  })
})

describe('an empty generation that cannot be written', () => {
  it('is empty all the same, here', async () => {
    const harness = await Harness.started()
    const { ids } = await harness.stable(1)
    harness.log.nextAppendError = new KafkaError('NOT_ENOUGH_REPLICAS')
    expect(await harness.leave({ memberId: ids[0]! })).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    expect(await harness.state()).toBe('Empty')
  })
})

describe('a loaded group', () => {
  it('gives its members a whole session to come back', async () => {
    const harness = await Harness.started()
    const { ids, generation } = await harness.stable(2)
    await harness.restart()
    await harness.clock.advance(9000)
    expect(await harness.heartbeat(ids[0]!, generation)).toBe('NONE')
    await harness.clock.advance(1000)
    expect(await harness.heartbeat(ids[0]!, generation)).toBe('REBALANCE_IN_PROGRESS')
    expect(await harness.heartbeat(ids[1]!, generation)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('rebalances when it is larger than allowed now', async () => {
    const config = { groupMaxSize: 3 }
    const harness = await Harness.started(config)
    const { ids, generation } = await harness.stable(3)
    config.groupMaxSize = 2
    await harness.restart()
    expect(await harness.state()).toBe('PreparingRebalance')
    expect(await harness.heartbeat(ids[0]!, generation)).toBe('REBALANCE_IN_PROGRESS')
    const joins = ids.map((memberId) => harness.join({ memberId }))
    await harness.clock.advance(0)
    expect(joins.map(({ response }) => named(response))).toEqual(['waiting', 'waiting', 'GROUP_MAX_SIZE_REACHED'])
    await harness.clock.advance(60_000)
    expect(joins.map(({ response }) => named(response)).slice(0, 2)).toEqual(['NONE', 'NONE'])
  })
})

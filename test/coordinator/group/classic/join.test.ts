import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../../src/protocol/error-codes.ts'
import { context, GROUP, Harness, named, subscription } from '../../harness.ts'

describe('member ids', () => {
  it('begin with the client id, or the name of a static member', async () => {
    const harness = await Harness.started()
    const dynamic = await harness.join({ clientId: 'shop' }).promise
    expect(dynamic.memberId).toMatch(/^shop-[0-9a-f]{8}-/)
    const pending = harness.join({ instance: 'till-1', memberId: '' })
    await harness.clock.advance(60_000)
    expect((await pending.promise).memberId).toMatch(/^till-1-[0-9a-f]{8}-/)
  })

  it('that were given out expire with the session', async () => {
    const harness = await Harness.started()
    const { memberId } = await harness.join({ sessionTimeoutMs: 6000 }).promise
    await harness.clock.advance(6000)
    const late = await harness.join({ memberId }).promise
    expect(named(late)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('that were given out hold a rebalance up, until they expire', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const { ids } = await harness.stable(1, { sessionTimeoutMs: 30_000 })
    await harness.join({ sessionTimeoutMs: 6000 }).promise
    const leader = harness.join({ memberId: ids[0]!, sessionTimeoutMs: 30_000 })
    await harness.clock.advance(5999)
    expect(leader.response).toBeUndefined()
    await harness.clock.advance(1)
    expect(named(leader.response)).toBe('NONE')
  })

  it('cannot be turned into static members', async () => {
    const harness = await Harness.started()
    const { memberId } = await harness.join().promise
    expect(named(await harness.join({ memberId, instance: 'one' }).promise)).toBe('UNKNOWN_SERVER_ERROR')
  })

  it('that were given out are limited in number', async () => {
    const harness = await Harness.started()
    await harness.join().promise
    for (let i = 1; i < 10_000; i++) void harness.join()
    expect(named(await harness.join().promise)).toBe('GROUP_MAX_SIZE_REACHED')
    await harness.clock.advance(10_000)
    expect(named(await harness.join().promise)).toBe('MEMBER_ID_REQUIRED')
  })
})

describe('a new member', () => {
  it('is given up after five minutes without an answer', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const options = { sessionTimeoutMs: 1_000_000, rebalanceTimeoutMs: 1_000_000 }
    await harness.stable(1, options)
    const newcomer = await harness.joinWithId(options)
    await harness.clock.advance(5 * 60_000 - 1)
    expect(newcomer.response).toBeUndefined()
    await harness.clock.advance(1)
    expect(named(newcomer.response)).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('a group that could not be recorded', () => {
  it('is none, and its founder is told', async () => {
    const harness = await Harness.started()
    harness.log.nextAppendError = new KafkaError('NOT_ENOUGH_REPLICAS')
    const join = harness.join({ version: 3 })
    expect(named(await join.promise)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await harness.state()).toBe('Dead')
    await harness.clock.advance(600_000)
    expect(harness.log.records(harness.partition())).toEqual([])
    expect((await harness.stable(1)).generation).toBe(1)
  })
})

describe('a static member that comes back', () => {
  async function stableStatic(): Promise<{ harness: Harness; memberId: string }> {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const join = harness.join({ instance: 'one' })
    await harness.clock.advance(0)
    const memberId = join.response!.memberId!
    await harness.sync(memberId, 1, { [memberId]: 'mine' }, { groupInstanceId: 'one' }).promise
    return { harness, memberId }
  }

  it('is answered when its new id is committed', async () => {
    const { harness } = await stableStatic()
    harness.log.holdCommits = true
    const again = harness.join({ instance: 'one' })
    await harness.clock.advance(0)
    expect(again.response).toBeUndefined()
    harness.log.commit(harness.partition())
    expect(await again.promise).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true })
    await harness.restart()
    const { groups } = await harness.coordinator.describeGroups(
      { groups: [GROUP], includeAuthorizedOperations: false },
      context(6),
    )
    const kept = groups![0]!.members!.map(({ memberId, memberAssignment }) => [memberId, memberAssignment!.toString()])
    expect(kept).toEqual([[again.response!.memberId, 'mine']])
  })

  it('goes on as before when its new id could not be recorded', async () => {
    const { harness, memberId } = await stableStatic()
    harness.log.nextAppendError = new KafkaError('NOT_ENOUGH_REPLICAS')
    const again = await harness.join({ instance: 'one', protocols: { range: subscription('u'), more: subscription() } })
      .promise
    expect(named(again)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await harness.state()).toBe('Stable')
    expect(await harness.heartbeat(memberId, 1, 'one')).toBe('NONE')
    const sync = await harness.sync(memberId, 1, {}, { groupInstanceId: 'one' }).promise
    expect(sync.assignment!.toString()).toBe('mine')
  })

  it('starts a rebalance when it changes what the group would select', async () => {
    const { harness } = await stableStatic()
    const again = harness.join({ instance: 'one', protocols: { sticky: subscription('t'), range: subscription('t') } })
    expect(named(await again.promise)).toBe('NONE')
    expect(again.response).toMatchObject({ generationId: 2, protocolName: 'sticky' })
    expect(await harness.state()).toBe('CompletingRebalance')
  })

  it('is waited for past the rebalance timeout, until its session ends', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const timeouts = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 10_000 }
    const first = harness.join({ instance: 'one', ...timeouts })
    await harness.clock.advance(0)
    const one = first.response!.memberId!
    await harness.sync(one, 1, {}, { groupInstanceId: 'one' }).promise
    const second = harness.join({ instance: 'two', ...timeouts })
    await harness.clock.advance(10_000)
    expect(second.response).toMatchObject({ generationId: 2, leader: second.response!.memberId })
    expect(second.response!.members).toHaveLength(2)
    expect(await harness.heartbeat(one, 1, 'one')).toBe('ILLEGAL_GENERATION')
    await harness.sync(second.response!.memberId!, 2, {}, { groupInstanceId: 'two' }).promise
    expect(await harness.state()).toBe('Stable')
    await harness.clock.advance(20_000)
    expect(await harness.state()).not.toBe('Stable')
  })
})

describe('the timeline of a group', () => {
  it('has each step of a rebalance, in the words of the log', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const { ids } = await harness.stable(1)
    const steps = (): string[] =>
      harness.timeline
        .take()
        .flatMap((fact) =>
          fact.type === 'group'
            ? [`${fact.groupId} ${fact.state} ${fact.generation}: ${fact.step.replace(ids[0]!, 'A')}`]
            : [],
        )
    expect(steps()).toEqual([
      `${GROUP} Empty 0: new member A`,
      expect.stringMatching(/PreparingRebalance 0: preparing to rebalance: Adding new member A/),
      `${GROUP} CompletingRebalance 1: all 1 members have joined: generation 1, the leader assigns`,
      `${GROUP} CompletingRebalance 1: assignment received from leader A for 1 members`,
      `${GROUP} Stable 1: assignment stored, members get their partitions`,
    ])
    await harness.clock.advance(1_000_000)
    expect(steps()).toEqual([
      `${GROUP} Stable 1: member A has failed: no heartbeat within its session timeout`,
      expect.stringContaining(
        'PreparingRebalance 1: preparing to rebalance: removing member A on heartbeat expiration.',
      ),
      `${GROUP} Empty 2: now empty`,
    ])
  })
})

/** Schedules of a cluster that dice throw too rarely: late messages of the past, and changes of the ISR half way. */
import { beforeAll, describe, expect, it } from 'vitest'
import { loadAllCodecs } from '../../src/protocol/records/compression.ts'
import { Schedule } from './schedule.ts'
import type { SimNode } from './world/sim-node.ts'

const SLOW_MS = 120_000
/** The lag after which a follower does not count any more is over well before anybody is fenced. */
const SHORT_LAG = { 'replica.lag.time.max.ms': '700' }

beforeAll(loadAllCodecs)

/**
 * A follower that was away is back in service, as its leader knows, but the leader has not heard its fetches yet; from now
 * on the leader hears nothing of the controller, which hears the leader.
 */
async function backBehindACut(schedule: Schedule, leader: SimNode, follower: SimNode): Promise<void> {
  const { controller } = schedule
  // Twice: by the first return the leader has a connection for changes of the ISR, and needs to hear nothing to send one.
  follower.kill()
  await schedule.until('it left the ISR', () => !schedule.partition.isr.includes(follower.id))
  follower.start()
  await schedule.until('it is in the ISR again', () => schedule.partition.isr.includes(follower.id))
  follower.kill()
  await schedule.until('it is fenced', () => schedule.seenBy(leader)!.isFenced(follower))
  await schedule.write()
  schedule.cut(follower, leader)
  follower.start()
  await schedule.until('the leader knows that it is back', () => schedule.seenBy(leader)?.isFenced(follower) === false)
  schedule.cut(controller, leader)
}

describe('a cluster', () => {
  it('lets the high watermark wait for a newcomer whose leader has not heard that it was let in', {
    timeout: SLOW_MS,
  }, async () => {
    await Schedule.run(
      async (schedule) => {
        const { leader, followers } = schedule
        const [newcomer] = followers
        // Each writes seldom: some of them after the newcomer's lag is over, which is when the leader looks anew.
        for (let i = 0; i < 6; i++) schedule.produce(1_000)
        await backBehindACut(schedule, leader, newcomer)
        schedule.heal(newcomer, leader)
        await schedule.until('the controller lets it in', () => schedule.partition.isr.includes(newcomer.id))
        expect(schedule.seenBy(leader)!.partition.isr).not.toContain(newcomer.id)
        // It falls behind, and after its lag the leader would drop it if the last change were not under way.
        schedule.cut(newcomer, leader)
        schedule.cut(leader, newcomer)
        await schedule.pass(1_500)
        expect(schedule.endOf(leader)).toBeGreaterThan(schedule.endOf(newcomer))
        leader.kill()
        await schedule.until('another leads', () => schedule.leader !== leader && schedule.leader !== undefined)
      },
      { properties: SHORT_LAG },
    )
  })

  it('lets nobody into the ISR that the controller has fenced meanwhile', { timeout: SLOW_MS }, async () => {
    await Schedule.run(async (schedule) => {
      const { leader, followers, controller } = schedule
      const [newcomer] = followers
      await backBehindACut(schedule, leader, newcomer)
      schedule.cut(newcomer, controller)
      await schedule.until('it is fenced', () => schedule.isFenced(newcomer))
      expect(schedule.seenBy(leader)!.isFenced(newcomer)).toBe(false)
      schedule.heal(newcomer, leader)
      await schedule.until('it has caught up', () => schedule.endOf(newcomer) === schedule.endOf(leader))
      await schedule.pass(2_000)
      expect(schedule.partition.isr).not.toContain(newcomer.id)
    })
  })

  it('does not believe what a process said that has ended since (KIP-903)', { timeout: SLOW_MS }, async () => {
    let lost = 0
    for (let seed = 1; seed <= 4; seed++) {
      await Schedule.run(
        async (schedule) => {
          const { leader, followers } = schedule
          const [follower, other] = followers
          // The high watermark stands still where the follower is: two replicas are left, and two are needed.
          other.kill()
          await schedule.until('two are in sync', () => schedule.partition.isr.length === 2)
          await schedule.write()
          const end = schedule.endOf(leader)
          // Its last fetch is on its way while it loses what it had fetched.
          schedule.cut(follower, leader)
          await schedule.pass(1_000)
          follower.losePower()
          if (schedule.endOf(follower) < end) lost++
          follower.start()
          await schedule.until(
            'it is back',
            () => schedule.seenBy(leader)?.isFenced(follower) === false && follower.node !== null,
          )
          await schedule.until(
            'it is out of the ISR',
            () => !schedule.seenBy(leader)!.partition.isr.includes(follower.id),
          )
          schedule.heal(follower, leader)
          await schedule.pass(2_000)
        },
        { seed },
      )
    }
    expect(lost).toBeGreaterThan(1)
  })

  it('keeps a follower at rest in sync when its fetches of before come once more', { timeout: SLOW_MS }, async () => {
    for (let seed = 1; seed <= 4; seed++) {
      await Schedule.run(
        async (schedule) => {
          const { leader, followers } = schedule
          const [follower] = followers
          const writer = schedule.produce()
          follower.kill()
          await schedule.until('it left the ISR', () => !schedule.partition.isr.includes(follower.id))
          schedule.repeat(follower, leader)
          follower.start()
          await schedule.until('it is in the ISR again', () => schedule.partition.isr.includes(follower.id))
          writer.stop()
          // Nothing is written any more: what the leader is made to believe now, it believes until somebody says otherwise.
          await schedule.pass(5_000)
          expect(schedule.partition.isr).toHaveLength(3)
        },
        { seed, properties: SHORT_LAG },
      )
    }
  })

  it('does not take a fetch of an earlier leader epoch for one of its own (KIP-320)', {
    timeout: SLOW_MS,
  }, async () => {
    await Schedule.run(
      async (schedule) => {
        const preferred = schedule.leader
        preferred.kill()
        await schedule.until('another leads', () => schedule.leader !== undefined && schedule.leader !== preferred)
        preferred.start()
        await schedule.until('all are in sync again', () => schedule.partition.isr.length === 3)
        const { leader } = schedule
        const follower = schedule.followers.find((node) => node !== preferred)!

        // The follower has records that are not committed, and its next fetch, which says so, is held up.
        schedule.cut(preferred, leader)
        schedule.cut(leader, preferred)
        schedule.produce(100)
        const ahead = (): boolean => schedule.endOf(follower) > schedule.endOf(preferred)
        await schedule.until('the follower is ahead of the preferred leader', ahead)
        schedule.cut(follower, leader)
        await schedule.pass(700)

        // Under the next leader the follower gives them up; the one after next has them still.
        schedule.cutFromWriters(preferred)
        schedule.electPreferred()
        await schedule.until('the preferred one leads', () => schedule.leader === preferred)
        await schedule.until('the follower has cut its log', () => !ahead())
        schedule.cut(schedule.controller, follower)
        preferred.stop(() => undefined)
        await schedule.until(
          'the former leader leads again',
          () => schedule.seenBy(leader)?.partition.leader === leader.id,
        )
        expect(schedule.partition.isr).toContain(follower.id)

        schedule.heal(follower, leader)
        await schedule.pass(1_000)
        expect(schedule.endOf(follower)).toBeLessThan(schedule.endOf(leader))
        await schedule.pass(5_000)
      },
      { properties: { 'replica.lag.time.max.ms': '20000', 'auto.leader.rebalance.enable': 'false' } },
    )
  })

  it('elects nobody whose unclean end may have cost it records, though it was eligible before (KIP-966)', {
    timeout: SLOW_MS,
  }, async () => {
    let lost = 0
    for (let seed = 1; seed <= 4; seed++) {
      await Schedule.run(
        async (schedule) => {
          const { leader, followers, controller } = schedule
          const [follower, other] = followers
          other.kill()
          await schedule.until('two are in sync', () => schedule.partition.isr.length === 2)
          await schedule.write()
          // Below min.insync.replicas who leaves the ISR may still be elected, until it turns out how it ended.
          follower.losePower()
          if (schedule.endOf(follower) < schedule.endOf(leader)) lost++
          await schedule.until('the leader is alone', () => schedule.partition.isr.length === 1)
          expect(schedule.partition.elr).toContain(follower.id)
          for (const node of [leader, follower]) schedule.cut(node, node === leader ? follower : leader)
          follower.start()
          await schedule.until('the follower is back', () => follower.node !== null && !schedule.isFenced(follower))
          schedule.cut(leader, controller)
          await schedule.until('the leader is fenced', () => schedule.isFenced(leader))
          await schedule.pass(1_000)
          expect(schedule.partition.leader).not.toBe(follower.id)
        },
        { seed },
      )
    }
    expect(lost).toBeGreaterThan(1)
  })
})

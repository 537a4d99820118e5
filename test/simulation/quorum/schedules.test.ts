/** Schedules that dice throw too rarely: who is cut off, who ends and who is elected is written down step by step. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GOOD_LINK } from '../engine/sim-link.ts'
import type { QuorumNode } from './quorum-node.ts'
import { type QuorumPlan, QuorumWorld } from './quorum-world.ts'

const SLOW_MS = 60_000
/** Any election is over by then. */
const LONG_MS = 30_000

let world: QuorumWorld
let unhandled: (error: unknown) => void

beforeEach(() => {
  unhandled = (error) => world.scheduler.uncaught(error)
  process.on('unhandledRejection', unhandled)
})

afterEach(() => {
  process.off('unhandledRejection', unhandled)
})

/** A quorum that has elected its first leader and agrees on everything. */
async function settledQuorum(plan: Partial<QuorumPlan>): Promise<QuorumNode> {
  world = new QuorumWorld({ seed: 1, voters: 3, brokers: 0, ...plan })
  world.startAll()
  await until('the quorum has begun', () => world.isSettled)
  return world.leader!
}

async function until(what: string, done: () => boolean): Promise<void> {
  if ((await world.run(LONG_MS, done)) !== 'done') throw new Error(`not in time: ${what}`)
}

/** From now on nothing passes between the groups. */
function split(...groups: readonly (readonly QuorumNode[])[]): void {
  for (const [index, group] of groups.entries()) {
    for (const { host } of group) {
      for (const other of groups.flatMap((each, at) => (at === index ? [] : each)))
        world.network.block(host, other.host)
    }
  }
}

function join(): void {
  world.network.healAll(GOOD_LINK)
}

function append(node: QuorumNode, count: number, urgent = true): void {
  node.act((raft) => {
    for (let i = 0; i < count; i++) {
      const text = `s${node.id}.${i}`
      const { committed, firstOffset } = raft.append([Buffer.from(text)], { urgent })
      committed.then(
        () => world.checks.acknowledge(text, firstOffset),
        () => world.count('not acknowledged'),
      )
    }
  })
}

const endOf = (node: QuorumNode): number => node.log!.logEndOffset

/** All trouble over: everybody comes back, agrees, and has what was acknowledged. */
async function settle(): Promise<void> {
  join()
  world.startAll()
  await world.run(2_000)
  world.append()
  await until('the quorum settles', () => world.isSettled)
  world.checkLogs()
  world.checks.checkNothingLost()
}

describe('a quorum', () => {
  it('commits nothing of an older epoch by counting copies (Raft, figure 8)', { timeout: SLOW_MS }, async () => {
    // One batch per fetch: what is old arrives well before the new leader's first record.
    const first = await settledQuorum({ voters: 5, fetchMaxBytes: 1 })
    const committed = first.raft!.highWatermark
    const [witness, ...rest] = world.nodes.filter((node) => node !== first) as [QuorumNode, ...QuorumNode[]]

    // (a) The leader and one other have records that no majority has.
    split([first, witness], rest)
    append(first, 8)
    await until('the witness has them', () => endOf(witness) === endOf(first) && endOf(first) === committed + 8)
    split([first], [witness], rest)

    // (b) The others elect a leader, which writes its first record at the same place and ends before it is passed on.
    await until('another leads', () => rest.some((node) => node.leads))
    const rival = rest.find((node) => node.leads)!
    await until('it has written', () => endOf(rival) > committed)
    rival.kill('killed')
    const others = rest.filter((node) => node !== rival)
    expect(others.map(endOf)).toEqual([committed, committed])

    // (c) One of the first two leads again and brings its old records to a majority, but no record of its own epoch.
    join()
    await until('an old record is on three disks', () => others.some((node) => endOf(node) > committed + 4))
    const again = world.leader!
    expect([first, witness]).toContain(again)
    expect(Math.max(...others.map(endOf))).toBeLessThan(endOf(again))
    expect(again.raft!.highWatermark).toBeLessThanOrEqual(committed)

    // (d) The rival comes back with the later epoch and overwrites them.
    for (const node of [first, witness]) node.kill('power-failure')
    rival.start()
    await until('the rival leads', () => rival.leads)
    append(rival, 3)
    await until('it has committed', () => rival.raft!.highWatermark >= committed + 4)
    await settle()
  })

  it('commits nothing that is not on the leader’s own disk', { timeout: SLOW_MS }, async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const first = await settledQuorum({ seed })
      const committed = first.raft!.highWatermark
      const [witness, other] = world.nodes.filter((node) => node !== first) as [QuorumNode, QuorumNode]

      // One follower alone hears of a record that nobody waits for: the leader's own disk has time.
      split([first, witness], [other])
      append(first, 1, false)
      await until('the witness has fetched it', () => endOf(witness) > committed)
      await world.run(600)
      expect(first.raft!.highWatermark).toBe(committed)

      // The leader's copy is lost, the witness is out of reach, and the other two go on without the record.
      first.kill('power-failure')
      split([first, other], [witness])
      world.network.heal(first.host, other.host)
      world.network.heal(other.host, first.host)
      first.start()
      await until('somebody else has committed', () => (world.leader?.raft?.highWatermark ?? 0) > committed)
      await settle()
    }
  })
})

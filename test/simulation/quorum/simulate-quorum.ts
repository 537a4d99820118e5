/** One run of a quorum under one seed: everything that can happen to it happens, then it must find together again. */

import { addRaftVoter } from '../../../src/protocol/messages/80-add-raft-voter.ts'
import { removeRaftVoter } from '../../../src/protocol/messages/81-remove-raft-voter.ts'
import type { LinkQuality } from '../engine/sim-link.ts'
import { GOOD_LINK } from '../engine/sim-link.ts'
import { LISTENER, PORT, type QuorumNode } from './quorum-node.ts'
import { type QuorumPlan, QuorumWorld } from './quorum-world.ts'

/** A link on a bad day. */
const BAD_LINK: LinkQuality = { baseMs: 0.5, meanMs: 20, lossRate: 0.01, duplicateRate: 0.05 }
/** From the end of all trouble until everybody agrees, at most: a few elections. */
const SETTLES_WITHIN_MS = 30_000
const NEVER = new AbortController().signal

export interface QuorumRun {
  readonly world: QuorumWorld
  readonly settledAfterMs: number
}

export interface QuorumTrouble extends QuorumPlan {
  readonly troubleMs?: number
  readonly onTrace?: (line: string) => void
}

/** The nemesis: one throw of the dice each time it is asked. */
class Trouble {
  private readonly world: QuorumWorld
  private readonly changesVoters: boolean
  private readonly dice

  constructor(world: QuorumWorld, changesVoters: boolean) {
    this.world = world
    this.changesVoters = changesVoters
    this.dice = world.dice.child('trouble')
  }

  strike(): void {
    const { dice, world } = this
    const node = dice.pick(world.nodes)
    const kind = dice.int(this.changesVoters ? 12 : 10)
    if (kind === 0) this.endAndRestart(node, () => node.kill('killed'))
    else if (kind === 1) this.endAndRestart(node, () => node.kill('power-failure'))
    else if (kind === 2) this.endAndRestart(node, () => node.stop())
    else if (kind === 3) this.pause(node)
    else if (kind === 4 || kind === 5) this.cut(node)
    else if (kind === 6) this.worsen()
    else if (kind === 7) node.snapshot()
    else if (kind === 8)
      this.endAndRestart(world.leader, (leader) => leader.kill(dice.chance(0.5) ? 'killed' : 'power-failure'))
    else if (kind === 9) this.allLosePower()
    else this.changeVoters()
  }

  private endAndRestart(node: QuorumNode | null, end: (node: QuorumNode) => void): void {
    if (node === null) return
    end(node)
    this.world.count('ended')
    this.world.restartLater(node, this.dice.between(50, 4_000))
  }

  private allLosePower(): void {
    if (!this.dice.chance(0.2)) return
    for (const node of this.world.nodes) this.endAndRestart(node, () => node.kill('power-failure'))
  }

  private pause(node: QuorumNode): void {
    const { process } = node
    if (process === null) return
    process.pause()
    this.world.trace.note(`node ${node.id} paused`)
    this.world.scheduler.after(this.dice.between(10, 6_000), null, () => this.world.scheduler.resume(process))
  }

  /** Cuts a node off from some others, in one or both directions. */
  private cut(node: QuorumNode): void {
    const { world, dice } = this
    const others = world.nodes.filter(({ id }) => id !== node.id)
    const mode = dice.int(3)
    const chosen = dice.sample(others, 1 + dice.int(others.length))
    world.trace.note(`node ${node.id} cut from ${chosen.map(({ id }) => id).join(' ')}, mode ${mode}`)
    for (const other of chosen) {
      if (mode !== 1) world.network.block(node.host, other.host)
      if (mode !== 2) world.network.block(other.host, node.host)
    }
    world.scheduler.after(dice.between(100, 8_000), null, () => {
      for (const other of chosen) {
        world.network.heal(node.host, other.host)
        world.network.heal(other.host, node.host)
      }
    })
  }

  private worsen(): void {
    const { world, dice } = this
    const [a, b] = [dice.pick(world.nodes), dice.pick(world.nodes)]
    if (a === b) return
    world.network.link(a.host, b.host).quality = dice.chance(0.6) ? BAD_LINK : GOOD_LINK
  }

  private changeVoters(): void {
    const { world, dice } = this
    const { leader } = world
    if (leader === null) return
    const { voters } = leader.raft!
    const node = dice.pick(world.controllers)
    const { id: voterId, directoryId: voterDirectoryId } = node.voter
    const context = { closed: NEVER, listenerName: LISTENER }
    const asked = (what: string, answer: unknown): void => {
      void Promise.resolve(answer as { errorCode: number }).then(({ errorCode }) => {
        world.count(errorCode === 0 ? `voter ${what}` : `voter not ${what}`)
      })
    }
    leader.act((raft) => {
      if (voters.has(voterId)) {
        if (voters.size <= 1) return
        asked('removed', raft.handle(removeRaftVoter, 0, { clusterId: null, voterId, voterDirectoryId }, context))
      } else {
        const listeners = [{ name: LISTENER, host: node.host, port: PORT }]
        const voter = { voterId, voterDirectoryId, listeners, timeoutMs: 1_000, ackWhenCommitted: dice.chance(0.5) }
        asked('added', raft.handle(addRaftVoter, 1, { clusterId: 'quorum', ...voter }, context))
      }
    })
  }
}

/** Throws `BrokenInvariant` with the trace's end when something does not hold. */
export async function simulateQuorum(plan: QuorumTrouble): Promise<QuorumRun> {
  const world = new QuorumWorld(plan)
  if (plan.onTrace !== undefined) world.trace.onLine = plan.onTrace
  const dice = world.dice.child('run')
  const trouble = new Trouble(world, (plan.spares ?? 0) > 0)
  const endMs = plan.troubleMs ?? 60_000
  world.startAll()
  const work = (): void => {
    if (world.scheduler.now > endMs) return
    world.append(dice.chance(0.8))
    world.scheduler.after(dice.exponential(60), null, work)
  }
  const strike = (): void => {
    if (world.scheduler.now > endMs) return
    trouble.strike()
    world.scheduler.after(dice.exponential(900), null, strike)
  }
  world.scheduler.after(0, null, work)
  world.scheduler.after(3_000, null, strike)
  await world.run(endMs + 10_000)
  world.checkLogs()
  return { world, settledAfterMs: await settle(world) }
}

/** All trouble over: one leader, one log, everything acknowledged in it. */
async function settle(world: QuorumWorld): Promise<number> {
  world.network.healAll(GOOD_LINK)
  for (const node of world.nodes) if (node.process?.state === 'paused') world.scheduler.resume(node.process)
  world.startAll()
  const startMs = world.scheduler.now
  await world.run(2_000)
  world.append()
  await world.run(SETTLES_WITHIN_MS, () => world.isSettled)
  if (!world.isSettled) {
    const view = world.nodes.map(({ id, raft, follower }) =>
      raft === null
        ? `${id} down`
        : `${id}: leader ${raft.leaderId} epoch ${raft.epoch} hw ${raft.highWatermark} end ${raft.logEndOffset} next ${follower?.next} voters ${[...raft.voters.keys()]}`,
    )
    throw world.broken('the quorum settles', view.join('; '))
  }
  world.checkLogs()
  world.checks.checkNothingLost()
  return world.scheduler.now - startMs
}

/** One run of a quorum under one seed: everything that can happen to it happens, then it must find together again. */

import { addRaftVoter } from '../../../src/protocol/messages/80-add-raft-voter.ts'
import { removeRaftVoter } from '../../../src/protocol/messages/81-remove-raft-voter.ts'
import { Dice } from '../engine/dice.ts'
import type { LinkQuality } from '../engine/sim-link.ts'
import { GOOD_LINK } from '../engine/sim-link.ts'
import type { RunResult } from '../run-result.ts'
import { Violation } from '../world/world.ts'
import { BrokenInvariant } from './quorum-checks.ts'
import { LISTENER, PORT, type QuorumNode } from './quorum-node.ts'
import { type QuorumPlan, QuorumWorld } from './quorum-world.ts'

/** A link on a bad day. */
const BAD_LINK: LinkQuality = { baseMs: 0.5, meanMs: 20, lossRate: 0.01, duplicateRate: 0.05 }
/** From the end of all trouble until everybody agrees, at most: a few elections. */
const SETTLES_WITHIN_MS = 30_000
const TROUBLE_MS = 60_000
const WARM_UP_MS = 3_000
const FAULT_PAUSE_MEAN_MS = 900
/** How often something is appended, and how often somebody waits for it: what nobody waits for stays unflushed. */
const LOADS = [
  { pauseMeanMs: 60, urgentRate: 0.8 },
  { pauseMeanMs: 60, urgentRate: 0.8 },
  { pauseMeanMs: 150, urgentRate: 0.15 },
] as const
/** Undefined: Kafka's megabyte. */
const FETCH_MAX_BYTES = [undefined, undefined, 1, 250] as const
const TRACE_LINES = 400
const NEVER = new AbortController().signal

/** What is left out, the seed decides. */
export interface QuorumOptions extends Partial<Omit<QuorumPlan, 'seed'>> {
  readonly troubleMs?: number
  /** Sees every line of the trace as it comes. */
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

/** Mostly three voters; some quorums change their voters, some know them from their configuration alone. */
function planOf(seed: number, options: QuorumOptions): QuorumPlan {
  const dice = new Dice(seed).child('quorum')
  const voters = dice.pick([1, 3, 3, 3, 5])
  const brokers = dice.int(3)
  const isStatic = dice.chance(0.25)
  const spares = isStatic ? 0 : dice.pick([0, 1, 2])
  const fetchMaxBytes = dice.child('fetch').pick(FETCH_MAX_BYTES)
  return {
    ...{ seed, voters, brokers, isStatic, spares },
    ...(fetchMaxBytes !== undefined && { fetchMaxBytes }),
    ...options,
  }
}

function describe({ voters, brokers, spares, isStatic }: QuorumPlan): string {
  return `${voters} ${isStatic === true ? 'static ' : ''}voters, ${spares} spares, ${brokers} brokers`
}

class Run {
  readonly world: QuorumWorld
  private readonly trouble: Trouble
  private readonly troubleMs: number
  private readonly dice

  constructor(plan: QuorumPlan, { troubleMs, onTrace }: QuorumOptions) {
    this.world = new QuorumWorld(plan)
    this.world.trace.onLine = onTrace ?? null
    this.dice = this.world.dice.child('run')
    this.trouble = new Trouble(this.world, (plan.spares ?? 0) > 0)
    this.troubleMs = troubleMs ?? TROUBLE_MS
  }

  async go(): Promise<void> {
    const { world, dice, trouble } = this
    const { pauseMeanMs, urgentRate } = world.dice.child('load').pick(LOADS)
    world.startAll()
    this.repeat(0, pauseMeanMs, () => world.append(dice.chance(urgentRate)))
    this.repeat(WARM_UP_MS, FAULT_PAUSE_MEAN_MS, () => trouble.strike())
    await world.run(this.troubleMs + 10_000)
    world.checkLogs()
    await settle(world)
  }

  private repeat(delayMs: number, pauseMeanMs: number, action: () => void): void {
    this.world.scheduler.after(delayMs, null, () => {
      if (this.world.scheduler.now > this.troubleMs) return
      action()
      this.repeat(this.dice.exponential(pauseMeanMs), pauseMeanMs, action)
    })
  }
}

/** Runs the quorum of `seed` to its end or to its first violation. Rejects only when the simulation itself is broken. */
export async function simulateQuorum(seed: number, options: QuorumOptions = {}): Promise<RunResult> {
  const plan = planOf(seed, options)
  const run = new Run(plan, options)
  const { world } = run
  const unhandled = (error: unknown): void => world.scheduler.uncaught(error)
  process.on('unhandledRejection', unhandled)
  let violation: RunResult['violation'] = null
  try {
    await run.go()
  } catch (error) {
    if (!(error instanceof BrokenInvariant || error instanceof Violation)) throw error
    violation = { invariant: error.invariant, message: error.message }
  } finally {
    process.off('unhandledRejection', unhandled)
  }
  world.count('leaders', world.checks.leaderCount)
  world.count('records committed', world.checks.newestEnd)
  const { scheduler, trace, counts } = world
  return {
    ...{ seed, violation, counts },
    about: describe(plan),
    steps: scheduler.steps,
    virtualMs: Math.round(scheduler.now),
    traceHash: trace.hash,
    trace: trace.tail(TRACE_LINES),
  }
}

/** All trouble over: one leader, one log, everything acknowledged in it. */
async function settle(world: QuorumWorld): Promise<void> {
  world.network.healAll(GOOD_LINK)
  for (const node of world.nodes) if (node.process?.state === 'paused') world.scheduler.resume(node.process)
  world.startAll()
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
}

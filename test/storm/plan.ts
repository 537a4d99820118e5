/** What a storm does to a cluster, drawn from a seed alone: two storms of one seed strike the same blows in the same order. */
import { type Random, seededRandom } from '../../src/base/random.ts'

/**
 * `kill` SIGKILL; `kill-twice` again right after the restart, before it has caught up; `stop` a controlled shutdown, then a
 * start; `restart` both at once; `pause` SIGSTOP; `isolate` from every other node; `isolate-clients` from clients alone;
 * `isolate-brokers` from the other brokers, while controllers and clients still reach it.
 */
export type Fault =
  | 'kill'
  | 'kill-twice'
  | 'stop'
  | 'restart'
  | 'pause'
  | 'isolate'
  | 'isolate-clients'
  | 'isolate-brokers'

export type Role = 'broker' | 'controller'

/** `leader`: of the first partition, among controllers the active one. `coordinator`: of the group. A number: the n-th. */
export type Target = 'leader' | 'coordinator' | number

export interface StormEvent {
  readonly role: Role
  readonly fault: Fault
  readonly target: Target
  /** From the blow to what undoes it. */
  readonly holdMs: number
  /** From recovery to the next blow at that role. */
  readonly restMs: number
}

export interface StormPlan {
  readonly brokers: readonly StormEvent[]
  readonly controllers: readonly StormEvent[]
}

type Weights<T> = readonly (readonly [T, number])[]

const BROKER_FAULTS: Weights<Fault> = [
  ['kill', 30],
  ['pause', 20],
  ['isolate', 15],
  ['stop', 8],
  ['restart', 7],
  ['kill-twice', 7],
  ['isolate-brokers', 7],
  ['isolate-clients', 6],
]
const CONTROLLER_FAULTS: Weights<Fault> = [
  ['kill', 35],
  ['pause', 20],
  ['isolate', 20],
  ['stop', 9],
  ['restart', 9],
  ['kill-twice', 7],
]

/** Of three events two strike a broker: there is more to break. */
const BROKER_SHARE = 2 / 3
/** Shorter than any session timeout, and long enough for one to pass. */
const SHORT_HOLD_MS = { min: 50, spread: 600 }
const LONG_HOLD_MS = { min: 1_800, spread: 2_700 }
const SHORT_SHARE = 0.4
const MAX_REST_MS = 1_000
const NODES_PER_ROLE = 3

/** `count` events; those at brokers and those at controllers run beside each other, each in its order. */
export function planStorm(seed: number, count: number): StormPlan {
  const random = seededRandom(seed)
  const brokerCount = Math.ceil(count * BROKER_SHARE)
  const draw = (role: Role, events: number): StormEvent[] =>
    Array.from({ length: events }, () => drawEvent(random, role))
  return { brokers: draw('broker', brokerCount), controllers: draw('controller', count - brokerCount) }
}

function drawEvent(random: Random, role: Role): StormEvent {
  const fault = pick(random, role === 'broker' ? BROKER_FAULTS : CONTROLLER_FAULTS)
  const hold = random.next() < SHORT_SHARE ? SHORT_HOLD_MS : LONG_HOLD_MS
  return {
    role,
    fault,
    target: drawTarget(random, role),
    holdMs: Math.round(hold.min + random.next() * hold.spread),
    restMs: Math.round(random.next() * MAX_REST_MS),
  }
}

/** Half of all blows are aimed at whoever leads. */
function drawTarget(random: Random, role: Role): Target {
  const any = Math.floor(random.next() * NODES_PER_ROLE)
  if (random.next() < 0.5) return any
  return role === 'broker' && random.next() < 0.4 ? 'coordinator' : 'leader'
}

function pick<T>(random: Random, weights: Weights<T>): T {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  let left = random.next() * total
  for (const [value, weight] of weights) {
    left -= weight
    if (left < 0) return value
  }
  return weights.at(-1)![0]
}

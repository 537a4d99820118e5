/** Throttles of replication (KIP-73) around a reassignment: set when it starts, taken away when it is done. */
import type { ConfigChange, ConfigResource } from '../../client/admin-types.ts'
import { valueOrFailure } from '../java-failure.ts'
import { distinctInHashOrder, inHashOrder } from '../java-order.ts'
import type { PartitionReplicas, ReplicaDirectory } from './assignment.ts'
import { brokersOf, type Move, throttledReplicas } from './moves.ts'
import type { ReassignRun } from './options.ts'

const LEADER_RATE = 'leader.replication.throttled.rate'
const FOLLOWER_RATE = 'follower.replication.throttled.rate'
const LOG_DIR_RATE = 'replica.alter.log.dirs.io.max.bytes.per.second'
const LEADER_REPLICAS = 'leader.replication.throttled.replicas'
const FOLLOWER_REPLICAS = 'follower.replication.throttled.replicas'

interface Alteration {
  readonly resource: ConfigResource
  readonly changes: readonly ConfigChange[]
}

const set = (name: string, value: string): ConfigChange => ({ name, operation: 'SET', value })
const remove = (name: string): ConfigChange => ({ name, operation: 'DELETE', value: null })
const ofBroker = (id: number): ConfigResource => ({ type: 'BROKER', name: String(id) })

async function alter({ admin }: ReassignRun, alterations: readonly Alteration[]): Promise<void> {
  if (alterations.length === 0) return
  for (const outcome of await admin.incrementalAlterConfigs(alterations)) valueOrFailure(outcome)
}

/** Limits what moves between brokers; the topics say which replicas, the brokers how much. */
export async function throttleMoves(run: ReassignRun, moves: readonly Move[], bytesPerSecond: number): Promise<void> {
  const topics = [...throttledReplicas(moves)].map(([name, { leader, follower }]): Alteration => {
    const changes = [set(LEADER_REPLICAS, leader), set(FOLLOWER_REPLICAS, follower)]
    return { resource: { type: 'TOPIC', name }, changes }
  })
  await alter(run, topics)
  const rate = String(bytesPerSecond)
  const brokers = brokersOf(moves).map((id) => ({
    resource: ofBroker(id),
    changes: [set(LEADER_RATE, rate), set(FOLLOWER_RATE, rate)],
  }))
  await alter(run, brokers)
  run.say(`The inter-broker throttle limit was set to ${rate} B/s\n`)
}

/** Limits what moves between the log directories of a broker. */
export async function throttleDirectories(
  run: ReassignRun,
  directories: readonly ReplicaDirectory[],
  bytesPerSecond: number,
): Promise<void> {
  const brokers = [...new Set(directories.map(({ broker }) => broker))]
  const rate = String(bytesPerSecond)
  await alter(
    run,
    brokers.map((id) => ({ resource: ofBroker(id), changes: [set(LOG_DIR_RATE, rate)] })),
  )
  run.say(`The replica-alter-dir throttle limit was set to ${rate} B/s\n`)
}

/** Whose throttles were taken away. */
export interface ClearedThrottles {
  readonly brokers: readonly number[]
  readonly topics: readonly string[]
}

/** Takes away every throttle: nobody remembers which brokers a reassignment had to do with. */
export async function clearThrottles(
  run: ReassignRun,
  targets: readonly PartitionReplicas[],
): Promise<ClearedThrottles> {
  const live = (await run.admin.describeCluster()).brokers.map(({ id }) => id)
  const brokers = distinctInHashOrder([...live, ...targets.flatMap(({ replicas }) => replicas)])
  run.say(`Clearing broker-level throttles on broker${brokers.length === 1 ? '' : 's'} ${brokers.join(',')}\n`)
  const rates = [LEADER_RATE, FOLLOWER_RATE, LOG_DIR_RATE].map(remove)
  await alter(
    run,
    brokers.map((id) => ({ resource: ofBroker(id), changes: rates })),
  )
  const topics = inHashOrder(new Set(targets.map(({ topic }) => topic)), String)
  run.say(`Clearing topic-level throttles on topic${topics.length === 1 ? '' : 's'} ${topics.join(',')}\n`)
  const replicas = [LEADER_REPLICAS, FOLLOWER_REPLICAS].map(remove)
  await alter(
    run,
    topics.map((name) => ({ resource: { type: 'TOPIC', name }, changes: replicas })),
  )
  return { brokers, topics }
}

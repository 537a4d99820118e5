/**
 * Where a local cluster differs from Kafka's defaults on purpose, each with its reason: shown in server.properties and by
 * `kt cluster status`.
 */
import { isBroker, isController, type NodeRoles } from './cluster-plan.ts'

export interface LocalDefault {
  readonly name: string
  readonly value: string
  readonly why: string
}

/** Kafka's replication factor of its internal topics, and how many of those must be in sync. */
const INTERNAL_REPLICATION_FACTOR = 3
const INTERNAL_MIN_ISR = 2

const FIRST_REBALANCE: LocalDefault = {
  name: 'group.initial.rebalance.delay.ms',
  value: '0',
  why: "Kafka's 3000 ms waits for more members before a group's first assignment; here the first member starts at once.",
}

const RETENTION_CHECK: LocalDefault = {
  name: 'log.retention.check.interval.ms',
  value: '5000',
  why: "Old segments go at Kafka's next look, every 300000 ms; here every 5 s, to be watched.",
}

/** The session is counted by the controller; both sides hold both values, as Kafka checks them together. */
const SESSION: readonly LocalDefault[] = [
  {
    name: 'broker.session.timeout.ms',
    value: '2000',
    why: "A broker that is killed is fenced after Kafka's 9000 ms without a heartbeat; here after 2 s, to be watched.",
  },
  {
    name: 'broker.heartbeat.interval.ms',
    value: '500',
    why: "Kafka's 2000 ms; at least two heartbeats must fit into the session above.",
  },
]

const QUORUM: readonly LocalDefault[] = [
  {
    name: 'controller.quorum.fetch.timeout.ms',
    value: '1000',
    why: "Kafka's 2000 ms; how long the other controllers wait for a silent leader before they elect another.",
  },
  {
    name: 'controller.quorum.election.timeout.ms',
    value: '500',
    why: "Kafka's 1000 ms; how long a candidate waits for votes before it tries again.",
  },
]

/** What the internal topics need is more than one or two brokers can give. */
function internalTopics(brokers: number): LocalDefault[] {
  if (brokers >= INTERNAL_REPLICATION_FACTOR) return []
  const few = brokers === 1 ? 'one broker' : `${brokers} brokers`
  const factor = String(brokers)
  const why = `Kafka's ${INTERNAL_REPLICATION_FACTOR} needs three brokers, this cluster has ${few}.`
  const minIsr = String(Math.min(INTERNAL_MIN_ISR, brokers))
  return [
    { name: 'offsets.topic.replication.factor', value: factor, why },
    { name: 'transaction.state.log.replication.factor', value: factor, why },
    {
      name: 'transaction.state.log.min.isr',
      value: minIsr,
      why: `Kafka's ${INTERNAL_MIN_ISR} needs two in-sync replicas, this cluster has ${few}.`,
    },
  ].filter(({ name, value }) => name !== 'transaction.state.log.min.isr' || value !== String(INTERNAL_MIN_ISR))
}

/** Settings of one node, given the whole cluster's counts. */
export function localDefaults(roles: NodeRoles, brokers: number, controllers: number): LocalDefault[] {
  return [
    ...(isBroker(roles) ? [FIRST_REBALANCE, RETENTION_CHECK, ...internalTopics(brokers)] : []),
    ...SESSION,
    ...(controllers > 1 && isController(roles) ? QUORUM : []),
  ]
}

/** Why a line of server.properties is there; null for a value a person chose. */
export function reasonFor(name: string, value: string): string | null {
  const [one, two] = [1, 2].map((brokers) => localDefaults('broker,controller', brokers, CONTROLLERS_WITH_REASONS))
  return [...one!, ...two!].find((each) => each.name === name && each.value === value)?.why ?? null
}

/** Any number above one brings the quorum's settings in. */
const CONTROLLERS_WITH_REASONS = 3

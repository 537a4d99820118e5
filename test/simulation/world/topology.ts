/** Which nodes a simulated cluster has, and what their server.properties say. */
import { randomUuid, type Uuid } from '../../../src/base/uuid.ts'
import { SUPPORTED_KRAFT_VERSIONS, type Voter, type VoterSet } from '../../../src/raft/voters.ts'
import type { Dice } from '../engine/dice.ts'

export const SHAPES = ['one-controller', 'three-controllers', 'combined'] as const
export type Shape = (typeof SHAPES)[number]

export interface PlannedSimNode {
  readonly id: number
  readonly host: string
  readonly isBroker: boolean
  readonly isController: boolean
  readonly directoryId: Uuid
  readonly properties: Readonly<Record<string, string>>
}

export interface Topology {
  readonly shape: Shape
  readonly nodes: readonly PlannedSimNode[]
  readonly voters: VoterSet
}

export const BROKER_PORT = 9092
export const CONTROLLER_PORT = 9093
const BROKERS = 3
/** Ids of controllers that are nothing else. */
const FIRST_CONTROLLER_ID = 101

/** Shorter than Kafka's, so that failures and recoveries fit into some simulated seconds; logs roll often. */
const SETTINGS: Readonly<Record<string, string>> = {
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
  'controller.quorum.fetch.timeout.ms': '1000',
  'controller.quorum.election.timeout.ms': '500',
  'controller.quorum.election.backoff.max.ms': '300',
  'replica.lag.time.max.ms': '2000',
  'replica.high.watermark.checkpoint.interval.ms': '700',
  'leader.imbalance.check.interval.seconds': '5',
  'offsets.topic.num.partitions': '3',
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
  'group.initial.rebalance.delay.ms': '0',
  'internal.metadata.log.segment.bytes': '8192',
  'metadata.log.max.record.bytes.between.snapshots': '20000',
  'metadata.max.retention.bytes': '60000',
  'auto.create.topics.enable': 'false',
  // Threads Kafka would have; here only more of the same.
  'num.replica.fetchers': '1',
}

function hostOf(id: number): string {
  return `10.0.0.${id}`
}

function roleProperties(id: number, isBroker: boolean, isController: boolean, controllers: readonly number[]) {
  const listeners = [
    ...(isBroker ? [`PLAINTEXT://${hostOf(id)}:${BROKER_PORT}`] : []),
    ...(isController ? [`CONTROLLER://${hostOf(id)}:${CONTROLLER_PORT}`] : []),
  ]
  return {
    'node.id': String(id),
    'process.roles': [...(isBroker ? ['broker'] : []), ...(isController ? ['controller'] : [])].join(','),
    listeners: listeners.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'controller.quorum.bootstrap.servers': controllers.map((each) => `${hostOf(each)}:${CONTROLLER_PORT}`).join(','),
    'log.dirs': '/data',
    ...(isBroker ? { 'inter.broker.listener.name': 'PLAINTEXT' } : {}),
  }
}

/** Three brokers, and a controller, three of them, or one inside each broker. */
export function planTopology(shape: Shape, dice: Dice, overrides: Readonly<Record<string, string>> = {}): Topology {
  const brokers = Array.from({ length: BROKERS }, (_, index) => index + 1)
  const alone = shape === 'one-controller' ? 1 : 3
  const controllers =
    shape === 'combined' ? brokers : Array.from({ length: alone }, (_, index) => FIRST_CONTROLLER_ID + index)
  const ids = [...new Set([...controllers, ...brokers])]
  const nodes = ids.map((id): PlannedSimNode => {
    const isBroker = brokers.includes(id)
    const isController = controllers.includes(id)
    const roles = roleProperties(id, isBroker, isController, controllers)
    return {
      ...{ id, host: hostOf(id), isBroker, isController },
      directoryId: randomUuid(dice),
      properties: { ...SETTINGS, ...roles, ...overrides },
    }
  })
  const voters = new Map(nodes.filter(({ isController }) => isController).map((node) => [node.id, voterOf(node)]))
  return { shape, nodes, voters }
}

function voterOf({ id, directoryId, host }: PlannedSimNode): Voter {
  const endpoints = [{ name: 'CONTROLLER', host, port: CONTROLLER_PORT }]
  return { id, directoryId, endpoints, kraftVersions: SUPPORTED_KRAFT_VERSIONS }
}

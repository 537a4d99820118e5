/** Which nodes a local cluster has: ids, roles and ports, before anything is on disk. */
import { KtError } from '../base/errors.ts'

export const DEFAULT_HOST = '127.0.0.1'
/** Controllers talk to nodes alone: they stay on loopback whatever address the brokers have. */
export const CONTROLLER_HOST = '127.0.0.1'
export const DEFAULT_PORT = 9092
export const DEFAULT_BROKERS = 3
export const DEFAULT_CONTROLLERS = 1
/** Enough for every lesson; each is a process of some 70 MB. */
export const MAX_BROKERS = 50
/** An odd number: an even one tolerates no more failures than the one below it. */
export const CONTROLLER_COUNTS = [1, 3, 5]
export const FIRST_BROKER_ID = 1
/** Controllers are told from brokers at a glance. */
export const FIRST_CONTROLLER_ID = 100
/** Controllers listen so far above the first broker: 9192 where brokers begin at 9092. */
export const CONTROLLER_PORT_DISTANCE = 100
/** The next named cluster begins so far above: 9292. */
export const CLUSTER_PORT_DISTANCE = 200

export type NodeRoles = 'broker' | 'controller' | 'broker,controller'

export interface PlannedNode {
  readonly nodeId: number
  readonly roles: NodeRoles
  /** Where its broker listens. */
  readonly host: string
  /** null for a mere controller. */
  readonly brokerPort: number | null
  /** null for a mere broker. */
  readonly controllerPort: number | null
}

export interface ClusterShape {
  readonly brokers: number
  readonly controllers: number
  readonly host: string
  /** Ports of brokers and of controllers, as many as there are. */
  readonly brokerPorts: readonly number[]
  readonly controllerPorts: readonly number[]
}

export function isBroker(roles: NodeRoles): boolean {
  return roles !== 'controller'
}

export function isController(roles: NodeRoles): boolean {
  return roles !== 'broker'
}

/** Throws `KtError` of kind usage for counts no local cluster can have. */
export function checkCounts(brokers: number, controllers: number): void {
  if (!Number.isInteger(brokers) || brokers < 1 || brokers > MAX_BROKERS) {
    throw new KtError('usage', `a local cluster has 1 to ${MAX_BROKERS} brokers, not ${brokers}`)
  }
  if (!CONTROLLER_COUNTS.includes(controllers)) {
    throw new KtError('usage', `a local cluster has ${CONTROLLER_COUNTS.join(', ')} controllers, not ${controllers}`, {
      facts: ['a majority has to agree, so an even number tolerates no more failures than the odd one below it'],
    })
  }
}

/** One broker and one controller are one process; otherwise each node is a process with one role. */
export function isCombined(brokers: number, controllers: number): boolean {
  return brokers === 1 && controllers === 1
}

/** Ports in a row from `base` on: brokers first, controllers a hundred above. */
export function portsFrom(
  base: number,
  brokers: number,
  controllers: number,
): Pick<ClusterShape, 'brokerPorts' | 'controllerPorts'> {
  const row = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index)
  return {
    brokerPorts: row(base, brokers),
    controllerPorts: row(base + Math.max(CONTROLLER_PORT_DISTANCE, brokers), controllers),
  }
}

export function planNodes(shape: ClusterShape): PlannedNode[] {
  const { brokers, controllers, host, brokerPorts, controllerPorts } = shape
  if (isCombined(brokers, controllers)) {
    const roles = 'broker,controller'
    return [{ nodeId: FIRST_BROKER_ID, roles, host, brokerPort: brokerPorts[0]!, controllerPort: controllerPorts[0]! }]
  }
  return [
    ...brokerPorts.map(
      (brokerPort, index): PlannedNode => ({
        ...{ nodeId: FIRST_BROKER_ID + index, roles: 'broker', host },
        ...{ brokerPort, controllerPort: null },
      }),
    ),
    ...controllerPorts.map(
      (controllerPort, index): PlannedNode => ({
        ...{ nodeId: FIRST_CONTROLLER_ID + index, roles: 'controller', host: CONTROLLER_HOST },
        ...{ brokerPort: null, controllerPort },
      }),
    ),
  ]
}

/** Every port of the plan. */
export function portsOf(node: PlannedNode): number[] {
  return [node.brokerPort, node.controllerPort].filter((port) => port !== null)
}

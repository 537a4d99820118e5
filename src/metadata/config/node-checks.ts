/**
 * What must hold between the values of one server.properties before a node may start or be formatted with it: the checks
 * of Kafka's own configuration class, in its order and its words. What a single value must be is checked when it is read.
 */
import { KtError } from '../../base/errors.ts'
import { type ListenerEndpoint, parseListeners, type SecurityProtocol, securityProtocols } from './listener-list.ts'
import type { NodeConfig } from './node-config.ts'

/** A node's listeners by role, and what it tells others of them. */
interface Listeners {
  readonly all: readonly ListenerEndpoint[]
  readonly controller: readonly ListenerEndpoint[]
  readonly advertisedBroker: readonly ListenerEndpoint[]
  readonly protocols: ReadonlyMap<string, SecurityProtocol>
}

const REQUIRED = ['node.id', 'process.roles', 'controller.listener.names']

function requires(condition: boolean, message: string, next?: string): void {
  if (!condition) throw new KtError('usage', message, { next })
}

/** Who copies the file of a first node, as notes from before KRaft have it, wants another broker. */
const ANOTHER_BROKER =
  'a further broker: process.roles=broker, a node.id and log.dirs of its own; a further controller: add CONTROLLER://HOST:PORT to listeners'

/** Throws `KtError` of kind usage for the first thing that is wrong; `warn` is told what is merely odd. */
export function checkNodeConfig(config: NodeConfig, warn: (message: string) => void = () => undefined): void {
  for (const name of REQUIRED) {
    const missing = `Missing required configuration "${name}" which has no default value.`
    requires(config.originals.has(name), missing)
  }
  const { nodeId } = config
  requires(
    nodeId === config.getInt('broker.id'),
    '`node.id` and `broker.id` must be set to the same value. `broker.id` is deprecated, please use `node.id` instead.',
  )
  checkValues(config)
  warnOfHeartbeats(config, warn)
  const listeners = listenersOf(config)
  const roles = config.getList('process.roles')
  const isBroker = roles.includes('broker')
  checkQuorum(config)
  if (!roles.includes('controller')) checkMereBroker(config, listeners, warn)
  else checkController(config, listeners, isBroker)
  if (isBroker) checkBrokerListeners(config, listeners)
  checkRoutable(listeners)
}

/** Values that only make sense together. */
function checkValues(config: NodeConfig): void {
  requires(config.logRollMs >= 1n, 'log.roll.ms must be greater than or equal to 1')
  requires(config.logRollJitterMs >= 0n, 'log.roll.jitter.ms must be greater than or equal to 0')
  requires(
    config.logRetentionMs >= 1n || config.logRetentionMs === -1n,
    'log.retention.ms must be unlimited (-1) or, greater than or equal to 1',
  )
  requires(config.logDirs.length > 0, 'At least one log directory must be defined via log.dirs or log.dir.')
  const waitMaxMs = config.getInt('replica.fetch.wait.max.ms')
  requires(
    waitMaxMs <= config.getInt('replica.socket.timeout.ms'),
    'replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts',
  )
  requires(
    waitMaxMs <= config.getLong('replica.lag.time.max.ms'),
    'replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR',
  )
  const queuedMaxBytes = config.getLong('queued.max.request.bytes')
  requires(
    queuedMaxBytes <= 0 || queuedMaxBytes >= config.getInt('socket.request.max.bytes'),
    'queued.max.request.bytes must be larger or equal to socket.request.max.bytes',
  )
}

function warnOfHeartbeats(config: NodeConfig, warn: (message: string) => void): void {
  const interval = config.getInt('broker.heartbeat.interval.ms')
  const session = config.getInt('broker.session.timeout.ms')
  if (interval * 2 <= session) return
  warn(
    `broker.heartbeat.interval.ms (${interval} ms) must be less than or equal to half of the broker.session.timeout.ms ` +
      `(${session} ms). The broker.session.timeout.ms is configured on controller. The broker.heartbeat.interval.ms is ` +
      "configured on broker. If a broker doesn't send heartbeat request within broker.session.timeout.ms, it loses broker " +
      'lease. Please increase broker.session.timeout.ms or decrease broker.heartbeat.interval.ms.',
  )
}

function controllerNames(config: NodeConfig): string[] {
  return config.getList('controller.listener.names').map((name) => name.toUpperCase())
}

function listenersOf(config: NodeConfig): Listeners {
  const protocols = securityProtocols(config)
  const all = parseListeners(config.getList('listeners'), protocols, { distinctPorts: true })
  const texts = config.getList('advertised.listeners')
  const advertised = texts.length === 0 ? all : parseListeners(texts, protocols, { distinctPorts: false })
  const isController = ({ name }: ListenerEndpoint): boolean => controllerNames(config).includes(name)
  return {
    all,
    controller: all.filter(isController),
    advertisedBroker: advertised.filter((endpoint) => !isController(endpoint)),
    protocols,
  }
}

function voterIds(config: NodeConfig): number[] {
  return config.getList('controller.quorum.voters').map((entry) => Number(entry.split('@')[0]))
}

function setText(ids: readonly number[]): string {
  return `Set(${ids.join(', ')})`
}

function checkQuorum(config: NodeConfig): void {
  requires(
    voterIds(config).length > 0 || config.getList('controller.quorum.bootstrap.servers').length > 0,
    'If using process.roles, either controller.quorum.bootstrap.servers must contain the set of bootstrap controllers or controller.quorum.voters must contain a parseable set of controllers.',
  )
}

function checkMereBroker(
  config: NodeConfig,
  { controller, protocols }: Listeners,
  warn: (message: string) => void,
): void {
  const ids = voterIds(config)
  requires(
    !ids.includes(config.nodeId),
    `If process.roles contains just the 'broker' role, the node id ${config.nodeId} must not be included in the set of voters controller.quorum.voters=${setText(ids)}`,
  )
  requires(
    controller.length === 0,
    "controller.listener.names must not contain a value appearing in the 'listeners' configuration when running KRaft with just the broker role",
  )
  const names = controllerNames(config)
  for (const name of names) {
    requires(
      protocols.has(name),
      `Controller listener with name ${name} defined in controller.listener.names not found in listener.security.protocol.map  (an explicit security mapping for each controller listener is required if listener.security.protocol.map is non-empty, or if there are security protocols other than PLAINTEXT in use)`,
    )
  }
  requires(
    !config.getBoolean('controller.quorum.auto.join.enable'),
    "controller.quorum.auto.join.enable is only supported when process.roles contains the 'controller' role.",
  )
  if (names.length > 1) {
    warn(
      `controller.listener.names has multiple entries; only the first will be used since process.roles=broker: [${names.join(', ')}]`,
    )
  }
}

function checkController(config: NodeConfig, listeners: Listeners, isBroker: boolean): void {
  const { all, controller } = listeners
  const names = controllerNames(config)
  if (!isBroker) {
    requires(
      controller.length === all.length,
      'The listeners config must only contain KRaft controller listeners from controller.listener.names when process.roles=controller',
    )
    const interBroker = config.getString('inter.broker.listener.name')
    requires(
      interBroker === null || !names.includes(interBroker.toUpperCase()),
      "controller.listener.names must not contain an explicitly set inter.broker.listener.name configuration value when process.roles=controller'",
    )
  }
  const ids = voterIds(config)
  requires(
    ids.length === 0 || ids.includes(config.nodeId),
    `If process.roles contains the 'controller' role, the node id ${config.nodeId} must be included in the set of voters controller.quorum.voters=${setText(ids)}`,
  )
  requires(
    controller.length > 0,
    "controller.listener.names must contain at least one value appearing in the 'listeners' configuration when running the KRaft controller role",
    ANOTHER_BROKER,
  )
  requires(
    names.every((name) => all.some((endpoint) => endpoint.name === name)),
    "controller.listener.names must only contain values appearing in the 'listeners' configuration when running the KRaft controller role",
  )
}

/** Which listener the brokers use among themselves: named, or the one of their security protocol. */
function interBrokerListener(config: NodeConfig, protocols: Listeners['protocols']): string {
  const name = config.getString('inter.broker.listener.name')
  if (name === null) return config.getString('security.inter.broker.protocol') ?? 'PLAINTEXT'
  requires(
    !config.originals.has('security.inter.broker.protocol'),
    'Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.',
  )
  requires(
    protocols.has(name.toUpperCase()),
    `Listener with name ${name.toUpperCase()} defined in inter.broker.listener.name not found in listener.security.protocol.map.`,
  )
  return name.toUpperCase()
}

function checkBrokerListeners(config: NodeConfig, { all, advertisedBroker, protocols }: Listeners): void {
  const advertised = advertisedBroker.map(({ name }) => name)
  requires(
    advertised.length > 0,
    'There must be at least one broker advertised listener. Perhaps all listeners appear in controller.listener.names?',
  )
  requires(
    advertised.includes(interBrokerListener(config, protocols)),
    `inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid options based on currently configured listeners are ${advertised.join(',')}`,
  )
  const names = all.map(({ name }) => name)
  requires(
    advertised.every((name) => names.includes(name)),
    `advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. Found ${advertised.join(',')}. The valid options based on the current configuration are ${names.join(',')}`,
  )
}

function checkRoutable({ advertisedBroker }: Listeners): void {
  requires(
    advertisedBroker.every(({ host }) => host !== '0.0.0.0'),
    'advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address.',
  )
}

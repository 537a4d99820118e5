/** A node's server.properties: written once when the node is made, edited afterwards, Kafka's property names only. */
import * as fs from 'node:fs'
import { hostname } from 'node:os'
import { parseProperties } from '../client/java-properties.ts'
import { formatHostPort } from './cluster-directory.ts'
import { CONTROLLER_HOST, type NodeRoles, type PlannedNode } from './cluster-plan.ts'
import type { LocalDefault } from './local-defaults.ts'

/** How the nodes find the controllers: by their addresses, or as the fixed set of a static quorum (`id@host:port`). */
export interface QuorumSetting {
  readonly name: 'controller.quorum.bootstrap.servers' | 'controller.quorum.voters'
  readonly value: string
}

/** The quorum's addresses in a cluster whose controllers are `nodes`. */
export function bootstrapServersOf(nodes: readonly PlannedNode[]): QuorumSetting {
  const addresses = nodes.flatMap(({ controllerPort }) =>
    controllerPort === null ? [] : [formatHostPort(CONTROLLER_HOST, controllerPort)],
  )
  return { name: 'controller.quorum.bootstrap.servers', value: addresses.join(',') }
}

/** `PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9192`, as far as the node has them. */
export function listenersOf({ host, brokerPort, controllerPort }: PlannedNode): string {
  return [
    ...(brokerPort === null ? [] : [plaintextListener(host, brokerPort)]),
    ...(controllerPort === null ? [] : [`CONTROLLER://${formatHostPort(CONTROLLER_HOST, controllerPort)}`]),
  ].join(',')
}

/** `PLAINTEXT://127.0.0.1:9092` */
export function plaintextListener(host: string, port: number): string {
  return `PLAINTEXT://${formatHostPort(host, port)}`
}

/** "Every address" is nothing one could connect to: then the machine's own name is told. */
export function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? hostname() : host
}

/** What every node's file holds: who it is, where it listens, where its data lies. */
export function structuralProperties(node: PlannedNode, data: string, quorum: QuorumSetting): Map<string, string> {
  const { nodeId, roles, host, brokerPort } = node
  return new Map([
    ['process.roles', roles],
    ['node.id', String(nodeId)],
    ['listeners', listenersOf(node)],
    ...(brokerPort === null
      ? []
      : ([
          ['advertised.listeners', plaintextListener(reachableHost(host), brokerPort)],
          ['inter.broker.listener.name', 'PLAINTEXT'],
        ] as const)),
    ['controller.listener.names', 'CONTROLLER'],
    [quorum.name, quorum.value],
    ['listener.security.protocol.map', 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT'],
    ['log.dirs', data],
  ])
}

/** Names a reader of `kt cluster status` need not be told of. */
export const STRUCTURAL_NAMES: ReadonlySet<string> = new Set([
  'process.roles',
  'node.id',
  'listeners',
  'advertised.listeners',
  'inter.broker.listener.name',
  'controller.listener.names',
  'controller.quorum.bootstrap.servers',
  'controller.quorum.voters',
  'listener.security.protocol.map',
  'log.dirs',
])

export interface PropertiesContent {
  readonly structural: ReadonlyMap<string, string>
  readonly defaults: readonly LocalDefault[]
  /** Set by a person; wins over both others. */
  readonly overrides: ReadonlyMap<string, string>
}

const OVERRIDES_HEADING = '# Set by --override:'

/** The text of a new node's server.properties. */
export function serverProperties({ structural, defaults, overrides }: PropertiesContent): string {
  const lines = [
    "# A node of a local cluster of kt, in Kafka's property names; Apache Kafka starts with this file, too.",
    ...[...structural].map(([name, value]) => propertyLine(name, value)),
    '',
    "# Where this node differs from Kafka's defaults, and why:",
    ...defaults.flatMap(({ name, value, why }) => [`# ${why}`, propertyLine(name, value)]),
  ]
  return withOverrides(`${lines.join('\n')}\n`, overrides)
}

/** Backslashes are the only character of a value that Java's reader would not take as it stands. */
function propertyLine(name: string, value: string): string {
  return `${name}=${value.replaceAll('\\', '\\\\')}`
}

/** Replaces lines that set one of `overrides` and adds the rest at the end. */
export function withOverrides(text: string, overrides: ReadonlyMap<string, string>): string {
  if (overrides.size === 0) return text
  const left = new Map(overrides)
  const lines = text
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const name = /^([^#!=:\s]+)\s*[=:]/.exec(line)?.[1]
      const value = name === undefined ? undefined : overrides.get(name)
      if (name === undefined || value === undefined) return [line]
      return left.delete(name) ? [propertyLine(name, value)] : []
    })
  if (left.size > 0) {
    if (!lines.includes(OVERRIDES_HEADING)) lines.push('', OVERRIDES_HEADING)
    lines.push(...[...left].map(([name, value]) => propertyLine(name, value)))
  }
  return `${lines.join('\n')}\n`
}

/** A node as its file describes it. */
export interface ConfiguredNode extends PlannedNode {
  readonly properties: ReadonlyMap<string, string>
}

/** Host and port of one listener of `listeners`, null when there is none of that kind. */
function listener(listeners: string, controller: boolean): { host: string; port: number } | null {
  for (const text of listeners.split(',')) {
    const match = /^\s*([A-Za-z0-9_]+):\/\/(?:\[([^\]]*)\]|([^:]*)):(\d+)\s*$/.exec(text)
    if (match === null || (match[1]!.toUpperCase() === 'CONTROLLER') !== controller) continue
    return { host: match[2] ?? match[3]!, port: Number(match[4]) }
  }
  return null
}

/** Reads the file of node `nodeId`; null when there is none. */
export function readServerProperties(file: string, nodeId: number): ConfiguredNode | null {
  if (!fs.existsSync(file)) return null
  const properties = parseProperties(fs.readFileSync(file, 'utf8'))
  const listeners = properties.get('listeners') ?? ''
  const [broker, controller] = [listener(listeners, false), listener(listeners, true)]
  const roles = (properties.get('process.roles') ?? 'broker')
    .split(',')
    .map((role) => role.trim())
    .sort()
    .join(',') as NodeRoles
  const host = broker?.host ?? controller?.host ?? ''
  return {
    ...{ nodeId, roles, host },
    ...{ brokerPort: broker?.port ?? null, controllerPort: controller?.port ?? null },
    properties,
  }
}

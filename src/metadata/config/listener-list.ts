/** `listeners`, `advertised.listeners` and their security protocols as Kafka reads them; messages are Kafka's. */
import { isIPv4, isIPv6 } from 'node:net'
import { KtError } from '../../base/errors.ts'
import type { NodeConfig } from './node-config.ts'

export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'

export interface ListenerEndpoint {
  /** In upper case. */
  readonly name: string
  readonly protocol: SecurityProtocol
  /** '' for every address of the machine. */
  readonly host: string
  readonly port: number
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']
const ENDPOINT = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?\d+)$/
const MAX_PORT = 65_535
const SECURITY_MAP = 'listener.security.protocol.map'

function misconfigured(message: string, facts: readonly string[] = []): KtError {
  return new KtError('usage', message, { facts })
}

/** Listener name to protocol; controller listeners are PLAINTEXT where nobody said otherwise (KIP-801). */
export function securityProtocols(config: NodeConfig): ReadonlyMap<string, SecurityProtocol> {
  const entries = (config.getString(SECURITY_MAP) ?? '').split(',').map((entry) => entry.trim())
  const map = new Map<string, SecurityProtocol>()
  for (const entry of entries.filter((each) => each !== '')) {
    const colon = entry.lastIndexOf(':')
    const protocol = entry.slice(colon + 1).trim()
    if (!PROTOCOLS.includes(protocol)) {
      throw misconfigured(`Invalid security protocol \`${protocol}\` defined in ${SECURITY_MAP}`)
    }
    map.set(entry.slice(0, colon).trim().toUpperCase(), protocol as SecurityProtocol)
  }
  if (config.originals.has(SECURITY_MAP)) return map
  const named = [
    ...config.getList('controller.listener.names'),
    ...config.getList('listeners').map((text) => text.slice(0, Math.max(0, text.indexOf(':')))),
  ]
  if (named.some((name) => name !== 'PLAINTEXT' && PROTOCOLS.includes(name))) return map
  for (const name of config.getList('controller.listener.names')) {
    if (!map.has(name.toUpperCase())) map.set(name.toUpperCase(), 'PLAINTEXT')
  }
  return map
}

/** Reads a list of listeners. Throws `KtError` of kind usage. */
export function parseListeners(
  texts: readonly string[],
  protocols: ReadonlyMap<string, SecurityProtocol>,
  options: { readonly distinctPorts: boolean },
): ListenerEndpoint[] {
  try {
    const endpoints = texts.map((text) => parseEndpoint(text.trim(), protocols))
    checkDistinct(endpoints, texts, options.distinctPorts)
    return endpoints
  } catch (error) {
    if (!(error instanceof KtError)) throw error
    throw misconfigured(`Error creating broker listeners from '${listed(texts)}': ${error.message}`, error.facts)
  }
}

/** As Java prints a list. */
function listed(texts: readonly string[]): string {
  return `[${texts.join(', ')}]`
}

function parseEndpoint(text: string, protocols: ReadonlyMap<string, SecurityProtocol>): ListenerEndpoint {
  const match = ENDPOINT.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > MAX_PORT || port < 0) {
    throw misconfigured(`Unable to parse ${text} to a broker endpoint`, [
      'a listener is NAME://HOST:PORT, for example PLAINTEXT://127.0.0.1:9092',
    ])
  }
  const name = match[1]!.toUpperCase()
  const protocol = protocols.get(name)
  if (protocol === undefined) throw misconfigured(`No security protocol defined for listener ${name}`)
  return { name, protocol, host: match[2]!, port }
}

function checkDistinct(endpoints: readonly ListenerEndpoint[], texts: readonly string[], ports: boolean): void {
  if (new Set(endpoints.map(({ name }) => name)).size !== endpoints.length) {
    throw misconfigured(`Each listener must have a different name, listeners: ${listed(texts)}`)
  }
  if (!ports) return
  const byPort = new Map<number, ListenerEndpoint[]>()
  for (const endpoint of endpoints.filter(({ port }) => port !== 0)) {
    byPort.set(endpoint.port, [...(byPort.get(endpoint.port) ?? []), endpoint])
  }
  for (const [port, sharing] of byPort) if (sharing.length > 1) checkSharing(sharing, texts, port)
}

/** One port may be taken twice when one address is of IPv4 and the other of IPv6. */
function checkSharing(sharing: readonly ListenerEndpoint[], texts: readonly string[], port: number): void {
  const addresses = sharing.filter(({ host }) => isIPv4(host) || isIPv6(host))
  if (sharing.length - addresses.length > 1 || addresses.length === 1) {
    throw misconfigured(`Each listener must have a different port, listeners: ${listed(texts)}`)
  }
  if (addresses.length > 2) {
    throw misconfigured(
      `Each listener must have a different port unless exactly one listener has an IPv4 address and the other IPv6 address, listeners: ${listed(texts)}, port: ${port}`,
    )
  }
  const families = new Set(addresses.map(({ host }) => isIPv4(host)))
  if (families.size === 2 && addresses.length === sharing.length) return
  throw misconfigured(
    `If you have two listeners on the same port then one needs to be IPv4 and the other IPv6, listeners: ${listed(texts)}, port: ${port}`,
  )
}

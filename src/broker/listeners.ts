/** `listeners`, `advertised.listeners` and what stands around them in server.properties. */
import { hostname } from 'node:os'
import { KtError } from '../base/errors.ts'
import { type NodeConfig, securityProtocols } from '../metadata/config/index.ts'
import type { Endpoint } from '../metadata/types.ts'

/** `SecurityProtocol` ids; only the first is served. */
const PLAINTEXT = 0

export interface Listener {
  readonly name: string
  readonly host: string
  readonly port: number
}

const LISTENER = /^([A-Za-z0-9_]+):\/\/(\[[^\]]*\]|[^:]*):(\d+)$/

function parseListener(text: string, property: string): Listener {
  const match = LISTENER.exec(text.trim())
  if (match === null || Number(match[3]) > 65535) {
    throw new KtError('usage', `Unable to parse ${text} to a broker endpoint (${property})`, {
      facts: ['a listener is NAME://HOST:PORT, for example PLAINTEXT://127.0.0.1:9092'],
    })
  }
  const host = match[2]!.replace(/^\[(.*)\]$/, '$1')
  return { name: match[1]!.toUpperCase(), host, port: Number(match[3]) }
}

function requirePlaintext(protocols: ReadonlyMap<string, string>, { name }: Listener): void {
  const protocol = protocols.get(name) ?? name
  if (protocol === 'PLAINTEXT') return
  throw new KtError('usage', `listener ${name} wants ${protocol}, which the bundled node does not serve yet`, {
    facts: ['only PLAINTEXT listeners are served'],
  })
}

/** `listeners`, those of `controller.listener.names` apart: a broker's clients and a controller's brokers never meet. */
export function nodeListeners(config: NodeConfig): { readonly broker: Listener[]; readonly controller: Listener[] } {
  const controllers = new Set(config.getList('controller.listener.names').map((name) => name.toUpperCase()))
  const listeners = config.getList('listeners').map((text) => parseListener(text, 'listeners'))
  const protocols = securityProtocols(config)
  for (const listener of listeners) requirePlaintext(protocols, listener)
  return {
    broker: listeners.filter(({ name }) => !controllers.has(name)),
    controller: listeners.filter(({ name }) => controllers.has(name)),
  }
}

/** What clients are told: `advertised.listeners`, else where we listen. `ports` are those really taken. */
export function advertisedEndpoints(
  config: NodeConfig,
  listeners: readonly Listener[],
  ports: ReadonlyMap<string, number>,
): Endpoint[] {
  const texts = config.getList('advertised.listeners')
  const advertised = new Map(
    texts.map((text) => parseListener(text, 'advertised.listeners')).map((each) => [each.name, each]),
  )
  return listeners.map((listener) => {
    const told = advertised.get(listener.name)
    const host = told?.host ?? listener.host
    if (host === '0.0.0.0' || host === '::') {
      throw new KtError(
        'usage',
        `advertised.listeners cannot use the nonroutable meta-address ${host}. Use a routable IP address.`,
        { next: `set advertised.listeners=${listener.name}://HOST:${listener.port}` },
      )
    }
    const port = told?.port || ports.get(listener.name)!
    return { name: listener.name, host: host === '' ? hostname() : host, port, securityProtocol: PLAINTEXT }
  })
}

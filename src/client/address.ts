import { KtError } from '../base/errors.ts'

/** Where a broker listens. IPv6 hosts are kept without brackets. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Java's `Utils.HOST_PORT_PATTERN`: an optional `PROTOCOL://`, a host that may stand in brackets, a port. */
const HOST_PORT = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/
const MAX_PORT = 65535

/** `host:port`, `[::1]:9092` or `PLAINTEXT://host:port`; null when it is none of these. */
export function parseAddress(text: string): Address | null {
  const match = HOST_PORT.exec(text.trim())
  if (match === null || match[1] === '') return null
  const port = Number(match[2])
  return port <= MAX_PORT ? { host: match[1]!, port } : null
}

/** As a person writes it: `[::1]:9092`, `localhost:9092`. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Every address of a bootstrap list; each entry may itself be a comma-separated list. Throws a usage `KtError`. */
export function parseBootstrap(servers: readonly string[]): Address[] {
  const entries = servers.flatMap((server) => server.split(',')).map((server) => server.trim())
  const wanted = entries.filter((entry) => entry !== '')
  if (wanted.length === 0) {
    throw new KtError('usage', 'No resolvable bootstrap urls given in bootstrap.servers', {
      next: 'give --bootstrap-server HOST:PORT',
    })
  }
  return wanted.map((entry) => {
    const address = parseAddress(entry)
    if (address !== null) return address
    throw new KtError('usage', `Invalid url in bootstrap.servers: ${entry}`, {
      facts: ['an address is HOST:PORT; an IPv6 host stands in brackets, for example [::1]:9092'],
    })
  })
}

/** True for an address of this machine alone: what advice makes sense depends on it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}

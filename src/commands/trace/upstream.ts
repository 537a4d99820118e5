/** The proxy's own side of a connection: TCP, TLS and login as profile and properties say, then a socket to pass bytes on. */
import type { Socket } from 'node:net'
import { type Address, formatAddress } from '../../client/address.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { Connection } from '../../client/connection.ts'
import { negotiateVersions } from '../../client/handshake.ts'
import { type ResolvedOptions, resolveOptions } from '../../client/options.ts'
import { openSocket } from '../../client/socket.ts'

export class Upstream {
  readonly #options: ResolvedOptions

  constructor(options: ClientOptions) {
    this.#options = resolveOptions(options)
  }

  get bootstrap(): readonly Address[] {
    return this.#options.bootstrap
  }

  /** `TLS, SCRAM-SHA-512 as alice`: how the proxy speaks to brokers, for a person. */
  get security(): string {
    const { tls, sasl } = this.#options
    const login = sasl === undefined ? '' : ` and a login by ${sasl.mechanism}`
    if (sasl === undefined && tls === undefined) return 'PLAINTEXT'
    return `${tls === undefined ? 'PLAINTEXT' : 'TLS'}${login}`
  }

  get logsIn(): boolean {
    return this.#options.sasl !== undefined
  }

  /** Connects to the first of the addresses that answers. Rejects with the last one's failure. */
  async open(addresses: readonly Address[]): Promise<{ readonly socket: Socket; readonly address: Address }> {
    let failure: unknown
    for (const address of addresses) {
      try {
        return { socket: await this.#openAt(address), address }
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  async #openAt(address: Address): Promise<Socket> {
    const { clock, clientId, tls, sasl, connectTimeoutMs, requestTimeoutMs, random } = this.#options
    if (sasl === undefined) return openSocket(address, { connectTimeoutMs, tls, clock })
    const connection = await Connection.open(address, { connectTimeoutMs, tls, clock, clientId })
    try {
      await negotiateVersions(connection, requestTimeoutMs)
      const { authenticate } = await import('../../client/sasl.ts')
      await authenticate(connection, sasl, { timeoutMs: requestTimeoutMs, now: clock.monotonic(), random })
      return connection.detach()
    } catch (error) {
      connection.close()
      throw error
    }
  }
}

/** `127.0.0.1:9092` of one end of a socket, IPv4 as IPv4 where a listener of IPv6 took it. */
export function endOf(host: string | undefined, port: number | undefined): string {
  return formatAddress({ host: plainHost(host), port: port ?? 0 })
}

export function plainHost(host: string | undefined): string {
  return (host ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

import net from 'node:net'
import type { ConnectionOptions as TlsConnectionOptions } from 'node:tls'
import type { Clock } from '../base/clock.ts'
import type { Address } from './address.ts'
import type { ClientOptions } from './admin-types.ts'
import { ConnectionFailure, socketFailure } from './failure.ts'

export interface SocketOptions {
  readonly connectTimeoutMs: number
  readonly tls: ClientOptions['tls']
  readonly clock: Clock
}

/**
 * Node gives each address of a name 250 ms before it tries the next one; a distant broker needs longer, and the whole
 * attempt is bounded by `connectTimeoutMs` anyway.
 */
const PER_ADDRESS_ATTEMPT_MS = 2_000

/** Connects, with the TLS handshake when asked. Rejects with `ConnectionFailure`. */
export async function openSocket(address: Address, options: SocketOptions): Promise<net.Socket> {
  if (options.tls === undefined) return settle(address, options, plainSocket(address), 'connect')
  // Loading the TLS stack costs milliseconds: only those who use it pay.
  const tls = await import('node:tls')
  const socket = tls.connect(tlsSettings(address, options.tls))
  return settle(address, options, socket, 'secureConnect')
}

function plainSocket({ host, port }: Address): net.Socket {
  return net.connect({ host, port, noDelay: true, autoSelectFamilyAttemptTimeout: PER_ADDRESS_ATTEMPT_MS })
}

/** What node's TLS stack needs to know; shared with the kafkajs membership. */
export function tlsSettings({ host, port }: Address, tls: NonNullable<ClientOptions['tls']>): TlsConnectionOptions {
  return {
    host,
    port,
    // SNI takes names only (RFC 6066, section 3).
    servername: net.isIP(host) === 0 ? host : '',
    ca: tls.caPem,
    cert: tls.certPem,
    key: tls.keyPem,
    pfx: tls.pfx,
    passphrase: tls.keyPassword,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    ciphers: tls.ciphers,
    // As Java: whatever is in the trust store is trusted, whether or not it signed itself.
    allowPartialTrustChain: true,
    ...(tls.verifyHostname === false ? { checkServerIdentity: () => undefined } : {}),
  }
}

function settle(
  address: Address,
  { clock, connectTimeoutMs, tls }: SocketOptions,
  socket: net.Socket,
  readyEvent: 'connect' | 'secureConnect',
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(connectTimeoutMs, () => {
      const what = socket.connecting ? 'no answer to the connection attempt' : 'connected, but no TLS handshake'
      fail(new ConnectionFailure('connect-timeout', address, `${what} within ${connectTimeoutMs} ms`))
    })
    const fail = (error: Error): void => {
      timer.cancel()
      socket.destroy()
      reject(tls === undefined ? socketFailure(address, error) : tlsFailure(address, error))
    }
    socket.once('error', fail)
    socket.once(readyEvent, () => {
      timer.cancel()
      socket.off('error', fail)
      socket.setNoDelay(true)
      resolve(socket)
    })
  })
}

const CERTIFICATE_CODES =
  /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_OSSL_|ERR_SSL_.*(ALERT|CERTIFICATE))/

/** Names what went wrong in or after a TLS handshake. */
export function tlsFailure(address: Address, error: Error & { code?: string }): ConnectionFailure {
  if (error instanceof ConnectionFailure) return error
  if (/WRONG_VERSION_NUMBER|wrong version number/i.test(`${error.code} ${error.message}`)) {
    return new ConnectionFailure(
      'plaintext-expected',
      address,
      'TLS was offered, but the port answers in plaintext',
      error,
    )
  }
  // A broker's plaintext listener reads our ClientHello as an absurd frame length and hangs up.
  if (/before secure TLS connection/.test(error.message)) {
    const detail = 'closed during the TLS handshake, the port probably speaks plaintext'
    return new ConnectionFailure('plaintext-expected', address, detail, error)
  }
  if (CERTIFICATE_CODES.test(error.code ?? '')) {
    return new ConnectionFailure('certificate', address, `TLS certificate not accepted: ${error.message}`, error)
  }
  return socketFailure(address, error)
}

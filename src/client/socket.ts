import net from 'node:net'
import type { ConnectionOptions as TlsConnectionOptions } from 'node:tls'
import type { Clock } from '../base/clock.ts'
import type { Address } from './address.ts'
import type { ClientOptions } from './admin-types.ts'
import { ConnectionFailure, type FailureReason, socketFailure } from './failure.ts'

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
    ...tlsIdentity(tls),
  }
}

/** Whom to trust, who we are, and how to speak: the same to a broker and to a token endpoint. */
export function tlsIdentity(tls: NonNullable<ClientOptions['tls']>): TlsConnectionOptions {
  return {
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
      const [reason, what] = socket.connecting
        ? (['connect-timeout', 'no answer to the connection attempt'] as const)
        : (['tls-timeout', 'connected, but no TLS handshake'] as const)
      fail(new ConnectionFailure(reason, address, `${what} within ${connectTimeoutMs} ms`))
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

/** What OpenSSL and node call it, in the order in which they are asked; the first that fits tells the reason. */
const TLS_CODES: readonly (readonly [RegExp, FailureReason, string])[] = [
  [/^CERT_HAS_EXPIRED$/, 'certificate-expired', "the broker's certificate has expired"],
  [/^CERT_NOT_YET_VALID$/, 'certificate-expired', "the broker's certificate is not valid yet"],
  [/^ERR_TLS_CERT_ALTNAME|^HOSTNAME_MISMATCH$/, 'certificate-name', "the broker's certificate is for another host"],
  [
    /^(DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)/,
    'certificate-authority',
    "the broker's certificate is signed by an authority that is not trusted here",
  ],
  [
    /ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)|ALERT_NO_CERTIFICATE/,
    'client-certificate',
    'the broker does not accept our certificate',
  ],
  [
    /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHER/,
    'tls-version',
    'no TLS version or cipher suite in common',
  ],
  [
    /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|ERR_OSSL_|ERR_SSL_.*CERTIFICATE)/,
    'certificate',
    'the certificate is not accepted',
  ],
]

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
  for (const [pattern, reason, what] of TLS_CODES) {
    if (!pattern.test(error.code ?? '')) continue
    return new ConnectionFailure(reason, address, `${what}: ${tlsDetail(error)}`, error)
  }
  return socketFailure(address, error)
}

/** OpenSSL's own words without the place they come from; of a certificate for another host, the hosts that it is for. */
function tlsDetail(error: Error & { cert?: { subjectaltname?: string } }): string {
  const names = error.cert?.subjectaltname
  if (names !== undefined) return `it is for ${names}`
  const reason = error.message.split(':')[5]
  return /^[0-9A-F]+:error:/.test(error.message) && reason !== undefined ? reason : error.message.trim()
}

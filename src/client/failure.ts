import { type Address, formatAddress } from './address.ts'

/** Why a connection could not be made or used, as far as it was observed. */
export type FailureReason =
  | 'refused' // the port is closed
  | 'dns' // the name has no address
  | 'connect-timeout' // no answer to the connection attempt
  | 'unreachable' // the network says there is no way
  | 'closed' // the other side closed the connection
  | 'login-expected' // closed at the first request after the handshake: a SASL listener
  | 'request-timeout' // connected, but no answer came in time
  | 'tls-expected' // we spoke plaintext, the port speaks TLS
  | 'plaintext-expected' // we spoke TLS, the port does not
  | 'certificate' // the TLS certificate was not accepted, by us or by them
  | 'not-kafka' // something else answers there
  | 'protocol' // bytes that do not follow the protocol
  | 'released' // our own `close()`

/** A connection that could not be made or was lost: the router tries elsewhere, the person gets a `KtError` made of it. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure'
  readonly reason: FailureReason
  readonly address: Address

  constructor(reason: FailureReason, address: Address, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause })
    this.reason = reason
    this.address = address
  }

  /** One line for a person: `localhost:9092: connection refused, nothing listens on this port`. */
  get fact(): string {
    return `${formatAddress(this.address)}: ${this.message}`
  }

  /** Another try at the same address may do better. */
  get retriable(): boolean {
    return RETRIABLE.has(this.reason)
  }
}

const RETRIABLE: ReadonlySet<FailureReason> = new Set([
  'refused',
  'connect-timeout',
  'closed',
  'login-expected',
  'request-timeout',
])

const DETAILS: Readonly<Record<string, readonly [FailureReason, string]>> = {
  ECONNREFUSED: ['refused', 'connection refused, nothing listens on this port'],
  ENOTFOUND: ['dns', 'no such host, the name does not resolve'],
  EAI_AGAIN: ['dns', 'the name server did not answer'],
  EHOSTUNREACH: ['unreachable', 'no route to this host'],
  ENETUNREACH: ['unreachable', 'no route to this network'],
  EADDRNOTAVAIL: ['unreachable', 'not an address that can be connected to'],
  ETIMEDOUT: ['connect-timeout', 'no answer, the connection attempt timed out'],
  ECONNRESET: ['closed', 'the connection was reset'],
  EPIPE: ['closed', 'the connection was closed'],
}

/** Names what a socket's `error` event means. */
export function socketFailure(address: Address, error: Error & { code?: string }): ConnectionFailure {
  if (error instanceof ConnectionFailure) return error
  // A name with several addresses fails with one error per address (happy eyeballs): the first tells the story.
  const nested = (error as { errors?: (Error & { code?: string })[] }).errors?.[0]
  const known = DETAILS[error.code ?? ''] ?? DETAILS[nested?.code ?? '']
  if (known !== undefined) return new ConnectionFailure(known[0], address, known[1], error)
  return new ConnectionFailure('closed', address, error.message || String(error.code), error)
}

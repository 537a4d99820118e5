import { type Address, formatAddress } from './address.ts'

/** Why a connection could not be made or used, as far as it was observed. */
export type FailureReason =
  | 'refused' // the port is closed
  | 'dns' // the name has no address
  | 'connect-timeout' // no answer to the connection attempt
  | 'tls-timeout' // connected, but no TLS handshake in time
  | 'unreachable' // the network says there is no way
  | 'closed' // the other side closed the connection
  | 'login-expected' // closed at the first request after the handshake: a SASL listener
  | 'request-timeout' // connected, but no answer came in time
  | 'tls-expected' // we spoke plaintext, the port speaks TLS
  | 'plaintext-expected' // we spoke TLS, the port does not
  | 'certificate-expired' // the broker's certificate is too old, or too young
  | 'certificate-name' // the broker's certificate is for another host
  | 'certificate-authority' // nobody we trust has signed the broker's certificate
  | 'certificate' // the broker's certificate is not accepted for another reason
  | 'client-certificate' // the broker does not accept our certificate, or that there is none
  | 'tls-version' // no TLS version or cipher suite in common
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

/** Which step of getting through to a broker failed, for a person who has to look for the reason. */
export function failedStep(reason: FailureReason): string {
  if (reason === 'dns') return 'DNS, looking up the name'
  if (TCP_REASONS.has(reason)) return 'TCP, connecting to the port (the name resolves)'
  if (reason.startsWith('certificate') || TLS_REASONS.has(reason)) return 'TLS, the handshake (the port answers)'
  if (reason === 'login-expected') return 'SASL, the login that this listener wants (TCP and TLS are fine)'
  return 'Kafka, the first requests (the connection stands)'
}

const TCP_REASONS: ReadonlySet<FailureReason> = new Set(['refused', 'connect-timeout', 'unreachable'])
const TLS_REASONS: ReadonlySet<FailureReason> = new Set([
  'tls-timeout',
  'tls-expected',
  'plaintext-expected',
  'client-certificate',
  'tls-version',
])

const RETRIABLE: ReadonlySet<FailureReason> = new Set([
  'refused',
  'connect-timeout',
  'tls-timeout',
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

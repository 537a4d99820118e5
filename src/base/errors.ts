/** Kinds of failure. `cli/exit-codes.ts` maps each to one exit code; nothing else does. */
export type ErrorKind =
  | 'usage' // the command line is wrong
  | 'unreachable' // nobody answers at an address
  | 'timeout' // an answer did not come in time
  | 'authentication' // TLS or SASL refused us
  | 'authorization' // an ACL is missing
  | 'kafka' // the cluster answered with an error code
  | 'not-found' // a file, topic or group that was named does not exist
  | 'conflict' // a port, directory or name is taken
  | 'storage' // a disk operation failed
  | 'interrupted' // Ctrl-C, SIGTERM or a closed pipe
  | 'internal' // a defect of ours

export interface KtErrorOptions {
  /** Facts observed (address tried, port state, nearest names), one line each. */
  readonly facts?: readonly string[]
  /** The command a person should run next. */
  readonly next?: string
  readonly cause?: unknown
}

/** An error a person may see: what happened, why (observed facts), the next command. */
export class KtError extends Error {
  readonly kind: ErrorKind
  readonly facts: readonly string[]
  readonly next: string | undefined

  constructor(kind: ErrorKind, message: string, options: KtErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'KtError'
    this.kind = kind
    this.facts = options.facts ?? []
    this.next = options.next
  }
}

/** Bytes that do not follow the protocol: the connection they came from cannot be trusted any further. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/** A condition the code relies on does not hold: a defect, never a user's mistake. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}

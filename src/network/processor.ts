/** What the network floor asks of the floor above it: bytes of a request in, bytes of a response out. */

/** What one connection knows of its peer, kept for as long as it is open. */
export interface ConnectionContext {
  readonly listenerName: string
  /** `127.0.0.1`. */
  readonly clientAddress: string
  /** Name and version from ApiVersions (KIP-511), '' until the client told them; written by the processor. */
  clientSoftwareName: string
  clientSoftwareVersion: string
  /** Aborted when the connection has closed. Made on first use: most requests never wait. */
  readonly closed: AbortSignal
}

export interface Answer {
  /** The response frame in pieces, size prefix included, for one gathering write; null when nothing is sent. */
  readonly chunks: readonly Buffer[] | null
  /** Runs once: when the bytes have left or the connection has closed. */
  readonly afterSend?: () => void
  /** The connection is closed after (or instead of) the answer. */
  readonly close?: boolean
}

export interface RequestProcessor {
  /**
   * Serves one request frame (without its size). An answer that is ready is returned as it is, not as a promise: the
   * fast path never leaves the event that brought the bytes. A throw or a rejection closes the connection.
   */
  process(frame: Buffer, connection: ConnectionContext): Answer | Promise<Answer>
}

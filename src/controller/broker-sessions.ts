/**
 * Which brokers are alive, as the active controller sees it: soft state that no record holds and that starts anew with
 * each active controller (KIP-631). Owner of heartbeat times and of how far brokers have read the metadata.
 */

const NO_OFFSET = -1

interface Session {
  fenced: boolean
  /** Metadata offset of the last heartbeat. */
  metadataOffset: number
  /** Offset at which its controlled shutdown was recorded, -1 when it is not shutting down. */
  controlledShutdownOffset: number
}

export interface BrokerIdAndEpoch {
  readonly id: number
  readonly epoch: number
}

export class BrokerSessions {
  private readonly timeoutMs: number
  private readonly monotonic: () => number
  private readonly sessions = new Map<number, Session>()
  /** Last contact by `id:epoch`: a former incarnation must not look alive because of its successor. */
  private readonly contacts = new Map<string, BrokerIdAndEpoch & { atMs: number }>()

  constructor(timeoutMs: number, monotonic: () => number) {
    this.timeoutMs = timeoutMs
    this.monotonic = monotonic
  }

  /** Notes a sign of life. */
  contact(id: number, epoch: number): void {
    this.contacts.set(`${id}:${epoch}`, { id, epoch, atMs: this.monotonic() })
  }

  hasValidSession(id: number, epoch: number): boolean {
    const contact = this.contacts.get(`${id}:${epoch}`)
    return contact !== undefined && !this.isExpired(contact.atMs)
  }

  /** The broker has said goodbye: another incarnation need not wait for the session to run out. */
  end(id: number, epoch: number): void {
    this.contacts.delete(`${id}:${epoch}`)
  }

  /** When the first session runs out, on the monotonic clock; null when there is none. */
  earliestExpiryMs(): number | null {
    let earliest: number | null = null
    for (const { atMs } of this.contacts.values()) {
      if (earliest === null || atMs + this.timeoutMs < earliest) earliest = atMs + this.timeoutMs
    }
    return earliest
  }

  /** Forgets one broker whose session has run out and returns it; null when all are in time. */
  takeExpired(): BrokerIdAndEpoch | null {
    for (const [key, contact] of this.contacts) {
      if (!this.isExpired(contact.atMs)) continue
      this.contacts.delete(key)
      return contact
    }
    return null
  }

  register(id: number, fenced: boolean): void {
    if (!this.sessions.has(id)) this.sessions.set(id, newSession(fenced))
    this.touch(id, fenced, NO_OFFSET)
  }

  /** Takes over what a heartbeat told. A fenced broker leaves its controlled shutdown. */
  touch(id: number, fenced: boolean, metadataOffset: number): void {
    const session = this.sessions.get(id)
    if (session === undefined) return
    session.fenced = fenced
    session.metadataOffset = metadataOffset
    if (fenced) session.controlledShutdownOffset = NO_OFFSET
  }

  fence(id: number): void {
    const session = this.sessions.get(id)
    if (session !== undefined) session.fenced = true
  }

  remove(id: number): void {
    this.sessions.delete(id)
  }

  has(id: number): boolean {
    return this.sessions.has(id)
  }
  isFenced(id: number): boolean {
    return this.sessions.get(id)?.fenced ?? true
  }
  isShuttingDown(id: number): boolean {
    return this.controlledShutdownOffset(id) !== NO_OFFSET
  }
  controlledShutdownOffset(id: number): number {
    return this.sessions.get(id)?.controlledShutdownOffset ?? NO_OFFSET
  }

  beginControlledShutdown(id: number, offset: number): void {
    const session = this.sessions.get(id)
    if (session !== undefined && session.controlledShutdownOffset === NO_OFFSET)
      session.controlledShutdownOffset = offset
  }

  /** How far the slowest broker in service has read; Infinity when there is none. */
  lowestActiveOffset(): number {
    let lowest = Number.POSITIVE_INFINITY
    for (const session of this.sessions.values()) {
      if (session.fenced || session.controlledShutdownOffset !== NO_OFFSET) continue
      lowest = Math.min(lowest, session.metadataOffset)
    }
    return lowest
  }

  /** Brokers that may be given replicas: registered and not shutting down. */
  *usable(): Generator<{ id: number; fenced: boolean }> {
    for (const [id, session] of this.sessions) {
      if (session.controlledShutdownOffset === NO_OFFSET) yield { id, fenced: session.fenced }
    }
  }

  private isExpired(atMs: number): boolean {
    return atMs + this.timeoutMs <= this.monotonic()
  }
}

function newSession(fenced: boolean): Session {
  return { fenced, metadataOffset: NO_OFFSET, controlledShutdownOffset: NO_OFFSET }
}

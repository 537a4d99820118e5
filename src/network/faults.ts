/**
 * Cut connections, for learning and for tests: only a local cluster's nodes and simulations have this switch. What is cut
 * behaves as a network that loses every packet: no error, no answer, until somebody's time limit has passed.
 */
import type { PeerAddress } from '../protocol/peers.ts'

export interface FaultSettings {
  /** Addresses, `host:port`, to which this node's requests are lost; '*' for every address. */
  readonly blockedPeers: readonly string[]
  /** Requests of clients are not read. */
  readonly blocksClients: boolean
}

export const NO_FAULTS: FaultSettings = { blockedPeers: [], blocksClients: false }

const EVERY_PEER = '*'

/** The switch of one node. Owner of what is cut; everybody who waits for a change is told of it. */
export class NetworkFaults {
  private settings: FaultSettings = NO_FAULTS
  private blocked: ReadonlySet<string> = new Set()
  private readonly waiting = new Set<() => void>()

  get current(): FaultSettings {
    return this.settings
  }

  /** True while requests to `address` are lost. */
  blocksPeer({ host, port }: PeerAddress): boolean {
    return this.blocked.has(EVERY_PEER) || this.blocked.has(`${host}:${port}`)
  }

  get blocksClients(): boolean {
    return this.settings.blocksClients
  }

  change(settings: FaultSettings): void {
    this.settings = settings
    this.blocked = new Set(settings.blockedPeers)
    const waiting = [...this.waiting]
    this.waiting.clear()
    for (const wake of waiting) wake()
  }

  /** Calls `wake` once, at the next change; returns what takes it back. */
  onChange(wake: () => void): () => void {
    this.waiting.add(wake)
    return () => void this.waiting.delete(wake)
  }
}

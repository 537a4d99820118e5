/**
 * Connections to other nodes: per address one for fetches, which wait long, and one for the rest. Owner of the open
 * channels; each is made with its first request.
 */
import type { PeerAddress, PeerChannel, PeerNetwork } from '../protocol/peers.ts'

/** Addresses with an open channel at the same time; beyond it the oldest is closed. More than a quorum ever has. */
const MAX_CHANNELS = 64

export type Purpose = 'fetch' | 'requests'

export class PeerChannels {
  private readonly network: PeerNetwork
  private readonly clientId: string
  private readonly open = new Map<string, PeerChannel>()

  constructor(network: PeerNetwork, clientId: string) {
    this.network = network
    this.clientId = clientId
  }

  to(address: PeerAddress, purpose: Purpose): PeerChannel {
    const name = nameOf(address, purpose)
    const known = this.open.get(name)
    if (known !== undefined) return known
    if (this.open.size >= MAX_CHANNELS) this.drop(this.open.keys().next().value!)
    const channel = this.network.open(address, this.clientId)
    this.open.set(name, channel)
    return channel
  }

  /** Ends the channel and what is in flight on it. */
  close(address: PeerAddress, purpose: Purpose): void {
    this.drop(nameOf(address, purpose))
  }

  closeAll(): void {
    for (const name of [...this.open.keys()]) this.drop(name)
  }

  private drop(name: string): void {
    const channel = this.open.get(name)
    this.open.delete(name)
    channel?.close()
  }
}

function nameOf({ host, port }: PeerAddress, purpose: Purpose): string {
  return `${host}:${port} ${purpose}`
}

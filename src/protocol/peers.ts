/**
 * How one node of the cluster reaches another: Kafka's own requests to an address, each with a time limit. Raft,
 * replication and the way to the active controller know the network only through this, so a simulation can be it.
 */
import type { Api, RequestInput, ResponseOf } from './schema.ts'

export interface PeerAddress {
  readonly host: string
  readonly port: number
}

/**
 * One connection to another node, opened with the first request and again after it was lost. Requests are answered in
 * order, so whoever waits long (a fetch) has a channel of its own.
 */
export interface PeerChannel {
  readonly address: PeerAddress
  /**
   * Rejects with `KafkaError`: NETWORK_EXCEPTION when the peer cannot be reached or the connection is lost,
   * REQUEST_TIMED_OUT when no answer comes in time (which ends the connection); with a codec's error when the request
   * cannot be encoded.
   */
  send<A extends Api>(api: A, version: number, request: RequestInput<A>, timeoutMs: number): Promise<ResponseOf<A>>
  /** What is in flight fails with NETWORK_EXCEPTION; later sends do, too. Safe to call twice. */
  close(): void
}

export interface PeerNetwork {
  /** Does not connect yet. `clientId` as Kafka names its inter-broker clients, for example `broker-1-fetcher-0`. */
  open(address: PeerAddress, clientId: string): PeerChannel
}

/**
 * The wire, watched: every request of our client with its answer (`KT_TRACE=1`). One watcher a process, as there is one
 * environment. What kafkajs sends to be a member of a group is heard by a `wire-tap.ts` at its sockets.
 */
import type { Api } from '../protocol/schema.ts'
import type { Address } from './address.ts'

/** A request that was answered, or one that never will be. */
export interface WireEvent {
  readonly address: Address
  readonly api: Api
  readonly version: number
  readonly correlationId: number
  readonly request: unknown
  readonly requestBytes: number
  /** null: the request is not answered, by its nature or because the connection ended. */
  readonly response: unknown
  readonly responseBytes: number
  readonly elapsedMs: number
  /** Why there is no answer. */
  readonly failure: string | null
  /** Of the request's header, where the client may be another one than ours. */
  readonly clientId?: string | null
  /** Why request or answer could not be read: what is there of them is not all. */
  readonly unread?: string | null
}

export type WireWatcher = (event: WireEvent) => void

let watcher: WireWatcher | null = null

/** Awaited before a connection to this address is opened: who watches may want to be ready. */
export type ConnectHook = (address: Address) => Promise<void>

let connectHook: ConnectHook | null = null

/** Sets what is awaited before each connection; null awaits nothing. */
export function beforeConnecting(next: ConnectHook | null): void {
  connectHook = next
}

/** What is awaited before a connection, null nearly always. */
export function hookBeforeConnecting(): ConnectHook | null {
  return connectHook
}

/** Sets who is told; null tells nobody. */
export function watchWire(next: WireWatcher | null): void {
  watcher = next
}

/** Who is told, null nearly always. */
export function wireWatcher(): WireWatcher | null {
  return watcher
}

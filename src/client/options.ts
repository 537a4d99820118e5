import { type Clock, systemClock } from '../base/clock.ts'
import { type Random, systemRandom } from '../base/random.ts'
import { type Address, parseBootstrap } from './address.ts'
import type { ClientOptions } from './admin-types.ts'
import type { DenialKeeper } from './security-types.ts'

/** Time and chance, handed in by tests. */
export interface ClientDependencies {
  readonly clock?: Clock
  readonly random?: Random
}

/** `ClientOptions` with every default filled in. Names and defaults are those of Kafka's Java clients. */
export interface ResolvedOptions {
  readonly bootstrap: readonly Address[]
  /** The bootstrap addresses are controllers'. */
  readonly toControllers: boolean
  readonly clientId: string
  /** `request.timeout.ms` */
  readonly requestTimeoutMs: number
  readonly connectTimeoutMs: number
  /** `default.api.timeout.ms` */
  readonly apiTimeoutMs: number
  readonly tls: ClientOptions['tls']
  readonly sasl: ClientOptions['sasl']
  /** Null where nobody asks what was denied. */
  readonly denials: DenialKeeper | null
  readonly clock: Clock
  readonly random: Random
}

const DEFAULT_REQUEST_TIMEOUT_MS = 30_000
const DEFAULT_API_TIMEOUT_MS = 60_000
/** Java waits 10 s; a person at a terminal should know within that time that nobody answers. */
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000

/** Fills in defaults. Throws a usage `KtError` for addresses that are none. */
export function resolveOptions(options: ClientOptions, dependencies: ClientDependencies = {}): ResolvedOptions {
  return {
    bootstrap: parseBootstrap(options.bootstrapServers),
    toControllers: options.toControllers === true,
    clientId: options.clientId ?? 'kt',
    requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    apiTimeoutMs: options.apiTimeoutMs ?? DEFAULT_API_TIMEOUT_MS,
    tls: options.tls,
    sasl: options.sasl,
    denials: options.denials ?? null,
    clock: dependencies.clock ?? systemClock,
    random: dependencies.random ?? systemRandom,
  }
}

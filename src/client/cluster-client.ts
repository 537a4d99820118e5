/**
 * The raw client of a cluster: finds a broker for a request, negotiates the version, sends, follows the cluster when it
 * moves. It owns the connections and the metadata cache. Callers say where a request goes (`Route`) and, with
 * `retrying`, how long the whole call may take.
 */
import { KtError } from '../base/errors.ts'
import { errorName, KafkaError } from '../protocol/error-codes.ts'
import { metadata } from '../protocol/messages/03-metadata.ts'
import type { Api, RequestInput, ResponseOf } from '../protocol/schema.ts'
import { type Address, formatAddress } from './address.ts'
import type { ClientOptions } from './admin-types.ts'
import { Connection } from './connection.ts'
import { askerOf } from './denials.ts'
import { advertisedUnreachable, bootstrapUnreachable, callTimedOut, connectionLost } from './diagnose.ts'
import { ConnectionFailure } from './failure.ts'
import { isKRaft, negotiateVersions, requireVersion } from './handshake.ts'
import { MetadataCache } from './metadata-cache.ts'
import { type ClientDependencies, type ResolvedOptions, resolveOptions } from './options.ts'
import { AllFailed, raceAddresses } from './race.ts'
import { backoffMs, Deadline, isRetriable, sleep } from './retry.ts'
import type { DeniedClient } from './security-types.ts'

/** Where a request goes. */
export type Route =
  | { readonly to: 'any' }
  /** The active controller; KRaft brokers forward, so there any broker will do. */
  | { readonly to: 'controller' }
  /** A broker by id. `channel` names a second connection for requests that block those behind them (Fetch). */
  | { readonly to: 'broker'; readonly id: number; readonly channel?: string }

export const ANY: Route = { to: 'any' }
export const CONTROLLER: Route = { to: 'controller' }
export const toBroker = (id: number, channel?: string): Route => ({ to: 'broker', id, channel })

export interface CallOptions {
  /** Of this one request; `request.timeout.ms` when left out. */
  readonly timeoutMs?: number
  /** The newest version to use, where a newer one needs what the caller does not have. */
  readonly maxVersion?: number
  /** False for Produce with acks=0. */
  readonly expectResponse?: boolean
}

/** A request, or how to make one for the version that was negotiated. */
export type Input<A extends Api> = RequestInput<A> | ((version: number) => RequestInput<A>)

const MAIN = 'main'
/** Brief tries against a port that refuses or hangs up: a broker that is just starting gets a moment, no more. */
const BOOTSTRAP_TRIES = 3
const BOOTSTRAP_PAUSE_MS = 150
/** Within this a person learns that nobody answers, whatever is configured otherwise. */
const BOOTSTRAP_LIMIT_MS = 9_000
/** Once may be a broker that went down just then; the second time it is a listener that wants a login. */
const TURNED_AWAY_LIMIT = 2
/** How long an advertised address may refuse before we stop hoping that the cluster fails over. */
const ADVERTISED_PATIENCE_MS = 3_000

export class ClusterClient {
  readonly options: ResolvedOptions
  readonly metadata = new MetadataCache()
  private readonly connections = new Map<string, Promise<Connection>>()
  private seeding: Promise<Connection> | null = null
  private seed: Connection | null = null
  private bootstrapAddress: Address
  private closed = false

  constructor(options: ClientOptions, dependencies: ClientDependencies = {}) {
    this.options = resolveOptions(options, dependencies)
    this.bootstrapAddress = this.options.bootstrap[0]!
  }

  /** Sends one request once. Rejects with `ConnectionFailure` or `KtError`; error codes inside the answer are the caller's. */
  async send<A extends Api>(route: Route, api: A, input: Input<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    return this.sendOn(await this.connection(route), api, input, options)
  }

  /** Like `send`, on a connection the caller got from `connection`. */
  async sendOn<A extends Api>(
    connection: Connection,
    api: A,
    input: Input<A>,
    options: CallOptions = {},
  ): Promise<ResponseOf<A>> {
    const { clock, requestTimeoutMs } = this.options
    const waitMs = connection.throttledUntil - clock.monotonic()
    if (waitMs > 0) await sleep(clock, waitMs)
    const version = requireVersion(api, connection, options.maxVersion)
    const request = typeof input === 'function' ? input(version) : input
    const response = await connection.send(api, version, request, {
      timeoutMs: options.timeoutMs ?? requestTimeoutMs,
      expectResponse: options.expectResponse,
    })
    const throttleMs = (response as { throttleTimeMs?: number } | undefined)?.throttleTimeMs ?? 0
    if (throttleMs > 0) connection.throttledUntil = clock.monotonic() + throttleMs
    this.options.denials?.look(api.key, request, response, () => this.asker())
    return response
  }

  /** Keeps that `name` was denied in an answer with data: those are not looked through. */
  noteDenied(apiKey: number, errorCode: number, name: string): void {
    this.options.denials?.add(apiKey, errorCode, name, this.asker())
  }

  private asker(): DeniedClient {
    const topicName = (topicId: string): string | undefined => this.metadata.topicName(topicId)
    return { ...askerOf({ ...this.options, bootstrap: [this.bootstrapAddress] }), topicName }
  }

  /**
   * Repeats `attempt` with backoff while it fails with something that may pass, within `timeoutMs`. `what` names the call
   * in errors.
   */
  async retrying<T>(
    what: string,
    attempt: (deadline: Deadline) => Promise<T>,
    timeoutMs: number = this.options.apiTimeoutMs,
  ): Promise<T> {
    const { clock, random } = this.options
    const deadline = new Deadline(clock, timeoutMs)
    let turnedAway = 0
    for (let tries = 0; ; tries++) {
      try {
        return await attempt(deadline)
      } catch (error) {
        if (error instanceof ConnectionFailure && error.reason === 'login-expected') turnedAway += 1
        if (!isRetriable(error) || turnedAway === TURNED_AWAY_LIMIT) throw asPersonError(what, error)
        const pauseMs = backoffMs(tries, random)
        if (pauseMs >= deadline.remainingMs) throw exhausted(what, error, deadline)
        await sleep(clock, pauseMs)
      }
    }
  }

  /** An open connection for a route, made if need be. */
  async connection(route: Route): Promise<Connection> {
    if (this.closed) throw new ConnectionFailure('released', this.bootstrapAddress, 'the client is closed')
    if (route.to === 'broker') return this.toBroker(route.id, route.channel ?? MAIN)
    if (this.options.toControllers) return this.activeController()
    const any = await this.anyConnection()
    if (route.to === 'any' || isKRaft(any)) return any
    await this.refreshMetadata([])
    const { controllerId } = this.metadata
    return controllerId === -1 ? any : this.toBroker(controllerId, MAIN)
  }

  /** Asked for anew each time: controllers do not forward, and leadership moves. Without a leader, any of them. */
  private async activeController(): Promise<Connection> {
    await this.refreshControllers()
    const { controllerId } = this.metadata
    return controllerId === -1 ? this.anyConnection() : this.toBroker(controllerId, MAIN)
  }

  private async refreshControllers(): Promise<void> {
    const { describeCluster } = await import('../protocol/messages/60-describe-cluster.ts')
    const { controllersOf, ENDPOINT_CONTROLLER } = await import('./controllers.ts')
    const answer = await this.sendOn(await this.anyConnection(), describeCluster, { endpointType: ENDPOINT_CONTROLLER })
    const { clusterId, controllerId, controllers } = controllersOf(answer)
    this.metadata.updateNodes(clusterId, controllerId, controllers)
  }

  private async anyConnection(): Promise<Connection> {
    if (this.seed !== null && this.usable(this.seed)) return this.seed
    this.seeding ??= this.bootstrap().finally(() => {
      this.seeding = null
    })
    return this.seeding
  }

  private usable(connection: Connection): boolean {
    return connection.isOpen && this.options.clock.monotonic() < connection.retireAt
  }

  /** Connects to the first address that answers: the bootstrap list, then brokers we have heard of. */
  private async bootstrap(): Promise<Connection> {
    const { clock, bootstrap } = this.options
    const deadline = new Deadline(clock, Math.min(this.options.apiTimeoutMs, BOOTSTRAP_LIMIT_MS))
    const addresses = [...bootstrap, ...this.metadata.brokers]
    for (let tries = 1; ; tries++) {
      try {
        const connection = await raceAddresses(addresses, clock, (address) => this.open(address, deadline))
        this.seed = connection
        this.bootstrapAddress = connection.address
        return connection
      } catch (error) {
        if (!(error instanceof AllFailed)) throw error
        const mayPass = error.failures.some(({ reason }) => reason === 'refused' || reason === 'closed')
        if (!mayPass || tries === BOOTSTRAP_TRIES || deadline.passed) throw bootstrapUnreachable(error.failures, tries)
        await sleep(clock, BOOTSTRAP_PAUSE_MS * tries)
      }
    }
  }

  /** Connects, negotiates versions and logs in. */
  private async open(address: Address, deadline: Deadline): Promise<Connection> {
    const { clock, clientId, tls, sasl } = this.options
    const connectTimeoutMs = Math.max(1, Math.min(this.options.connectTimeoutMs, deadline.remainingMs))
    const connection = await Connection.open(address, { connectTimeoutMs, tls, clock, clientId })
    try {
      const timeoutMs = Math.max(1, Math.min(this.options.requestTimeoutMs, deadline.remainingMs))
      await negotiateVersions(connection, timeoutMs)
      if (sasl !== undefined) {
        const { authenticate } = await import('./sasl.ts')
        await authenticate(connection, sasl, { timeoutMs, now: clock.monotonic(), random: this.options.random })
      }
    } catch (error) {
      connection.close()
      throw error
    }
    if (this.closed) connection.close()
    return connection
  }

  private async toBroker(id: number, channel: string): Promise<Connection> {
    const key = `${id}/${channel}`
    const existing = this.connections.get(key)
    if (existing !== undefined) {
      const connection = await existing
      if (this.usable(connection)) return connection
      if (this.connections.get(key) === existing) this.connections.delete(key)
      return this.toBroker(id, channel)
    }
    const opening = this.openBroker(id, channel)
    this.connections.set(key, opening)
    opening.catch(() => {
      if (this.connections.get(key) === opening) this.connections.delete(key)
    })
    return opening
  }

  private async openBroker(id: number, channel: string): Promise<Connection> {
    const { clock } = this.options
    const deadline = new Deadline(clock, ADVERTISED_PATIENCE_MS)
    for (let tries = 0; ; tries++) {
      const broker = await this.brokerAddress(id, tries > 0)
      // The bootstrap connection serves as the broker's own when the address is the one it advertises.
      if (channel === MAIN && this.seed !== null && this.usable(this.seed) && sameAddress(this.seed.address, broker)) {
        return this.seed
      }
      try {
        return await this.open(broker, new Deadline(clock, BOOTSTRAP_LIMIT_MS))
      } catch (error) {
        if (!(error instanceof ConnectionFailure) || error.reason === 'released') throw error
        if (!error.retriable || deadline.passed) throw advertisedUnreachable(id, this.bootstrapAddress, error)
        await sleep(clock, backoffMs(tries, this.options.random))
      }
    }
  }

  private async brokerAddress(id: number, refresh: boolean): Promise<Address> {
    const { toControllers } = this.options
    if (refresh || this.metadata.broker(id) === undefined) {
      await (toControllers ? this.refreshControllers() : this.refreshMetadata([]))
    }
    const broker = this.metadata.broker(id)
    if (broker !== undefined) return broker
    const what = toControllers ? 'Controller' : 'Broker'
    throw new KafkaError('BROKER_NOT_AVAILABLE', `${what} ${id} is not part of the cluster or not alive`)
  }

  /**
   * Asks for brokers and the named topics and fills the cache; returns the error code of each topic that has one.
   * `null` asks for every topic.
   */
  async refreshMetadata(
    topics: readonly string[] | null,
    options: { allowAutoTopicCreation?: boolean } = {},
  ): Promise<Map<string, number>> {
    const response = await this.send(ANY, metadata, (version) => ({
      // In version 0 an empty list means all topics, later ones say that with null.
      topics: topics === null ? (version === 0 ? [] : null) : topics.map((name) => ({ name })),
      allowAutoTopicCreation: version < 4 ? true : (options.allowAutoTopicCreation ?? false),
    }))
    if (response.errorCode !== 0) throw new KafkaError(errorName(response.errorCode))
    this.metadata.update(response)
    const failed = response.topics.filter((topic) => topic.errorCode !== 0 && topic.name !== null)
    return new Map(failed.map((topic) => [topic.name!, topic.errorCode]))
  }

  /** Ends every connection at once. */
  close(): void {
    this.closed = true
    this.seed?.close()
    this.seeding?.then((connection) => connection.close(), noop)
    for (const opening of this.connections.values()) opening.then((connection) => connection.close(), noop)
    this.connections.clear()
  }
}

const noop = (): void => undefined

function sameAddress(left: Address, right: Address): boolean {
  return formatAddress(left) === formatAddress(right)
}

/** What a person sees of an error that is not worth repeating. */
function asPersonError(what: string, error: unknown): unknown {
  if (error instanceof KafkaError) return kafkaFailure(what, error)
  return error instanceof ConnectionFailure && error.reason !== 'released' ? connectionLost(error, 0) : error
}

function exhausted(what: string, error: unknown, deadline: Deadline): unknown {
  return error instanceof ConnectionFailure
    ? connectionLost(error, deadline.timeoutMs)
    : callTimedOut(what, deadline.timeoutMs, error)
}

const AUTHORIZATION = /_AUTHORIZATION_FAILED$/

/** A refusal of the cluster that concerns the whole call. */
export function kafkaFailure(what: string, error: KafkaError): KtError {
  const kind = AUTHORIZATION.test(error.errorName) ? 'authorization' : 'kafka'
  return new KtError(kind, error.message, { facts: [`${what} was answered with ${error.errorName}`], cause: error })
}

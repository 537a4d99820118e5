/**
 * Membership of a classic consumer group over kafkajs: joining, heartbeats, rebalances, commits, leaving. kafkajs reads no
 * records here (every partition is paused); our fetcher does. Its defects are patched in this one file.
 */
import * as net from 'node:net'
import type { AuthenticationProviderArgs, Consumer, KafkaConfig } from 'kafkajs'
import { type ErrorKind, KtError } from '../../base/errors.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import { assignRange } from '../../protocol/assignors/range.ts'
import { assignRoundRobin } from '../../protocol/assignors/round-robin.ts'
import { ErrorCode } from '../../protocol/error-codes.ts'
import type { Address } from '../address.ts'
import type { SaslOptions, TopicPartition } from '../admin-types.ts'
import { askerOf } from '../denials.ts'
import type { ResolvedOptions } from '../options.ts'
import { backoffMs, sleep, within } from '../retry.ts'
import { tlsSettings } from '../socket.ts'
import { wireWatcher } from '../trace.ts'
import { assigner } from './assignors.ts'
import type { Membership, OffsetToCommit, SetBack } from './membership-types.ts'

export interface MembershipOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly heartbeatIntervalMs: number
}

export interface MembershipEvents {
  /** The group has settled; these are ours until `onRevoked`. */
  readonly onAssigned: (partitions: readonly TopicPartition[]) => void
  /** The group begins to rebalance: everything is given up. */
  readonly onRevoked: () => void
  readonly onSetBack?: (setBack: SetBack) => void
  /** Membership has ended. `mayPass`: joining again after a while is worth it. */
  readonly onFailed: (error: KtError, mayPass: boolean) => void
}

/**
 * kafkajs looks at its paused partitions this often, and `stop` waits for one such pause to end, so this is also the
 * longest time leaving takes.
 */
const IDLE_PAUSE_MS = 100
const COMMIT_RETRIES = 8

export class KafkaJsMembership implements Membership {
  private readonly client: ResolvedOptions
  private readonly options: MembershipOptions
  private readonly events: MembershipEvents
  private readonly sockets = new Set<net.Socket>()
  private consumer: Consumer | null = null
  private hear: Hearing | null = null
  private closed = false
  private endClosing: () => void = () => undefined
  private readonly closing = new Promise<void>((resolve) => {
    this.endClosing = resolve
  })
  /** When the coordinator last took us for alive, in ms since 1970: a machine that sleeps has no monotonic time. */
  private aliveAt: number | null = null
  /** Counts the generations this member was part of. */
  private generation = 0

  constructor(client: ResolvedOptions, options: MembershipOptions, events: MembershipEvents) {
    this.client = client
    this.options = options
    this.events = events
  }

  /** Starts joining; `onAssigned` or `onFailed` tells how it went. */
  async start(): Promise<void> {
    const { default: kafkajs } = await import('kafkajs')
    await patchKafkaJs()
    if (this.client.tls !== undefined) tlsModule = await import('node:tls')
    if (wireWatcher() !== null) this.hear = await loadHearing()
    if (this.closed) return
    const kafka = new kafkajs.Kafka(this.config(kafkajs))
    const codecs = kafkajs.AssignerProtocol as never
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs, heartbeatIntervalMs } = this.options
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      maxWaitTimeInMs: IDLE_PAUSE_MS,
      partitionAssigners: [assigner('range', assignRange, codecs), assigner('roundrobin', assignRoundRobin, codecs)],
      // Without this a consumer that is closed while joining starts itself again and the process never ends.
      retry: { retries: 8, restartOnFailure: async () => false },
    })
    this.consumer = consumer
    this.listen(consumer)
    const subscribed = consumer.connect().then(() => consumer.subscribe({ topics: [...this.options.topics] }))
    // kafkajs tries on for half a minute when it is told to leave meanwhile: nobody waits for that.
    await Promise.race([subscribed, this.closing])
    if (this.closed) return
    // Settles when the first join has ended; its failure comes as a CRASH event.
    void consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined })
  }

  private listen(consumer: Consumer): void {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const assigned = Object.entries(payload.memberAssignment)
      this.generation += 1
      this.aliveAt = this.client.clock.now()
      // Before kafkajs fetches anything: records are read by our fetcher.
      consumer.pause(assigned.map(([topic, partitions]) => ({ topic, partitions })))
      this.events.onAssigned(
        assigned.flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition }))),
      )
    })
    consumer.on(consumer.events.REBALANCING, () => this.events.onRevoked())
    consumer.on(consumer.events.HEARTBEAT, () => {
      this.aliveAt = this.client.clock.now()
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (this.closed) return
      this.events.onFailed(this.failure(payload.error), mayPass(payload.error))
    })
  }

  private config(kafkajs: typeof import('kafkajs')): KafkaConfig {
    const { bootstrap, clientId, sasl, connectTimeoutMs, requestTimeoutMs, tls } = this.client
    // kafkajs cuts `host:port` at the first colon, so IPv6 hosts travel as a name that the socket factory knows.
    const names = new Map(bootstrap.map((address, at) => [`bootstrap-${at}`, address]))
    const hostOf = (name: string): string => names.get(name)?.host ?? name
    return {
      clientId,
      brokers: [...names].map(([name, { port }]) => `${name}:${port}`),
      ssl: tls !== undefined,
      sasl:
        sasl === undefined ? undefined : saslConfig(sasl, hostOf, kafkajs.KafkaJSSASLAuthenticationError as SaslError),
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // What the coordinator refused kafkajs tells nowhere else.
      logLevel: kafkajs.logLevel.WARN,
      logCreator: () => (entry) => this.heard(entry.log.error),
      socketFactory: ({ host, port, onConnect }) => this.connect(names.get(host) ?? { host, port }, onConnect),
    }
  }

  private heard(error: unknown): void {
    const code = typeof error === 'string' ? SET_BACKS.get(error) : undefined
    if (code !== undefined) this.setBack(code)
  }

  private setBack(code: string): void {
    if (this.closed) return
    const silentMs = this.aliveAt === null ? null : Math.max(0, this.client.clock.now() - this.aliveAt)
    this.events.onSetBack?.({ code, silentMs })
  }

  /** Every socket is remembered, so that `close` can end what kafkajs would keep. */
  private connect(address: Address, onConnect: () => void): net.Socket {
    const { tls } = this.client
    const socket = tls === undefined ? net.connect(address, onConnect) : connectTls(address, tls, onConnect)
    if (this.closed) return socket.destroy(new Error('the member has left'))
    socket.setKeepAlive(true)
    this.hear?.(socket, address, () => this.client.clock.monotonic())
    this.sockets.add(socket)
    socket.once('close', () => this.sockets.delete(socket))
    return socket
  }

  /**
   * Commits as this member of this generation, which is asked for the coordinator again where that helps: never as the
   * next one, whose members may have gone on from here. Rejects with a `KtError`.
   */
  async commit(offsets: readonly OffsetToCommit[]): Promise<void> {
    const { consumer, generation } = this
    if (consumer === null || offsets.length === 0) return
    const { clock, random } = this.client
    const topicPartitions = offsets.map((entry) => ({ ...entry, offset: String(entry.offset) }))
    for (let tries = 0; ; tries++) {
      try {
        return await consumer.commitOffsets(topicPartitions)
      } catch (error) {
        if (tries < COMMIT_RETRIES && mayCommitLater(error as Error)) await sleep(clock, backoffMs(tries, random))
        else {
          this.heard((error as Error).message)
          throw this.failure(error as Error)
        }
        if (this.closed || this.generation !== generation) throw this.failure(error as Error)
      }
    }
  }

  private failure(error: Error): KtError {
    const failure = membershipError(this.options.groupId, error)
    const { denials } = this.client
    if (failure.facts.some((fact) => fact.endsWith(GROUP_DENIED))) {
      const code = ErrorCode.GROUP_AUTHORIZATION_FAILED
      denials?.add(ApiKey.joinGroup, code, this.options.groupId, askerOf(this.client))
    }
    return failure
  }

  /** Leaves the group, for at most `timeoutMs`; then whatever kafkajs still holds is cut off. */
  async close(timeoutMs: number): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.endClosing()
    const leaving = this.consumer?.disconnect().catch(() => undefined) ?? Promise.resolve()
    await within(this.client.clock, timeoutMs, leaving)
    for (const socket of this.sockets) socket.destroy()
  }
}

type Hearing = (socket: net.Socket, address: Address, now: () => number) => void

/** Loaded where somebody watches the wire. */
async function loadHearing(): Promise<Hearing> {
  const [{ hearSocket }, { allApis }] = await Promise.all([import('./hear-socket.ts'), import('../wire-tap.ts')])
  const apis = await allApis()
  return (socket, address, now) => hearSocket(socket, address, apis, now)
}

// Loaded when the options ask for TLS: `start` awaits it before any socket is made.
let tlsModule: typeof import('node:tls') | null = null

function connectTls(address: Address, tls: NonNullable<ResolvedOptions['tls']>, onConnect: () => void): net.Socket {
  return tlsModule!.connect(tlsSettings(address, tls), onConnect)
}

type SaslError = new (message: string) => Error

/** Every mechanism as our own client speaks it; kafkajs carries the messages, each after its length. */
function saslConfig(sasl: SaslOptions, hostOf: (name: string) => string, RefusedLogin: SaslError): KafkaConfig['sasl'] {
  const answer = { decode: (framed: Buffer) => framed.subarray(4), parse: (bytes: Buffer) => bytes }
  const authenticationProvider = ({ host, saslAuthenticate }: AuthenticationProviderArgs) => ({
    authenticate: async () => {
      const { speakSasl } = await import('../sasl.ts')
      const round = (message: Buffer): Promise<Buffer> =>
        saslAuthenticate({ request: { encode: () => framed(message) }, response: answer as never }) as Promise<never>
      try {
        await speakSasl(sasl, hostOf(host), round)
      } catch (error) {
        // By the name that kafkajs does not try again for.
        throw new RefusedLogin((error as Error).message)
      }
    },
  })
  return { mechanism: sasl.mechanism, authenticationProvider } as KafkaConfig['sasl']
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(message.length)
  return Buffer.concat([length, message])
}

interface RequestQueue {
  pending: unknown[]
  throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  checkPendingRequests(): void
  scheduleCheckPendingRequests(): void
}

/** Shortest pause between two looks at a throttled queue. */
const MIN_CHECK_MS = 10
let patched = false

async function patchKafkaJs(): Promise<void> {
  if (patched) return
  patched = true
  await Promise.all([patchRequestQueue(), patchCommits()])
}

interface Runner {
  readonly running: boolean
  readonly consumerGroup: { commitOffsets(offsets: unknown): Promise<void> }
  commitOffsets(offsets: unknown): Promise<void>
}

/**
 * kafkajs repeats a commit that failed as whatever generation the member has by then, and calls one of a member that has
 * left a success: offsets of before would set back what others have committed since. `commit` above repeats it instead.
 */
async function patchCommits(): Promise<void> {
  const { default: runner } = (await import('kafkajs/src/consumer/runner.js' as string)) as {
    default: { prototype: Runner }
  }
  runner.prototype.commitOffsets = async function (this: Runner, offsets: unknown): Promise<void> {
    if (!this.running) throw new Error('the member has left the group')
    await this.consumerGroup.commitOffsets(offsets)
  }
}

/**
 * kafkajs 2.2.4 arms a timer with a negative delay after every answer, for ever: a thousand wake-ups a second per idle
 * connection. With nothing pending there is nothing to look at.
 */
async function patchRequestQueue(): Promise<void> {
  const { default: queue } = (await import('kafkajs/src/network/requestQueue/index.js' as string)) as {
    default: { prototype: RequestQueue }
  }
  queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return
    const delayMs = Math.max(this.throttledUntil - Date.now(), MIN_CHECK_MS)
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null
      this.checkPendingRequests()
    }, delayMs)
  }
}

/** kafkajs's words for what sets a member back, and the protocol's names. A rebalance alone is no set-back. */
const SET_BACKS: ReadonlyMap<string, string> = new Map([
  ['The coordinator is not aware of this member', 'UNKNOWN_MEMBER_ID'],
  ['Specified group generation id is not valid', 'ILLEGAL_GENERATION'],
])

interface KafkaJsError extends Error {
  readonly type?: string
}

function kindOf(error: KafkaJsError): ErrorKind {
  if (/SASL/.test(error.name)) return 'authentication'
  if (/AUTHORIZATION_FAILED/.test(error.type ?? '')) return 'authorization'
  return /Connection|NoBrokerAvailable|RequestTimeout/.test(error.name) ? 'unreachable' : 'kafka'
}

/** Answers that another coordinator, or the same one a little later, does not give; kafkajs gives up at them. */
const PASSING = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
])

function mayPass(error: KafkaJsError, passing: ReadonlySet<string> = PASSING): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (passing.has((cause as KafkaJsError).type ?? '') || kindOf(cause) === 'unreachable') return true
    // Nobody coordinates the group yet, or not any more: as long as a dead broker is not fenced, or for ever.
    if (cause.name === 'KafkaJSGroupCoordinatorNotFound') return true
  }
  return false
}

/**
 * The coordinator loads, has moved or is away, and the generation may still be the same when there is one again; or its
 * broker has not heard of the topic yet. Java's consumer repeats a commit for these, too.
 */
const COMMIT_LATER = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
])

function mayCommitLater(error: KafkaJsError): boolean {
  return mayPass(error, COMMIT_LATER)
}

const GROUP_DENIED = 'GROUP_AUTHORIZATION_FAILED'

/** kafkajs wraps what happened in "retries exceeded": the first cause is the one to tell. */
function membershipError(groupId: string, error: KafkaJsError): KtError {
  let cause = error
  while (cause.cause instanceof Error) cause = cause.cause
  const facts = cause.type === undefined ? [] : [`the cluster answered ${cause.type}`]
  return new KtError(kindOf(cause), `Group ${groupId}: ${cause.message}`, { facts, cause: error })
}

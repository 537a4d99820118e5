/**
 * `--explain` on a cluster of this machine: what its nodes did inside, between request and answer. Events come over another
 * way than answers, so both wait a moment until they can be told in order.
 */
import { machineMs, type TimelineEvent } from '../base/timeline.ts'
import { beforeConnecting, type ConnectHook, hookBeforeConnecting } from '../client/trace.ts'
import type { Environment } from '../cluster/cluster-directory.ts'
import type { TimelineConnection, TimelineSource } from '../cluster/timeline-watch.ts'
import type { Output } from './context.ts'
import { timelineNames, timelineText } from './timeline-text.ts'

/** How long after an answer its story is told: time for the nodes' events to arrive. */
const HOLD_MS = 30
/** After the command: followers still fetch, metadata still spreads. Quiet for so long is the end of it. */
const QUIET_MS = 60
const MAX_WAIT_MS = 500
/** A busy cluster must not bury the command's own conversation. */
const MAX_EVENTS = 500
/** What is not told yet: as much as a burst of requests makes. */
const MAX_KEPT = 10_000

/** A request with its answer, as `wire-log.ts` tells it. */
export interface Exchange {
  readonly startMs: number
  readonly endMs: number
  /** Lines up to what was asked, and the answer. */
  readonly asked: string
  readonly answer: string
  /** Topics and groups it speaks of. */
  readonly names: readonly string[]
}

export interface InnerTimelineOptions {
  readonly env: Environment
  readonly stderr: Output
  /** The command's own words: what they name is what is told of. */
  readonly words: readonly string[]
}

/** Tells exchanges and, where the cluster is one of this machine, what happened inside meanwhile. */
export class InnerTimeline {
  readonly #options: InnerTimelineOptions
  readonly #names: Set<string>
  readonly #connections = new Map<string, Promise<TimelineConnection | null>>()
  readonly #labels = new Map<number, string>()
  #events: TimelineEvent[] = []
  #exchanges: Exchange[] = []
  #timer: NodeJS.Timeout | null = null
  readonly #outerHook: ConnectHook | null
  #isWatching = false
  #latestMs = 0
  #told = 0
  #untold = 0

  constructor(options: InnerTimelineOptions) {
    this.#options = options
    this.#names = new Set(options.words.flatMap((word) => word.split(/[=,]/)))
    this.#outerHook = hookBeforeConnecting()
    beforeConnecting((address) => this.#watchClusterAt(address))
  }

  /** Once for each address: nobody waits twice, and other clusters cost a look at our own files. */
  async #watchClusterAt(address: { host: string; port: number }): Promise<void> {
    const { clusterListeningAt, timelineSources } = await import('../cluster/timeline-watch.ts')
    const directory = clusterListeningAt(this.#options.env, address)
    if (directory === null) return
    await Promise.all(timelineSources(directory).map((source) => this.#watch(source)))
  }

  #watch(source: TimelineSource): Promise<TimelineConnection | null> {
    const known = this.#connections.get(source.socketPath)
    if (known !== undefined) return known
    this.#labels.set(source.nodeId, nodeLabel(source))
    const connecting = this.#connect(source)
    this.#connections.set(source.socketPath, connecting)
    return connecting
  }

  async #connect(source: TimelineSource): Promise<TimelineConnection | null> {
    const { watchTimeline } = await import('../cluster/timeline-watch.ts')
    const connection = await watchTimeline(source, {
      onEvent: (event) => this.#take(event),
      onMissed: (_nodeId, count) => {
        this.#untold += count
      },
    })
    if (connection !== null) this.#isWatching = true
    return connection
  }

  #take(event: TimelineEvent): void {
    this.#latestMs = machineMs()
    if (this.#events.length >= MAX_KEPT) this.#untold++
    else this.#events.push(event)
  }

  /** A request was answered. Without a cluster of ours to look into it is told at once. */
  exchange(exchange: Exchange): void {
    for (const name of exchange.names) this.#names.add(name)
    if (!this.#isWatching) {
      this.#options.stderr.write(`${exchange.asked}${exchange.answer}`)
      return
    }
    this.#exchanges.push(exchange)
    this.#timer ??= setTimeout(() => this.#tellDue(), HOLD_MS)
  }

  #tellDue(): void {
    this.#timer = null
    const dueMs = machineMs() - HOLD_MS
    while (this.#exchanges.length > 0 && this.#exchanges[0]!.endMs <= dueMs) this.#tell(this.#exchanges.shift()!)
    if (this.#exchanges.length > 0) this.#timer = setTimeout(() => this.#tellDue(), HOLD_MS)
  }

  #tell({ startMs, endMs, asked, answer }: Exchange): void {
    this.#events.sort((a, b) => a.machineMs - b.machineMs)
    const { stderr } = this.#options
    stderr.write(`${this.#eventsBefore(startMs)}${asked}${this.#eventsBefore(endMs)}${answer}`)
  }

  /** What has happened up to then and was not told. */
  #eventsBefore(ms: number): string {
    const end = this.#events.findIndex((event) => event.machineMs > ms)
    const events = this.#events.splice(0, end < 0 ? this.#events.length : end)
    return events.map((event) => this.#eventText(event)).join('')
  }

  #eventText(event: TimelineEvent): string {
    if (!this.#concerns(event)) return ''
    if (this.#told >= MAX_EVENTS) {
      this.#untold++
      return ''
    }
    this.#told++
    return `      inside ${this.#labels.get(event.nodeId) ?? `node ${event.nodeId}`}: ${timelineText(event)}\n`
  }

  /** What the command named, what its requests spoke of, Kafka's own topics, and the cluster as a whole. */
  #concerns(event: TimelineEvent): boolean {
    const names = timelineNames(event)
    return names === null || names.some((name) => this.#names.has(name) || name.startsWith('__'))
  }

  /** The command has ended: waits until the nodes are quiet, a moment at most, and tells the rest. */
  async finish(): Promise<void> {
    beforeConnecting(this.#outerHook)
    if (this.#connections.size === 0) return
    const endMs = machineMs()
    if (this.#isWatching) {
      do await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 2))
      while (machineMs() - Math.max(this.#latestMs, endMs) < QUIET_MS && machineMs() - endMs < MAX_WAIT_MS)
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const exchange of this.#exchanges.splice(0)) this.#tell(exchange)
    const { stderr } = this.#options
    stderr.write(this.#eventsBefore(Infinity))
    if (this.#untold > 0) stderr.write(`      inside: ${this.#untold} more events, not told\n`)
    for (const connecting of this.#connections.values()) (await connecting)?.close()
  }
}

/** `broker 2`, `controller 100`; a node that is both is called `node 1`. */
export function nodeLabel({ nodeId, process: { roles } }: TimelineSource): string {
  return `${roles === 'broker' || roles === 'controller' ? roles : 'node'} ${nodeId}`
}

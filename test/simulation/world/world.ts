/** The simulated world: time, network, trace, and what everybody in it shares. One seed makes one world. */
import { type Logger, silentLogger } from '../../../src/base/logger.ts'
import { Dice } from '../engine/dice.ts'
import { requestText, responseText } from '../engine/frame-text.ts'
import { Scheduler, START_OF_TIME_MS } from '../engine/scheduler.ts'
import { SimDisk } from '../engine/sim-disk.ts'
import { type NetworkObserver, SimNetwork } from '../engine/sim-network.ts'
import { Trace } from '../engine/trace.ts'

/** An invariant that does not hold, with what shows it. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly invariant: string

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`)
    this.invariant = invariant
  }
}

export interface WorldOptions {
  readonly seed: number
  /** Log lines of the nodes go into the trace. */
  readonly nodeLogs?: boolean
}

/** Kafka's own protocol makes these safe to arrive twice: Produce (idempotent), Fetch, and the quorum's requests. */
const DUPLICABLE = new Set([0, 1, 3, 23, 52, 53, 54, 56, 59])

export class World {
  readonly seed: number
  readonly dice: Dice
  readonly scheduler = new Scheduler()
  readonly network: SimNetwork
  readonly trace: Trace
  /** What happened how often: `fault kill`, `acknowledged`. */
  readonly counts = new Map<string, number>()
  private readonly observers: NetworkObserver[] = []
  private readonly nodeLogs: boolean

  constructor({ seed, nodeLogs = false }: WorldOptions) {
    this.seed = seed
    this.nodeLogs = nodeLogs
    this.dice = new Dice(seed)
    this.trace = new Trace(() => ({ now: this.scheduler.now, steps: this.scheduler.steps }))
    this.network = new SimNetwork(this.scheduler, this.dice.child('network'))
    this.network.duplicable = DUPLICABLE
    this.network.observer = {
      onRequest: (from, fromHost, toHost, clientId, frame) => {
        this.trace.frame(frame, () => `${fromHost} > ${toHost} ${requestText(frame)}`)
        for (const observer of this.observers) observer.onRequest(from, fromHost, toHost, clientId, frame)
      },
      onResponse: (from, fromHost, toHost, request, response) => {
        this.trace.frame(response, () => `${fromHost} > ${toHost} ${responseText(request, response)}`)
        for (const observer of this.observers) observer.onResponse(from, fromHost, toHost, request, response)
      },
    }
  }

  observe(observer: NetworkObserver): void {
    this.observers.push(observer)
  }

  disk(name: string): SimDisk {
    return new SimDisk(name, () => Math.floor(START_OF_TIME_MS + this.scheduler.now))
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by)
  }

  note(text: string): void {
    this.trace.note(text)
  }

  /** The run ends with this. */
  violated(invariant: string, detail: string): void {
    this.trace.note(`VIOLATION of ${invariant}: ${detail}`)
    this.scheduler.fail(new Violation(invariant, detail))
  }

  /** As `violated`, outside of any event: to be thrown. */
  broken(invariant: string, detail: string): Violation {
    this.trace.note(`VIOLATION of ${invariant}: ${detail}`)
    return new Violation(invariant, detail)
  }

  loggerOf(name: string): Logger {
    return this.nodeLogs ? traceLogger(this, name) : warningsOnly(this, name)
  }
}

function describe(error: unknown): string {
  if (error === undefined) return ''
  return ` ${error instanceof Error ? error.message : String(error)}`
}

function traceLogger(world: World, name: string): Logger {
  const line = (level: string, message: string, error?: unknown): void =>
    world.note(`${name} ${level} ${message}${describe(error)}`)
  return {
    error: (message, error) => line('ERROR', message, error),
    warn: (message, error) => line('WARN', message, error),
    info: (message) => line('INFO', message),
    debug: (message) => line('DEBUG', message),
    child: (child) => traceLogger(world, `${name}.${child}`),
  }
}

/** Info lines cost more than they tell when nobody reads them. */
function warningsOnly(world: World, name: string): Logger {
  return {
    ...silentLogger,
    error: (message, error) => world.note(`${name} ERROR ${message}${describe(error)}`),
    warn: (message, error) => world.note(`${name} WARN ${message}${describe(error)}`),
    child: (child) => warningsOnly(world, `${name}.${child}`),
  }
}

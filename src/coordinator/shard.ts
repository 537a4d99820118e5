/**
 * One partition of a coordinator's topic: its state machine, its timers, its writes in flight.
 *
 * An operation runs to its end in one synchronous step: compute records and response, append, replay. Nothing can run
 * in between, so operations of a shard need no queue and each sees all earlier ones. The response is given when the
 * records are committed; an operation without records is answered when everything it may have seen is committed, so no
 * uncommitted state is ever shown.
 *
 * Failures. `append` throws: nothing was written and nothing replayed, only this operation fails. A commit is rejected
 * after the append: memory may hold what the log does not, so every waiting operation fails and the whole shard is
 * rebuilt from the log. There is no undo log to keep right; the price, a reload, is paid only by a failing disk.
 */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { errorNameOf } from './errors.ts'
import { PendingWrites } from './pending-writes.ts'
import { CoordinatorTimer } from './timer.ts'
import type { CoordinatorLog, CoordinatorRecord, CoordinatorResult, StateMachine } from './types.ts'

/** `failed`: loading broke or leadership was lost; only another election leaves it. `closed`: unloaded for good. */
export type ShardState = 'loading' | 'active' | 'failed' | 'closed'

export interface ShardOptions<M extends StateMachine> {
  readonly log: CoordinatorLog
  readonly clock: Clock
  readonly logger: Logger
  /** How long a caller waits for its records to be committed. */
  readonly writeTimeoutMs: number
  readonly build: (timer: CoordinatorTimer) => M
}

/** Bytes of keys and values in one append of a splittable operation: half of the default max.message.bytes. */
const MAX_APPEND_BYTES = 512 * 1024

export class Shard<M extends StateMachine> {
  readonly partition: number
  private readonly options: ShardOptions<M>
  private readonly pending: PendingWrites
  private currentEpoch = -1
  private currentState: ShardState = 'failed'
  private machine: M | null = null
  private timer: CoordinatorTimer | null = null
  /** Grows with every load and unload: a load that took too long knows it is not wanted any more. */
  private incarnation = 0

  constructor(partition: number, options: ShardOptions<M>) {
    this.partition = partition
    this.options = options
    this.pending = new PendingWrites(options.clock, options.writeTimeoutMs)
  }

  get state(): ShardState {
    return this.currentState
  }

  get epoch(): number {
    return this.currentEpoch
  }

  /** Leader of this partition since `epoch`. Resolves when loading has ended, well or badly. */
  async load(epoch: number): Promise<void> {
    if (epoch <= this.currentEpoch || this.currentState === 'closed') return
    this.currentEpoch = epoch
    if (this.currentState === 'failed') await this.loadFromLog()
  }

  private async loadFromLog(): Promise<void> {
    const incarnation = ++this.incarnation
    this.currentState = 'loading'
    const startedMs = this.options.clock.monotonic()
    const timer = new CoordinatorTimer(this.options.clock, (key, operation) => this.runTimed(key, operation))
    const machine = this.options.build(timer)
    try {
      for await (const record of this.options.log.read(this.partition)) {
        if (this.incarnation !== incarnation) return
        machine.replay(record)
      }
      if (this.incarnation !== incarnation) return
      this.activate(machine, timer)
      this.options.logger.info(
        `Finished loading of partition ${this.partition} with epoch ${this.currentEpoch} in ${Math.round(this.options.clock.monotonic() - startedMs)}ms`,
      )
    } catch (error) {
      if (this.incarnation !== incarnation) return
      timer.cancelAll()
      this.currentState = 'failed'
      this.options.logger.error(`Failed to load partition ${this.partition} with epoch ${this.currentEpoch}`, error)
    }
  }

  private activate(machine: M, timer: CoordinatorTimer): void {
    this.machine = machine
    this.timer = timer
    this.currentState = 'active'
    machine.onLoaded()
  }

  /** Ends this shard: whoever waits is told NOT_COORDINATOR. */
  close(): void {
    this.leave('closed', new KafkaError('NOT_COORDINATOR'))
  }

  private leave(state: ShardState, error: unknown): void {
    this.incarnation++
    this.pending.failAll(error)
    this.currentState = state
    const { machine, timer } = this
    this.machine = null
    this.timer = null
    timer?.cancelAll()
    machine?.onUnloaded()
    timer?.cancelAll()
  }

  /** The state machine, when operations may run. */
  private active(): M {
    if (this.currentState === 'active') return this.machine!
    throw new KafkaError(this.currentState === 'loading' ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NOT_COORDINATOR')
  }

  /** Runs an operation now; its response comes when it is committed. Rejects with `KafkaError`. */
  async write<R>(operation: (machine: M) => CoordinatorResult<R>): Promise<R> {
    const machine = this.active()
    this.pending.ensureRoom()
    return this.settle(machine, operation(machine))
  }

  /** Like `write`, for operations that only look. */
  async read<R>(operation: (machine: M) => R): Promise<R> {
    const machine = this.active()
    this.pending.ensureRoom()
    return this.settle(machine, { records: [], response: operation(machine) })
  }

  private settle<R>(machine: M, result: CoordinatorResult<R>): Promise<R> | R {
    const committed = result.records.length === 0 ? this.pending.lastCommit : this.append(machine, result)
    if (committed === null) {
      result.onCommitted?.()
      return result.response
    }
    return new Promise((resolve, reject) => {
      const done = (error: unknown): void => {
        if (error !== null) {
          result.onAppendFailure?.(error)
          reject(error)
          return
        }
        result.onCommitted?.()
        resolve(result.response)
      }
      this.pending.add(committed, done, (error) => this.commitRejected(machine, error))
    })
  }

  /** Appends, then replays: after a failed append there is nothing to take back. */
  private append(machine: M, result: CoordinatorResult<unknown>): Promise<void> {
    const commits: Promise<void>[] = []
    for (const records of result.atomic === false ? slices(result.records) : [result.records]) {
      try {
        commits.push(this.options.log.append(this.partition, records).committed)
      } catch (error) {
        // What earlier slices have written is complete in itself; only their rejection would still matter.
        Promise.all(commits).catch((rejection: unknown) => this.commitRejected(machine, rejection))
        result.onAppendFailure?.(error)
        throw error
      }
      if (result.replay !== false) this.replay(machine, records)
    }
    return commits.length === 1 ? commits[0]! : Promise.all(commits).then(() => undefined)
  }

  private replay(machine: M, records: readonly CoordinatorRecord[]): void {
    try {
      for (const record of records) machine.replay(record)
    } catch (error) {
      // Only a defect gets here: the log is right and memory is not, so memory goes.
      queueMicrotask(() => this.commitRejected(machine, error))
    }
  }

  private commitRejected(machine: M, error: unknown): void {
    if (this.machine !== machine) return
    this.options.logger.error(`Partition ${this.partition} cannot trust its state and rebuilds it from the log`, error)
    this.leave('failed', error)
    if (errorNameOf(error) !== 'NOT_LEADER_OR_FOLLOWER') void this.loadFromLog()
  }

  private runTimed(key: string, operation: () => CoordinatorResult<undefined>): void {
    this.write(operation).catch((error: unknown) => {
      this.options.logger.warn(`Timer ${key} of partition ${this.partition} could not write its result`, error)
    })
  }
}

/** Consecutive pieces of at most MAX_APPEND_BYTES; a record larger than that stands alone. */
function* slices(records: readonly CoordinatorRecord[]): Iterable<readonly CoordinatorRecord[]> {
  let start = 0
  let bytes = 0
  for (const [index, record] of records.entries()) {
    const size = record.key.length + (record.value?.length ?? 0)
    if (bytes > 0 && bytes + size > MAX_APPEND_BYTES) {
      yield records.slice(start, index)
      start = index
      bytes = 0
    }
    bytes += size
  }
  yield records.slice(start)
}

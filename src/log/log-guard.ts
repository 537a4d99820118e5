import { KafkaError } from '../protocol/error-codes.ts'
import { CorruptFileError, isSystemError } from './errors.ts'
import type { LogEnvironment } from './log-environment.ts'
import type { Log } from './types.ts'

/**
 * Stands between a log and its disk: a change that failed half-way makes the log refuse changes from then on, a read
 * that failed concerns that read only. Both reach the client as KAFKA_STORAGE_ERROR.
 */
export class LogGuard {
  private readonly env: LogEnvironment
  private readonly log: Log
  private readonly name: string
  private failure: unknown = null
  private closedFlag = false

  constructor(env: LogEnvironment, log: Log, name: string) {
    this.env = env
    this.log = log
    this.name = name
  }

  get failed(): boolean {
    return this.failure !== null
  }
  get closed(): boolean {
    return this.closedFlag
  }

  close(): void {
    this.closedFlag = true
  }

  checkWritable(): void {
    if (this.failed || this.closedFlag) throw this.storageError()
  }

  /** Runs a step that changes files; whatever it throws means that memory and disk may differ. */
  storing<T>(step: () => T): T {
    try {
      return step()
    } catch (error) {
      if (error instanceof KafkaError) throw error
      this.fail(error)
      throw this.storageError()
    }
  }

  reading<T>(step: () => T): T {
    try {
      return step()
    } catch (error) {
      if (!isSystemError(error) && !(error instanceof CorruptFileError)) throw error
      this.env.logger.error(`[${this.name}] A read failed`, error)
      throw new KafkaError('KAFKA_STORAGE_ERROR', error.message)
    }
  }

  fail(error: unknown): void {
    if (this.failed) return
    this.failure = error
    this.env.logger.error(`[${this.name}] The log failed and takes no more appends`, error)
    this.env.onFailure(this.log, error)
  }

  private storageError(): KafkaError {
    const why = this.failure instanceof Error ? this.failure.message : 'it is closed'
    return new KafkaError('KAFKA_STORAGE_ERROR', `The log of ${this.name} takes no appends: ${why}`)
  }
}

/** Steps of a log that people want to know of: a line of the node's log, and the timeline for who watches. */
import type { LogEnvironment } from './log-environment.ts'
import type { LogSegment } from './segment.ts'

type Step = 'rolled' | 'segments-deleted' | 'start-offset' | 'truncated'

function tell({ timeline }: LogEnvironment, partition: string, step: Step, offset: number, reason: string): void {
  if (timeline?.isWatched) timeline.tell({ type: 'log', partition, step, offset, reason })
}

/** Nothing in the node's log: a busy partition rolls all the time. */
export function noteRolled(env: LogEnvironment, name: string, offset: number, { baseOffset, size }: LogSegment): void {
  tell(env, name, 'rolled', offset, `segment ${baseOffset} has ${size} bytes`)
}

export function noteDeleted(env: LogEnvironment, name: string, doomed: readonly LogSegment[], reason: string): void {
  const bases = doomed.map((segment) => segment.baseOffset)
  env.logger.info(`[${name}] Deleting segments ${bases.join(', ')} because ${reason}`)
  tell(env, name, 'segments-deleted', bases.at(-1) ?? 0, reason)
}

export function noteStartOffset(env: LogEnvironment, name: string, offset: number, reason: string): void {
  env.logger.info(`[${name}] Incremented log start offset to ${offset} due to ${reason}`)
  tell(env, name, 'start-offset', offset, reason)
}

export function noteTruncated(env: LogEnvironment, name: string, offset: number, logEndOffset: number): void {
  env.logger.info(`[${name}] Truncating to offset ${offset}`)
  tell(env, name, 'truncated', offset, `the log ended at offset ${logEndOffset}`)
}

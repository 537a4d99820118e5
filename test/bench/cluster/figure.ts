/** What the figures of a cluster have in common. */
import type { Result } from '../figures.ts'

export interface ClusterFigure {
  readonly name: string
  run(directory: string): Promise<Result[]>
}

export const atMost = (value: number) => ({ at: '<=', value }) as const
export const atLeast = (value: number) => ({ at: '>=', value }) as const

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A name no earlier run has used. */
export const unique = (name: string): string => `${name}-${Math.random().toString(36).slice(2, 8)}`

/** Milliseconds that `work` took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

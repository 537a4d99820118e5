import { errorInfo, errorName } from '../../protocol/error-codes.ts'
import type { KafkaFailure, Outcome } from '../admin-types.ts'
import type { ClusterClient } from '../cluster-client.ts'
import { backoffMs, Deadline, sleep } from '../retry.ts'

/** The failure behind an error code, null for none; the broker's own text wins over the protocol's default. */
export function failureOf(code: number, message?: string | null): KafkaFailure | null {
  if (code === 0) return null
  return { code, name: errorName(code), message: message || errorInfo(code).message }
}

/** `value` when the code is none, the failure otherwise. */
export function outcomeOf<T>(code: number, message: string | null | undefined, value: () => T): Outcome<T> {
  const error = failureOf(code, message)
  return error === null ? { ok: true, value: value() } : { ok: false, error }
}

export function failed(code: number, message?: string | null): Outcome<never> {
  return { ok: false, error: failureOf(code, message)! }
}

export interface SettleOptions {
  readonly timeoutMs?: number
  /** Codes after which the same item is asked for again. */
  readonly retry: ReadonlySet<number>
}

/**
 * One outcome per item: asks for all, then again with backoff for those whose failure may pass. When time is up the last
 * failure of an item is its outcome; what `attempt` throws fails the whole call.
 */
export async function settle<K, T>(
  client: ClusterClient,
  what: string,
  items: readonly K[],
  attempt: (pending: readonly K[], remainingMs: number) => Promise<Map<K, Outcome<T>>>,
  options: SettleOptions,
): Promise<Map<K, Outcome<T>>> {
  const { clock, random, apiTimeoutMs } = client.options
  const deadline = new Deadline(clock, options.timeoutMs ?? apiTimeoutMs)
  const results = new Map<K, Outcome<T>>()
  let pending = items
  for (let tries = 0; pending.length > 0; tries++) {
    const asked = pending
    const remaining = (): number => Math.max(1, deadline.remainingMs)
    const round = await client.retrying(what, () => attempt(asked, remaining()), remaining())
    for (const item of asked)
      results.set(item, round.get(item) ?? failed(-1, `The answer does not mention ${String(item)}`))
    pending = asked.filter((item) => mayPass(results.get(item)!, options.retry))
    const pauseMs = backoffMs(tries, random)
    if (pending.length === 0 || pauseMs >= deadline.remainingMs) break
    await sleep(clock, pauseMs)
  }
  return new Map(items.map((item) => [item, results.get(item)!]))
}

function mayPass(outcome: Outcome<unknown>, retry: ReadonlySet<number>): boolean {
  return !outcome.ok && retry.has(outcome.error.code)
}

/** Groups by key, order kept. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** `[{topic, ...}]` as the protocol's nested `topics: [{name, partitions}]`. */
export function byTopic<T extends { topic: string }, P>(
  items: readonly T[],
  partition: (item: T) => P,
): { name: string; partitions: P[] }[] {
  return [...groupBy(items, (item) => item.topic)].map(([name, group]) => ({ name, partitions: group.map(partition) }))
}

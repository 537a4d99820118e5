/** An admin over plain data, for tests of what commands ask and print. What a test did not prepare is an error. */
import type { Admin, ConfigEntry, KafkaFailure, Outcome, TopicDescription } from '../../src/client/admin-types.ts'

/** Methods a test hands in; every call is kept. */
export interface MemoryAdmin {
  readonly admin: Admin
  readonly calls: { readonly method: string; readonly args: unknown[] }[]
  /** For `RunOptions.createAdmin`. */
  readonly createAdmin: () => Promise<Admin>
}

export function memoryAdmin(methods: Partial<Admin>): MemoryAdmin {
  const calls: { method: string; args: unknown[] }[] = []
  const admin = new Proxy({} as Admin, {
    get(_, method: string) {
      if (method === 'then') return undefined
      return async (...args: unknown[]) => {
        calls.push({ method, args })
        const implementation = (methods as unknown as Record<string, (...args: unknown[]) => unknown>)[method]
        if (implementation === undefined) {
          if (method === 'close') return undefined
          if (method === 'identify') return { clusterId: 'c', topicIds: new Map() }
          throw new Error(`the test did not expect ${method}`)
        }
        return implementation(...args)
      }
    },
  })
  return { admin, calls, createAdmin: async () => admin }
}

export function ok<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

export function refused(name: string, message: string, code = 1): { ok: false; error: KafkaFailure } {
  return { ok: false, error: { code, name, message } }
}

/** A topic whose partitions are given as `leader:replicas:isr[:offline]`, for example `1:1,2,3:1,2:3`. */
export function topicOf(name: string, partitions: readonly string[], isInternal = false): TopicDescription {
  const ids = (text: string | undefined): number[] =>
    text === undefined || text === '' ? [] : text.split(',').map(Number)
  return {
    name,
    topicId: `id-of-${name}`,
    isInternal,
    partitions: partitions.map((text, partition) => {
      const [leader, replicas, isr, offline] = text.split(':')
      return {
        partition,
        leader: Number(leader),
        leaderEpoch: 0,
        replicas: ids(replicas),
        isr: ids(isr),
        offlineReplicas: ids(offline),
        elr: [],
        lastKnownElr: [],
        error: null,
      }
    }),
  }
}

/** A configuration entry with what a test cares about. */
export function entryOf(name: string, value: string | null, more: Partial<ConfigEntry> = {}): ConfigEntry {
  return {
    name,
    value,
    source: 'DYNAMIC_TOPIC_CONFIG',
    isSensitive: false,
    isReadOnly: false,
    type: 'STRING',
    documentation: null,
    synonyms: [],
    ...more,
  }
}

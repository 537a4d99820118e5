/** A plan: what differs, what is done about it, and what cannot be done. */
import type { ConfigChange, ConfigResource, NewTopic, QuotaEntity, QuotaOp } from '../../client/admin-types.ts'
import type { AclBinding } from '../../client/security-types.ts'
import type { DeclaredUser } from './declarations.ts'

export type Sign = '+' | '~' | '-'

/** One value that differs. */
export interface Line {
  readonly sign: Sign
  readonly name: string
  /** null: not set, or not there. */
  readonly before: string | null
  /** Where `before` comes from, when it is inherited: `Kafka's default`. */
  readonly from: string | null
  readonly after: string | null
  /** Worth knowing: where a value falls back to. */
  readonly note: string | null
}

/** What an apply sends, one after the other. */
export type Step =
  | { readonly kind: 'create-topic'; readonly topic: NewTopic }
  | {
      readonly kind: 'add-partitions'
      readonly topic: string
      readonly total: number
      /** Brokers of the partitions that are new. */
      readonly assignments: readonly (readonly number[])[] | null
    }
  | {
      readonly kind: 'move-replicas'
      readonly topic: string
      readonly partitionCount: number
      /** A number of replicas, or the brokers of each partition. */
      readonly target: number | readonly (readonly number[])[]
    }
  | { readonly kind: 'alter-configs'; readonly resource: ConfigResource; readonly changes: readonly ConfigChange[] }
  | { readonly kind: 'alter-quotas'; readonly entity: QuotaEntity; readonly ops: readonly QuotaOp[] }
  | { readonly kind: 'create-acls'; readonly bindings: readonly AclBinding[] }
  | { readonly kind: 'delete-acls'; readonly bindings: readonly AclBinding[] }
  | { readonly kind: 'set-user'; readonly user: DeclaredUser }
  | { readonly kind: 'delete-topic'; readonly topic: string }

/** One thing that differs from what files say. */
export interface Change {
  readonly action: 'create' | 'change' | 'delete'
  /** `topic`, `broker`, `quota`, ... */
  readonly subject: string
  /** `orders`; what the subject is called. */
  readonly name: string
  /** Where it is declared; null for what a prune deletes. */
  readonly place: string | null
  readonly lines: readonly Line[]
  /** What cannot be done, and why. While there are any, nothing of the plan is applied. */
  readonly problems: readonly string[]
  readonly steps: readonly Step[]
}

export interface Plan {
  readonly clusterId: string
  readonly changes: readonly Change[]
  /** Declared things that are as declared. */
  readonly unchangedCount: number
}

/** What may be deleted because files do not name it. */
export interface PruneScope {
  readonly configs: boolean
  readonly acls: boolean
  readonly quotas: boolean
  /** Topics whose names match. */
  readonly topics: ((name: string) => boolean) | null
}

export const titleOf = ({ subject, name }: Change): string => (name === '' ? subject : `${subject} ${name}`)

/** True where something stands against applying the plan. */
export function isBlocked({ changes }: Plan): boolean {
  return changes.some(({ problems }) => problems.length > 0)
}

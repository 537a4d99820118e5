/** What files declare: the state that a cluster shall have. */
import type { ConfigResource } from '../../client/admin-types.ts'
import type { AclBinding } from '../../client/security-types.ts'

/** `orders.yaml:12` */
export type Place = string

export interface DeclaredTopic {
  readonly place: Place
  readonly name: string
  /** null: not declared; a new topic gets the cluster's default. */
  readonly partitionCount: number | null
  readonly replicationFactor: number | null
  /** Brokers of each partition, the preferred leader first; instead of both counts. */
  readonly replicas: readonly (readonly number[])[] | null
  /** null: not set on the topic. */
  readonly configs: ReadonlyMap<string, string | null>
  /** True where values may be inherited ones, as `kt topics --describe` prints them: then they need not be set. */
  readonly mayInherit: boolean
}

export interface DeclaredConfigs {
  readonly place: Place
  readonly resource: ConfigResource
  readonly configs: ReadonlyMap<string, string | null>
}

export interface DeclaredAcl {
  readonly place: Place
  readonly binding: AclBinding
}

export interface DeclaredQuota {
  readonly place: Place
  /** `user`, `client-id`, `ip` -> name, null for the default. */
  readonly entity: ReadonlyMap<string, string | null>
  /** null: no quota. */
  readonly values: ReadonlyMap<string, number | null>
}

export interface DeclaredUser {
  readonly place: Place
  readonly user: string
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly iterations: number
  /** The environment variable that holds the password; needed when the user has no such credential yet. */
  readonly passwordFrom: string | null
}

export interface Declarations {
  readonly topics: readonly DeclaredTopic[]
  readonly configs: readonly DeclaredConfigs[]
  readonly acls: readonly DeclaredAcl[]
  readonly quotas: readonly DeclaredQuota[]
  readonly users: readonly DeclaredUser[]
}

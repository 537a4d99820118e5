/** Access control lists as commands ask and get them. */
import type { Outcome } from './outcome-types.ts'

export type AclResourceType = 'TOPIC' | 'GROUP' | 'CLUSTER' | 'TRANSACTIONAL_ID' | 'DELEGATION_TOKEN' | 'USER'
/** How a resource name is meant: as it is, or as the beginning of names. */
export type AclPatternType = 'LITERAL' | 'PREFIXED'
export type AclOperation =
  | 'ALL'
  | 'READ'
  | 'WRITE'
  | 'CREATE'
  | 'DELETE'
  | 'ALTER'
  | 'DESCRIBE'
  | 'CLUSTER_ACTION'
  | 'DESCRIBE_CONFIGS'
  | 'ALTER_CONFIGS'
  | 'IDEMPOTENT_WRITE'
  | 'CREATE_TOKENS'
  | 'DESCRIBE_TOKENS'
  | 'TWO_PHASE_COMMIT'
export type AclPermission = 'ALLOW' | 'DENY'

export interface AclEntry {
  /** `User:alice`; `User:*` is everybody. */
  readonly principal: string
  /** `*`: from anywhere. */
  readonly host: string
  /** `UNKNOWN` for what a newer broker has. */
  readonly operation: AclOperation | 'UNKNOWN'
  readonly permission: AclPermission | 'UNKNOWN'
}

export interface AclResource {
  readonly resourceType: AclResourceType | 'UNKNOWN'
  readonly name: string
  readonly patternType: AclPatternType | 'UNKNOWN'
}

/** One rule: who may do what on which resource. */
export interface AclBinding {
  readonly resource: AclResource
  readonly entry: AclEntry
}

/** Which rules are meant; what is left out matches anything. `MATCH`: every pattern that a name falls under. */
export interface AclFilter {
  readonly resourceType?: AclResourceType
  readonly name?: string
  readonly patternType?: AclPatternType | 'ANY' | 'MATCH'
  readonly entry?: Partial<AclEntry>
}

/** Rules of the cluster's authorizer; without one the cluster answers SECURITY_DISABLED. */
export interface AclAdmin {
  describeAcls(filter: AclFilter): Promise<AclBinding[]>
  /** In the order given; a rule that exists already is no failure. */
  createAcls(bindings: readonly AclBinding[]): Promise<Outcome<void>[]>
  /** The rules each filter has removed, in the order given. */
  deleteAcls(filters: readonly AclFilter[]): Promise<Outcome<AclBinding[]>[]>
}

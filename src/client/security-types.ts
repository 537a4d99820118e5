/** Access control lists and delegation tokens as commands ask and get them. */
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

/** `User` and `alice` of `User:alice`. */
export interface Principal {
  readonly type: string
  readonly name: string
}

/** A token by which others may act for its owner (KIP-48). */
export interface DelegationToken {
  readonly tokenId: string
  readonly hmac: Buffer
  readonly owner: Principal
  readonly requester: Principal
  readonly renewers: readonly Principal[]
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** After this it cannot be renewed. */
  readonly endsAtMs: number
}

/** Delegation tokens; they exist only where clients log in. Each call throws what the cluster refuses. */
export interface TokenAdmin {
  /** -1: as long as the cluster allows. The owner is who asks unless another is named (KIP-373). */
  createDelegationToken(token: {
    owner?: Principal
    renewers: readonly Principal[]
    maxLifetimeMs: number
  }): Promise<DelegationToken>
  /** When it expires now. */
  renewDelegationToken(hmac: Buffer, periodMs: number): Promise<number>
  /** When it expires now; a negative period ends it at once. */
  expireDelegationToken(hmac: Buffer, periodMs: number): Promise<number>
  /** Of these owners; of all that may be seen when left out. */
  describeDelegationTokens(owners?: readonly Principal[]): Promise<DelegationToken[]>
}

/** Who asked, and where. */
export interface DeniedClient {
  /** `User:alice`; null when only the broker knows. */
  readonly principal: string | null
  readonly server: string
  readonly topicName?: (topicId: string) => string | undefined
}

/** Keeps what a cluster denies, for who reports the failure. */
export interface DenialKeeper {
  /** Looks for a denial in an answer that is no data. */
  look(apiKey: number, request: unknown, response: unknown, asker: () => DeniedClient): void
  /** Keeps that `name` was refused with this code, if it is one of a denial. */
  add(apiKey: number, errorCode: number, name: string | null, client: DeniedClient): void
}

import type { JoinGroupResponseInput } from '../../../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseInput } from '../../../protocol/messages/14-sync-group.ts'

/** A protocol a member can speak, for a consumer an assignor, and its metadata, for a consumer its subscription. */
export interface MemberProtocol {
  readonly name: string
  readonly metadata: Buffer
}

export type JoinAnswer = (response: JoinGroupResponseInput) => void
export type SyncAnswer = (response: SyncGroupResponseInput) => void

export const EMPTY_ASSIGNMENT: Buffer = Buffer.alloc(0)

export interface MemberFields {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  readonly protocolType: string
  /** In the member's order of preference. */
  readonly protocols: readonly MemberProtocol[]
  readonly assignment?: Buffer
}

/** A member of a classic group. Changed by its group only. */
export class ClassicMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly protocolType: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  protocols: readonly MemberProtocol[]
  assignment: Buffer
  /** How the parked JoinGroup or SyncGroup of this member is answered; null when none is parked. */
  joinAnswer: JoinAnswer | null = null
  syncAnswer: SyncAnswer | null = null
  /** Has joined but never got an answer: it knows no member id and cannot heartbeat. */
  isNew = false

  constructor(fields: MemberFields) {
    this.memberId = fields.memberId
    this.groupInstanceId = fields.groupInstanceId
    this.clientId = fields.clientId
    this.clientHost = fields.clientHost
    this.protocolType = fields.protocolType
    this.rebalanceTimeoutMs = fields.rebalanceTimeoutMs
    this.sessionTimeoutMs = fields.sessionTimeoutMs
    this.protocols = fields.protocols
    this.assignment = fields.assignment ?? EMPTY_ASSIGNMENT
  }

  get isAwaitingJoin(): boolean {
    return this.joinAnswer !== null
  }

  get isStatic(): boolean {
    return this.groupInstanceId !== null
  }

  /** A parked request is as good as a heartbeat, except for a new member: it could wait for ever. */
  get hasSatisfiedHeartbeat(): boolean {
    return !this.isNew && (this.joinAnswer !== null || this.syncAnswer !== null)
  }

  /** Throws when the member does not speak it: the group selects only what all members speak. */
  metadata(protocolName: string): Buffer {
    const protocol = this.protocols.find(({ name }) => name === protocolName)
    if (protocol === undefined) throw new Error(`member ${this.memberId} does not support protocol ${protocolName}`)
    return protocol.metadata
  }

  matches(protocols: readonly MemberProtocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every(({ name, metadata }, index) => {
        const own = this.protocols[index]!
        return own.name === name && own.metadata.equals(metadata)
      })
    )
  }

  /** Its most preferred candidate. */
  vote(candidates: ReadonlySet<string>): string {
    const choice = this.protocols.find(({ name }) => candidates.has(name))
    if (choice === undefined) throw new Error(`member ${this.memberId} supports none of the candidate protocols`)
    return choice.name
  }
}

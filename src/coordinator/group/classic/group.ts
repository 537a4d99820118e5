/**
 * One classic group (protocol guide, "Group Membership API"; KIP-345 for static members): the owner of its members and
 * of everybody who waits for an answer. All changes happen here, in synchronous methods.
 *
 * What a `GroupMetadata` record holds (generation, protocol, leader, members and their assignment) is durable; the rest
 * (who waits, pending ids, the rebalance under way) is soft: it ends with the node, and clients rejoin.
 */

import type { GroupMetadataValue } from '../../../protocol/coordinator/02-group-metadata.ts'
import { KafkaError } from '../../../protocol/error-codes.ts'
import type { JoinGroupResponseInput } from '../../../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseInput } from '../../../protocol/messages/14-sync-group.ts'
import type { CoordinatorRecord } from '../../types.ts'
import type { CommitIdentity, Group } from '../group.ts'
import type { CommittedOffset } from '../offsets.ts'
import { groupMetadataRecord, groupMetadataTombstone } from '../records.ts'
import { ClassicMember, type JoinAnswer, type MemberProtocol, type SyncAnswer } from './member.ts'
import { joinError, syncError } from './responses.ts'
import { type ClassicGroupState, canTransition } from './state.ts'
import { CONSUMER_PROTOCOL_TYPE, subscribedTopics } from './subscription.ts'

export interface MemberUpdate {
  readonly protocols: readonly MemberProtocol[]
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
}

export class ClassicGroup implements Group {
  readonly type = 'classic'
  readonly groupId: string
  /** In the order of joining; a static member that comes back goes to the end. */
  private readonly membersById = new Map<string, ClassicMember>()
  /** group.instance.id -> member id. */
  private readonly staticMembers = new Map<string, string>()
  /** Member ids given out with MEMBER_ID_REQUIRED and not used yet (KIP-394). */
  private readonly pendingJoin = new Set<string>()
  /** Members of this generation that have not sent SyncGroup yet (KIP-537). */
  private readonly pendingSync = new Set<string>()
  private currentState: ClassicGroupState = 'Empty'
  private stateBefore: ClassicGroupState = 'Dead'
  /** Null in records older than version 2. */
  private stateTimestampMs: number | null
  private generation = 0
  private type_: string | null = null
  private selected: string | null = null
  private leaderId: string | null = null
  /** Null: not known, for example because the group is not of consumers. */
  private topics: ReadonlySet<string> | null = null
  /** Somebody joined during the initial delay: it may be prolonged. */
  newMemberAdded = false

  constructor(groupId: string, nowMs: number) {
    this.groupId = groupId
    this.stateTimestampMs = nowMs
  }

  /** The group a `GroupMetadata` record describes. */
  static fromRecord(groupId: string, value: GroupMetadataValue): ClassicGroup {
    const group = new ClassicGroup(groupId, 0)
    group.generation = value.generation
    group.selected = value.protocol
    group.leaderId = value.leader
    group.type_ = value.protocolType === '' ? null : value.protocolType
    group.stateTimestampMs = value.currentStateTimestamp === -1n ? null : Number(value.currentStateTimestamp)
    for (const member of value.members) {
      const { memberId, groupInstanceId, clientId, clientHost, assignment } = member
      const rebalanceTimeoutMs = member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout
      const protocols = [{ name: value.protocol ?? '', metadata: member.subscription }]
      const times = { rebalanceTimeoutMs, sessionTimeoutMs: member.sessionTimeout }
      const names = { memberId, groupInstanceId, clientId, clientHost, protocolType: value.protocolType }
      group.insert(new ClassicMember({ ...names, ...times, protocols, assignment }))
    }
    group.currentState = value.members.length === 0 ? 'Empty' : 'Stable'
    group.topics = group.computeSubscribedTopics()
    return group
  }

  /** The record that holds the group with these assignments (member id -> bytes). */
  toRecord(assignments: ReadonlyMap<string, Buffer>): CoordinatorRecord {
    return groupMetadataRecord(this.groupId, {
      protocolType: this.type_ ?? '',
      generation: this.generation,
      protocol: this.selected,
      leader: this.leaderId,
      currentStateTimestamp: BigInt(this.stateTimestampMs ?? -1),
      members: this.members.map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: member.metadata(this.selected!),
        assignment: assignments.get(member.memberId) ?? Buffer.alloc(0),
      })),
    })
  }

  /** Written when a group comes into being: nothing about it is decided yet. */
  toEmptyRecord(): CoordinatorRecord {
    return groupMetadataRecord(this.groupId, {
      protocolType: '',
      generation: 0,
      protocol: null,
      leader: null,
      currentStateTimestamp: BigInt(this.stateTimestampMs ?? -1),
      members: [],
    })
  }

  tombstones(): CoordinatorRecord[] {
    return [groupMetadataTombstone(this.groupId)]
  }

  // State

  get state(): ClassicGroupState {
    return this.currentState
  }
  get previousState(): ClassicGroupState {
    return this.stateBefore
  }
  get stateName(): string {
    return this.currentState
  }
  get generationId(): number {
    return this.generation
  }
  get protocolType(): string | null {
    return this.type_
  }
  get listedProtocolType(): string {
    return this.type_ ?? ''
  }
  get protocolName(): string | null {
    return this.selected
  }
  get leader(): string | null {
    return this.leaderId
  }

  isIn(...states: readonly ClassicGroupState[]): boolean {
    return states.includes(this.currentState)
  }

  isEmpty(): boolean {
    return this.currentState === 'Empty'
  }

  transitionTo(state: ClassicGroupState, nowMs: number): void {
    if (!canTransition(this.currentState, state)) {
      throw new Error(`group ${this.groupId} cannot go from ${this.currentState} to ${state}`)
    }
    this.stateBefore = this.currentState
    this.currentState = state
    this.stateTimestampMs = nowMs
  }

  canRebalance(): boolean {
    return canTransition(this.currentState, 'PreparingRebalance')
  }

  // Members

  get members(): readonly ClassicMember[] {
    return [...this.membersById.values()]
  }
  get size(): number {
    return this.membersById.size
  }
  get pendingJoinCount(): number {
    return this.pendingJoin.size
  }

  has(memberId: string): boolean {
    return this.membersById.has(memberId)
  }

  member(memberId: string): ClassicMember | undefined {
    return this.membersById.get(memberId)
  }

  isLeader(memberId: string): boolean {
    return this.leaderId === memberId
  }

  isPendingMember(memberId: string): boolean {
    return this.pendingJoin.has(memberId)
  }

  addPendingMember(memberId: string): void {
    this.pendingJoin.add(memberId)
  }

  staticMemberId(groupInstanceId: string): string | undefined {
    return this.staticMembers.get(groupInstanceId)
  }

  private insert(member: ClassicMember): void {
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId)
    if (this.membersById.size === 0) this.type_ = member.protocolType === '' ? null : member.protocolType
    this.leaderId ??= member.memberId
    this.membersById.set(member.memberId, member)
  }

  /** A member whose JoinGroup waits for the rebalance to complete. */
  add(member: ClassicMember, answer: JoinAnswer): void {
    this.insert(member)
    this.pendingJoin.delete(member.memberId)
    member.joinAnswer = answer
  }

  /** Forgets a member or a pending member. A request of it that is still parked is answered UNKNOWN_MEMBER_ID. */
  remove(memberId: string): void {
    const member = this.membersById.get(memberId)
    if (member !== undefined) {
      this.answerJoin(member, joinError('UNKNOWN_MEMBER_ID', ''))
      this.answerSync(member, syncError('UNKNOWN_MEMBER_ID'))
      this.membersById.delete(memberId)
      if (member.groupInstanceId !== null) this.staticMembers.delete(member.groupInstanceId)
    }
    if (this.leaderId === memberId) this.leaderId = this.membersById.keys().next().value ?? null
    this.pendingJoin.delete(memberId)
    this.pendingSync.delete(memberId)
  }

  /** A member that joins again, with what it says now. An older parked JoinGroup of it is let go (its client has gone). */
  update(member: ClassicMember, update: MemberUpdate, answer: JoinAnswer | null): void {
    this.answerJoin(member, joinError('REBALANCE_IN_PROGRESS', member.memberId))
    member.protocols = update.protocols
    member.rebalanceTimeoutMs = update.rebalanceTimeoutMs
    member.sessionTimeoutMs = update.sessionTimeoutMs
    member.joinAnswer = answer
  }

  /** A restarted static member takes the place of its former self, whose parked requests are fenced (KIP-345). */
  replaceStaticMember(groupInstanceId: string, oldMemberId: string, newMemberId: string): ClassicMember {
    const old = this.membersById.get(oldMemberId)
    if (old === undefined) throw new Error(`no member ${oldMemberId} to replace in group ${this.groupId}`)
    this.answerJoin(old, joinError('FENCED_INSTANCE_ID', oldMemberId))
    this.answerSync(old, syncError('FENCED_INSTANCE_ID'))
    this.membersById.delete(oldMemberId)
    const member = new ClassicMember({ ...old, memberId: newMemberId })
    this.membersById.set(newMemberId, member)
    this.staticMembers.set(groupInstanceId, newMemberId)
    if (this.leaderId === oldMemberId) this.leaderId = newMemberId
    return member
  }

  /** Throws UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. */
  validateMember(memberId: string, groupInstanceId: string | null): void {
    if (groupInstanceId !== null) {
      const existing = this.staticMembers.get(groupInstanceId)
      if (existing === undefined) throw new KafkaError('UNKNOWN_MEMBER_ID')
      if (existing !== memberId) throw new KafkaError('FENCED_INSTANCE_ID')
    }
    if (!this.membersById.has(memberId)) throw new KafkaError('UNKNOWN_MEMBER_ID')
  }

  /** The longest of the members: the slowest is waited for. */
  get rebalanceTimeoutMs(): number {
    return this.members.reduce((longest, member) => Math.max(longest, member.rebalanceTimeoutMs), 0)
  }

  get awaitingJoinCount(): number {
    return this.members.reduce((count, member) => count + (member.isAwaitingJoin ? 1 : 0), 0)
  }

  hasAllMembersJoined(): boolean {
    return this.pendingJoin.size === 0 && this.members.every((member) => member.isAwaitingJoin)
  }

  notYetRejoined(): ClassicMember[] {
    return this.members.filter((member) => !member.isAwaitingJoin)
  }

  // Parked requests

  answerJoin(member: ClassicMember, response: JoinGroupResponseInput): void {
    const answer = member.joinAnswer
    member.joinAnswer = null
    answer?.(response)
  }

  /** Tells whether somebody was waiting. */
  answerSync(member: ClassicMember, response: SyncGroupResponseInput): boolean {
    const answer = member.syncAnswer
    member.syncAnswer = null
    answer?.(response)
    return answer !== null
  }

  awaitSync(member: ClassicMember, answer: SyncAnswer): void {
    this.answerSync(member, syncError('REBALANCE_IN_PROGRESS'))
    member.syncAnswer = answer
  }

  /** The group is not ours any more. */
  unload(nowMs: number): void {
    this.transitionTo('Dead', nowMs)
    for (const member of this.members) {
      this.answerJoin(member, joinError('NOT_COORDINATOR', member.memberId))
      this.answerSync(member, syncError('NOT_COORDINATOR'))
    }
  }

  get pendingSyncMembers(): readonly string[] {
    return [...this.pendingSync]
  }
  addPendingSync(memberId: string): void {
    this.pendingSync.add(memberId)
  }
  removePendingSync(memberId: string): void {
    this.pendingSync.delete(memberId)
  }
  clearPendingSync(): void {
    this.pendingSync.clear()
  }

  // Generations

  /** A leader that has not rejoined gives way to one that has. False: nobody has rejoined. */
  electNewJoinedLeader(): boolean {
    if (this.leaderId === null) return false
    if (this.membersById.get(this.leaderId)?.isAwaitingJoin) return true
    const joined = this.members.find((member) => member.isAwaitingJoin)
    if (joined === undefined) return false
    this.leaderId = joined.memberId
    return true
  }

  initNextGeneration(nowMs: number): void {
    this.generation += 1
    this.selected = this.membersById.size === 0 ? null : this.selectProtocol()
    this.topics = this.computeSubscribedTopics()
    this.transitionTo(this.membersById.size === 0 ? 'Empty' : 'CompletingRebalance', nowMs)
    this.pendingSync.clear()
  }

  /** Of what all members speak, what most of them prefer; among equals what was named first. */
  selectProtocol(): string {
    const candidates = this.commonProtocols()
    const votes = new Map<string, number>()
    for (const member of this.membersById.values()) {
      const choice = member.vote(candidates)
      votes.set(choice, (votes.get(choice) ?? 0) + 1)
    }
    return [...votes].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
  }

  private commonProtocols(): Set<string> {
    const count = new Map<string, number>()
    for (const member of this.membersById.values()) {
      for (const { name } of member.protocols) count.set(name, (count.get(name) ?? 0) + 1)
    }
    return new Set([...count].filter(([, members]) => members === this.membersById.size).map(([name]) => name))
  }

  supportsProtocols(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.currentState === 'Empty') return protocolType !== '' && protocols.length > 0
    if (this.type_ !== protocolType) return false
    const common = this.commonProtocols()
    return protocols.some(({ name }) => common.has(name))
  }

  currentAssignments(): Map<string, Buffer> {
    return new Map(this.members.map((member) => [member.memberId, member.assignment]))
  }

  // Offsets

  get usesConsumerProtocol(): boolean {
    return this.type_ === CONSUMER_PROTOCOL_TYPE
  }

  private computeSubscribedTopics(): ReadonlySet<string> | null {
    if (!this.usesConsumerProtocol) return null
    const all = new Set<string>()
    for (const member of this.membersById.values()) {
      const topics = this.selected === null ? null : subscribedTopics(member.metadata(this.selected))
      if (topics === null) return null
      for (const topic of topics) all.add(topic)
    }
    return all
  }

  /** A group of consumers whose subscription cannot be read is taken to be subscribed to everything. */
  isSubscribedToTopic(topic: string): boolean {
    return this.topics === null ? this.usesConsumerProtocol : this.topics.has(topic)
  }

  validateOffsetCommit({ memberId, groupInstanceId, generationIdOrMemberEpoch }: CommitIdentity): void {
    if (this.currentState === 'Dead') throw new KafkaError('COORDINATOR_NOT_AVAILABLE')
    if (generationIdOrMemberEpoch < 0 && this.currentState === 'Empty') return
    if (generationIdOrMemberEpoch >= 0 || memberId !== '' || groupInstanceId !== null) {
      this.validateMember(memberId, groupInstanceId)
      if (generationIdOrMemberEpoch !== this.generation) throw new KafkaError('ILLEGAL_GENERATION')
    } else if (this.currentState !== 'Empty') {
      throw new KafkaError('UNKNOWN_MEMBER_ID')
    }
    // The member knows this generation from JoinGroup but owns nothing yet.
    if (this.currentState === 'CompletingRebalance') throw new KafkaError('REBALANCE_IN_PROGRESS')
  }

  validateOffsetFetch(): void {
    if (this.currentState === 'Dead') throw this.deadError()
  }

  validateOffsetDelete(): void {
    if (this.currentState === 'Dead') throw this.deadError()
    if (this.currentState !== 'Empty' && !this.usesConsumerProtocol) throw new KafkaError('NON_EMPTY_GROUP')
  }

  validateDelete(): void {
    if (this.currentState === 'Dead') throw this.deadError()
    if (this.currentState !== 'Empty') throw new KafkaError('NON_EMPTY_GROUP')
  }

  private deadError(): KafkaError {
    return new KafkaError('GROUP_ID_NOT_FOUND', `Group ${this.groupId} is in dead state.`)
  }

  /**
   * KIP-211: since the group became empty, or since the commit for groups without members of their own; while members
   * consume, only offsets of topics nobody subscribes to any more (the caller checks) expire, since their commit.
   */
  offsetExpirationBaseMs(offset: CommittedOffset): number | null {
    if (this.type_ === null) return offset.commitTimestampMs
    if (this.currentState === 'Empty') return this.stateTimestampMs ?? offset.commitTimestampMs
    const knowsTopics = this.usesConsumerProtocol && this.topics !== null
    return knowsTopics && this.currentState === 'Stable' ? offset.commitTimestampMs : null
  }
}

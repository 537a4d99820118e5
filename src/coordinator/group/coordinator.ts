/**
 * The group coordinator: one method per API, each takes the decoded request and a small context and promises the
 * response. Promises never reject for a reason a client should hear of: they resolve with its error code. Requests that
 * wait for other members (JoinGroup, SyncGroup) are answered by their group, at the latest when it is unloaded.
 *
 * Left to the caller, who knows the cluster: authorisation, and topics. In OffsetCommit, OffsetFetch and OffsetDelete
 * every topic has its `name` set (from version 10 on found by its id) and exists; OffsetCommit also has its `topicId`.
 */
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Random } from '../../base/random.ts'
import type { Timeline } from '../../base/timeline.ts'
import { ErrorCode, type ErrorName, KafkaError } from '../../protocol/error-codes.ts'
import type { OffsetCommitRequest, OffsetCommitResponseInput } from '../../protocol/messages/08-offset-commit.ts'
import type { OffsetFetchRequest, OffsetFetchResponseInput } from '../../protocol/messages/09-offset-fetch.ts'
import type { JoinGroupRequest, JoinGroupResponseInput } from '../../protocol/messages/11-join-group.ts'
import type { HeartbeatRequest, HeartbeatResponseInput } from '../../protocol/messages/12-heartbeat.ts'
import type { LeaveGroupRequest, LeaveGroupResponseInput } from '../../protocol/messages/13-leave-group.ts'
import type { SyncGroupRequest, SyncGroupResponseInput } from '../../protocol/messages/14-sync-group.ts'
import type { DescribeGroupsRequest, DescribeGroupsResponseInput } from '../../protocol/messages/15-describe-groups.ts'
import type { ListGroupsRequest, ListGroupsResponseInput } from '../../protocol/messages/16-list-groups.ts'
import type { DeleteGroupsRequest, DeleteGroupsResponseInput } from '../../protocol/messages/42-delete-groups.ts'
import type { OffsetDeleteRequest, OffsetDeleteResponseInput } from '../../protocol/messages/47-offset-delete.ts'
import { coordinatorErrorCode } from '../errors.ts'
import { CoordinatorRuntime } from '../runtime.ts'
import type { CoordinatorLog, CoordinatorResult } from '../types.ts'
import { type DescribedGroup, describeClassicGroup, describeMissingGroup } from './classic/describe.ts'
import { heartbeatClassicGroup } from './classic/heartbeat.ts'
import { joinClassicGroup } from './classic/join.ts'
import { type LeavingMember, leaveClassicGroup } from './classic/leave.ts'
import { joinErrorCode, syncErrorCode } from './classic/responses.ts'
import { syncClassicGroup } from './classic/sync.ts'
import { DEFAULT_GROUP_COORDINATOR_CONFIG, type GroupCoordinatorConfig } from './config.ts'
import { classicJoinOf, joinResponseOf } from './join-request.ts'
import { commitErrorResponse, commitOffsets } from './offset-commit.ts'
import {
  type DeletedGroup,
  type DeletedTopic,
  deleteGroups,
  deleteOffsets,
  deleteOffsetsOfTopics,
} from './offset-delete.ts'
import {
  type FetchGroupRequest,
  type FetchGroupResponse,
  fetchErrorGroup,
  fetchGroupsOf,
  fetchOffsets,
  fetchResponseOf,
} from './offset-fetch.ts'
import { partitionForGroup } from './partition.ts'
import type { GroupRequestContext, GroupServices } from './services.ts'
import { GroupShard } from './shard.ts'

export interface GroupCoordinatorOptions {
  readonly log: CoordinatorLog
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Left out: nobody is told. */
  readonly timeline?: Timeline | undefined
  /** What is left out has Kafka's default. */
  readonly config?: Partial<GroupCoordinatorConfig>
}

export class GroupCoordinator {
  readonly config: GroupCoordinatorConfig
  private readonly logger: Logger
  private readonly runtime: CoordinatorRuntime<GroupShard>
  private closed = false

  constructor({ log, clock, random, logger, timeline, config: overrides }: GroupCoordinatorOptions) {
    const config = { ...DEFAULT_GROUP_COORDINATOR_CONFIG, ...overrides }
    this.config = config
    this.logger = logger
    this.runtime = new CoordinatorRuntime({
      log,
      clock,
      logger,
      writeTimeoutMs: config.offsetsCommitTimeoutMs,
      build: (timer) => new GroupShard({ config, clock, random, logger, timeline }, timer),
    })
  }

  // Leadership

  /** The partition of `__consumer_offsets` whose leader coordinates `groupId`. */
  partitionFor(groupId: string): number {
    return partitionForGroup(groupId, this.config.offsetsTopicNumPartitions)
  }

  /** This node leads the partition since `epoch`. Resolves when its groups are loaded, or could not be. */
  onPartitionElected(partition: number, epoch: number): Promise<void> {
    return this.closed ? Promise.resolve() : this.runtime.load(partition, epoch)
  }

  /** Another node leads since `epoch`; null: the partition was deleted. */
  onPartitionResigned(partition: number, epoch: number | null): void {
    this.runtime.unload(partition, epoch)
  }

  /** Removes the offsets of topics that are gone. Failures are logged: retention removes what is left. */
  async onTopicsDeleted(topics: readonly DeletedTopic[]): Promise<void> {
    if (this.closed || topics.length === 0) return
    const removals = this.runtime.partitions().map((partition) =>
      this.write(partition, (services) => deleteOffsetsOfTopics(services, topics)).catch((error: unknown) => {
        const names = topics.map(({ name }) => name).join(', ')
        this.logger.error(`Could not delete offsets for deleted topics ${names} on partition ${partition}`, error)
      }),
    )
    await Promise.all(removals)
  }

  /** Answers whoever waits with NOT_COORDINATOR; everything after that with COORDINATOR_NOT_AVAILABLE. */
  close(): void {
    this.closed = true
    this.runtime.close()
  }

  // Membership

  joinGroup(request: JoinGroupRequest, context: GroupRequestContext): Promise<JoinGroupResponseInput> {
    const { memberId } = request
    const { groupMinSessionTimeoutMs: min, groupMaxSessionTimeoutMs: max } = this.config
    const isTimeoutValid = request.sessionTimeoutMs >= min && request.sessionTimeoutMs <= max
    const problem = this.groupIdProblem(request.groupId) ?? (isTimeoutValid ? null : 'INVALID_SESSION_TIMEOUT')
    return new Promise((resolve) => {
      const answer = (response: JoinGroupResponseInput): void => resolve(joinResponseOf(response, context.apiVersion))
      if (problem !== null) {
        answer(joinErrorCode(ErrorCode[problem], memberId))
        return
      }
      const join = classicJoinOf(request, context)
      this.write(this.partitionFor(request.groupId), (services) => joinClassicGroup(services, join, answer)).catch(
        (error: unknown) => answer(joinErrorCode(this.errorCode('JoinGroup', error), '')),
      )
    })
  }

  syncGroup(request: SyncGroupRequest, context: GroupRequestContext): Promise<SyncGroupResponseInput> {
    const problem = this.groupIdProblem(request.groupId) ?? protocolProblem(request, context.apiVersion)
    return new Promise((resolve) => {
      if (problem !== null) {
        resolve(syncErrorCode(ErrorCode[problem]))
        return
      }
      this.write(this.partitionFor(request.groupId), (services) => syncClassicGroup(services, request, resolve)).catch(
        (error: unknown) => resolve(syncErrorCode(this.errorCode('SyncGroup', error))),
      )
    })
  }

  async heartbeat(request: HeartbeatRequest, _context: GroupRequestContext): Promise<HeartbeatResponseInput> {
    const problem = this.groupIdProblem(request.groupId)
    if (problem !== null) return { throttleTimeMs: 0, errorCode: ErrorCode[problem] }
    try {
      const errorCode = await this.write(this.partitionFor(request.groupId), (services) => ({
        records: [],
        response: heartbeatClassicGroup(services, request),
      }))
      return { throttleTimeMs: 0, errorCode }
    } catch (error) {
      const errorCode = this.errorCode('Heartbeat', error)
      // Sessions start when loading ends: until then the member is right to believe it is in.
      const isLoading = errorCode === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
      return { throttleTimeMs: 0, errorCode: isLoading ? ErrorCode.NONE : errorCode }
    }
  }

  async leaveGroup(request: LeaveGroupRequest, { apiVersion }: GroupRequestContext): Promise<LeaveGroupResponseInput> {
    const members: readonly LeavingMember[] =
      apiVersion >= 3 ? request.members : [{ memberId: request.memberId, groupInstanceId: null, reason: null }]
    const response = await this.leave(request.groupId, members)
    if (apiVersion >= 3 || response.errorCode !== ErrorCode.NONE) return response
    return { ...response, errorCode: response.members?.[0]?.errorCode, members: [] }
  }

  private async leave(groupId: string, members: readonly LeavingMember[]): Promise<LeaveGroupResponseInput> {
    const problem = this.groupIdProblem(groupId)
    if (problem !== null) return { throttleTimeMs: 0, errorCode: ErrorCode[problem], members: [] }
    try {
      return await this.write(this.partitionFor(groupId), (services) => leaveClassicGroup(services, groupId, members))
    } catch (error) {
      const errorCode = this.errorCode('LeaveGroup', error)
      if (errorCode !== ErrorCode.UNKNOWN_MEMBER_ID) return { throttleTimeMs: 0, errorCode, members: [] }
      const unknown = members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode }))
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, members: unknown }
    }
  }

  // Offsets

  async commitOffsets(request: OffsetCommitRequest, context: GroupRequestContext): Promise<OffsetCommitResponseInput> {
    try {
      return await this.write(this.partitionFor(request.groupId), (services) =>
        commitOffsets(services, request, context.apiVersion),
      )
    } catch (error) {
      return commitErrorResponse(request, this.errorCode('OffsetCommit', error))
    }
  }

  async fetchOffsets(
    request: OffsetFetchRequest,
    { apiVersion }: GroupRequestContext,
  ): Promise<OffsetFetchResponseInput> {
    const groups = fetchGroupsOf(request, apiVersion).map((group) => this.fetchGroupOffsets(group, apiVersion))
    return fetchResponseOf(await Promise.all(groups), apiVersion)
  }

  private async fetchGroupOffsets(request: FetchGroupRequest, apiVersion: number): Promise<FetchGroupResponse> {
    try {
      return await this.read(this.partitionFor(request.groupId), (services) => fetchOffsets(services, request))
    } catch (error) {
      const errorCode = this.errorCode('OffsetFetch', error)
      // Older consumers know NOT_COORDINATOR here, and would not retry the other.
      const isUnavailable = errorCode === ErrorCode.COORDINATOR_NOT_AVAILABLE && !this.closed
      return fetchErrorGroup(request, isUnavailable ? ErrorCode.NOT_COORDINATOR : errorCode, apiVersion)
    }
  }

  async deleteOffsets(request: OffsetDeleteRequest, _context: GroupRequestContext): Promise<OffsetDeleteResponseInput> {
    const problem = this.groupIdProblem(request.groupId)
    if (problem !== null) return { throttleTimeMs: 0, errorCode: ErrorCode[problem], topics: [] }
    try {
      return await this.write(this.partitionFor(request.groupId), (services) => deleteOffsets(services, request))
    } catch (error) {
      return { throttleTimeMs: 0, errorCode: this.errorCode('OffsetDelete', error), topics: [] }
    }
  }

  // Groups

  /** Groups of all partitions led here; one that is still loading fails the whole list, or it would be incomplete. */
  async listGroups(request: ListGroupsRequest, _context: GroupRequestContext): Promise<ListGroupsResponseInput> {
    try {
      this.ensureOpen()
      const { statesFilter, typesFilter } = request
      const lists = this.runtime.partitions().map((partition) =>
        this.read(partition, ({ groups }) => groups.list(statesFilter, typesFilter)).catch((error: unknown) => {
          if (error instanceof KafkaError && error.code === ErrorCode.NOT_COORDINATOR) return []
          throw error
        }),
      )
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, groups: (await Promise.all(lists)).flat() }
    } catch (error) {
      return { throttleTimeMs: 0, errorCode: this.errorCode('ListGroups', error), groups: [] }
    }
  }

  async describeGroups(
    request: DescribeGroupsRequest,
    { apiVersion }: GroupRequestContext,
  ): Promise<DescribeGroupsResponseInput> {
    const groups = request.groups.map((groupId) => this.describeGroup(groupId, apiVersion))
    return { throttleTimeMs: 0, groups: await Promise.all(groups) }
  }

  private async describeGroup(groupId: string, apiVersion: number): Promise<DescribedGroup> {
    try {
      return await this.read(this.partitionFor(groupId), ({ groups }) =>
        describeClassicGroup(groups.requireClassic(groupId)),
      )
    } catch (error) {
      const errorCode = this.errorCode('DescribeGroups', error)
      if (errorCode !== ErrorCode.GROUP_ID_NOT_FOUND) return describeMissingGroup(groupId, errorCode, null)
      // KIP-1043: before version 6 a group that is not there is merely dead.
      return apiVersion >= 6
        ? describeMissingGroup(groupId, errorCode, (error as KafkaError).message)
        : describeMissingGroup(groupId, ErrorCode.NONE, null)
    }
  }

  async deleteGroups(request: DeleteGroupsRequest, _context: GroupRequestContext): Promise<DeleteGroupsResponseInput> {
    const byPartition = new Map<number, string[]>()
    for (const groupId of request.groupsNames) {
      const partition = this.partitionFor(groupId)
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), groupId])
    }
    const results = [...byPartition].map(([partition, groupIds]) => this.deleteGroupsOf(partition, groupIds))
    return { throttleTimeMs: 0, results: (await Promise.all(results)).flat() }
  }

  private async deleteGroupsOf(partition: number, groupIds: readonly string[]): Promise<DeletedGroup[]> {
    try {
      return await this.write(partition, (services) => deleteGroups(services, groupIds))
    } catch (error) {
      const errorCode = this.errorCode('DeleteGroups', error)
      return groupIds.map((groupId) => ({ groupId, errorCode }))
    }
  }

  // Common

  private async write<R>(partition: number, operation: (services: GroupServices) => CoordinatorResult<R>): Promise<R> {
    this.ensureOpen()
    return this.runtime.write(partition, (shard) => operation(shard.services))
  }

  private async read<R>(partition: number, operation: (services: GroupServices) => R): Promise<R> {
    this.ensureOpen()
    return this.runtime.read(partition, (shard) => operation(shard.services))
  }

  private ensureOpen(): void {
    if (this.closed) throw new KafkaError('COORDINATOR_NOT_AVAILABLE')
  }

  private groupIdProblem(groupId: string): ErrorName | null {
    if (this.closed) return 'COORDINATOR_NOT_AVAILABLE'
    return groupId === '' ? 'INVALID_GROUP_ID' : null
  }

  private errorCode(operation: string, error: unknown): number {
    if (!(error instanceof KafkaError)) this.logger.error(`${operation} hit an unexpected error`, error)
    return coordinatorErrorCode(error)
  }
}

/** From version 5 on a member says what it believes was selected (KIP-559). */
function protocolProblem(request: SyncGroupRequest, apiVersion: number): ErrorName | null {
  const isMissing = request.protocolType === null || request.protocolName === null
  return apiVersion >= 5 && isMissing ? 'INCONSISTENT_GROUP_PROTOCOL' : null
}

/** A group coordinator on a manual clock and a log in memory, and requests with everything a test does not care about. */

import { silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import type { GroupCoordinatorConfig } from '../../src/coordinator/group/config.ts'
import { GroupCoordinator } from '../../src/coordinator/group/coordinator.ts'
import type { GroupRequestContext } from '../../src/coordinator/group/services.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import type { OffsetCommitRequest } from '../../src/protocol/messages/08-offset-commit.ts'
import type { OffsetFetchRequest } from '../../src/protocol/messages/09-offset-fetch.ts'
import type { JoinGroupRequest, JoinGroupResponseInput } from '../../src/protocol/messages/11-join-group.ts'
import type { SyncGroupRequest, SyncGroupResponseInput } from '../../src/protocol/messages/14-sync-group.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { MemoryCoordinatorLog } from '../support/memory-coordinator-log.ts'
import { MemoryTimeline } from '../support/memory-timeline.ts'

export const GROUP = 'orders'

export const context = (apiVersion: number, clientId = 'client'): GroupRequestContext => ({
  apiVersion,
  clientId,
  clientHost: '127.0.0.1',
})

export interface Pending<T> {
  readonly promise: Promise<T>
  /** Undefined while nothing has come. */
  response: T | undefined
}

/** A promise whose result can be looked at without waiting for it. */
export function watch<T>(promise: Promise<T>): Pending<T> {
  const pending: Pending<T> = { promise, response: undefined }
  promise.then((response) => {
    pending.response = response
  })
  return pending
}

export const named = (response: { readonly errorCode?: number } | undefined): string =>
  response === undefined ? 'waiting' : errorName(response.errorCode ?? 0)

export interface JoinOptions {
  readonly memberId?: string
  readonly instance?: string
  readonly version?: number
  readonly protocols?: Readonly<Record<string, Buffer>>
  readonly sessionTimeoutMs?: number
  readonly rebalanceTimeoutMs?: number
  readonly protocolType?: string
  readonly clientId?: string
}

/** A subscription of the consumer protocol, version 0: `int16 version, [string] topics, bytes userData`. */
export function subscription(...topics: string[]): Buffer {
  const parts = topics.map((topic) => {
    const head = Buffer.alloc(2)
    head.writeInt16BE(topic.length)
    return Buffer.concat([head, Buffer.from(topic)])
  })
  const head = Buffer.alloc(6)
  head.writeInt32BE(topics.length, 2)
  return Buffer.concat([head, ...parts, Buffer.from([0xff, 0xff, 0xff, 0xff])])
}

export const RANGE = { range: subscription('t') }

export class Harness {
  readonly clock = new ManualClock()
  readonly log = new MemoryCoordinatorLog()
  readonly config: Partial<GroupCoordinatorConfig>
  coordinator: GroupCoordinator

  readonly timeline = new MemoryTimeline()

  constructor(config: Partial<GroupCoordinatorConfig> = {}) {
    this.config = config
    this.coordinator = this.build()
  }

  private build(): GroupCoordinator {
    const { clock, log, config, timeline } = this
    return new GroupCoordinator({ clock, log, random: seededRandom(7), logger: silentLogger, timeline, config })
  }

  static async started(config: Partial<GroupCoordinatorConfig> = {}): Promise<Harness> {
    const harness = new Harness(config)
    await harness.elect()
    return harness
  }

  async elect(epoch = 0): Promise<void> {
    for (let partition = 0; partition < this.coordinator.config.offsetsTopicNumPartitions; partition++) {
      await this.coordinator.onPartitionElected(partition, epoch)
    }
  }

  /** The node starts again on the same log. */
  async restart(): Promise<void> {
    this.coordinator.close()
    await settled()
    this.coordinator = this.build()
    await this.elect()
  }

  partition(groupId = GROUP): number {
    return this.coordinator.partitionFor(groupId)
  }

  join(options: JoinOptions = {}, groupId = GROUP): Pending<JoinGroupResponseInput> {
    const request: JoinGroupRequest = {
      groupId,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
      memberId: options.memberId ?? '',
      groupInstanceId: options.instance ?? null,
      protocolType: options.protocolType ?? 'consumer',
      protocols: Object.entries(options.protocols ?? RANGE).map(([name, metadata]) => ({ name, metadata })),
      reason: null,
    }
    return watch(this.coordinator.joinGroup(request, context(options.version ?? 9, options.clientId)))
  }

  /** Joins as clients since version 4 do: asks for an id, then joins with it. */
  async joinWithId(options: JoinOptions = {}, groupId = GROUP): Promise<Pending<JoinGroupResponseInput>> {
    const first = await this.join(options, groupId).promise
    if (named(first) !== 'MEMBER_ID_REQUIRED') throw new Error(`got ${named(first)}`)
    return this.join({ ...options, memberId: first.memberId }, groupId)
  }

  sync(
    memberId: string,
    generationId: number,
    assignments: Readonly<Record<string, string>> = {},
    overrides: Partial<SyncGroupRequest> = {},
  ): Pending<SyncGroupResponseInput> {
    const request: SyncGroupRequest = {
      groupId: GROUP,
      generationId,
      memberId,
      groupInstanceId: null,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: Object.entries(assignments).map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) })),
      ...overrides,
    }
    return watch(this.coordinator.syncGroup(request, context(5)))
  }

  async heartbeat(memberId: string, generationId: number, instance: string | null = null): Promise<string> {
    const request = { groupId: GROUP, generationId, memberId, groupInstanceId: instance }
    return named(await this.coordinator.heartbeat(request, context(4)))
  }

  async leave(...members: { memberId?: string; instance?: string }[]): Promise<string[]> {
    const request = {
      groupId: GROUP,
      memberId: '',
      members: members.map(({ memberId = '', instance = null }) => ({
        memberId,
        groupInstanceId: instance,
        reason: null,
      })),
    }
    const response = await this.coordinator.leaveGroup(request, context(5))
    return response.errorCode === 0 ? (response.members ?? []).map(named) : [named(response)]
  }

  /** Commits `topic-partition -> offset`; error names in the order given. */
  async commit(
    offsets: Readonly<Record<string, number>>,
    options: { groupId?: string; memberId?: string; generation?: number; version?: number; instance?: string } = {},
  ): Promise<string[]> {
    const response = await this.coordinator.commitOffsets(
      commitRequest(offsets, options),
      context(options.version ?? 9),
    )
    return (response.topics ?? []).flatMap((topic) => (topic.partitions ?? []).map(named))
  }

  /** All offsets of a group as `topic-partition -> offset`. */
  async offsets(groupId = GROUP): Promise<Record<string, number>> {
    const request = fetchRequest(groupId, null)
    const response = await this.coordinator.fetchOffsets(request, context(9))
    const group = response.groups![0]!
    if (group.errorCode !== 0) throw new Error(named(group))
    const entries = (group.topics ?? []).flatMap(({ name, partitions = [] }) =>
      partitions.map((partition): [string, number] => [
        `${name}-${partition.partitionIndex}`,
        Number(partition.committedOffset),
      ]),
    )
    return Object.fromEntries(entries)
  }

  async state(groupId = GROUP): Promise<string> {
    const request = { groups: [groupId], includeAuthorizedOperations: false }
    const response = await this.coordinator.describeGroups(request, context(5))
    return response.groups![0]!.groupState!
  }

  /** A stable group of that many dynamic members; the first is the leader. */
  async stable(members: number, options: JoinOptions = {}): Promise<{ ids: string[]; generation: number }> {
    const joins: Pending<JoinGroupResponseInput>[] = []
    for (let i = 0; i < members; i++) joins.push(await this.joinWithId(options))
    for (let i = 0; i < 100 && joins.some(({ response }) => response === undefined); i++) await this.clock.advance(1000)
    const ids = joins.map(({ response }) => response!.memberId!)
    const generation = joins[0]!.response!.generationId!
    const assignments = Object.fromEntries(ids.map((id, index) => [id, `part-${index}`]))
    const syncs = ids.map((id) => this.sync(id, generation, id === joins[0]!.response!.leader ? assignments : {}))
    await Promise.all(syncs.map(({ promise }) => promise))
    return { ids, generation }
  }
}

export function commitRequest(
  offsets: Readonly<Record<string, number>>,
  options: { groupId?: string; memberId?: string; generation?: number; instance?: string } = {},
): OffsetCommitRequest {
  return {
    groupId: options.groupId ?? GROUP,
    generationIdOrMemberEpoch: options.generation ?? -1,
    memberId: options.memberId ?? '',
    groupInstanceId: options.instance ?? null,
    retentionTimeMs: -1n,
    topics: Object.entries(offsets).map(([key, offset]) => {
      const [name, partition] = key.split('-') as [string, string]
      return {
        name,
        topicId: ZERO_UUID,
        partitions: [
          {
            partitionIndex: Number(partition),
            committedOffset: BigInt(offset),
            committedLeaderEpoch: -1,
            committedMetadata: '',
          },
        ],
      }
    }),
  }
}

export function fetchRequest(groupId: string, topics: Readonly<Record<string, number[]>> | null): OffsetFetchRequest {
  const wanted =
    topics === null
      ? null
      : Object.entries(topics).map(([name, partitionIndexes]) => ({ name, topicId: ZERO_UUID, partitionIndexes }))
  return {
    groupId: '',
    topics: null,
    groups: [{ groupId, memberId: null, memberEpoch: -1, topics: wanted }],
    requireStable: false,
  }
}

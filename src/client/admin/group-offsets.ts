/** Committed offsets of groups, changed without joining the group. */
import { ErrorCode } from '../../protocol/error-codes.ts'
import type { OffsetFetchResponse } from '../../protocol/messages/09-offset-fetch.ts'
import type { CommittedOffset, Outcome, TopicPartition } from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { askCoordinators } from '../coordinators.ts'
import { commonVersion } from '../handshake.ts'
import { byTopic, failed, outcomeOf } from './outcome.ts'

type Committed = TopicPartition & CommittedOffset

const MANY_GROUPS_FROM = 8
const STABLE_FROM = 7
/** From version 10 on topics travel by id, which offsets of deleted topics no longer have. */
const LAST_WITH_NAMES = 9

/** Every committed offset of each group; partitions without one are left out. */
export function listGroupOffsets(
  client: ClusterClient,
  groupIds: readonly string[],
  options: { requireStable?: boolean } = {},
): Promise<Map<string, Outcome<Committed[]>>> {
  return askCoordinators(client, 'OffsetFetch', groupIds, async (brokerId, ids) => {
    const { offsetFetch: api } = await import('../../protocol/messages/09-offset-fetch.ts')
    const connection = await client.connection(toBroker(brokerId))
    const version = commonVersion(api, connection.versions, LAST_WITH_NAMES) ?? 0
    const stable = version >= STABLE_FROM && options.requireStable === true
    const send = (input: object): Promise<OffsetFetchResponse> =>
      client.sendOn(connection, api, { ...input, requireStable: stable }, { maxVersion: LAST_WITH_NAMES })
    if (version >= MANY_GROUPS_FROM) {
      const answer = await send({ groups: ids.map((groupId) => ({ groupId, topics: null })) })
      return new Map(answer.groups.map((group) => [group.groupId, committedOf(group.errorCode, group.topics)]))
    }
    const found = new Map<string, Outcome<Committed[]>>()
    for (const groupId of ids) {
      const answer = await send({ groupId, topics: null })
      found.set(groupId, committedOf(answer.errorCode, answer.topics))
    }
    return found
  })
}

type Topics = OffsetFetchResponse['topics'] | OffsetFetchResponse['groups'][number]['topics']

function committedOf(errorCode: number, topics: Topics): Outcome<Committed[]> {
  if (errorCode !== ErrorCode.NONE) return failed(errorCode)
  const committed: Committed[] = []
  for (const { name: topic, partitions } of topics) {
    for (const { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode: code } of partitions) {
      if (code !== ErrorCode.NONE) return failed(code)
      const offset = Number(committedOffset)
      const entry = { topic, partition: partitionIndex, offset, leaderEpoch: committedLeaderEpoch }
      if (offset >= 0) committed.push({ ...entry, metadata: metadata ?? '' })
    }
  }
  return { ok: true, value: committed }
}

type NewOffset = TopicPartition & { offset: number; leaderEpoch?: number; metadata?: string }

/** Commits as nobody's member (generation -1), which a group with members refuses; results in the order given. */
export async function alterGroupOffsets(
  client: ClusterClient,
  groupId: string,
  offsets: readonly NewOffset[],
): Promise<Outcome<void>[]> {
  if (offsets.length === 0) return []
  const results = await askCoordinators(client, 'OffsetCommit', [groupId], async (brokerId) => {
    const { offsetCommit: api } = await import('../../protocol/messages/08-offset-commit.ts')
    const input = {
      groupId,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: byTopic(offsets, ({ partition, offset, leaderEpoch, metadata }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: leaderEpoch ?? -1,
        committedMetadata: metadata ?? '',
      })),
    }
    const answer = await client.send(toBroker(brokerId), api, input, { maxVersion: LAST_WITH_NAMES })
    return new Map([[groupId, perPartition(answer.topics, offsets)]])
  })
  const outcome = results.get(groupId)!
  return outcome.ok ? outcome.value : offsets.map(() => outcome)
}

interface AnsweredTopic {
  readonly name: string
  readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[]
}

const MOVED: ReadonlySet<number> = new Set([
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.NOT_COORDINATOR,
])

/** Outcomes in the order asked. A coordinator that has moved says so per partition, but means the whole request. */
function perPartition(topics: readonly AnsweredTopic[], asked: readonly TopicPartition[]): Outcome<Outcome<void>[]> {
  const codes = new Map<string, number>()
  for (const { name, partitions } of topics) {
    for (const { partitionIndex, errorCode } of partitions) codes.set(`${name}-${partitionIndex}`, errorCode)
  }
  const moved = [...codes.values()].find((code) => MOVED.has(code))
  if (moved !== undefined) return failed(moved)
  const missing = ErrorCode.UNKNOWN_SERVER_ERROR
  const value = asked.map(({ topic, partition }) =>
    outcomeOf(codes.get(`${topic}-${partition}`) ?? missing, null, () => undefined),
  )
  return { ok: true, value }
}

/** Removes single committed offsets (KIP-496); results in the order given. */
export async function deleteGroupOffsets(
  client: ClusterClient,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<Outcome<Outcome<void>[]>> {
  const results = await askCoordinators(client, 'OffsetDelete', [groupId], async (brokerId) => {
    const { offsetDelete: api } = await import('../../protocol/messages/47-offset-delete.ts')
    const topics = byTopic(partitions, ({ partition }) => ({ partitionIndex: partition }))
    const answer = await client.send(toBroker(brokerId), api, { groupId, topics })
    const outcome =
      answer.errorCode === ErrorCode.NONE ? perPartition(answer.topics, partitions) : failed(answer.errorCode)
    return new Map([[groupId, outcome]])
  })
  return results.get(groupId)!
}

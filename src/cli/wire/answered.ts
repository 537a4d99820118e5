/** What an answer says, in plain words and without its errors, which are told apart (`errors.ts`). */
import { Reader } from '../../base/bytes.ts'
import { interpretDecode } from '../../protocol/interpret.ts'
import { consumerProtocolAssignment } from '../../protocol/messages/consumer-protocol.ts'
import { lengthOf, timeText } from './asked.ts'
import { genericText } from './generic.ts'
import type { WireKnowledge } from './knowledge.ts'
import {
  bytesText,
  counted,
  isMessage,
  listed,
  type Message,
  plainIn,
  recordsOf,
  recordsText,
  structsIn,
} from './text.ts'

type Words = (answer: Message, knowledge: WireKnowledge, request: Message) => string

const WORDS: Readonly<Record<string, Words>> = {
  ApiVersions: (answer) => `it understands ${counted(structsIn(answer, 'apiKeys').length, 'kind')} of requests`,
  SaslHandshake: (answer) => `offered: ${listed(plainIn(answer, 'mechanisms'), ', ')}`,
  SaslAuthenticate: ({ authBytes, sessionLifetimeMs }) => {
    const lifetime = Number(sessionLifetimeMs ?? 0)
    const until = lifetime > 0 ? `; good for ${Math.round(lifetime / 1000)} s` : ''
    return `${bytesText(lengthOf(authBytes))} of the login, not shown${until}`
  },
  Metadata: answeredMetadata,
  FindCoordinator: answeredCoordinator,
  Produce: answeredProduce,
  Fetch: answeredFetch,
  ListOffsets: (answer, knowledge) =>
    perPartition(answer, knowledge, 'topics', ({ offset, timestamp }) => {
      const when = Number(timestamp) >= 0 ? ` (of ${timeText(Number(timestamp))})` : ''
      return Number(offset) < 0 ? 'no such offset' : `offset ${offset}${when}`
    }),
  OffsetFetch: answeredCommitted,
  OffsetCommit: (answer) => `committed in ${counted(ofTopics(answer, 'topics').filter(isGood).length, 'partition')}`,
  JoinGroup: ({ generationId, memberId, leader, protocolName, ...answer }) => {
    if (Number(generationId) < 0) return memberId === '' ? '' : `the member's id is ${memberId}`
    const members = structsIn(answer, 'members').length
    const role =
      leader === memberId ? `leader of the group, assigns to ${counted(members, 'member')}` : 'no leader, waits'
    return `member ${memberId} of generation ${generationId}, ${role}${protocolName ? ` by ${protocolName}` : ''}`
  },
  SyncGroup: ({ assignment }) => (lengthOf(assignment) === 0 ? '' : assignmentText(assignment as Buffer)),
  Heartbeat: ({ errorCode }) => (errorCode === 0 ? 'still a member' : ''),
  LeaveGroup: ({ errorCode }) => (errorCode === 0 ? 'has left' : ''),
  ConsumerGroupHeartbeat: answeredConsumerHeartbeat,
  InitProducerId: ({ producerId, producerEpoch }) =>
    Number(producerId) < 0 ? '' : `producer id ${producerId}, epoch ${producerEpoch}`,
  CreateTopics: (answer) => {
    const created = structsIn(answer, 'topics')
      .filter(isGood)
      .map(({ name }) => String(name))
    return created.length === 0 ? '' : `created: ${listed(created, ', ')}`
  },
  DeleteTopics: (answer, knowledge) => {
    const deleted = structsIn(answer, 'responses').filter(isGood)
    const names = deleted.map(({ name, topicId }) => name ?? knowledge.topicName(topicId))
    return names.length === 0 ? '' : `deleted: ${listed(names.map(String), ', ')}`
  },
  IncrementalAlterConfigs: (answer) => {
    const changed = structsIn(answer, 'responses').filter(isGood)
    return changed.length === 0
      ? ''
      : `changed: ${listed(
          changed.map(({ resourceName }) => String(resourceName)),
          ', ',
        )}`
  },
  DescribeCluster: ({ clusterId, ...answer }) => {
    const brokers = structsIn(answer, 'brokers').map(({ brokerId }) => String(brokerId))
    return brokers.length === 0 ? '' : `cluster ${clusterId}, nodes ${listed(brokers, ', ')}`
  },
  DescribeConfigs: (answer) =>
    counted(structsIn(answer, 'results').flatMap((each) => structsIn(each, 'configs')).length, 'setting'),
}

/** What came back; empty where there is nothing to say but whether it worked. */
export function answeredText(name: string, answer: unknown, knowledge: WireKnowledge, request: unknown): string {
  if (!isMessage(answer)) return ''
  if (!Object.hasOwn(WORDS, name)) return genericText(answer, knowledge)
  return WORDS[name]!(answer, knowledge, isMessage(request) ? request : {})
}

function isGood({ errorCode }: Message): boolean {
  return errorCode === 0
}

function ofTopics(answer: Message, topics: string, partitions = 'partitions'): Message[] {
  return structsIn(answer, topics).flatMap((topic) => structsIn(topic, partitions))
}

/** `orders-0 offset 5, orders-1 offset 7` of the partitions without an error. */
function perPartition(
  answer: Message,
  knowledge: WireKnowledge,
  topics: string,
  text: (partition: Message) => string | null,
  partitions = 'partitions',
): string {
  const told = structsIn(answer, topics).flatMap((topic) =>
    structsIn(topic, partitions).flatMap((each) => {
      const said = isGood(each) ? text(each) : null
      return said === null ? [] : [`${knowledge.topicOf(topic)}-${each.partitionIndex ?? each.index} ${said}`]
    }),
  )
  return listed(told, ', ', 4)
}

function answeredMetadata(answer: Message): string {
  const brokers = structsIn(answer, 'brokers').map(({ nodeId }) => Number(nodeId))
  const topics = structsIn(answer, 'topics').map((topic) => {
    const partitions = structsIn(topic, 'partitions')
    if (partitions.length === 0) return String(topic.name ?? topic.topicId)
    const leaders = partitions.map(({ leaderId }) => (Number(leaderId) < 0 ? 'nobody' : String(leaderId)))
    return `${topic.name} (${counted(partitions.length, 'partition')}, led by ${listed(leaders, ', ', 6)})`
  })
  const known = `${counted(brokers.length, 'broker')} (${listed(brokers.sort((a, b) => a - b).map(String), ', ', 6)})`
  return topics.length === 0 ? known : `${known}; ${listed(topics, ', ', 4)}`
}

function answeredCoordinator(answer: Message): string {
  const found = structsIn(answer, 'coordinators')
  const all = found.length > 0 ? found : [answer]
  const told = all.filter(isGood).map(({ key, nodeId, host, port }) => {
    const broker = `broker ${nodeId} (${host}:${port})`
    return key === undefined || key === '' ? broker : `${key}: ${broker}`
  })
  return listed(told, ', ', 4)
}

function answeredProduce(answer: Message, knowledge: WireKnowledge): string {
  const stored = ({ baseOffset }: Message): string => `stored from offset ${baseOffset} on`
  return perPartition(answer, knowledge, 'responses', stored, 'partitionResponses')
}

function answeredFetch(answer: Message, knowledge: WireKnowledge): string {
  const told = perPartition(answer, knowledge, 'responses', ({ records, highWatermark }) => {
    const summary = recordsOf(records)
    if (summary.sizeInBytes === 0) return null
    const offsets = summary.firstOffset < 0 ? '' : `, offsets ${summary.firstOffset} to ${summary.lastOffset}`
    return `${recordsText(summary)} (${bytesText(summary.sizeInBytes)}${offsets}; high watermark ${highWatermark})`
  })
  return told === '' ? 'nothing new' : told
}

/** True for what is heard again and again and says nothing new: an empty fetch, a heartbeat that went well. */
export function isRoutine(name: string, answer: unknown): boolean {
  if (!isMessage(answer)) return false
  if (name === 'Heartbeat') return answer.errorCode === 0
  if (name === 'ConsumerGroupHeartbeat') return answer.errorCode === 0 && answer.assignment === null
  if (name !== 'Fetch' || answer.errorCode !== 0) return false
  return ofTopics(answer, 'responses').every((each) => isGood(each) && recordsOf(each.records).sizeInBytes === 0)
}

function answeredCommitted(answer: Message, knowledge: WireKnowledge): string {
  const groups = structsIn(answer, 'groups')
  const all = groups.length > 0 ? groups : [answer]
  return all
    .map((group) => {
      const told = perPartition(group, knowledge, 'topics', ({ committedOffset }) =>
        Number(committedOffset) < 0 ? 'nothing' : `offset ${committedOffset}`,
      )
      return `${group.groupId === undefined ? '' : `${group.groupId}: `}${told === '' ? 'nothing committed' : told}`
    })
    .join('; ')
}

function answeredConsumerHeartbeat(answer: Message, knowledge: WireKnowledge): string {
  if (answer.errorCode !== 0) return ''
  const { memberEpoch, assignment } = answer
  if (!isMessage(assignment)) return `epoch ${memberEpoch}, nothing new`
  const given = structsIn(assignment, 'topicPartitions').flatMap((topic) =>
    plainIn(topic, 'partitions').map((partition) => `${knowledge.topicName(topic.topicId)}-${partition}`),
  )
  return `epoch ${memberEpoch}, its partitions are ${given.length === 0 ? 'none' : listed(given)}`
}

/** The embedded protocol of consumers; another protocol's bytes are counted. */
function assignmentText(assignment: Buffer): string {
  try {
    const reader = new Reader(assignment)
    const version = reader.int16()
    const { assignedPartitions } = interpretDecode(
      consumerProtocolAssignment,
      Math.min(3, Math.max(0, version)),
      reader,
    ) as {
      assignedPartitions: readonly { topic: string; partitions: readonly number[] }[]
    }
    const names = assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((each) => `${topic}-${each}`))
    return `its partitions are ${names.length === 0 ? 'none' : listed(names)}`
  } catch {
    return `an assignment of ${bytesText(lengthOf(assignment))}`
  }
}

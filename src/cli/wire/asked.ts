/** What a request asks, in plain words; requests that are not here are told by their fields (`generic.ts`). */
import { genericText } from './generic.ts'
import { partitionsNamed, type WireKnowledge } from './knowledge.ts'
import {
  bytesText,
  counted,
  isMessage,
  listed,
  type Message,
  millisecondsText,
  plainIn,
  recordsOf,
  recordsText,
  structsIn,
} from './text.ts'

type Words = (request: Message, knowledge: WireKnowledge) => string

const ACKS: Readonly<Record<string, string>> = {
  '-1': 'answer when all in-sync replicas have them (acks=all)',
  0: 'no answer wanted (acks=0)',
  1: 'answer when the leader has them (acks=1)',
}

/** Timestamps of ListOffsets that are none. */
const SPECIAL_TIMES: Readonly<Record<string, string>> = {
  '-1': 'its end',
  '-2': 'its beginning',
  '-3': 'its latest timestamp',
  '-4': 'its beginning on local disks',
  '-5': 'its end in remote storage',
}

const WORDS: Readonly<Record<string, Words>> = {
  ApiVersions: ({ clientSoftwareName: name, clientSoftwareVersion: version }) =>
    typeof name === 'string' && name !== '' ? `the client is ${name} ${version}` : 'the client does not say what it is',
  SaslHandshake: ({ mechanism }) => `log in by ${mechanism}`,
  SaslAuthenticate: ({ authBytes }) => `${bytesText(lengthOf(authBytes))} of the login, not shown`,
  Metadata: askedMetadata,
  FindCoordinator: askedCoordinator,
  Produce: askedProduce,
  Fetch: askedFetch,
  ListOffsets: askedOffsets,
  OffsetCommit: (request, knowledge) => `group ${request.groupId}: ${committed(request, knowledge)}`,
  TxnOffsetCommit: (request, knowledge) =>
    `group ${request.groupId}, transactional id ${request.transactionalId}: ${committed(request, knowledge)}`,
  OffsetFetch: askedCommitted,
  JoinGroup: ({ groupId, memberId, sessionTimeoutMs, ...request }) => {
    const protocols = structsIn(request, 'protocols').map(({ name }) => String(name))
    const who = memberId === '' ? 'a new member' : `member ${memberId}`
    return `group ${groupId}, as ${who}; can assign by ${listed(protocols, ', ')}; dead after ${sessionTimeoutMs} ms of silence`
  },
  SyncGroup: ({ groupId, generationId, memberId, ...request }) => {
    const count = structsIn(request, 'assignments').length
    const brings = count === 0 ? 'waits for its own assignment' : `brings the assignment of ${counted(count, 'member')}`
    return `group ${groupId}, generation ${generationId}, member ${memberId} ${brings}`
  },
  Heartbeat: ({ groupId, generationId, memberId }) =>
    `group ${groupId}, generation ${generationId}, member ${memberId}`,
  LeaveGroup: ({ groupId, memberId, ...request }) => {
    const members = structsIn(request, 'members').map((each) => String(each.memberId))
    return `group ${groupId}, member ${members.length === 0 ? memberId : listed(members, ', ')}`
  },
  ConsumerGroupHeartbeat: askedConsumerHeartbeat,
  InitProducerId: ({ transactionalId }) =>
    transactionalId === null
      ? 'for an idempotent producer'
      : `for transactional id ${transactionalId}; who had it before is fenced`,
  EndTxn: ({ transactionalId, committed }) => `${committed === true ? 'commit' : 'abort'} that of ${transactionalId}`,
  CreateTopics: (request) => {
    const topics = structsIn(request, 'topics').map(
      ({ name, numPartitions, replicationFactor }) => `${name} (${shape(numPartitions, replicationFactor)})`,
    )
    return `${listed(topics, ', ')}${request.validateOnly === true ? '; to see whether it would work' : ''}`
  },
  DescribeConfigs: (request) => resources(request),
  IncrementalAlterConfigs: (request) => resources(request),
  AlterConfigs: (request) => resources(request),
}

/** What the request asks for; never empty. */
export function askedText(name: string, request: unknown, knowledge: WireKnowledge): string {
  if (!isMessage(request)) return 'what kt cannot read'
  const words = Object.hasOwn(WORDS, name) ? WORDS[name]!(request, knowledge) : genericText(request, knowledge)
  return words === '' ? 'nothing in particular' : words
}

export function lengthOf(value: unknown): number {
  return (value as { byteLength?: number } | null)?.byteLength ?? 0
}

function askedMetadata(request: Message, knowledge: WireKnowledge): string {
  if (request.topics === null) return 'all topics'
  const topics = structsIn(request, 'topics').map((topic) => knowledge.topicOf(topic))
  return topics.length === 0 ? 'the brokers alone' : `topics ${listed(topics)}`
}

const KEY_TYPES = ['group', 'transactional id', 'share group state']

function askedCoordinator(request: Message): string {
  const keys = plainIn(request, 'coordinatorKeys')
  const names = keys.length > 0 ? listed(keys, ', ') : String(request.key)
  return `${KEY_TYPES[Number(request.keyType ?? 0)] ?? 'key'} ${names}`
}

function askedProduce(request: Message, knowledge: WireKnowledge): string {
  const parts = structsIn(request, 'topicData').flatMap((topic) => structsIn(topic, 'partitionData'))
  const all = parts.map(({ records }) => recordsOf(records))
  const records = all.reduce((sum, { recordCount }) => sum + recordCount, 0)
  const bytes = all.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)
  const one = all.length === 1 ? recordsText(all[0]!) : counted(records, 'record')
  const compression = all[0]?.batches[0]?.compression ?? 'none'
  const packed = compression === 'none' ? '' : `, ${compression}`
  const inTransaction =
    typeof request.transactionalId === 'string' ? `, transactional id ${request.transactionalId}` : ''
  const acks = ACKS[String(request.acks)] ?? `acks=${request.acks}`
  return `${one} (${bytesText(bytes)}${packed}) for ${listed(partitionsNamed(request, knowledge))}${inTransaction}; ${acks}`
}

function askedFetch(request: Message, knowledge: WireKnowledge): string {
  const places = structsIn(request, 'topics').flatMap((topic) =>
    structsIn(topic, 'partitions').map(
      ({ partition, fetchOffset }) => `${knowledge.topicOf(topic)}-${partition} from offset ${fetchOffset}`,
    ),
  )
  const sessionId = Number(request.sessionId ?? 0)
  const known = sessionId === 0 ? 'nothing' : `what is new in the partitions of session ${sessionId}`
  const what = places.length === 0 ? known : listed(places, ', ', 3)
  const committed = request.isolationLevel === 1 ? ', committed ones alone' : ''
  return `${what}${committed}; waits up to ${millisecondsText(Number(request.maxWaitMs ?? 0))} for ${counted(Number(request.minBytes ?? 0), 'byte')}`
}

function askedOffsets(request: Message, knowledge: WireKnowledge): string {
  const places = structsIn(request, 'topics').flatMap((topic) =>
    structsIn(topic, 'partitions').map(({ partitionIndex, timestamp }) => {
      const when = SPECIAL_TIMES[String(timestamp)] ?? `the first record from ${timeText(Number(timestamp))} on`
      return `${knowledge.topicOf(topic)}-${partitionIndex} ${when}`
    }),
  )
  return listed(places, ', ', 4)
}

/** A time of the wire; what is none of our calendar stays a number. */
export function timeText(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms)
}

function committed(request: Message, knowledge: WireKnowledge): string {
  const places = structsIn(request, 'topics').flatMap((topic) =>
    structsIn(topic, 'partitions').map(
      ({ partitionIndex, committedOffset }) =>
        `${knowledge.topicOf(topic)}-${partitionIndex} up to offset ${committedOffset}`,
    ),
  )
  return listed(places, ', ', 4)
}

function askedCommitted(request: Message, knowledge: WireKnowledge): string {
  const groups = structsIn(request, 'groups')
  const all = groups.length > 0 ? groups : [request]
  return all
    .map((group) => {
      const names = partitionsNamed(group, knowledge)
      return `group ${group.groupId}: ${names.length === 0 ? 'all that it has committed' : listed(names)}`
    })
    .join('; ')
}

function askedConsumerHeartbeat({ groupId, memberEpoch, subscribedTopicNames, topicPartitions }: Message): string {
  const step =
    ({ 0: 'joins', '-1': 'leaves', '-2': 'leaves for a while (static member)' } as Record<string, string>)[
      String(memberEpoch)
    ] ?? `is at epoch ${memberEpoch}`
  const topics = Array.isArray(subscribedTopicNames) ? `; reads ${listed(subscribedTopicNames.map(String), ', ')}` : ''
  const owned = Array.isArray(topicPartitions)
    ? topicPartitions.reduce((sum, each) => sum + plainIn(each, 'partitions').length, 0)
    : null
  return `group ${groupId}: the member ${step}${topics}${owned === null ? '' : `; has ${counted(owned, 'partition')}`}`
}

function shape(partitions: unknown, replicas: unknown): string {
  if (Number(partitions) < 0 && Number(replicas) < 0) return 'as the brokers have it by default'
  const count = Number(partitions) < 0 ? 'default number of partitions' : counted(Number(partitions), 'partition')
  return `${count}, ${Number(replicas) < 0 ? 'default number of replicas' : counted(Number(replicas), 'replica')}`
}

const RESOURCES: Readonly<Record<number, string>> = {
  2: 'topic',
  4: 'broker',
  8: 'logger of broker',
  16: 'client metrics',
  32: 'group',
}

function resources(request: Message): string {
  const named = structsIn(request, 'resources').map(({ resourceType, resourceName, ...rest }) => {
    const changes = structsIn(rest, 'configs').map(({ name }) => String(name))
    const keys = changes.length > 0 ? changes : plainIn(rest, 'configurationKeys')
    const which = `${RESOURCES[Number(resourceType)] ?? `resource ${resourceType}`} ${resourceName || '(default of all)'}`
    return keys.length === 0 ? which : `${which}: ${listed(keys, ', ')}`
  })
  return listed(named, '; ', 3)
}

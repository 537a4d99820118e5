/**
 * What the conversation itself has told so far: brokers by address, leaders of partitions, names of topic ids, coordinators.
 * From it comes why a request goes to this broker and no other one.
 */
import { type Address, formatAddress } from '../../client/address.ts'
import type { WireEvent } from '../../client/trace.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import { listed, type Message, plainIn, structsIn } from './text.ts'

/** Partitions whose leaders are remembered; a tool that tells of more says less of why. */
const MAX_PARTITIONS = 100_000

interface Placed {
  readonly leader: number
  readonly replicas: readonly number[]
}

/** Requests that only the leader of their partitions answers. */
const TO_LEADERS: ReadonlySet<number> = new Set([
  ApiKey.produce,
  ApiKey.fetch,
  ApiKey.listOffsets,
  ApiKey.deleteRecords,
  ApiKey.offsetForLeaderEpoch,
  ApiKey.describeProducers,
  ApiKey.shareFetch,
  ApiKey.shareAcknowledge,
  ApiKey.writeTxnMarkers,
])

/** Any broker takes these and passes them on to the active controller (KIP-590). */
const TO_CONTROLLER: ReadonlySet<number> = new Set([
  ApiKey.createTopics,
  ApiKey.deleteTopics,
  ApiKey.createPartitions,
  ApiKey.alterConfigs,
  ApiKey.incrementalAlterConfigs,
  ApiKey.electLeaders,
  ApiKey.alterPartitionReassignments,
  ApiKey.listPartitionReassignments,
  ApiKey.updateFeatures,
  ApiKey.createAcls,
  ApiKey.deleteAcls,
  ApiKey.alterClientQuotas,
  ApiKey.alterUserScramCredentials,
  ApiKey.createDelegationToken,
  ApiKey.renewDelegationToken,
  ApiKey.expireDelegationToken,
  ApiKey.unregisterBroker,
  ApiKey.describeQuorum,
  ApiKey.addRaftVoter,
  ApiKey.removeRaftVoter,
])

const TO_ANY: ReadonlySet<number> = new Set([
  ApiKey.metadata,
  ApiKey.findCoordinator,
  ApiKey.describeCluster,
  ApiKey.describeTopicPartitions,
  ApiKey.describeAcls,
  ApiKey.describeClientQuotas,
  ApiKey.describeUserScramCredentials,
  ApiKey.listConfigResources,
])

/** Each broker knows its own part of these. */
const OF_ONE_BROKER: ReadonlySet<number> = new Set([
  ApiKey.listGroups,
  ApiKey.listTransactions,
  ApiKey.describeLogDirs,
  ApiKey.alterReplicaLogDirs,
])

/** Fields that name the groups of a request, and its transaction. */
const GROUP_FIELDS = ['groupId', 'groups', 'groupsNames', 'groupIds'] as const
const TRANSACTION_FIELDS = ['transactionalId', 'transactionalIds', 'transactions', 'v3AndBelowTransactionalId'] as const
const RESOURCE_BROKER = 4

type Asking = Pick<WireEvent, 'api' | 'address' | 'request'> & Partial<Pick<WireEvent, 'correlationId'>>

/** On a connection that has been used: some clients count their requests from 1 on, our own does from 0. */
function isAskedAgain({ clientSoftwareName }: Message, correlationId: number): boolean {
  return correlationId > (clientSoftwareName === 'kafka-toolkit' ? 0 : 1)
}

export class WireKnowledge {
  readonly #brokers = new Map<string, number>()
  readonly #partitions = new Map<string, Placed>()
  readonly #topicNames = new Map<string, string>()
  readonly #coordinators = new Map<string, number>()
  /** Addresses that were spoken to. */
  readonly #met = new Set<string>()

  /** Takes what an answer tells. */
  learn({ api, address, request, response }: WireEvent): void {
    this.#met.add(formatAddress(address))
    if (response === null || typeof response !== 'object') return
    const answer = response as Message
    if (api.key === ApiKey.metadata || api.key === ApiKey.describeCluster) this.#learnBrokers(answer)
    if (api.key === ApiKey.metadata || api.key === ApiKey.describeTopicPartitions) this.#learnTopics(answer)
    if (api.key === ApiKey.findCoordinator) this.#learnCoordinators((request ?? {}) as Message, answer)
    if (api.key === ApiKey.createTopics) for (const topic of structsIn(answer, 'topics')) this.#learnName(topic)
  }

  #learnBrokers(answer: Message): void {
    for (const each of structsIn(answer, 'brokers')) {
      const id = each.nodeId ?? each.brokerId
      if (typeof id === 'number' && typeof each.host === 'string') this.learnBroker(each as never, id)
    }
  }

  /** A broker's address, from wherever it is known. */
  learnBroker(address: Address, nodeId: number): void {
    this.#brokers.set(formatAddress(address), nodeId)
  }

  #learnName({ name, topicId }: Message): void {
    if (typeof name === 'string' && typeof topicId === 'string') this.#topicNames.set(topicId, name)
  }

  #learnTopics(answer: Message): void {
    for (const topic of structsIn(answer, 'topics')) {
      this.#learnName(topic)
      for (const { partitionIndex, leaderId, replicaNodes } of structsIn(topic, 'partitions')) {
        if (this.#partitions.size >= MAX_PARTITIONS) return
        const replicas = Array.isArray(replicaNodes) ? (replicaNodes as number[]) : []
        this.#partitions.set(`${topic.name}-${partitionIndex}`, { leader: Number(leaderId), replicas })
      }
    }
  }

  #learnCoordinators(request: Message, answer: Message): void {
    const kind = Number(request.keyType ?? 0)
    const single = { ...answer, key: request.key }
    for (const found of [...structsIn(answer, 'coordinators'), single] as Message[]) {
      if (found.errorCode !== 0 || typeof found.key !== 'string' || found.key === '') continue
      if (this.#coordinators.size < MAX_PARTITIONS) this.#coordinators.set(`${kind} ${found.key}`, Number(found.nodeId))
      if (typeof found.host === 'string' && found.host !== '') this.learnBroker(found as never, Number(found.nodeId))
    }
  }

  /** The id of who listens there; null while nobody has told. */
  brokerId(address: Address): number | null {
    return this.#brokers.get(formatAddress(address)) ?? null
  }

  /** `broker 2 (127.0.0.1:9093)`, the address alone while nobody has told whose it is. */
  brokerName(address: Address): string {
    const where = formatAddress(address)
    const id = this.#brokers.get(where)
    return id === undefined ? where : `broker ${id} (${where})`
  }

  /** The name behind a topic id, the id itself while it is not known. */
  topicName(topicId: unknown): string {
    return this.#topicNames.get(String(topicId)) ?? String(topicId)
  }

  /** Name of the topic that a structure speaks of. */
  topicOf(message: Message): string {
    const name = message.name ?? message.topic ?? message.topicName
    return typeof name === 'string' && name !== '' ? name : this.topicName(message.topicId)
  }

  /** Why this broker is asked; null where nothing in particular is known. */
  why({ api, address, request, correlationId = 0 }: Asking): string | null {
    const { key } = api
    const asked = (request ?? {}) as Message
    if (key === ApiKey.apiVersions) return isAskedAgain(asked, correlationId) ? null : this.#whyBegin(address)
    if (TO_ANY.has(key)) return 'any broker knows'
    if (TO_CONTROLLER.has(key)) return 'any broker does: it passes this on to the controller'
    if (OF_ONE_BROKER.has(key)) return 'each broker tells its own part'
    if (key === ApiKey.describeConfigs) return whyConfigs(asked)
    const id = this.brokerId(address)
    if (id === null) return null
    return TO_LEADERS.has(key) ? this.#whyLeader(id, asked) : this.#whyCoordinator(id, asked)
  }

  /** The first request on every connection. */
  #whyBegin(address: Address): string {
    const where = formatAddress(address)
    if (this.#brokers.has(where))
      return `a new connection, under the address that broker ${this.#brokers.get(where)} advertises`
    return this.#met.has(where) ? 'a new connection' : 'a new connection, at the bootstrap address'
  }

  #whyLeader(id: number, asked: Message): string | null {
    const names = partitionsNamed(asked, this)
    const placed = names.flatMap((name) => {
      const place = this.#partitions.get(name)
      return place === undefined ? [] : [{ name, ...place }]
    })
    if (placed.length === 0) return null
    const led = placed.filter(({ leader }) => leader === id).map(({ name }) => name)
    if (led.length === placed.length) return `the leader of ${listed(led, ', ', 3)}`
    const other = placed.find(({ leader }) => leader !== id)!
    const leader = other.leader < 0 ? 'nobody leads it' : `broker ${other.leader} leads it`
    return `${other.replicas.includes(id) ? 'a replica' : 'no replica'} of ${other.name} as far as is known, ${leader}`
  }

  #whyCoordinator(id: number, asked: Message): string | null {
    const of = (fields: readonly string[], kind: number): string[] =>
      fields
        .flatMap((field) => namesIn(asked, field))
        .filter((name) => this.#coordinators.get(`${kind} ${name}`) === id)
    const transactions = of(TRANSACTION_FIELDS, 1)
    if (transactions.length > 0) return `the coordinator of transactional id ${listed(transactions, ', ', 3)}`
    const groups = of(GROUP_FIELDS, 0)
    return groups.length > 0 ? `the coordinator of group ${listed(groups, ', ', 3)}` : null
  }
}

function whyConfigs(asked: Message): string {
  const ofBroker = structsIn(asked, 'resources').find(({ resourceType }) => resourceType === RESOURCE_BROKER)
  return ofBroker === undefined || ofBroker.resourceName === ''
    ? 'any broker knows'
    : 'the broker whose settings they are'
}

/** Names in a field that is a name, a list of them, or a list of structures with one. */
function namesIn(message: Message, field: string): string[] {
  const value = message[field]
  if (typeof value === 'string') return value === '' ? [] : [value]
  const named = structsIn(message, field).map((each) => String(each.groupId ?? each.transactionalId ?? ''))
  return named.length > 0 ? named : [...plainIn(message, field)]
}

/** `orders-0`: the partitions of a request or an answer, by whatever fields name them. */
export function partitionsNamed(message: Message, knowledge: Pick<WireKnowledge, 'topicOf'>): string[] {
  const topics = ['topics', 'topicData', 'responses'].flatMap((name) => structsIn(message, name))
  return topics.flatMap((topic) => {
    const inside = ['partitions', 'partitionData', 'partitionResponses'].flatMap((name) => structsIn(topic, name))
    const indexes = inside.map((each) => each.partitionIndex ?? each.partition ?? each.index)
    const plain = inside.length > 0 ? [] : ['partitions', 'partitionIndexes'].flatMap((name) => plainIn(topic, name))
    return [...indexes, ...plain].map((index) => `${knowledge.topicOf(topic)}-${index}`)
  })
}

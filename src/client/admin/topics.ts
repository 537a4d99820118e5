/** Topics: list, create, delete, grow. Descriptions are in `describe-topics.ts`. */
import { ZERO_UUID } from '../../base/uuid.ts'
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { metadata } from '../../protocol/messages/03-metadata.ts'
import type { MutationOptions, NewTopic, Outcome, TopicListing } from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER } from '../cluster-client.ts'
import { failed, outcomeOf, settle } from './outcome.ts'

/** Every topic the client may see, internal ones too, sorted by name. */
export function listTopics(client: ClusterClient): Promise<TopicListing[]> {
  return client.retrying('Metadata', async () => {
    const answer = await client.send(ANY, metadata, (version) => ({
      topics: version === 0 ? [] : null,
      allowAutoTopicCreation: version < 4,
    }))
    if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
    const listings = answer.topics.map(({ name, topicId, isInternal }) => ({ name: name ?? '', topicId, isInternal }))
    return listings.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0))
  })
}

/** After these the controller may do it next time: it moved, or it asks to wait (KIP-599). */
const RETRY_MUTATION: ReadonlySet<number> = new Set([ErrorCode.NOT_CONTROLLER, ErrorCode.THROTTLING_QUOTA_EXCEEDED])

function mutationTimeout(client: ClusterClient, options: MutationOptions): number {
  return options.timeoutMs ?? client.options.requestTimeoutMs
}

/** Creates topics; an empty name is refused here because no request can carry it. */
export async function createTopics(
  client: ClusterClient,
  topics: readonly NewTopic[],
  options: MutationOptions = {},
): Promise<Map<string, Outcome<{ topicId: string }>>> {
  const { createTopics: api } = await import('../../protocol/messages/19-create-topics.ts')
  const byName = new Map(topics.map((topic) => [topic.name, topic]))
  const attempt = async (names: readonly string[]): Promise<Map<string, Outcome<{ topicId: string }>>> => {
    const answer = await client.send(CONTROLLER, api, {
      topics: names.map((name) => newTopicFields(byName.get(name)!)),
      timeoutMs: mutationTimeout(client, options),
      validateOnly: options.validateOnly ?? false,
    })
    return new Map(
      answer.topics.map(({ name, errorCode, errorMessage, topicId }) => [
        name,
        outcomeOf(errorCode, errorMessage, () => ({ topicId: topicId ?? ZERO_UUID })),
      ]),
    )
  }
  return settleNames(client, 'CreateTopics', [...byName.keys()], attempt, options)
}

function newTopicFields({ name, partitions, replicationFactor, assignments, configs }: NewTopic) {
  const manual = assignments !== undefined
  return {
    name,
    numPartitions: manual ? -1 : partitions,
    replicationFactor: manual ? -1 : replicationFactor,
    assignments: [...(assignments ?? [])].map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
    configs: [...(configs ?? [])].map(([key, value]) => ({ name: key, value })),
  }
}

type Attempt<T> = (names: readonly string[]) => Promise<Map<string, Outcome<T>>>

/** Runs a mutation over topic names; names that no request can carry get their error without one, as in Java's client. */
async function settleNames<T>(
  client: ClusterClient,
  what: string,
  names: readonly string[],
  attempt: Attempt<T>,
  options: MutationOptions,
): Promise<Map<string, Outcome<T>>> {
  const carried = names.filter((name) => name !== '')
  const timeoutMs = options.timeoutMs
  const results = await settle(client, what, carried, attempt, { retry: RETRY_MUTATION, timeoutMs })
  const unrepresentable = failed(
    ErrorCode.INVALID_TOPIC_EXCEPTION,
    "The given topic name '' cannot be represented in a request.",
  )
  return new Map(names.map((name) => [name, results.get(name) ?? unrepresentable]))
}

/** Deletes topics by name. */
export async function deleteTopics(
  client: ClusterClient,
  names: readonly string[],
  options: MutationOptions = {},
): Promise<Map<string, Outcome<void>>> {
  const { deleteTopics: api } = await import('../../protocol/messages/20-delete-topics.ts')
  const attempt: Attempt<void> = async (pending) => {
    const timeoutMs = mutationTimeout(client, options)
    const answer = await client.send(CONTROLLER, api, (version) =>
      version >= 6
        ? { topics: pending.map((name) => ({ name, topicId: ZERO_UUID })), timeoutMs }
        : { topicNames: pending, timeoutMs },
    )
    return new Map(
      answer.responses.map(({ name, errorCode, errorMessage }) => [
        name ?? '',
        outcomeOf(errorCode, errorMessage, () => undefined),
      ]),
    )
  }
  return settleNames(client, 'DeleteTopics', [...new Set(names)], attempt, options)
}

/** Raises the number of partitions to `total`; `assignments` names the replicas of the new ones. */
export async function createPartitions(
  client: ClusterClient,
  counts: ReadonlyMap<string, { total: number; assignments?: readonly (readonly number[])[] }>,
  options: MutationOptions = {},
): Promise<Map<string, Outcome<void>>> {
  const { createPartitions: api } = await import('../../protocol/messages/37-create-partitions.ts')
  const attempt: Attempt<void> = async (pending) => {
    const answer = await client.send(CONTROLLER, api, {
      topics: pending.map((name) => {
        const { total, assignments } = counts.get(name)!
        return { name, count: total, assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null }
      }),
      timeoutMs: mutationTimeout(client, options),
      validateOnly: options.validateOnly ?? false,
    })
    return new Map(
      answer.results.map(({ name, errorCode, errorMessage }) => [
        name,
        outcomeOf(errorCode, errorMessage, () => undefined),
      ]),
    )
  }
  return settleNames(client, 'CreatePartitions', [...counts.keys()], attempt, options)
}

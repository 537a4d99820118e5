/** Where partitions lie now, asked of the cluster. */

import { nearest } from '../../cli/nearest.ts'
import type { Admin, BrokerNode, TopicDescription } from '../../client/admin-types.ts'
import { valueOrFailure } from '../java-failure.ts'
import { inHashOrder, partitionsInHashOrder } from '../java-order.ts'
import { ScriptFailure } from '../script-failure.ts'
import { type Assignment, type PartitionReplicas, partitionName, type ReplicaDirectory } from './assignment.ts'

const UNKNOWN = 'org.apache.kafka.common.errors.UnknownTopicOrPartitionException'

/** Descriptions of topics that must exist. Throws a `ScriptFailure` for the first that does not. */
export async function describeExisting(admin: Admin, topics: readonly string[]): Promise<TopicDescription[]> {
  const names = inHashOrder(new Set(topics), String)
  if (names.length === 0) return []
  const described = await admin.describeTopics(names)
  const descriptions: TopicDescription[] = []
  for (const name of names) {
    const outcome = described.get(name)!
    if (!outcome.ok && outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') throw await unknownTopic(admin, name)
    descriptions.push(valueOrFailure(outcome))
  }
  return descriptions
}

async function unknownTopic(admin: Admin, name: string): Promise<ScriptFailure> {
  const message = `Topic ${name} not found.`
  const known = await admin.listTopics()
  const near = nearest(
    name,
    known.map((topic) => topic.name),
  )
  const facts = near.length === 0 ? [] : [`Topics with a similar name: ${near.join(', ')}`]
  return new ScriptFailure(message, `${UNKNOWN}: ${message}`, { facts, next: 'kt topics --list' })
}

/** Replicas of every partition of the topics. */
export async function replicasOfTopics(admin: Admin, topics: readonly string[]): Promise<PartitionReplicas[]> {
  const descriptions = await describeExisting(admin, topics)
  return descriptions.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partition, replicas }) => ({ topic, partition, replicas })),
  )
}

/** Replicas of these partitions. Throws when one of them does not exist. */
export async function replicasOf(admin: Admin, wanted: readonly PartitionReplicas[]): Promise<PartitionReplicas[]> {
  const names = new Set(wanted.map(partitionName))
  const all = await replicasOfTopics(
    admin,
    wanted.map(({ topic }) => topic),
  )
  const found = all.filter((each) => names.has(partitionName(each)))
  const foundNames = new Set(found.map(partitionName))
  const missing = wanted.filter((each) => !foundNames.has(partitionName(each)))
  if (missing.length > 0) {
    const message = `Unable to find partition: ${partitionsInHashOrder(missing).map(partitionName).join(', ')}`
    throw new ScriptFailure(message, `${UNKNOWN}: ${message}`, { next: `kt describe topic ${missing[0]!.topic}` })
  }
  return found
}

/** The partitions together with the directories of those replicas whose broker is alive. */
export async function withDirectories(
  admin: Admin,
  partitions: readonly PartitionReplicas[],
  live: readonly BrokerNode[],
): Promise<Assignment> {
  const alive = new Set(live.map(({ id }) => id))
  const replicas = partitions.flatMap(({ topic, partition, replicas: brokers }) =>
    brokers.filter((broker) => alive.has(broker)).map((broker) => ({ topic, partition, broker })),
  )
  const outcomes = await admin.describeReplicaLogDirs(replicas)
  const directories = replicas.flatMap((replica, at): ReplicaDirectory[] => {
    const { current } = valueOrFailure(outcomes[at]!)
    return current === null ? [] : [{ ...replica, path: current.path }]
  })
  return { partitions, directories }
}

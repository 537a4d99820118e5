/**
 * API key 34, AlterReplicaLogDirs, versions 1-2 (KIP-113).
 *
 * Behaviour:
 * - A replica that lies in the directory already is where it is wanted. A directory this broker does not have is refused,
 *   as is a replica that is not here (yet).
 *
 * Not implemented: a second log directory, and with it the copying from one to the other.
 */
import { ErrorCode } from '../../protocol/error-codes.ts'
import { alterReplicaLogDirs } from '../../protocol/messages/34-alter-replica-log-dirs.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'

export function alterReplicaLogDirsHandler(broker: BrokerServices): Handler<typeof alterReplicaLogDirs> {
  const outcome = (path: string, topic: string, index: number): number => {
    if (!broker.logDirs.includes(path)) return ErrorCode.LOG_DIR_NOT_FOUND
    return broker.replicaManager.partition(topic, index) === undefined
      ? ErrorCode.REPLICA_NOT_AVAILABLE
      : ErrorCode.NONE
  }
  return defineHandler(alterReplicaLogDirs, { min: 1, max: 2 }, ({ dirs }) => {
    const results = dirs.flatMap(({ path, topics }) =>
      topics.map(({ name, partitions }) => ({
        topicName: name,
        partitions: partitions.map((partitionIndex) => ({
          partitionIndex,
          errorCode: outcome(path, name, partitionIndex),
        })),
      })),
    )
    return { response: { results: byTopic(results) } }
  })
}

interface TopicResult {
  readonly topicName: string
  readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[]
}

/** A topic may be named under several directories. */
function byTopic(results: readonly TopicResult[]): TopicResult[] {
  const topics = new Map<string, TopicResult['partitions']>()
  for (const { topicName, partitions } of results) {
    topics.set(topicName, [...(topics.get(topicName) ?? []), ...partitions])
  }
  return [...topics].map(([topicName, partitions]) => ({ topicName, partitions }))
}

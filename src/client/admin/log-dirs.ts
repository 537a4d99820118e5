/** What brokers keep on disk, and partitions on the move. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { DescribeLogDirsResponse } from '../../protocol/messages/35-describe-log-dirs.ts'
import type { LogDirDescription, Outcome, TopicPartition } from '../admin-types.ts'
import { brokerFailure } from '../by-leader.ts'
import { type ClusterClient, CONTROLLER, toBroker } from '../cluster-client.ts'
import { failed, failureOf } from './outcome.ts'

/** Log directories of each broker; a broker that cannot be reached is a failure of its own. */
export async function describeLogDirs(
  client: ClusterClient,
  brokerIds: readonly number[],
): Promise<Map<number, Outcome<LogDirDescription[]>>> {
  const entries = await Promise.all(
    brokerIds.map(async (id): Promise<[number, Outcome<LogDirDescription[]>]> => [id, await describeOne(client, id)]),
  )
  return new Map(entries)
}

async function describeOne(client: ClusterClient, brokerId: number): Promise<Outcome<LogDirDescription[]>> {
  const { describeLogDirs: api } = await import('../../protocol/messages/35-describe-log-dirs.ts')
  try {
    if (client.metadata.broker(brokerId) === undefined) await client.refreshMetadata([])
    if (client.metadata.broker(brokerId) === undefined) {
      return failed(ErrorCode.BROKER_NOT_AVAILABLE, `Broker ${brokerId} is not part of the cluster or not alive`)
    }
    const answer = await client.send(toBroker(brokerId), api, { topics: null })
    if (answer.errorCode !== ErrorCode.NONE) return failed(answer.errorCode)
    return { ok: true, value: answer.results.map(directoryOf) }
  } catch (error) {
    const outcome = brokerFailure(error)
    if (outcome === null) throw error
    return outcome
  }
}

function directoryOf(result: DescribeLogDirsResponse['results'][number]): LogDirDescription {
  return {
    path: result.logDir,
    error: failureOf(result.errorCode),
    totalBytes: Number(result.totalBytes),
    usableBytes: Number(result.usableBytes),
    replicas: result.topics.flatMap(({ name: topic, partitions }) =>
      partitions.map((partition) => ({
        topic,
        partition: partition.partitionIndex,
        sizeBytes: Number(partition.partitionSize),
        offsetLag: Number(partition.offsetLag),
        isFuture: partition.isFutureKey,
      })),
    ),
  }
}

type Reassignment = TopicPartition & { replicas: number[]; addingReplicas: number[]; removingReplicas: number[] }

/** Partitions whose replicas are being moved (KIP-455). */
export function listPartitionReassignments(client: ClusterClient): Promise<Reassignment[]> {
  return client.retrying('ListPartitionReassignments', async () => {
    const { listPartitionReassignments: api } = await import(
      '../../protocol/messages/46-list-partition-reassignments.ts'
    )
    const input = { timeoutMs: client.options.requestTimeoutMs, topics: null }
    const answer = await client.send(CONTROLLER, api, input)
    if (answer.errorCode !== ErrorCode.NONE) {
      throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
    }
    return answer.topics.flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionIndex: partition, replicas, addingReplicas, removingReplicas }) => ({
        topic,
        partition,
        replicas,
        addingReplicas,
        removingReplicas,
      })),
    )
  })
}

/** What brokers keep on disk, and where: log directories of brokers and of single replicas. */
import { ErrorCode } from '../../protocol/error-codes.ts'
import type { DescribeLogDirsResponse } from '../../protocol/messages/35-describe-log-dirs.ts'
import type { LogDirDescription, Outcome, ReplicaId, ReplicaLogDirs } from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { askBroker } from './one-broker.ts'
import { byTopic, failed, failureOf, groupBy, outcomeOf } from './outcome.ts'

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

type LogDirs = Outcome<LogDirDescription[]>

/** What a broker holds of `replicas`; of everything when none are named. */
function describeOne(client: ClusterClient, brokerId: number, replicas?: readonly ReplicaId[]): Promise<LogDirs> {
  return askBroker(client, brokerId, async (): Promise<LogDirs> => {
    const { describeLogDirs: api } = await import('../../protocol/messages/35-describe-log-dirs.ts')
    const topics =
      replicas === undefined
        ? null
        : byTopic(replicas, ({ partition }) => partition).map(({ name, partitions }) => ({ topic: name, partitions }))
    const answer = await client.send(toBroker(brokerId), api, { topics })
    if (answer.errorCode !== ErrorCode.NONE) return failed(answer.errorCode)
    return { ok: true, value: answer.results.map(directoryOf) }
  })
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

/** Where single replicas lie, in the order asked. A directory that is offline tells nothing about its replicas. */
export async function describeReplicaLogDirs(
  client: ClusterClient,
  replicas: readonly ReplicaId[],
): Promise<Outcome<ReplicaLogDirs>[]> {
  const byBroker = [...groupBy(replicas, ({ broker }) => broker)]
  const answers = await Promise.all(byBroker.map(([id, group]) => describeOne(client, id, group)))
  const ofBroker = new Map(byBroker.map(([id], at) => [id, answers[at]!]))
  return replicas.map((replica) => {
    const answer = ofBroker.get(replica.broker)!
    return answer.ok ? { ok: true, value: directoriesOf(replica, answer.value) } : answer
  })
}

function directoriesOf({ topic, partition }: ReplicaId, directories: readonly LogDirDescription[]): ReplicaLogDirs {
  const found: Record<'current' | 'future', ReplicaLogDirs['current']> = { current: null, future: null }
  for (const { path, replicas } of directories) {
    for (const replica of replicas) {
      if (replica.topic !== topic || replica.partition !== partition) continue
      found[replica.isFuture ? 'future' : 'current'] = { path, offsetLag: replica.offsetLag }
    }
  }
  return found
}

/**
 * Moves replicas to other log directories of their broker (KIP-113), in the order asked. A broker that does not hold the
 * replica yet answers REPLICA_NOT_AVAILABLE and keeps the directory in mind for when it does.
 */
export async function alterReplicaLogDirs(
  client: ClusterClient,
  moves: readonly (ReplicaId & { readonly path: string })[],
): Promise<Outcome<void>[]> {
  const byBroker = [...groupBy(moves, ({ broker }) => broker)]
  const answers = await Promise.all(byBroker.map(([id, group]) => alterOne(client, id, group)))
  const ofBroker = new Map(byBroker.map(([id], at) => [id, answers[at]!]))
  return moves.map(({ topic, partition, broker }) => {
    const answer = ofBroker.get(broker)!
    if (!answer.ok) return answer
    return answer.value.get(`${topic}-${partition}`) ?? failed(-1, `Broker ${broker} did not answer about this replica`)
  })
}

type MoveOutcomes = Outcome<Map<string, Outcome<void>>>

function alterOne(
  client: ClusterClient,
  brokerId: number,
  moves: readonly (ReplicaId & { readonly path: string })[],
): Promise<MoveOutcomes> {
  return askBroker(client, brokerId, async (): Promise<MoveOutcomes> => {
    const { alterReplicaLogDirs: api } = await import('../../protocol/messages/34-alter-replica-log-dirs.ts')
    const dirs = [...groupBy(moves, ({ path }) => path)].map(([path, group]) => ({
      path,
      topics: byTopic(group, ({ partition }) => partition),
    }))
    const answer = await client.send(toBroker(brokerId), api, { dirs })
    const outcomes = answer.results.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partitionIndex, errorCode }): [string, Outcome<void>] => [
        `${topicName}-${partitionIndex}`,
        outcomeOf(errorCode, null, () => undefined),
      ]),
    )
    return { ok: true, value: new Map(outcomes) }
  })
}

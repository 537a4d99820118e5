/** What became of moves: where partitions are beside where they shall be. */
import type { Admin, PartitionReassignment, TopicDescription } from '../../client/admin-types.ts'
import { valueOrFailure } from '../java-failure.ts'
import { comparePartitions, lastOfEach, type PartitionReplicas, partitionName } from './assignment.ts'

/** How far a partition is on its way to the replicas asked for, in their order. */
export interface PartitionState extends PartitionReplicas {
  readonly state: 'completed' | 'in-progress' | 'different'
  readonly targetReplicas: readonly number[]
}

/** By topic and number; of a partition that is in the file twice, what was said last. */
export async function partitionStates(
  admin: Admin,
  targets: readonly PartitionReplicas[],
  underWay: readonly PartitionReassignment[],
): Promise<PartitionState[]> {
  const moving = new Map(underWay.map((each) => [partitionName(each), each]))
  const wanted = lastOfEach(targets, partitionName).sort(comparePartitions)
  const resting = wanted.filter((target) => !moving.has(partitionName(target)))
  const topics = await describeKnown(admin, [...new Set(resting.map(({ topic }) => topic))])
  return wanted.map((target) => {
    const { topic, partition, replicas: targetReplicas } = target
    const move = moving.get(partitionName(target))
    if (move !== undefined) return { topic, partition, replicas: move.replicas, targetReplicas, state: 'in-progress' }
    const found = topics.get(topic)?.partitions.find((each) => each.partition === partition)
    const replicas = found?.replicas ?? []
    const isThere = replicas.join() === targetReplicas.join()
    return { topic, partition, replicas, targetReplicas, state: isThere ? 'completed' : 'different' }
  })
}

/** A topic that is gone has no replicas; that is an answer, not a failure. */
async function describeKnown(admin: Admin, names: readonly string[]): Promise<Map<string, TopicDescription>> {
  if (names.length === 0) return new Map()
  const known = new Map<string, TopicDescription>()
  for (const [name, outcome] of await admin.describeTopics(names)) {
    if (!outcome.ok && outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') continue
    known.set(name, valueOrFailure(outcome))
  }
  return known
}

/** The script's sentence. */
export function stateText(state: PartitionState): string {
  const name = partitionName(state)
  if (state.state === 'completed') return `Reassignment of partition ${name} is completed.`
  if (state.state === 'in-progress') return `Reassignment of partition ${name} is still in progress.`
  const [now, wanted] = [state.replicas.join(','), state.targetReplicas.join(',')]
  return `There is no active reassignment of partition ${name}, but replica set is ${now} rather than ${wanted}.`
}

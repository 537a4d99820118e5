/** Moves the replicas of a topic and waits until they have arrived, as others may depend on them. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { ProgressLine } from '../../cli/progress.ts'
import type { Admin, PartitionReassignment, TopicPartition } from '../../client/admin-types.ts'
import { unwrap, unwrapAll } from '../outcome.ts'
import { pause } from '../pause.ts'
import { copyProgress } from '../reassign-partitions/progress.ts'
import { planChanges, untilSeen } from '../topics/replication-factor.ts'
import type { Step } from './model.ts'

type MoveStep = Extract<Step, { kind: 'move-replicas' }>

/** Often enough for a person who waits. */
const LOOK_AGAIN_MS = 300

/** Throws `interrupted` when it was told to end: the move goes on in the cluster. */
export async function moveReplicas(step: MoveStep, admin: Admin, context: CommandContext): Promise<void> {
  const { topic, partitionCount, target } = step
  // New partitions may have come with the step before, with as many replicas as the old ones.
  await untilSeen([topic], partitionCount, admin, context)
  const { partitions } = unwrapAll(await admin.describeTopics([topic])).get(topic)!
  const brokers = (await admin.describeCluster()).brokers.map(({ id }) => id).sort((left, right) => left - right)
  const moves =
    typeof target === 'number'
      ? planChanges([{ topic, partitions }], target, brokers)
      : partitions
          .map(({ partition, replicas }) => ({ topic, partition, before: replicas, replicas: target[partition]! }))
          .filter(({ before, replicas }) => replicas !== undefined && before.join() !== replicas.join())
  if (moves.length === 0) return
  const wanted = moves.map(({ partition, replicas }) => ({ topic, partition, replicas }))
  for (const outcome of await admin.alterPartitionReassignments(wanted)) unwrap(outcome)
  await untilArrived(wanted, admin, context)
}

async function untilArrived(wanted: readonly TopicPartition[], admin: Admin, context: CommandContext): Promise<void> {
  const progress = new ProgressLine(context)
  try {
    for (;;) {
      const moving = await admin.listPartitionReassignments(wanted)
      if (moving.length === 0) return
      if (context.signal.aborted) break
      await showProgress(progress, wanted, moving, admin)
      await pause(context.clock, LOOK_AGAIN_MS, context.signal)
    }
  } finally {
    progress.clear()
  }
  throw new KtError('interrupted', 'it was started and goes on in the cluster', {
    facts: ['kt reassign-partitions --list shows it'],
  })
}

async function showProgress(
  progress: ProgressLine,
  wanted: readonly TopicPartition[],
  moving: readonly PartitionReassignment[],
  admin: Admin,
): Promise<void> {
  const copies = [...(await copyProgress(admin, moving)).values()].flat()
  const left = copies.reduce((sum, { lag }) => sum + (lag ?? 0), 0)
  const done = wanted.length - moving.length
  progress.update(() => `  ${wanted[0]!.topic}: ${done} of ${wanted.length} partitions moved, ${left} records to copy`)
}

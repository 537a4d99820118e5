import { KtError } from '../../base/errors.ts'
import { systemRandom } from '../../base/random.ts'
import { formatDocument } from '../../cli/format.ts'
import type { BrokerNode } from '../../client/admin-types.ts'
import { placeReplicas, type UsableBroker } from '../../metadata/replica-placer.ts'
import { readTextFile } from '../text-file.ts'
import {
  type Assignment,
  assignmentFields,
  assignmentJson,
  comparePartitions,
  type PartitionReplicas,
  parseBrokerList,
  parseTopicsToMove,
} from './assignment.ts'
import { replicasOfTopics, withDirectories } from './current.ts'
import type { ReassignRun } from './options.ts'

/** `--generate`: where the topics lie and where they could lie, as files for `--execute`. */
export async function generate(run: ReassignRun): Promise<void> {
  const { given, admin } = run
  const text = readTextFile(given.value('topics-to-move-json-file')!)
  const brokerIds = parseBrokerList(given.value('broker-list')!)
  const topics = parseTopicsToMove(text)
  const present = await replicasOfTopics(admin, topics)
  const { brokers } = await admin.describeCluster()
  const current = await withDirectories(admin, present, brokers)
  const usable = usableBrokers(brokers, brokerIds, !given.has('disable-rack-aware'))
  const proposed: Assignment = { partitions: propose(present, usable), directories: [] }
  run.say(`Current partition replica assignment\n${assignmentJson(current)}\n\n`)
  run.say(`Proposed partition reassignment configuration\n${assignmentJson(proposed)}\n`)
  await show(run, current, proposed)
}

/** The brokers asked for that are alive. Racks count only when every one of them has one. */
export function usableBrokers(
  live: readonly BrokerNode[],
  wanted: readonly number[],
  rackAware: boolean,
): UsableBroker[] {
  const usable = live
    .filter(({ id }) => wanted.includes(id))
    .map(({ id, rack }) => ({ id, rack: rackAware ? rack : null, fenced: false }))
  const rackless = usable.filter(({ rack }) => rack === null)
  if (rackAware && rackless.length > 0 && rackless.length < usable.length) {
    throw new KtError(
      'kafka',
      'Not all brokers have rack information. Add --disable-rack-aware in command line to make replica assignment without rack information.',
      { facts: [`without a rack: ${rackless.map(({ id }) => id).join(', ')}`] },
    )
  }
  return usable
}

/** New places, topic by topic, with the controller's own algorithm; the number of replicas stays. */
export function propose(
  present: readonly PartitionReplicas[],
  brokers: readonly UsableBroker[],
  random = systemRandom,
): PartitionReplicas[] {
  const topics = [...new Set(present.map(({ topic }) => topic))]
  return topics.flatMap((topic) => {
    const partitions = present.filter((each) => each.topic === topic).sort(comparePartitions)
    const placed = placeReplicas(brokers, partitions.length, partitions[0]!.replicas.length, random)
    return placed.map((replicas, partition) => ({ topic, partition, replicas }))
  })
}

async function show(run: ReassignRun, current: Assignment, proposed: Assignment): Promise<void> {
  const { context, presentation } = run
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { current: assignmentFields(current), proposed: assignmentFields(proposed) }
    context.stdout.write(formatDocument(presentation, 'ReassignmentProposal', fields))
  } else if (presentation === 'terminal') {
    const { changesTable } = await import('./tables.ts')
    context.stdout.write(await changesTable(current.partitions, proposed.partitions, context))
    context.stdout.write(`\n${assignmentJson(proposed)}\n`)
    context.stderr.write(
      'next: save the last line as plan.json, then kt reassign-partitions --execute --reassignment-json-file plan.json\n',
    )
  }
}

import { formatDocument } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import type { NewTopic } from '../../client/admin-types.ts'
import { javaSplit } from '../java-text.ts'
import { unwrap } from '../outcome.ts'
import type { TopicsGiven, TopicsRun } from './options.ts'
import { parseReplicaAssignment } from './replica-assignment.ts'

const MAX_REPLICATION_FACTOR = 32767
const CLUSTER_DEFAULT = -1

const COLLISION_WARNING =
  "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n"

/** `--create`: one topic, its name taken as it is. */
export async function createTopic({ given, admin, context, presentation }: TopicsRun): Promise<void> {
  await createAs(newTopic(given), { given, admin, context, presentation })
}

/** Creates the topic and says so, or with `--dry-run` has it checked. */
export async function createAs(topic: NewTopic, { given, admin, context, presentation }: TopicsRun): Promise<void> {
  const isScript = presentation === 'script'
  if (/[._]/.test(topic.name)) context[isScript ? 'stdout' : 'stderr'].write(COLLISION_WARNING)
  checkCounts(given)
  const validateOnly = given.has('dry-run')
  const outcome = (await admin.createTopics([topic], { validateOnly })).get(topic.name)!
  if (!outcome.ok && outcome.error.name === 'TOPIC_ALREADY_EXISTS' && given.has('if-not-exists')) return
  const { topicId } = unwrap(outcome)
  if (validateOnly) return tellPlan(topic, context, presentation)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicCreated', { name: topic.name, topicId }))
  } else {
    context.stdout.write(`Created topic ${topic.name}.\n`)
  }
}

function tellPlan(topic: NewTopic, context: TopicsRun['context'], presentation: TopicsRun['presentation']): void {
  const { name, partitions, replicationFactor, assignments } = topic
  const count = assignments?.size ?? partitions
  const configs = topic.configs ?? new Map<string, string>()
  if (presentation === 'json' || presentation === 'yaml') {
    const counts = {
      partitionCount: count < 0 ? null : count,
      replicationFactor: replicationFactor < 0 ? null : replicationFactor,
    }
    context.stdout.write(formatDocument(presentation, 'TopicCreationPlan', { name, ...counts, configs }))
    return
  }
  const number = (value: number): string => (value < 0 ? "the cluster's default" : String(value))
  const replicas = assignments === undefined ? number(replicationFactor) : 'as assigned'
  const set = [...configs].map(([key, value]) => `${key}=${value}`).join(',')
  context.stdout.write(
    `Would create topic ${name}: partitions ${number(count)}, replication factor ${replicas}, configs ${set || 'none'}. The cluster accepts it.\n`,
  )
}

export function newTopic(given: TopicsGiven): NewTopic {
  const assignment = given.value('replica-assignment')
  const partitions = given.value('partitions') ?? CLUSTER_DEFAULT
  const replicationFactor = given.value('replication-factor') ?? CLUSTER_DEFAULT
  const assignments = assignment === undefined || assignment === '' ? undefined : parseReplicaAssignment(assignment)
  return {
    name: given.value('topic')!,
    partitions: assignments === undefined ? partitions : CLUSTER_DEFAULT,
    replicationFactor: assignments === undefined ? replicationFactor : CLUSTER_DEFAULT,
    assignments: assignments === undefined ? undefined : new Map(assignments.entries()),
    configs: parseConfigs(given.values('config')),
  }
}

/** `name=value` words; exactly one `=` and something after it, as the script wants them. */
export function parseConfigs(words: readonly string[]): Map<string, string> {
  const pairs = words.map((word) => javaSplit(word, /\s*=\s*/))
  if (pairs.some((pair) => pair.length !== 2)) {
    throw new UsageError(
      'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
    )
  }
  return new Map(pairs.map(([name, value]) => [name!.trim(), value!.trim()]))
}

function checkCounts(given: TopicsGiven): void {
  const replicationFactor = given.value('replication-factor')
  if (replicationFactor !== undefined && (replicationFactor < 1 || replicationFactor > MAX_REPLICATION_FACTOR)) {
    throw new UsageError(`The replication factor must be between 1 and ${MAX_REPLICATION_FACTOR} inclusive`)
  }
  const partitions = given.value('partitions')
  if (partitions !== undefined && partitions < 1) throw new UsageError('The partitions must be greater than 0')
}

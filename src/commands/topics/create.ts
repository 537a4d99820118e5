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
  const topic = newTopic(given)
  const isScript = presentation === 'script'
  if (/[._]/.test(topic.name)) context[isScript ? 'stdout' : 'stderr'].write(COLLISION_WARNING)
  checkCounts(given)
  const outcome = (await admin.createTopics([topic])).get(topic.name)!
  if (!outcome.ok && outcome.error.name === 'TOPIC_ALREADY_EXISTS' && given.has('if-not-exists')) return
  const { topicId } = unwrap(outcome)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicCreated', { name: topic.name, topicId }))
  } else {
    context.stdout.write(`Created topic ${topic.name}.\n`)
  }
}

function newTopic(given: TopicsGiven): NewTopic {
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

import { KtError } from '../../base/errors.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import { formatDocument } from '../../cli/format.ts'
import type { Admin, ConfigEntry, TopicDescription } from '../../client/admin-types.ts'
import { hashMapCopyOrder, hashMapOrder } from '../java-text.ts'
import { RefusedError, unwrap, unwrapAll } from '../outcome.ts'
import { parseUuid } from '../uuid-text.ts'
import type { TopicsGiven, TopicsRun } from './options.ts'
import { type DescribedTopic, describeFields, describeText, type Reassignment, type Report } from './rows.ts'
import { ensureTopicExists, selectTopics } from './select.ts'

/** `--describe`: a line per topic and one per partition, narrowed by the report options. */
export async function describeTopics({ given, admin, context, presentation }: TopicsRun): Promise<void> {
  const descriptions = await describeSelected(admin, given)
  const topics = await withDetails(admin, descriptions)
  const report = reportOf(given, await liveBrokers(admin, given))
  if (presentation === 'script') {
    context.stdout.write(describeText(topics, report))
  } else if (presentation === 'terminal') {
    const { describeTables } = await import('./tables.ts')
    context.stdout.write(await describeTables(topics, report, await context.colours()))
  } else {
    const fields = { topics: describeFields(topics, report) }
    context.stdout.write(formatDocument(presentation, 'TopicDescriptionList', fields))
  }
}

async function describeSelected(admin: Admin, given: TopicsGiven): Promise<TopicDescription[]> {
  const id = given.value('topic-id')
  const topicId = id === undefined ? ZERO_UUID : parseUuid(id)
  const partitionsPerResponse = given.value('partition-size-limit-per-response')
  if (topicId !== ZERO_UUID) return describeById(admin, topicId, given)
  const selection = await selectTopics(admin, given)
  ensureTopicExists(selection, given)
  const names = selection.topics.map(({ name }) => name)
  if (names.length === 0) return []
  const described = unwrapAll(await admin.describeTopics(names, { partitionsPerResponse }))
  return scriptOrder(names).map((name) => described.get(name)!)
}

/** The script prints topics in the order of the Java maps they passed through: made, copied, collected. */
function scriptOrder(names: readonly string[]): string[] {
  return hashMapOrder(hashMapCopyOrder(hashMapOrder(names, names.length)), names.length)
}

async function describeById(admin: Admin, topicId: string, given: TopicsGiven): Promise<TopicDescription[]> {
  const known = (await admin.listTopics()).filter(({ isInternal }) => !(isInternal && given.has('exclude-internal')))
  if (!known.some((topic) => topic.topicId === topicId)) {
    if (given.has('if-exists')) return []
    throw new KtError('not-found', `TopicId '${topicId}' does not exist as expected`)
  }
  return [...unwrapAll(await admin.describeTopicsById([topicId])).values()]
}

async function withDetails(admin: Admin, descriptions: readonly TopicDescription[]): Promise<DescribedTopic[]> {
  if (descriptions.length === 0) return []
  const [configs, reassignments] = await Promise.all([
    admin.describeConfigs(descriptions.map(({ name }) => ({ type: 'TOPIC', name }))),
    listReassignments(admin),
  ])
  return descriptions.map((description, at) => ({
    description,
    configs: unwrap(configs[at]!) as readonly ConfigEntry[],
    reassignments: new Map(
      reassignments.filter(({ topic }) => topic === description.name).map((each) => [each.partition, each]),
    ),
  }))
}

/** Who may not ask about reassignments still sees the rest. */
async function listReassignments(admin: Admin): Promise<Reassignment[]> {
  try {
    return await admin.listPartitionReassignments()
  } catch (error) {
    const known = error instanceof RefusedError && /^(UNSUPPORTED_VERSION|CLUSTER_AUTH)/.test(error.failure.name)
    if (known || (error instanceof KtError && error.kind === 'authorization')) return []
    throw error
  }
}

/** Only one report needs to know who is alive. */
async function liveBrokers(admin: Admin, given: TopicsGiven): Promise<ReadonlySet<number>> {
  if (!given.has('unavailable-partitions')) return new Set()
  return new Set((await admin.describeCluster()).brokers.map(({ id }) => id))
}

function reportOf(given: TopicsGiven, live: ReadonlySet<number>): Report {
  return {
    underReplicated: given.has('under-replicated-partitions'),
    unavailable: given.has('unavailable-partitions'),
    underMinIsr: given.has('under-min-isr-partitions'),
    atMinIsr: given.has('at-min-isr-partitions'),
    onlyOverridden: given.has('topics-with-overrides'),
    liveBrokers: live,
  }
}

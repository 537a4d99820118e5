import { formatDocument } from '../../cli/format.ts'
import { unwrap } from '../outcome.ts'
import type { TopicsRun } from './options.ts'
import { ensureTopicExists, selectTopics } from './select.ts'

/** `--delete`: every matching topic; the script prints nothing when it worked. */
export async function deleteTopics({ given, admin, context, presentation }: TopicsRun): Promise<void> {
  const selection = await selectTopics(admin, given)
  ensureTopicExists(selection, given)
  const names = selection.topics.map(({ name }) => name)
  if (given.has('dry-run')) return tellPlan(names, context, presentation)
  if (names.length > 0) for (const outcome of (await admin.deleteTopics(names)).values()) unwrap(outcome)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicsDeleted', { topics: names }))
  } else if (presentation === 'terminal') {
    for (const name of names) context.stdout.write(`Deleted topic ${name}.\n`)
  }
}

/** Kafka cannot check a deletion without doing it: what would go is told. */
function tellPlan(
  topics: readonly string[],
  context: TopicsRun['context'],
  presentation: TopicsRun['presentation'],
): void {
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicsDeletionPlan', { topics }))
    return
  }
  for (const name of topics) context.stdout.write(`Would delete topic ${name}.\n`)
}

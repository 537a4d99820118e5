import { formatDocument } from '../../cli/format.ts'
import { unwrap } from '../outcome.ts'
import type { TopicsRun } from './options.ts'
import { ensureTopicExists, selectTopics } from './select.ts'

/** `--delete`: every matching topic; the script prints nothing when it worked. */
export async function deleteTopics({ given, admin, context, presentation }: TopicsRun): Promise<void> {
  const selection = await selectTopics(admin, given)
  ensureTopicExists(selection, given)
  const names = selection.topics.map(({ name }) => name)
  if (names.length > 0) for (const outcome of (await admin.deleteTopics(names)).values()) unwrap(outcome)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicsDeleted', { topics: names }))
  } else if (presentation === 'terminal') {
    for (const name of names) context.stdout.write(`Deleted topic ${name}.\n`)
  }
}

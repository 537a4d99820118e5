import { formatDocument } from '../../cli/format.ts'
import type { TopicListing } from '../../client/admin-types.ts'
import type { TopicsRun } from './options.ts'
import { selectTopics } from './select.ts'

/** `--list`: one name per line, sorted. */
export async function listTopics({ given, admin, context, presentation }: TopicsRun): Promise<void> {
  const { topics } = await selectTopics(admin, given)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'TopicList', { topics: topics.map(listingFields) }))
  } else if (presentation === 'script') {
    context.stdout.write(`${topics.map(({ name }) => name).join('\n')}\n`)
  } else if (topics.length === 0) {
    context.stderr.write('No topics.\n  next: kt topics --create --topic NAME\n')
  } else {
    const { dim } = await context.colours()
    context.stdout.write(topics.map(({ name, isInternal }) => `${isInternal ? dim(name) : name}\n`).join(''))
  }
}

function listingFields({ name, topicId, isInternal }: TopicListing) {
  return { name, topicId, isInternal }
}

import { KtError } from '../../base/errors.ts'
import { nearest } from '../../cli/nearest.ts'
import type { Admin, TopicListing } from '../../client/admin-types.ts'
import { isInternalTopic, topicFilter } from '../topic-filter.ts'
import type { TopicsGiven } from './options.ts'

export interface Selection {
  /** In the order of their names. */
  readonly topics: readonly TopicListing[]
  /** Every topic there is, to find near names in. */
  readonly all: readonly TopicListing[]
}

/** Topics that `--topic` (every topic without it) and `--exclude-internal` leave. */
export async function selectTopics(admin: Admin, given: TopicsGiven): Promise<Selection> {
  const excludeInternal = given.has('exclude-internal')
  const listings = await admin.listTopics()
  const all = listings.sort((a, b) => (a.name < b.name ? -1 : 1))
  const expression = given.value('topic')
  const filter = expression === undefined ? undefined : topicFilter(expression)
  const topics = all.filter(({ name, isInternal }) => {
    if (excludeInternal && (isInternal || isInternalTopic(name))) return false
    return filter === undefined || filter.allows(name)
  })
  return { topics, all }
}

/** Unless `--if-exists` allows it, a name that matches nothing is an error that says which names are near. */
export function ensureTopicExists(selection: Selection, given: TopicsGiven): void {
  const requested = given.value('topic')
  if (requested === undefined || requested === '' || given.has('if-exists') || selection.topics.length > 0) return
  throw unknownTopic(`Topic '${requested}' does not exist as expected`, requested, selection.all)
}

/** The error for a topic nobody knows, with the nearest names that exist. */
export function unknownTopic(message: string, requested: string, all: readonly TopicListing[]): KtError {
  const near = nearest(
    requested,
    all.map(({ name }) => name),
  )
  return new KtError('not-found', message, {
    facts: near.length === 0 ? [] : [`Topics with a similar name: ${near.join(', ')}`],
    next: near.length === 0 ? 'kt topics --list' : undefined,
  })
}

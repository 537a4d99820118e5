import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { UsageError } from '../../cli/options.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { FETCHER_PROPERTIES, fetcherOptionsFromProperties } from '../../client/fetcher/options.ts'
import type { FetchStart } from '../../client/fetcher.ts'
import { parseDuration } from '../consumer-groups/reset-time.ts'
import { javaRegex } from '../topic-filter.ts'
import type { GroupWatcher } from './group-source.ts'
import { type ConsumerSettings, commandConfigOf, type GivenConsoleConsumer, startOffsetOf } from './options.ts'
import type { RecordSource } from './print-records.ts'
import type { ReadRange } from './range.ts'
import type { RangeQuestion } from './range-source.ts'
import type { RecordFilter } from './record-filter.ts'
import { openMatching, openPartition, openTopic, type TopicSourceOptions } from './topic-source.ts'

/** Understood without being the fetcher's: the group's, or without a meaning here. */
const OTHER_PROPERTIES = new Set([
  'group.id',
  'group.protocol',
  'group.instance.id',
  'group.remote.assignor',
  'enable.auto.commit',
  'auto.commit.interval.ms',
  'session.timeout.ms',
  'heartbeat.interval.ms',
  'max.poll.interval.ms',
  'max.poll.records',
  'partition.assignment.strategy',
  'allow.auto.create.topics',
  'exclude.internal.topics',
  'key.deserializer',
  'value.deserializer',
])

/** Which records are wanted, of all that there are. */
export interface Selection {
  readonly range: ReadRange | null
  readonly filter: RecordFilter | null
}

/** Connects and starts reading what the command line asks for. */
export async function openSource(
  given: GivenConsoleConsumer,
  settings: ConsumerSettings,
  context: CommandContext,
  { range, filter }: Selection = { range: null, filter: null },
  watcher?: GroupWatcher | null,
): Promise<RecordSource> {
  const { properties } = settings
  const connection = await context.connection({
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: commandConfigOf(given),
    properties,
    clientId: 'console-consumer',
  })
  warnIgnored(connection.ignoredProperties ?? [], context)
  const topic = given.value('topic')
  const pattern = topic === undefined ? includePattern(given.value('include')!) : null
  if (settings.groupId !== null) {
    const { openGroup } = await import('./group-source.ts')
    const fetcher = { ...fetcherOptions(settings), stopAtEnd: range?.exitAtEnd ?? false }
    return openGroup(pattern ?? [topic!], settings, fetcher, connection, watcher)
  }
  const start = given.has('partition') ? startOf(startOffsetOf(given)) : resetStart(settings.autoOffsetReset, context)
  const options: TopicSourceOptions = {
    start,
    fetcher: fetcherOptions(settings),
    mayCreate: properties.get('allow.auto.create.topics')?.trim() !== 'false',
  }
  if (range !== null) {
    const question = { ...options, topics: pattern ?? topic!, partition: given.value('partition'), range }
    return openRange(question, filter, connection, context)
  }
  if (pattern !== null) return openMatching(pattern, connection, options, context)
  const partition = given.value('partition')
  if (partition !== undefined) return openPartition(topic!, partition, connection, options, context)
  return openTopic(topic!, connection, options, context)
}

async function openRange(
  question: RangeQuestion,
  filter: RecordFilter | null,
  connection: ClientOptions,
  context: CommandContext,
): Promise<RecordSource> {
  const { findSpans, isBounded, openSpans } = await import('./range-source.ts')
  const spans = await findSpans(question, connection, context)
  const { range, fetcher } = question
  if (range.tail === undefined) return openSpans(spans, isBounded(range), connection, fetcher)
  const { findTail, TailSource } = await import('./tail-source.ts')
  const tail = await findTail(spans, range.tail, filter, connection, fetcher)
  const rest = spans.map((span) => ({ ...span, from: span.to }))
  return new TailSource(tail, range.follow ? await openSpans(rest, false, connection, fetcher) : null)
}

function startOf(offset: 'earliest' | 'latest' | number): FetchStart {
  return typeof offset === 'number' ? { offset } : offset
}

/** `auto.offset.reset`, the durations of KIP-1106 among it. */
function resetStart(reset: string, context: CommandContext): FetchStart {
  const word = reset.trim().toLowerCase()
  if (word === 'earliest' || word === 'latest') return word
  if (word.startsWith('by_duration:')) {
    return { timestamp: context.clock.now() - parseDuration(reset.trim().slice('by_duration:'.length)) }
  }
  if (word === 'none') {
    throw new KtError('usage', 'auto.offset.reset=none: without a group there is no offset to begin at', {
      next: 'leave it out, or name a group with --group',
    })
  }
  throw new UsageError(`Invalid value ${reset} for configuration auto.offset.reset`, {
    facts: ['it must be one of earliest, latest, none, by_duration:PnDTnHnMnS'],
  })
}

/** An offset that is gone is looked up again as `auto.offset.reset` says; durations begin at the earliest then. */
function fetcherOptions({ properties, autoOffsetReset }: ConsumerSettings) {
  const own = new Map([...properties].filter(([name]) => name !== 'auto.offset.reset'))
  const word = autoOffsetReset.trim().toLowerCase()
  const reset = word === 'latest' || word === 'none' ? word : 'earliest'
  return { ...fetcherOptionsFromProperties(own), reset } as const
}

/** Java matches the whole name. Throws `UsageError` for what is no regular expression. */
export function includePattern(include: string): RegExp {
  try {
    return javaRegex(include)
  } catch (error) {
    throw new UsageError(`--include is not a regular expression: ${include}`, {
      facts: [error instanceof Error ? error.message : String(error)],
    })
  }
}

function warnIgnored(properties: readonly string[], context: CommandContext): void {
  const ignored = properties.filter((name) => !FETCHER_PROPERTIES.has(name) && !OTHER_PROPERTIES.has(name))
  if (ignored.length === 0) return
  context.stderr.write(`${context.programName}: properties without an effect: ${ignored.join(', ')}\n`)
}

/** Reading without a group: partitions are read directly, nothing is committed, nothing is left behind in the cluster. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { nearest } from '../../cli/nearest.ts'
import { listTopics } from '../../client/admin/topics.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { Fetcher, type FetcherOptions, type FetchStart } from '../../client/fetcher.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { RecordSource } from './print-records.ts'

export interface TopicSourceOptions {
  readonly start: FetchStart
  readonly fetcher: FetcherOptions
  /** `allow.auto.create.topics` */
  readonly mayCreate: boolean
}

/** A source over a fetcher. */
class FetcherSource implements RecordSource {
  readonly fetcher: Fetcher
  #timer: { cancel(): void } | null = null

  constructor(fetcher: Fetcher) {
    this.fetcher = fetcher
  }

  next(): ReturnType<Fetcher['next']> {
    return this.fetcher.next()
  }

  printed(): void {
    // Nobody remembers how far a reader without a group has come.
  }

  async close(): Promise<void> {
    this.#timer?.cancel()
    this.fetcher.close()
  }

  /** Does something now and then until the source is closed. */
  every(delayMs: number, work: () => Promise<void>, context: CommandContext): void {
    const again = (): void => {
      this.#timer = context.clock.setTimer(
        delayMs,
        () => {
          work().catch(() => undefined)
          again()
        },
        { background: true },
      )
    }
    again()
  }
}

/** One partition. */
export async function openPartition(
  topic: string,
  partition: number,
  connection: ClientOptions,
  options: TopicSourceOptions,
  context: CommandContext,
): Promise<RecordSource> {
  const fetcher = new Fetcher(connection, options.fetcher)
  await whileOpening(fetcher, async () => {
    await fetcher.assign([{ topic, partition, start: options.start }])
    const known = fetcher.client.metadata.topic(topic)
    if (known === undefined) await waitForTopic(topic, fetcher, options, context)
    const count = fetcher.client.metadata.topic(topic)?.partitions.length ?? 0
    if (partition >= count) {
      context.stderr.write(`Topic '${topic}' has no partition ${partition} yet: it has ${count}. Waiting for it.\n`)
    }
    if (known === undefined) await fetcher.assign([{ topic, partition, start: options.start }])
  })
  return new FetcherSource(fetcher)
}

/** All partitions of a topic, those that come later too. A topic that does not exist is waited for, as in the script. */
export async function openTopic(
  topic: string,
  connection: ClientOptions,
  options: TopicSourceOptions,
  context: CommandContext,
): Promise<RecordSource> {
  const fetcher = new Fetcher(connection, options.fetcher)
  await whileOpening(fetcher, async () => {
    try {
      await fetcher.follow(topic, options.start)
    } catch (error) {
      if (!(error instanceof KtError) || error.kind !== 'not-found') throw error
      await waitForTopic(topic, fetcher, options, context)
      await fetcher.follow(topic, options.start)
    }
  })
  return new FetcherSource(fetcher)
}

const MATCH_AGAIN_MS = 300_000

/** Every topic whose whole name matches, internal ones left out; looked for again as often as metadata grows old. */
export async function openMatching(
  pattern: RegExp,
  connection: ClientOptions,
  options: TopicSourceOptions,
  context: CommandContext,
): Promise<RecordSource> {
  const fetcher = new Fetcher(connection, options.fetcher)
  const assigned = new Map<string, number>()
  await whileOpening(fetcher, () => assignMatching(pattern, fetcher, assigned, options.start))
  if (assigned.size === 0) context.stderr.write('No topic matches --include yet. Waiting for one.\n')
  const source = new FetcherSource(fetcher)
  // What appears later is read from its beginning: nothing in it is older than the reader.
  const again = (): Promise<void> => assignMatching(pattern, fetcher, assigned, 'earliest')
  source.every(options.fetcher.metadataMaxAgeMs ?? MATCH_AGAIN_MS, again, context)
  return source
}

/** All at once, so that no topic waits for another one's long poll. `assigned` holds partition counts by topic. */
async function assignMatching(
  pattern: RegExp,
  fetcher: Fetcher,
  assigned: Map<string, number>,
  start: FetchStart,
): Promise<void> {
  const topics = await listTopics(fetcher.client)
  const names = topics.filter(({ name, isInternal }) => !isInternal && pattern.test(name)).map(({ name }) => name)
  if (names.length === 0) return
  await fetcher.client.refreshMetadata(names)
  const targets = names.flatMap((topic) => {
    const known = assigned.get(topic) ?? 0
    const count = fetcher.client.metadata.topic(topic)?.partitions.length ?? 0
    assigned.set(topic, Math.max(known, count))
    return Array.from({ length: Math.max(0, count - known) }, (_, index) => ({
      topic,
      partition: known + index,
      start,
    }))
  })
  if (targets.length > 0) await fetcher.assign(targets)
}

async function whileOpening(fetcher: Fetcher, open: () => Promise<void>): Promise<void> {
  try {
    await open()
  } catch (error) {
    fetcher.close()
    throw error
  }
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000

/** Asks for the topic until it is there; asking creates it where the cluster does so. */
async function waitForTopic(
  topic: string,
  fetcher: Fetcher,
  options: TopicSourceOptions,
  context: CommandContext,
): Promise<void> {
  context.stderr.write(`Topic '${topic}' does not exist yet${await didYouMean(topic, fetcher)}. Waiting for it.\n`)
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const errors = await fetcher.client.refreshMetadata([topic], { allowAutoTopicCreation: options.mayCreate })
    if (fetcher.client.metadata.topic(topic) !== undefined) {
      if (context.stderr.isTerminal) {
        const { newTopicText } = await import('../beginner-errors/new-topic.ts')
        context.stderr.write(`${newTopicText(topic)}\n`)
      }
      return
    }
    const code = errors.get(topic) ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    if (!errorInfo(code).retriable) throw new KafkaError(errorName(code))
    await pause(pauseMs, context)
  }
}

async function didYouMean(topic: string, fetcher: Fetcher): Promise<string> {
  const known = await listTopics(fetcher.client).catch(() => [])
  const near = nearest(
    topic,
    known.map(({ name }) => name),
  )
  return near.length === 0 ? '' : ` (did you mean ${near.map((name) => `'${name}'`).join(' or ')}?)`
}

/** Ends early, with an error nobody shows, when the command is interrupted. */
function pause(delayMs: number, { clock, signal }: CommandContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const interrupted = (): void => {
      timer.cancel()
      reject(new KtError('interrupted', 'interrupted'))
    }
    const timer = clock.setTimer(delayMs, () => {
      signal.removeEventListener('abort', interrupted)
      resolve()
    })
    if (signal.aborted) interrupted()
    else signal.addEventListener('abort', interrupted, { once: true })
  })
}

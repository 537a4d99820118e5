/** Where offsets go: one function per scenario of `--reset-offsets`. */
import { KtError } from '../../base/errors.ts'
import { nodeFileSystem } from '../../base/file-system.ts'
import { lineLogger } from '../../base/logger.ts'
import type { CommandContext } from '../../cli/context.ts'
import { UsageError } from '../../cli/options.ts'
import type { Admin, ListedOffset, OffsetSpec, TopicPartition } from '../../client/admin-types.ts'
import { valueOrFailure } from '../java-failure.ts'
import { ScriptFailure } from '../script-failure.ts'
import { type GivenConsumerGroups, NO_SCENARIO } from './options.ts'
import { type NewOffset, parseResetPlan } from './reset-plan.ts'
import { parseDateTime, parseDuration } from './reset-time.ts'
import { checkPartitions, committedOffsets } from './topic-arguments.ts'

/** The offsets a group gets, for the partitions in scope. Nothing is changed. */
export async function newOffsets(
  groupId: string,
  partitions: readonly TopicPartition[],
  given: GivenConsumerGroups,
  context: CommandContext,
  admin: Admin,
): Promise<NewOffset[]> {
  await checkPartitions(partitions, admin)
  const reset = new Reset(groupId, partitions, context, admin)
  const toOffset = given.values('to-offset')[0]
  const shiftBy = given.value('shift-by')
  const dateTime = given.values('to-datetime')[0]
  const duration = given.value('by-duration')
  const file = given.values('from-file')[0]
  if (toOffset !== undefined) return reset.clamped(partitions.map((each) => ({ ...each, offset: toOffset })))
  if (given.has('to-earliest')) return reset.to('earliest')
  if (given.has('to-latest')) return reset.to('latest')
  if (shiftBy !== undefined) return reset.shifted(shiftBy)
  if (dateTime !== undefined) return reset.toTime(readTime(() => parseDateTime(dateTime)))
  if (duration !== undefined) return reset.toTime(context.clock.now() - readTime(() => parseDuration(duration)))
  if (file !== undefined) return reset.fromFile(file, given.values('group'))
  if (given.has('to-current')) return reset.toCurrent()
  const other = given.value('from-group')
  if (other !== undefined) return reset.fromGroup(other)
  throw new UsageError(NO_SCENARIO)
}

/** A time that cannot be read is a failure the script prints on stdout. */
function readTime(read: () => number): number {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof KtError)) throw error
    throw new ScriptFailure(error.message, error.message, { next: error.next })
  }
}

class Reset {
  readonly #groupId: string
  readonly #partitions: readonly TopicPartition[]
  readonly #context: CommandContext
  readonly #admin: Admin

  constructor(groupId: string, partitions: readonly TopicPartition[], context: CommandContext, admin: Admin) {
    this.#groupId = groupId
    this.#partitions = partitions
    this.#context = context
    this.#admin = admin
  }

  async to(spec: 'earliest' | 'latest', partitions = this.#partitions): Promise<NewOffset[]> {
    const listed = await this.#list(partitions, spec)
    return partitions.map(({ topic, partition }, index) => ({ topic, partition, offset: listed[index]!.offset }))
  }

  async toTime(timestamp: number): Promise<NewOffset[]> {
    const listed = await this.#list(this.#partitions, timestamp)
    const empty = this.#partitions.filter((_, index) => listed[index]!.offset < 0)
    for (const { topic, partition } of empty) {
      const text = `\nWarn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.\n`
      this.#context.stdout.write(text)
    }
    const found = this.#partitions
      .map(({ topic, partition }, index) => ({ topic, partition, offset: listed[index]!.offset }))
      .filter(({ offset }) => offset >= 0)
    return [...found, ...(await this.to('latest', empty))]
  }

  async shifted(by: number): Promise<NewOffset[]> {
    const current = await this.#committed()
    const wanted = this.#partitions.map(({ topic, partition }) => {
      const offset = current.get(`${topic}-${partition}`)
      if (offset === undefined) {
        const name = `${topic}-${partition}`
        throw new UsageError(`Cannot shift offset for partition ${name} since there is no current committed offset`)
      }
      return { topic, partition, offset: offset + by }
    })
    return this.clamped(wanted)
  }

  async toCurrent(): Promise<NewOffset[]> {
    const current = await this.#committed()
    const known = this.#partitions.flatMap(({ topic, partition }) => {
      const offset = current.get(`${topic}-${partition}`)
      return offset === undefined ? [] : [{ topic, partition, offset }]
    })
    const unknown = this.#partitions.filter(({ topic, partition }) => !current.has(`${topic}-${partition}`))
    return [...known, ...(await this.to('latest', unknown))]
  }

  async fromFile(path: string, groups: readonly string[]): Promise<NewOffset[]> {
    const plan = parseResetPlan(readPlan(path), groups.length === 1 ? groups[0]! : null)
    const wanted = plan.get(this.#groupId)
    if (wanted !== undefined) return this.clamped(wanted)
    this.#context.stdout.write(`\nError: No reset plan for group ${this.#groupId} found\n`)
    return []
  }

  /** Partitions for which the other group has committed nothing stay as they are. */
  async fromGroup(other: string): Promise<NewOffset[]> {
    const theirs = await committedOffsets(this.#admin, other)
    const wanted = new Set(this.#partitions.map(({ topic, partition }) => `${topic}-${partition}`))
    const found = theirs.filter(({ topic, partition }) => wanted.has(`${topic}-${partition}`))
    if (found.length > 0) return this.clamped(found)
    throw new KtError('not-found', `Group '${other}' has committed nothing${theirs.length === 0 ? '' : ' for these'}`, {
      next: `look at it: kt consumer-groups --describe --group ${other}`,
    })
  }

  /** Offsets outside the log are moved to its nearest end, with a warning. */
  async clamped(wanted: readonly NewOffset[]): Promise<NewOffset[]> {
    const ends = await this.#list(wanted, 'latest')
    const starts = await this.#list(wanted, 'earliest')
    return wanted.map(({ topic, partition, offset }, index) => {
      const [start, end] = [starts[index]!.offset, ends[index]!.offset]
      if (offset >= start && offset <= end) return { topic, partition, offset }
      const [side, bound] = offset > end ? ['higher than latest', end] : ['lower than earliest', start]
      const text = `New offset (${offset}) is ${side} offset for topic partition ${topic}-${partition}.`
      lineLogger((line) => this.#context.stderr.write(line)).warn(`${text} Value will be set to ${bound}`)
      return { topic, partition, offset: bound as number }
    })
  }

  async #list(partitions: readonly TopicPartition[], spec: OffsetSpec): Promise<ListedOffset[]> {
    if (partitions.length === 0) return []
    const queries = partitions.map(({ topic, partition }) => ({ topic, partition, spec }))
    const outcomes = await this.#admin.listOffsets(queries)
    return outcomes.map((outcome) => valueOrFailure(outcome, 'java.util.concurrent.ExecutionException: '))
  }

  async #committed(): Promise<Map<string, number>> {
    const offsets = await committedOffsets(this.#admin, this.#groupId)
    return new Map(offsets.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]))
  }
}

function readPlan(path: string): string {
  try {
    return nodeFileSystem.readFile(path).toString('utf8')
  } catch (error) {
    const facts = [error instanceof Error ? error.message : String(error)]
    throw new ScriptFailure(`Unable to read file ${path}`, `java.io.IOException: Unable to read file ${path}`, {
      facts,
    })
  }
}

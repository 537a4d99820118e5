/** `--topic` with `--before` or `--before-offset`: how far each partition is to be emptied. */
import { KtError } from '../../base/errors.ts'
import { nearest } from '../../cli/nearest.ts'
import { parseWhole, UsageError } from '../../cli/options.ts'
import type { Admin } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'
import { parseWhen } from '../when.ts'
import type { RecordsBefore } from './offset-file.ts'

/** All there are, as DeleteRecords has it. */
const ALL = -1

/**
 * One of `before` (a time) and `offset` is given. Records of a partition whose youngest is older all go; partitions whose
 * end is below `offset` are emptied. Throws `UsageError`, and a `not-found` `KtError` for an unknown topic.
 */
export async function recordsBefore(
  topic: string,
  before: string | undefined,
  offset: string | undefined,
  admin: Admin,
  nowMs: number,
): Promise<RecordsBefore[]> {
  const timestamp = before === undefined ? null : parseWhen(before, nowMs, 'before')
  const wanted = offset === undefined ? ALL : offsetOf(offset)
  const outcome = (await admin.describeTopics([topic])).get(topic)!
  if (!outcome.ok && outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') throw await unknown(topic, admin)
  const partitions = unwrap(outcome)
    .partitions.map(({ partition }) => partition)
    .sort((left, right) => left - right)
  const ask = async (spec: number | 'latest' | 'earliest') =>
    (await admin.listOffsets(partitions.map((partition) => ({ topic, partition, spec })))).map(unwrap)
  if (timestamp !== null) {
    // The ends first: what is written from now on is younger, and must not go with "all there are".
    const ends = await ask('latest')
    const found = await ask(timestamp)
    return partitions.map((partition, at) => ({
      topic,
      partition,
      offset: found[at]!.offset < 0 ? ends[at]!.offset : found[at]!.offset,
    }))
  }
  const [starts, ends] = await Promise.all([ask('earliest'), ask('latest')])
  return partitions.map((partition, at) => {
    const within = Math.max(starts[at]!.offset, Math.min(wanted, ends[at]!.offset))
    return { topic, partition, offset: wanted === ALL ? ALL : within }
  })
}

function offsetOf(text: string): number {
  const offset = parseWhole(text, 'long')
  if (offset !== undefined && offset >= ALL) return offset
  throw new UsageError(`--before-offset: '${text}' is no offset`, { facts: ['-1 removes all'] })
}

async function unknown(topic: string, admin: Admin): Promise<KtError> {
  const names = (await admin.listTopics()).map(({ name }) => name)
  const near = nearest(topic, names)
  return new KtError('not-found', `Topic '${topic}' does not exist`, {
    facts: near.length === 0 ? [] : [`did you mean ${near.join(' or ')}?`],
    next: 'list the topics: kt topics --list',
  })
}

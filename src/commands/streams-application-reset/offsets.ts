/** Where the input of an application begins: one function per scenario. Nothing is changed. */
import { KtError } from '../../base/errors.ts'
import { parseWhole } from '../../cli/options.ts'
import type { Admin, OffsetSpec, TopicPartition } from '../../client/admin-types.ts'
import { parseDateTime, parseDuration } from '../consumer-groups/reset-time.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import { unwrap } from '../outcome.ts'
import { readTextFile } from '../text-file.ts'
import type { ResetGiven } from './options.ts'

export interface NewOffset extends TopicPartition {
  readonly offset: number
}

export interface InputReset {
  readonly given: ResetGiven
  readonly admin: Admin
  readonly nowMs: number
  /** What the script says on the way. */
  say(line: string): void
}

/** Offsets of the input's partitions, in the order of the script's set. */
export async function inputOffsets(partitions: readonly TopicPartition[], reset: InputReset): Promise<NewOffset[]> {
  const { given, nowMs } = reset
  const ordered = partitionsInHashOrder(partitions)
  const toOffset = given.value('to-offset')
  const shiftBy = given.value('shift-by')
  const dateTime = given.value('to-datetime')
  const duration = given.value('by-duration')
  const file = given.value('from-file')
  if (toOffset !== undefined)
    return inRange(
      ordered.map((each) => ({ ...each, offset: toOffset })),
      reset,
    )
  if (given.has('to-latest')) return at(ordered, 'latest', reset)
  if (shiftBy !== undefined) return inRange(await shifted(ordered, shiftBy, reset), reset)
  if (dateTime !== undefined) return atTime(ordered, parseDateTime(dateTime), reset)
  if (duration !== undefined) return atTime(ordered, nowMs - parseDuration(duration), reset)
  if (file !== undefined) return inRange(planned(ordered, readTextFile(file)), reset)
  return at(ordered, 'earliest', reset)
}

/** A special point or a time of each partition; -1 where no record is that new. */
export async function at(
  partitions: readonly TopicPartition[],
  spec: OffsetSpec,
  { admin }: Pick<InputReset, 'admin'>,
): Promise<NewOffset[]> {
  if (partitions.length === 0) return []
  const listed = await admin.listOffsets(partitions.map(({ topic, partition }) => ({ topic, partition, spec })))
  return partitions.map(({ topic, partition }, index) => ({ topic, partition, offset: unwrap(listed[index]!).offset }))
}

async function atTime(partitions: readonly TopicPartition[], timeMs: number, reset: InputReset): Promise<NewOffset[]> {
  const found = await at(partitions, timeMs, reset)
  const ends = await at(partitions, 'latest', reset)
  return found.map((each, index) => {
    if (each.offset >= 0) return each
    const { topic, partition } = each
    const text = `Partition ${partition} from topic ${topic} is empty, without a committed record.`
    reset.say(`${text} Falling back to latest known offset.`)
    return ends[index]!
  })
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/** From what is committed, else from the end. */
async function shifted(partitions: readonly TopicPartition[], by: number, reset: InputReset): Promise<NewOffset[]> {
  const groupId = reset.given.value('application-id')!
  const outcome = (await reset.admin.listGroupOffsets([groupId])).get(groupId)!
  const committed = new Map(unwrap(outcome).map((each) => [nameOf(each), each.offset]))
  const ends = await at(partitions, 'latest', reset)
  return ends.map((end) => ({ ...end, offset: (committed.get(nameOf(end)) ?? end.offset) + by }))
}

/** Offsets outside the log, and its very beginning, are told and moved to its nearest end. */
async function inRange(wanted: readonly NewOffset[], reset: InputReset): Promise<NewOffset[]> {
  const starts = await at(wanted, 'earliest', reset)
  const ends = await at(wanted, 'latest', reset)
  return wanted.map((each, index) => {
    const [start, end] = [starts[index]!.offset, ends[index]!.offset]
    if (each.offset < end && each.offset > start) return each
    const [side, bound] = each.offset < end ? ['lower than earliest', start] : ['higher than latest', end]
    reset.say(`New offset (${each.offset}) is ${side} offset. Value will be set to ${bound}`)
    return { ...each, offset: bound as number }
  })
}

/** The file names every partition of the input. Throws a usage `KtError` otherwise. */
export function planned(partitions: readonly TopicPartition[], text: string): NewOffset[] {
  if (text === '') throw planError('Error parsing reset plan CSV file. It is empty,')
  const plan = new Map<string, number>()
  for (const line of text.replace(/\n+$/, '').split('\n')) {
    const [topic, partition, offset, ...more] = line.split(',')
    if (offset === undefined || more.length > 0) {
      throw planError('Reset plan CSV file is not following the format `TOPIC,PARTITION,OFFSET`.')
    }
    const number = parseWhole(offset, 'long')
    if (parseWhole(partition!, 'int') === undefined || number === undefined) {
      throw new KtError('usage', `Not a partition and an offset in the reset plan: '${line}'`)
    }
    plan.set(`${topic}-${Number(partition)}`, number)
  }
  return partitions.map((each) => {
    const offset = plan.get(nameOf(each))
    if (offset !== undefined) return { ...each, offset }
    throw new KtError('usage', `The reset plan has no offset for ${nameOf(each)}`, {
      next: 'name every partition of --input-topics in the file',
    })
  })
}

function planError(message: string): KtError {
  return new KtError('usage', `java.text.ParseException: ${message}`)
}

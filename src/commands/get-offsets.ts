/**
 * `kt get-offsets`, Kafka's `kafka-get-offsets.sh`: `topic:partition:offset` lines, at the end of the log unless
 * `--time` says otherwise. A partition without an offset at that time is left out.
 */
import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'
import { reportError, toKtError } from '../cli/errors.ts'
import { exitCodeForReason, OK, SCRIPT_FAILURE } from '../cli/exit-codes.ts'
import { formatDocument } from '../cli/format.ts'
import { nearest } from '../cli/nearest.ts'
import { flag, text, UsageError } from '../cli/options.ts'
import {
  CONNECTION_OPTIONS,
  defineScriptCommand,
  type Given,
  type Presentation,
  presentationOf,
  targetOf,
} from '../cli/script-command.ts'
import type { Admin, TopicListing, TopicPartition } from '../client/admin-types.ts'
import { checkServers } from './bootstrap-check.ts'
import { parseOffsetSpec } from './get-offsets/offset-spec.ts'
import { type PartitionFilter, partitionFilterOf } from './get-offsets/partition-filter.ts'
import { unwrapAll } from './outcome.ts'

const options = {
  topic: text('topic', 'Topics whose names match this regular expression; left out: all topics.'),
  partitions: text('0,1,...', 'Partition numbers; left out: all partitions.'),
  'topic-partitions': text(
    'topic:partitions,...',
    'Topic expressions with partitions each: a number, `2-5` (5 excluded), `2-`, `-5`, or nothing for all.',
  ),
  time: text(
    'time',
    'latest (-1), earliest (-2), max-timestamp (-3), earliest-local (-4), latest-tiered (-5), earliest-pending-upload (-6), or milliseconds: the first record at or after that time.',
    { default: 'latest' },
  ),
  'exclude-internal-topics': flag('Leave out internal topics.'),
  ...CONNECTION_OPTIONS,
}
type GetOffsetsGiven = Given<typeof options>

export const getOffsets = defineScriptCommand({
  name: 'get-offsets',
  script: 'kafka-get-offsets.sh',
  summary: 'Show the offsets of partitions: earliest, latest, at a time',
  parseErrorPrefix: 'Error occurred: ',
  options,
  examples: [
    { command: 'kt get-offsets --topic orders', does: 'the end of every partition' },
    { command: 'kt get-offsets --topic-partitions orders:0-2,payments --time earliest', does: 'where they begin' },
    {
      command: 'kt get-offsets --topic orders --time max-timestamp --format json',
      does: 'the newest record of each, as a structure',
    },
  ],
  // Left out, every topic of the local cluster is asked: with the script the connection alone is required.
  check: checkBootstrap,
  run: runGetOffsets,
})

function checkBootstrap(given: GetOffsetsGiven): void {
  const servers = given.value('bootstrap-server')
  if (servers !== undefined) checkServers(servers)
}

async function runGetOffsets(given: GetOffsetsGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  try {
    return await printOffsets(given, context, presentation)
  } catch (error) {
    if (context.signal.aborted) return exitCodeForReason(context.signal.reason)
    const failure = toKtError(error)
    if (failure.kind === 'interrupted') throw failure
    if (presentation === 'script') context.stderr.write('Error occurred: ')
    reportError(failure, context)
    return SCRIPT_FAILURE
  }
}

async function printOffsets(
  given: GetOffsetsGiven,
  context: CommandContext,
  presentation: Presentation,
): Promise<number> {
  if (given.has('topic-partitions') && (given.has('topic') || given.has('partitions'))) {
    throw new UsageError('--topic-partitions cannot be used with --topic or --partitions')
  }
  const spec = parseOffsetSpec(given.value('time')!)
  const filter = partitionFilterOf(given.value('topic-partitions'), given.value('topic'), given.value('partitions'))
  const admin = await context.admin({ ...targetOf(given), clientId: 'GetOffsetShell' })
  const partitions = await matchingPartitions(admin, filter, given.has('exclude-internal-topics'))
  const outcomes = await admin.listOffsets(partitions.map((partition) => ({ ...partition, spec })))
  const found: OffsetRow[] = []
  for (const [at, { topic, partition }] of partitions.entries()) {
    const outcome = outcomes[at]!
    if (!outcome.ok) {
      const name = `${topic}-${partition}`
      context.stderr.write(`Skip getting offsets for topic-partition ${name} due to error: ${outcome.error.message}\n`)
    } else if (outcome.value.offset >= 0) found.push({ topic, partition, ...outcome.value })
  }
  await write(found, presentation, context)
  return OK
}

/** Partitions in the order of `topic-partition` as text, which is the script's: `t-10` before `t-2`. */
async function matchingPartitions(
  admin: Admin,
  filter: PartitionFilter,
  excludeInternal: boolean,
): Promise<TopicPartition[]> {
  const listings = await admin.listTopics()
  const names = listings
    .filter(({ name, isInternal }) => !(isInternal && excludeInternal) && filter.allowsTopic(name))
    .map(({ name }) => name)
  const described = names.length === 0 ? [] : [...unwrapAll(await admin.describeTopics(names)).values()]
  const partitions = described
    .flatMap(({ name, partitions: list }) => list.map(({ partition }) => ({ topic: name, partition })))
    .filter(({ topic, partition }) => filter.allows(topic, partition))
  if (partitions.length === 0) {
    throw noMatch(names, filter, listings)
  }
  const key = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`
  return partitions.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** Says whether the topic or the partition is what does not exist, and which topics are near. */
function noMatch(names: readonly string[], filter: PartitionFilter, listings: readonly TopicListing[]): KtError {
  const known = listings.map(({ name }) => name)
  const near = [...new Set(filter.topics.flatMap((wanted) => nearest(wanted, known)))]
  const facts =
    names.length > 0
      ? [`Matching topics without such partitions: ${names.slice(0, MAX_NAMES_SHOWN).join(', ')}`]
      : near.length > 0
        ? [`Topics with a similar name: ${near.slice(0, MAX_NAMES_SHOWN).join(', ')}`]
        : []
  const message = 'Could not match any topic-partitions with the specified filters'
  return new KtError('not-found', message, { facts, next: 'kt topics --list' })
}

const MAX_NAMES_SHOWN = 3

interface OffsetRow extends TopicPartition {
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number
}

async function write(rows: readonly OffsetRow[], presentation: Presentation, context: CommandContext): Promise<void> {
  if (presentation === 'script') {
    context.stdout.write(rows.map(({ topic, partition, offset }) => `${topic}:${partition}:${offset}\n`).join(''))
  } else if (presentation === 'terminal') {
    const { drawTable } = await import('../cli/table.ts')
    const sorted = [...rows].sort((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    )
    const cells = sorted.map(({ topic, partition, offset }) => [topic, String(partition), String(offset)])
    context.stdout.write(await drawTable({ head: ['TOPIC', 'PARTITION', 'OFFSET'], rows: cells, rightAligned: [1, 2] }))
  } else {
    const offsets = rows.map(({ topic, partition, offset, timestamp, leaderEpoch }) => ({
      topic,
      partition,
      offset,
      timestamp: timestamp < 0 ? null : timestamp,
      leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
    }))
    context.stdout.write(formatDocument(presentation, 'OffsetList', { offsets }))
  }
}

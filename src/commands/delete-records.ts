/**
 * `kt delete-records`, Kafka's `kafka-delete-records.sh`: removes the records of partitions below an offset.
 *
 * Differs: partitions are told in the order of the file, the script's order changes from run to run. A topic that does not exist is told at once; the script asks for a minute and then tells of a timeout.
 */
import { requireOptions } from '../cli/check-options.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument } from '../cli/format.ts'
import { addedByKt, flag, text, UsageError } from '../cli/options.ts'
import {
  CONNECTION_OPTIONS,
  defineScriptCommand,
  type Given,
  type Presentation,
  presentationOf,
  targetOf,
} from '../cli/script-command.ts'
import { drawTable } from '../cli/table.ts'
import type { Admin, Outcome } from '../client/admin-types.ts'
import type { RecordsBefore } from './delete-records/offset-file.ts'

const options = {
  ...CONNECTION_OPTIONS,
  'offset-json-file': text(
    'file',
    'The first offset to keep of each partition, -1 to keep none: {"partitions": [{"topic": "orders", "partition": 0, "offset": 100}], "version": 1}',
  ),
  ...addedByKt({
    'dry-run': flag('Show what would be removed, and remove nothing.'),
    topic: text('topic', 'All partitions of this topic; with --before or --before-offset instead of a file.'),
    before: text('time', 'Remove records that are older than this: -7d, 2026-01-31T12:00:00Z, milliseconds.'),
    'before-offset': text('offset', 'Remove records below this offset in each partition; -1 removes all.'),
  }),
}
type DeleteRecordsGiven = Given<typeof options>

export const deleteRecords = defineScriptCommand({
  name: 'delete-records',
  script: 'kafka-delete-records.sh',
  summary: 'Remove the records of partitions below an offset',
  options,
  examples: [
    {
      command: 'kt delete-records --offset-json-file offsets.json --dry-run',
      does: 'how many records of which partitions would go',
    },
    { command: 'kt delete-records --offset-json-file offsets.json', does: 'removes them' },
    { command: 'kt delete-records --topic orders --before -7d --dry-run', does: 'what is older than a week' },
    {
      command: 'kt delete-records --offset-json-file offsets.json --format json',
      does: 'the new beginning of each partition as a structure',
    },
  ],
  check: checkDeleteRecords,
  run: runDeleteRecords,
})

function checkDeleteRecords(given: DeleteRecordsGiven): void {
  if (!given.has('topic')) {
    const lonely = (['before', 'before-offset'] as const).find((name) => given.has(name))
    if (lonely !== undefined) throw new UsageError(`--${lonely} goes with --topic`)
    requireOptions(given, ['offset-json-file'])
    return
  }
  if (given.has('offset-json-file'))
    throw new UsageError('--topic and --offset-json-file cannot be specified together.')
  if (given.has('before') === given.has('before-offset')) {
    throw new UsageError('--topic goes with one of --before and --before-offset')
  }
}

/** What is to go as the file says; null when a topic is named instead. */
async function wantedByFile(given: DeleteRecordsGiven): Promise<readonly RecordsBefore[] | null> {
  const file = given.value('offset-json-file')
  if (file === undefined) return null
  const { parseOffsetFile } = await import('./delete-records/offset-file.ts')
  const { readTextFile } = await import('./text-file.ts')
  return parseOffsetFile(readTextFile(file))
}

async function wantedByTopic(given: DeleteRecordsGiven, admin: Admin, now: number): Promise<readonly RecordsBefore[]> {
  const { recordsBefore } = await import('./delete-records/topic-bounds.ts')
  return recordsBefore(given.value('topic')!, given.value('before'), given.value('before-offset'), admin, now)
}

async function runDeleteRecords(given: DeleteRecordsGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  // A file that cannot be read is told before anything connects.
  const byFile = await wantedByFile(given)
  const admin = await context.admin(targetOf(given))
  const wanted = byFile ?? (await wantedByTopic(given, admin, context.clock.now()))
  if (given.has('dry-run')) {
    await showPlan(wanted, admin, presentation, context)
    return OK
  }
  if (presentation === 'script') context.stdout.write('Executing records delete operation\n')
  const outcomes = await admin.deleteRecords(wanted)
  await showResults(
    wanted.map((each, index) => ({ ...each, result: outcomes[index]! })),
    presentation,
    context,
  )
  return OK
}

type Deleted = RecordsBefore & { readonly result: Outcome<{ lowWatermark: number }> }

async function showResults(
  results: readonly Deleted[],
  presentation: Presentation,
  context: CommandContext,
): Promise<void> {
  if (presentation === 'script') {
    context.stdout.write('Records delete operation completed:\n')
    const { javaText } = await import('./java-failure.ts')
    for (const { topic, partition, result } of results) {
      const told = result.ok ? `low_watermark: ${result.value.lowWatermark}` : `error: ${javaText(result.error)}`
      context.stdout.write(`partition: ${topic}-${partition}\t${told}\n`)
    }
  } else if (presentation === 'terminal') {
    const { dim, name, bad } = await context.colours()
    const rows = results.map(({ topic, partition, result }) => [
      name(topic),
      String(partition),
      result.ok ? String(result.value.lowWatermark) : '-',
      result.ok ? '' : bad(result.error.message),
    ])
    const head = ['TOPIC', 'PARTITION', 'NOW BEGINS AT', ''].map(dim)
    context.stdout.write(await drawTable({ head, rows, rightAligned: [1, 2] }))
  } else {
    const partitions = results.map(({ topic, partition, result }) => ({
      topic,
      partition,
      lowWatermark: result.ok ? result.value.lowWatermark : null,
      error: result.ok ? null : { name: result.error.name, message: result.error.message },
    }))
    context.stdout.write(formatDocument(presentation, 'RecordsDeleted', { partitions }))
  }
}

/** What would go: from where each partition begins now to the offset that is asked for. */
async function showPlan(
  wanted: readonly RecordsBefore[],
  admin: Admin,
  presentation: Presentation,
  context: CommandContext,
): Promise<void> {
  const ask = (spec: 'earliest' | 'latest') =>
    admin.listOffsets(wanted.map(({ topic, partition }) => ({ topic, partition, spec })))
  const [starts, ends] = await Promise.all([ask('earliest'), ask('latest')])
  const partitions = wanted.map(({ topic, partition, offset }, index) => planned(topic, partition, offset, index))
  function planned(topic: string, partition: number, offset: number, index: number) {
    const [start, end] = [starts[index]!, ends[index]!]
    if (!start.ok || !end.ok) {
      const error = start.ok ? (end.ok ? null : end.error.message) : start.error.message
      return { topic, partition, beginsAt: null, wouldBeginAt: null, records: null, error }
    }
    const [from, to] = [start.value.offset, offset === -1 ? end.value.offset : offset]
    const error = to > end.value.offset || offset < -1 ? `The log ends at ${end.value.offset}` : null
    const beginning = Math.max(from, to)
    return { topic, partition, beginsAt: from, wouldBeginAt: beginning, records: beginning - from, error }
  }
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'RecordsDeletionPlan', { partitions }))
    return
  }
  const cell = (value: number | null): string => (value === null ? '-' : String(value))
  const { dim, bad } = await context.colours()
  context.stdout.write(
    await drawTable({
      head: ['TOPIC', 'PARTITION', 'BEGINS AT', 'WOULD BEGIN AT', 'RECORDS', ''].map(dim),
      rows: partitions.map((each) => [
        each.topic,
        String(each.partition),
        cell(each.beginsAt),
        cell(each.wouldBeginAt),
        cell(each.records),
        each.error === null ? '' : bad(each.error),
      ]),
      rightAligned: [1, 2, 3, 4],
    }),
  )
}

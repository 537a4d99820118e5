/** Ways to describe groups that the script does not have: totals, lag as time, the next records, again and again. */

import type { CommandContext, Output } from '../../cli/context.ts'
import { contextWith } from '../../cli/derived-context.ts'
import { toKtError } from '../../cli/errors.ts'
import { formatDocument, type Structure, type StructuredFormat } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { presentationOf, targetOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import type { PartitionSpan } from '../console-consumer/range-source.ts'
import { dateText } from '../console-consumer/template.ts'
import { plainTable, spanText } from '../plain-table.ts'
import { firstRecords, spanKey, type TimedRecord } from '../read-records.ts'
import { exactText, recordJson } from '../record-json.ts'
import { runDescribe } from './describe.ts'
import { describeGroups, offsetRows } from './group-rows.ts'
import { type GroupLag, groupLags, lagFields } from './lag.ts'
import { groupIdsOf } from './list.ts'
import type { GivenConsumerGroups } from './options.ts'
import type { OffsetRow } from './tables.ts'

/** `--describe` with `--totals`, `--lag-time`, `--peek` or `--watch`. */
export async function runDescribeMore(
  given: GivenConsumerGroups,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const show = showOf(given)
  if (!given.has('watch')) return show(given, context, admin)
  const intervalMs = intervalOf(given)
  const { watch } = await import('../describe/watch.ts')
  const { clock, signal, stdout } = context
  const frame = async (): Promise<{ text: string; footer: string }> => ({
    text: await textOf((captured) => show(given, captured, admin), context),
    footer: stdout.isTerminal ? 'Ctrl-C ends\n' : '',
  })
  await watch({ intervalMs, clock, signal, output: stdout, frame })
}

type Show = (given: GivenConsumerGroups, context: CommandContext, admin: Admin) => Promise<void>

function showOf(given: GivenConsumerGroups): Show {
  if (given.has('peek')) return showNext
  return given.has('totals') || given.has('lag-time') ? showLag : runDescribe
}

const DEFAULT_INTERVAL_S = 2
const SHORTEST_INTERVAL_S = 0.2

function intervalOf(given: GivenConsumerGroups): number {
  const word = given.value('watch') ?? String(DEFAULT_INTERVAL_S)
  const seconds = Number(word)
  if (word.trim() !== '' && seconds >= SHORTEST_INTERVAL_S) return seconds * 1000
  throw new UsageError(`--watch: '${word}' is no number of seconds`, { facts: [`at least ${SHORTEST_INTERVAL_S}`] })
}

/** What would be printed; a failure is shown in its place, and the watching goes on. */
async function textOf(show: (context: CommandContext) => Promise<void>, context: CommandContext): Promise<string> {
  const chunks: string[] = []
  const keep: Output = {
    write: (data) => {
      chunks.push(typeof data === 'string' ? data : Buffer.from(data).toString())
      return true
    },
    drain: async () => undefined,
    isTerminal: context.stdout.isTerminal,
    columns: context.stdout.columns,
  }
  try {
    await show(contextWith(context, { stdout: keep, stderr: keep }))
  } catch (error) {
    chunks.push(`${toKtError(error).message}\n`)
  }
  return chunks.join('')
}

async function showLag(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const described = await offsetRows(admin, await describeGroups(admin, await groupIdsOf(given, admin)))
  const withTime = given.has('lag-time')
  const waiting = withTime
    ? await oldestUnread(
        described.flatMap(({ rows }) => rows),
        given,
        context,
      )
    : null
  const groups = groupLags(described, waiting)
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'ConsumerGroupLag', { groups: groups.map(lagFields) }))
  } else if (given.has('totals')) {
    context.stdout.write(totalsText(groups, withTime))
  } else {
    context.stdout.write(rowsText(groups))
  }
}

const orDash = (value: string | number | null): string => (value === null ? '-' : String(value))
const timeText = (ms: number | null): string => (ms === null ? '-' : spanText(ms))

function totalsText(groups: readonly GroupLag[], withTime: boolean): string {
  const time = (ms: number | null): string[] => (withTime ? [timeText(ms)] : [])
  const rows = groups.flatMap(({ groupId, state, topics, totalLag, maxLagMs, partitionCount }) => [
    ...topics.map((each) => [
      groupId,
      state,
      each.topic,
      String(each.partitionCount),
      orDash(each.lag),
      ...time(each.lagMs),
    ]),
    ...(topics.length === 1
      ? []
      : [[groupId, state, '(all)', String(partitionCount), orDash(totalLag), ...time(maxLagMs)]]),
  ])
  const head = ['GROUP', 'STATE', 'TOPIC', 'PARTITIONS', 'LAG', ...(withTime ? ['LAG-TIME'] : [])]
  const sum = groups.reduce((total, each) => total + (each.totalLag ?? 0), 0)
  return `${plainTable(head, rows)}${groups.length > 1 ? `total lag of ${groups.length} groups: ${sum}\n` : ''}`
}

function rowsText(groups: readonly GroupLag[]): string {
  const rows = groups.flatMap(({ groupId, rows }) =>
    rows.map((row) => [
      groupId,
      row.topic,
      String(row.partition),
      orDash(row.currentOffset),
      orDash(row.logEndOffset),
      orDash(row.lag),
      timeText(row.lagMs),
    ]),
  )
  return plainTable(['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'LAG-TIME'], rows)
}

/** Where groups go on reading: one span per committed offset with something behind it. */
function unread(rows: readonly OffsetRow[]): PartitionSpan[] {
  return rows.flatMap(({ topic, partition, currentOffset, logEndOffset, lag }) =>
    lag === null || lag <= 0 || currentOffset === null || logEndOffset === null
      ? []
      : [{ topic, partition, earliest: 0, latest: logEndOffset, from: currentOffset, to: logEndOffset }],
  )
}

/** How long the record at each committed offset has been there, in ms, by group and partition. */
async function oldestUnread(
  rows: readonly OffsetRow[],
  given: GivenConsumerGroups,
  context: CommandContext,
): Promise<Map<string, number>> {
  const connection = await context.connection(targetOf(given))
  const waiting = new Map<string, number>()
  // A partition can be read at one place at a time: groups take turns.
  for (const group of new Set(rows.map((row) => row.group))) {
    const records = await firstRecords(unread(rows.filter((row) => row.group === group)), 1, connection)
    for (const [key, [first]] of records) {
      if (first !== undefined && first.timestamp >= 0) {
        waiting.set(`${group}/${key}`, Math.max(0, context.clock.now() - first.timestamp))
      }
    }
  }
  return waiting
}

async function showNext(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const described = await offsetRows(admin, await describeGroups(admin, await groupIdsOf(given, admin)))
  const connection = await context.connection(targetOf(given))
  const presentation = presentationOf(given, context)
  for (const { groupId, rows } of described) {
    const spans = unread(rows)
    const found = await firstRecords(spans, given.value('peek')!, connection)
    for (const span of spans) {
      const records = found.get(spanKey(span)) ?? []
      if (presentation === 'json' || presentation === 'yaml') {
        for (const record of records) context.stdout.write(documentOf(presentation, span, record))
      } else context.stdout.write(nextText(groupId, span, records))
    }
    if (spans.length === 0) context.stderr.write(`Group '${groupId}' has read everything.\n`)
  }
}

/** As console-consumer prints them: one line each as JSON, one document each as YAML. */
function documentOf(format: StructuredFormat, { topic, partition }: PartitionSpan, record: TimedRecord): string {
  const { offset, timestamp, timestampType, headers, key, value } = record
  const line = recordJson({ topic, partition, offset, timestamp, timestampType, headers, key, value })
  if (format === 'json') return `${line}\n`
  const { apiVersion: _, kind, ...fields } = JSON.parse(line) as Record<string, Structure>
  return `---\n${formatDocument('yaml', String(kind), fields)}`
}

function nextText(groupId: string, span: PartitionSpan, records: readonly TimedRecord[]): string {
  const shown = (data: Buffer | null): string =>
    data === null ? 'null' : (exactText(data) ?? `0x${data.toString('hex')}`)
  const lines = records.map(
    ({ offset, timestamp, key, value }) => `  ${offset}  ${dateText(timestamp)}  ${shown(key)}  ${shown(value)}\n`,
  )
  return `${groupId} ${span.topic}-${span.partition}: committed ${span.from}, ${span.to - span.from} to go\n${lines.join('')}`
}

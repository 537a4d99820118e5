/**
 * `kt share-consumer-perf-test`, Kafka's `kafka-share-consumer-perf-test.sh`: reads as members of a share group and says
 * how fast that was.
 *
 * Differs: when nothing comes in time the script is interrupted and fails; here the warning and the summary are printed.
 * `--print-metrics` prints what was measured and nothing else. `--socket-buffer-size` is read and has no effect. Ctrl-C
 * prints the summary of what was read so far.
 */
import { requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK } from '../../cli/exit-codes.ts'
import { flag, integer, text, UsageError } from '../../cli/options.ts'
import { defineScriptCommand, type Given, presentationOf } from '../../cli/script-command.ts'
import { maxPollRecordsOf } from '../../client/fetcher/options.ts'
import { ShareConsumer } from '../../client/share/share-consumer.ts'
import {
  checkRenamed,
  commandConfigOf,
  consumerProperties,
  type GivenReadingPerf,
  READING_PERF_OPTIONS,
} from '../consumer-perf-test/options.ts'
import { readingFields } from '../consumer-perf-test/perf-lines.ts'
import { PerfReport } from '../consumer-perf-test/perf-report.ts'
import { joinShareGroup } from '../share-group.ts'
import { SHARE_HEADER, shareIntervalLine, shareLine } from './share-perf-lines.ts'
import { type SharedCount, ShareRun } from './share-run.ts'

const OPTIONS = {
  ...READING_PERF_OPTIONS,
  group: text('group', 'The share group to read as.', { default: 'perf-share-consumer' }),
  'fetch-size': integer('bytes', 'How much to fetch at once.', { default: '1048576' }),
  threads: integer('count', 'How many members share the load.', { default: '1' }),
  'show-consumer-stats': flag('Print a line for each member.'),
}
type GivenSharePerf = Given<typeof OPTIONS>

export const shareConsumerPerfTest = defineScriptCommand({
  name: 'share-consumer-perf-test',
  script: 'kafka-share-consumer-perf-test.sh',
  summary: 'Read as members of a share group, and see how fast that is',
  options: OPTIONS,
  examples: [
    { command: 'kt share-consumer-perf-test --topic perf --num-records 100000', does: 'one member, then one line' },
    {
      command: 'kt share-consumer-perf-test --topic perf --num-records 100000 --threads 3 --show-consumer-stats',
      does: 'three members, and what each of them got',
    },
    {
      command: 'kt share-consumer-perf-test --topic perf --num-records 100000 --timeout 5000 --format json',
      does: 'a structure to compare runs by; ends when nothing came for five seconds',
    },
  ],
  check(given, context) {
    requireOptions(given, context.asScript ? ['topic', 'bootstrap-server'] : ['topic'])
    checkRenamed(given as unknown as GivenReadingPerf, context)
  },
  run: runSharePerf,
})

interface Member {
  readonly clientId: string
  readonly consumer: ShareConsumer
  readonly run: ShareRun
}

async function runSharePerf(given: GivenSharePerf, context: CommandContext): Promise<number> {
  const reading = given as unknown as GivenReadingPerf
  const report = new PerfReport(reading, presentationOf(given, context), 'ShareConsumerPerformance', context)
  if (report.isText && !given.has('hide-header')) report.line(SHARE_HEADER)
  const wanted = (given.value('messages') ?? given.value('num-records'))!
  const shared: SharedCount = { wanted, records: 0, bytes: 0 }
  const startMs = context.clock.now()
  const total = () => ({
    startMs,
    endMs: context.clock.now(),
    records: shared.records,
    bytes: shared.bytes,
    rebalanceMs: 0,
  })
  const onProgress = (): void => report.progress(total)
  const members = await membersOf(given, shared, report, onProgress, context)
  try {
    void report.date
    await readTogether(members, shared, context)
    const sum = total()
    if (given.has('show-consumer-stats') && report.isText) {
      for (const [at, { clientId, run }] of members.entries()) {
        const line = shareLine({ ...sum, records: run.records, bytes: run.bytes }, report.date)
        report.line(`Share consumer ${at + 1} having client id ${clientId} consumption metrics- ${line}`)
      }
    }
    if (sum.records < wanted && !context.signal.aborted) report.timedOut()
    const consumers = members.map(({ clientId, run: { records, bytes } }) => ({ clientId, records, bytes }))
    const more = { groupId: given.value('group')!, timedOut: sum.records < wanted, consumers }
    report.finish(sum, more, metricsOf(members, readingFields(sum).elapsedMs), (date) => shareLine(sum, date))
  } finally {
    await Promise.all(members.map(({ consumer }) => consumer.close()))
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

async function membersOf(
  given: GivenSharePerf,
  shared: SharedCount,
  report: PerfReport,
  onProgress: () => void,
  context: CommandContext,
): Promise<Member[]> {
  const reading = given as unknown as GivenReadingPerf
  const properties = consumerProperties(reading)
  const threads = given.value('threads')!
  const intervalMs = given.value('reporting-interval')!
  if (intervalMs <= 0) throw new UsageError('Reporting interval must be greater than 0.')
  const name = properties.get('client.id') ?? 'perf-share-consumer-client'
  const members: Member[] = []
  for (let index = 1; index <= threads; index++) {
    const clientId = threads === 1 ? name : `${name}-${index}`
    const connection = await context.connection({
      bootstrapServer: given.value('bootstrap-server'),
      commandConfig: commandConfigOf(reading),
      properties: new Map([...properties, ['client.id', clientId]]),
    })
    const consumer = new ShareConsumer(connection, {
      groupId: given.value('group')!,
      topics: [given.value('topic')!],
      maxBytes: given.value('fetch-size')!,
      maxPollRecords: maxPollRecordsOf(properties),
      checkCrcs: false,
    })
    const options = {
      timeoutMs: given.value('timeout')!,
      intervalMs,
      onInterval: (interval: Parameters<PerfReport['interval']>[0], total: Parameters<PerfReport['interval']>[1]) =>
        report.interval(interval, total, (date) => shareIntervalLine(interval, total, index, date)),
      onProgress,
    }
    members.push({ clientId, consumer, run: new ShareRun(shared, options, context) })
  }
  return members
}

/** The first to see that there are enough stops the others too. */
async function readTogether(members: readonly Member[], shared: SharedCount, context: CommandContext): Promise<void> {
  const enough = new AbortController()
  const stop = (): void => enough.abort()
  context.signal.addEventListener('abort', stop, { once: true })
  if (context.signal.aborted) stop()
  try {
    await Promise.all(
      members.map(async ({ consumer, run }) => {
        await joinShareGroup(consumer, context)
        await run.read(consumer, enough)
        if (shared.records >= shared.wanted) stop()
        if (!context.signal.aborted) await consumer.commit()
      }),
    )
  } finally {
    context.signal.removeEventListener('abort', stop)
  }
}

/** Under Kafka's names; those that were not measured are not there. */
function metricsOf(members: readonly Member[], elapsedMs: number): Record<string, number> {
  const seconds = elapsedMs / 1000
  const entries = members.flatMap(({ clientId, run: { records, bytes } }) => {
    const name = (metric: string): string => `consumer-share-fetch-manager-metrics:${metric}:{client-id=${clientId}}`
    return [
      [name('bytes-consumed-rate'), bytes / seconds],
      [name('bytes-consumed-total'), bytes],
      [name('records-consumed-rate'), records / seconds],
      [name('records-consumed-total'), records],
    ] as const
  })
  return Object.fromEntries(entries)
}

/**
 * `kt consumer-perf-test`, Kafka's `kafka-consumer-perf-test.sh`: reads records as a member of a group and says how fast
 * that was.
 *
 * Differs: a cluster that cannot be reached ends it with 1 instead of a summary of nothing after the timeout.
 * `--print-metrics` prints what was measured and nothing else. `--socket-buffer-size` is read and has no effect. Ctrl-C
 * prints the summary of what was read so far.
 */
import { systemRandom } from '../../base/random.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK } from '../../cli/exit-codes.ts'
import { UsageError } from '../../cli/options.ts'
import { defineScriptCommand, presentationOf } from '../../cli/script-command.ts'
import { fetcherOptionsFromProperties, maxPollRecordsOf } from '../../client/fetcher/options.ts'
import { groupProtocolOptions } from '../../client/group/protocol-properties.ts'
import { GroupConsumer } from '../../client/group-consumer.ts'
import { javaRegex } from '../topic-filter.ts'
import { ConsumerRun } from './consumer-run.ts'
import {
  CONSUMER_PERF_OPTIONS,
  checkConsumerPerf,
  commandConfigOf,
  consumerProperties,
  type GivenConsumerPerf,
  type GivenReadingPerf,
} from './options.ts'
import { PerfReport } from './perf-report.ts'

export const consumerPerfTest = defineScriptCommand({
  name: 'consumer-perf-test',
  script: 'kafka-consumer-perf-test.sh',
  summary: 'Read records as fast as possible, and see how fast that is',
  options: CONSUMER_PERF_OPTIONS,
  examples: [
    { command: 'kt consumer-perf-test --topic perf --num-records 100000', does: 'as fast as possible, then one line' },
    {
      command: 'kt consumer-perf-test --topic perf --num-records 100000 --show-detailed-stats --reporting-interval 100',
      does: 'a line every 100 ms',
    },
    {
      command: 'kt consumer-perf-test --topic perf --num-records 100000 --timeout 2000 --format json',
      does: 'a structure to compare runs by; ends when nothing came for 2 s',
    },
  ],
  check: checkConsumerPerf,
  run: runConsumerPerf,
})

async function runConsumerPerf(given: GivenConsumerPerf, context: CommandContext): Promise<number> {
  const reading = given as unknown as GivenReadingPerf
  const report = new PerfReport(reading, presentationOf(given, context), 'ConsumerPerformance', context)
  report.header()
  const properties = consumerProperties(reading)
  const clientId = properties.get('client.id') ?? 'perf-consumer-client'
  const connection = await context.connection({
    bootstrapServer: given.value('bootstrap-server'),
    commandConfig: commandConfigOf(reading),
    properties,
    clientId,
  })
  const groupId = given.value('group') ?? `perf-consumer-${Math.floor(systemRandom.next() * 100_000)}`
  const run = new ConsumerRun(
    {
      records: (given.value('messages') ?? given.value('num-records'))!,
      timeoutMs: given.value('timeout')!,
      intervalMs: intervalOf(given),
      maxPollRecords: maxPollRecordsOf(properties),
      onInterval: (interval) => report.interval(interval, run),
      onProgress: () => report.progress(() => run.total),
    },
    context,
  )
  const consumer = new GroupConsumer(connection, {
    ...fetcherOptionsFromProperties(fetcherProperties(given, properties)),
    checkCrcs: false,
    groupId,
    ...groupProtocolOptions(properties),
    topics: topicsOf(given),
    onAssigned: () => run.assigned(),
    onRevoked: () => run.revoked(),
    ...(properties.get('enable.auto.commit')?.trim() === 'false' ? { autoCommitIntervalMs: -1 } : {}),
  })
  try {
    void report.date
    const ended = await run.read(consumer, consumer.start())
    if (ended === 'idle') report.timedOut()
    report.finish(run.total, { groupId, timedOut: ended === 'idle' }, metricsOf(run, clientId))
  } finally {
    await consumer.close()
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

function intervalOf(given: GivenConsumerPerf): number {
  const intervalMs = given.value('reporting-interval')!
  if (intervalMs <= 0) throw new UsageError('Reporting interval must be greater than 0.')
  return intervalMs
}

/** The options win over the properties, as in the script. */
function fetcherProperties(given: GivenConsumerPerf, properties: ReadonlyMap<string, string>): Map<string, string> {
  given.value('socket-buffer-size')
  return new Map([
    ...properties,
    ['max.partition.fetch.bytes', String(given.value('fetch-size'))],
    ['auto.offset.reset', given.has('from-latest') ? 'latest' : 'earliest'],
  ])
}

function topicsOf(given: GivenConsumerPerf): readonly string[] | RegExp {
  const topic = given.value('topic')
  if (topic !== undefined) return [topic]
  const include = given.value('include')!
  try {
    return javaRegex(include)
  } catch (error) {
    throw new UsageError(`--include is not a regular expression: ${include}`, { facts: [(error as Error).message] })
  }
}

/** Under Kafka's names; those that were not measured are not there. */
function metricsOf(run: ConsumerRun, clientId: string): Record<string, number> {
  const { records, bytes, startMs, endMs, rebalanceMs } = run.total
  const seconds = (endMs - startMs) / 1000
  const tags = `{client-id=${clientId}}`
  return {
    [`consumer-coordinator-metrics:rebalance-latency-total:${tags}`]: rebalanceMs,
    [`consumer-coordinator-metrics:rebalance-total:${tags}`]: run.rebalances,
    [`consumer-fetch-manager-metrics:bytes-consumed-rate:${tags}`]: bytes / seconds,
    [`consumer-fetch-manager-metrics:bytes-consumed-total:${tags}`]: bytes,
    [`consumer-fetch-manager-metrics:records-consumed-rate:${tags}`]: records / seconds,
    [`consumer-fetch-manager-metrics:records-consumed-total:${tags}`]: records,
  }
}

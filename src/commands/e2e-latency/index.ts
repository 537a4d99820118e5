/**
 * `kt e2e-latency`, Kafka's `kafka-e2e-latency.sh`: sends records one by one and says how long each took to come back.
 *
 * Differs: no group is named, as nothing is committed. The reader waits at the broker for the record instead of asking
 * again and again. Ctrl-C prints the latencies so far.
 */
import { systemRandom } from '../../base/random.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { ProgressLine } from '../../cli/progress.ts'
import { defineScriptCommand, type Presentation, presentationOf } from '../../cli/script-command.ts'
import { ClusterClient } from '../../client/cluster-client.ts'
import { Fetcher } from '../../client/fetcher.ts'
import { producerOptionsFromProperties } from '../../client/producer/options.ts'
import { Producer } from '../../client/producer.ts'
import { loadProperties } from '../../client/properties.ts'
import { javaDouble, javaFixed } from '../java-text.ts'
import {
  checkE2eLatency,
  E2E_LATENCY_OPTIONS,
  type GivenE2eLatency,
  type LatencySettings,
  latencySettings,
} from './options.ts'
import { ensureTopic, makeRecord, readFromEnd, roundTrip } from './round-trips.ts'

export const e2eLatency = defineScriptCommand({
  name: 'e2e-latency',
  script: 'kafka-e2e-latency.sh',
  summary: 'Send records one by one, and see how long each takes to come back',
  options: E2E_LATENCY_OPTIONS,
  examples: [
    {
      command: 'kt e2e-latency --topic latency --num-records 1000 --producer-acks all --record-size 100',
      does: 'average and percentiles of a thousand round trips',
    },
    {
      command: 'kt e2e-latency --topic latency --num-records 1000 --producer-acks 1 --record-size 10240',
      does: 'larger records, acknowledged by the leader alone',
    },
    {
      command: 'kt e2e-latency --topic latency --num-records 100 --producer-acks all --record-size 100 --format json',
      does: 'a structure, with fractions of milliseconds',
    },
  ],
  check: checkE2eLatency,
  run: runE2eLatency,
})

async function runE2eLatency(given: GivenE2eLatency, context: CommandContext): Promise<number> {
  const settings = latencySettings(given)
  const presentation = presentationOf(given, context)
  const { bootstrapServer, commandConfig, topic } = settings
  const connection = await context.connection({ bootstrapServer, commandConfig, clientId: 'e2e-latency' })
  const properties = commandConfig === undefined ? new Map<string, string>() : loadProperties(commandConfig)
  const client = new ClusterClient(connection)
  const fetcher = new Fetcher(client, { minBytes: 1 })
  const producer = new Producer(client, {
    ...producerOptionsFromProperties(properties),
    acks: settings.acks === '1' ? 1 : 'all',
    lingerMs: 0,
  })
  try {
    const announce = (): void => {
      const text = `Topic "${topic}" does not exist. Will create topic with 1 partition(s) and replication factor = 1\n`
      context[isText(presentation) ? 'stdout' : 'stderr'].write(text)
    }
    await ensureTopic(client, topic, announce)
    await readFromEnd(client, fetcher, topic)
    const latencies = await measure(settings, { producer, fetcher }, presentation, context)
    print(latencies, settings, presentation, context)
  } finally {
    fetcher.close()
    await producer.close(context.signal.aborted ? 0 : undefined)
    client.close()
  }
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : OK
}

const isText = (presentation: Presentation): boolean => presentation === 'script' || presentation === 'terminal'

async function measure(
  settings: LatencySettings,
  { producer, fetcher }: { producer: Producer; fetcher: Fetcher },
  presentation: Presentation,
  context: CommandContext,
): Promise<number[]> {
  const latencies: number[] = []
  const progress = new ProgressLine(context)
  let totalMs = 0
  for (let i = 0; i < settings.records; i++) {
    const elapsedMs = await roundTrip(makeRecord(settings, systemRandom), producer, fetcher, context)
    if (elapsedMs === null) break
    latencies.push(elapsedMs)
    totalMs += elapsedMs
    progress.update(
      () => `${i + 1} of ${settings.records} round trips, ${(totalMs / (i + 1)).toFixed(2)} ms on average`,
    )
    if (i % 1000 !== 0 || !isText(presentation)) continue
    progress.clear()
    context.stdout.write(`${i}\t${javaDouble(elapsedMs)}\n`)
  }
  progress.clear()
  return latencies
}

function print(
  latencies: readonly number[],
  settings: LatencySettings,
  presentation: Presentation,
  context: CommandContext,
): void {
  const sorted = [...latencies].sort((a, b) => a - b)
  const at = (fraction: number): number | null => sorted[Math.floor(sorted.length * fraction)] ?? null
  const average = latencies.length === 0 ? null : latencies.reduce((sum, each) => sum + each, 0) / latencies.length
  if (presentation === 'json' || presentation === 'yaml') {
    const latencyMs = { average, min: at(0), max: sorted.at(-1) ?? null, p50: at(0.5), p99: at(0.99), p999: at(0.999) }
    const { topic, acks } = settings
    context.stdout.write(formatDocument(presentation, 'E2eLatency', { topic, acks, records: sorted.length, latencyMs }))
    return
  }
  const whole = (fraction: number): number => Math.trunc(at(fraction) ?? 0)
  context.stdout.write(`Avg latency: ${javaFixed(average ?? Number.NaN, 4)} ms\n`)
  context.stdout.write(`Percentiles: 50th = ${whole(0.5)}, 99th = ${whole(0.99)}, 99.9th = ${whole(0.999)}\n`)
}

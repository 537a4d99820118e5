import { javaFixed } from './java-text.ts'

/** What was counted, by Kafka's names: `producer-metrics:record-send-total:{client-id=c}`. Whole counts are doubles in Kafka too. */
export type Metrics = Readonly<Record<string, number>>

/** The table that `--print-metrics` of the perf scripts prints: sorted, an empty line before it. */
export function metricsTable(metrics: Metrics): string {
  const names = Object.keys(metrics).sort()
  const width = Math.max(0, ...names.map((name) => name.length))
  const rows = names.map((name) => `${name.padEnd(width)} : ${javaFixed(metrics[name]!, 3)}\n`)
  return `\n${'Metric Name'.padEnd(width)}   Value\n${rows.join('')}`
}

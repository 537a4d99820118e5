import type { CommandContext } from '../../cli/context.ts'
import { FORMAT_VERSION, formatDocument, type Structure } from '../../cli/format.ts'
import { ProgressLine } from '../../cli/progress.ts'
import type { Presentation } from '../../cli/script-command.ts'
import { javaDateFormat } from '../java-date.ts'
import { type Metrics, metricsTable } from '../metrics-table.ts'
import type { GivenReadingPerf } from './options.ts'
import {
  type FormatDate,
  INTERVAL_HEADER,
  intervalLine,
  type Reading,
  readingFields,
  SUMMARY_HEADER,
  summaryLine,
} from './perf-lines.ts'

/** What a reading prints: the script's lines, or a document for each interval and one at the end. */
export class PerfReport {
  readonly #given: GivenReadingPerf
  readonly #presentation: Presentation
  readonly #context: CommandContext
  readonly #progress: ProgressLine
  /** `ConsumerPerformance`, for documents. */
  readonly #kind: string
  #date: FormatDate | null = null

  constructor(given: GivenReadingPerf, presentation: Presentation, kind: string, context: CommandContext) {
    this.#given = given
    this.#presentation = presentation
    this.#kind = kind
    this.#context = context
    this.#progress = new ProgressLine(context)
  }

  get isText(): boolean {
    return this.#presentation === 'script' || this.#presentation === 'terminal'
  }

  get #isDetailed(): boolean {
    return this.#given.has('show-detailed-stats')
  }

  header(): void {
    if (this.isText && !this.#given.has('hide-header')) this.line(this.#isDetailed ? INTERVAL_HEADER : SUMMARY_HEADER)
  }

  line(text: string): void {
    this.#progress.clear()
    this.#context.stdout.write(`${text}\n`)
  }

  /** Throws `UsageError` for a pattern that is none. */
  get date(): FormatDate {
    this.#date ??= javaDateFormat(this.#given.value('date-format')!)
    return this.#date
  }

  /** `layout` is the script's line; left out, that of consumer-perf-test. */
  interval(
    interval: Reading,
    total: Pick<Reading, 'records' | 'bytes'>,
    layout: (date: FormatDate) => string = (date) => intervalLine(interval, total, date),
  ): void {
    if (!this.#isDetailed) return
    if (this.isText) this.line(layout(this.date))
    else this.#document(`${this.#kind}Interval`, { ...readingFields(interval), totalRecords: total.records })
  }

  progress(reading: () => Reading): void {
    this.#progress.update(() => {
      const { records, bytes, startMs, endMs } = reading()
      const rate = Math.round((1000 * records) / Math.max(1, endMs - startMs)).toLocaleString('en-US')
      const wanted = this.#given.value('num-records') ?? this.#given.value('messages')!
      const megabytes = (bytes / 1048576).toFixed(1)
      const share = `${records.toLocaleString('en-US')} of ${wanted.toLocaleString('en-US')} records`
      return `${share}, ${rate} records/sec, ${megabytes} MB`
    })
  }

  /** Told on stdout, as the script does; beside a document it is talk. */
  timedOut(): void {
    const timeoutMs = this.#given.value('timeout')!
    const text = `WARNING: Exiting before consuming the expected number of records: timeout (${timeoutMs} ms) exceeded. You can use the --timeout option to increase the timeout.`
    if (this.isText) this.line(text)
    else this.#context.stderr.write(`${text}\n`)
  }

  /** The summary, in the script's `layout`; left out, consumer-perf-test's, which has none with --show-detailed-stats. */
  finish(
    total: Reading,
    more: Record<string, Structure>,
    metrics: Metrics,
    layout?: (date: FormatDate) => string,
  ): void {
    this.#progress.clear()
    const wantsMetrics = this.#given.has('print-metrics')
    if (!this.isText) {
      this.#document(this.#kind, { ...more, ...readingFields(total), ...(wantsMetrics ? { metrics } : {}) })
      return
    }
    if (layout !== undefined) this.line(layout(this.date))
    else if (!this.#isDetailed) this.line(summaryLine(total, this.date))
    if (wantsMetrics) this.#context.stdout.write(metricsTable(metrics))
  }

  /** One line each as JSON, so that intervals can be followed; one document each as YAML. */
  #document(kind: string, fields: Record<string, Structure>): void {
    this.#progress.clear()
    const { stdout } = this.#context
    if (this.#presentation === 'yaml') stdout.write(`---\n${formatDocument('yaml', kind, fields)}`)
    else stdout.write(`${JSON.stringify({ apiVersion: FORMAT_VERSION, kind, ...fields })}\n`)
  }
}

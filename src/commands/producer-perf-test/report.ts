import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { ProgressLine } from '../../cli/progress.ts'
import type { Presentation } from '../../cli/script-command.ts'
import type { FailureLog } from '../console-producer/failure-log.ts'
import { metricsTable } from '../metrics-table.ts'
import type { GivenProducerPerf } from './options.ts'
import type { PayloadSource } from './payload.ts'
import type { ProducerJob, ProducerRun } from './producer-run.ts'
import { type ProducerTotals, totalLine } from './stats.ts'

/** What a run prints: the script's lines, or one document at the end. */
export class ProducerReport {
  readonly #given: GivenProducerPerf
  readonly #presentation: Presentation
  readonly #context: CommandContext
  readonly #progress: ProgressLine

  constructor(given: GivenProducerPerf, presentation: Presentation, context: CommandContext) {
    this.#given = given
    this.#presentation = presentation
    this.#context = context
    this.#progress = new ProgressLine(context)
  }

  get #isText(): boolean {
    return this.#presentation === 'script' || this.#presentation === 'terminal'
  }

  /** A line of the script's; who asked for a document gets it on stderr. */
  print(line: string): void {
    this.#progress.clear()
    this.#context[this.#isText ? 'stdout' : 'stderr'].write(`${line}\n`)
  }

  job(topic: string, payload: PayloadSource, failures: FailureLog): ProducerJob {
    const warmupRecords = Math.max(0, this.#given.value('warmup-records')!)
    const print = (line: string): void => {
      if (this.#isText) this.print(line)
    }
    if (warmupRecords > 0) {
      print(`Warmup first ${warmupRecords} records. Steady state results will print after the complete test summary.`)
    }
    return {
      topic,
      records: this.#given.value('num-records')!,
      warmupRecords,
      perSecond: this.#given.value('throughput')!,
      intervalMs: this.#given.value('reporting-interval')!,
      payload,
      failures,
      print,
    }
  }

  /** Keeps a line up to date while the run goes on, at a terminal. */
  follow(run: ProducerRun): void {
    const records = this.#given.value('num-records')!
    const { clock } = this.#context
    run.onProgress = () =>
      this.#progress.update(() => {
        const { records: done, recordsPerSec, latencyMs } = run.stats.totals(clock.now())
        const rate = Math.round(recordsPerSec).toLocaleString('en-US')
        const share = `${done.toLocaleString('en-US')} of ${records.toLocaleString('en-US')} records`
        return `${share}, ${rate} records/sec, ${latencyMs.average.toFixed(1)} ms`
      })
  }

  /** The summary, or the document. */
  finish(run: ProducerRun, clientId: string): void {
    this.#progress.clear()
    const now = this.#context.clock.now()
    const totals = run.stats.totals(now)
    const steady = run.steady?.totals(now) ?? null
    const topic = this.#given.value('topic')!
    const metrics = run.counters.metrics(clientId, topic, totals.elapsedMs)
    if (this.#presentation === 'json' || this.#presentation === 'yaml') {
      const fields = {
        topic,
        ...fieldsOf(totals),
        failedRecords: run.counters.failed,
        steadyState: steady === null ? null : fieldsOf(steady),
        ...(this.#given.has('print-metrics') ? { metrics } : {}),
      }
      this.#context.stdout.write(formatDocument(this.#presentation, 'ProducerPerformance', fields))
      return
    }
    this.print(totalLine(totals, false))
    if (steady !== null) this.print(totalLine(steady, true))
    if (this.#given.has('print-metrics')) this.#context.stdout.write(metricsTable(metrics))
  }
}

/** What was not measured is null: a structure has no NaN. */
function fieldsOf({ latencyMs, ...totals }: ProducerTotals) {
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return {
    ...totals,
    recordsPerSec: known(totals.recordsPerSec),
    mbPerSec: known(totals.mbPerSec),
    latencyMs: { ...latencyMs, average: known(latencyMs.average) },
  }
}

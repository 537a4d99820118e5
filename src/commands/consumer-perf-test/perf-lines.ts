/** The columns of the scripts that measure reading. */
import { javaFixed } from '../java-text.ts'

const MIB = 1024 * 1024
const EXTENDED_HEADER = ', rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec'

export const SUMMARY_HEADER = `start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec${EXTENDED_HEADER}`
export const INTERVAL_HEADER = `time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec${EXTENDED_HEADER}`

export type FormatDate = (timestampMs: number) => string

/** What was read between two moments; `rebalanceMs` of that time nothing could be. */
export interface Reading {
  readonly startMs: number
  readonly endMs: number
  readonly records: number
  readonly bytes: number
  readonly rebalanceMs: number
}

/** Totals and rates of a reading. Rates of no time are infinite, or no number, as in the script. */
export function ratesOf({ startMs, endMs, records, bytes, rebalanceMs }: Reading) {
  const elapsedMs = endMs - startMs
  const fetchMs = elapsedMs - rebalanceMs
  const megabytes = bytes / MIB
  return {
    elapsedMs,
    fetchMs,
    megabytes,
    mbPerSec: megabytes / (elapsedMs / 1000),
    recordsPerSec: records / (elapsedMs / 1000),
    fetchMbPerSec: megabytes / (fetchMs / 1000),
    fetchRecordsPerSec: records / (fetchMs / 1000),
  }
}

const four = (value: number): string => javaFixed(value, 4)

/** The one line that sums up. */
export function summaryLine(reading: Reading, date: FormatDate): string {
  const rates = ratesOf(reading)
  return [
    date(reading.startMs),
    date(reading.endMs),
    four(rates.megabytes),
    four(rates.mbPerSec),
    reading.records,
    four(rates.recordsPerSec),
    reading.rebalanceMs,
    rates.fetchMs,
    four(rates.fetchMbPerSec),
    four(rates.fetchRecordsPerSec),
  ].join(', ')
}

/** A line of one interval: totals so far, rates of the interval. */
export function intervalLine(interval: Reading, total: Pick<Reading, 'records' | 'bytes'>, date: FormatDate): string {
  const rates = ratesOf(interval)
  const perFetch = (rate: number): number => (rates.fetchMs <= 0 ? 0 : rate)
  return [
    date(interval.endMs),
    0,
    four(total.bytes / MIB),
    four(rates.mbPerSec),
    total.records,
    four(rates.recordsPerSec),
    interval.rebalanceMs,
    rates.fetchMs,
    four(perFetch(rates.fetchMbPerSec)),
    four(perFetch(rates.fetchRecordsPerSec)),
  ].join(', ')
}

/** The fields of a document; what was not measured is null, as a structure has no NaN. */
export function readingFields(reading: Reading) {
  const { elapsedMs, fetchMs, ...rates } = ratesOf(reading)
  const known = Object.entries(rates).map(([name, rate]) => [name, Number.isFinite(rate) ? rate : null] as const)
  return {
    startTime: reading.startMs,
    endTime: reading.endMs,
    elapsedMs,
    records: reading.records,
    bytes: reading.bytes,
    rebalanceTimeMs: reading.rebalanceMs,
    fetchTimeMs: fetchMs,
    ...(Object.fromEntries(known) as Record<keyof typeof rates, number | null>),
  }
}

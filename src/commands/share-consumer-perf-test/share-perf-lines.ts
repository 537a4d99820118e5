/** The columns of the script that measures share consumers. */
import { type FormatDate, type Reading, ratesOf } from '../consumer-perf-test/perf-lines.ts'
import { javaFixed } from '../java-text.ts'

export const SHARE_HEADER =
  'start.time, end.time, data.consumed.in.MB, MB.sec, nMsg.sec, data.consumed.in.nMsg, fetch.time.ms'

/** Totals of the whole group, or of one consumer. */
export function shareLine(reading: Reading, date: FormatDate): string {
  const { megabytes, mbPerSec, recordsPerSec, elapsedMs } = ratesOf(reading)
  const rates = [megabytes, mbPerSec, recordsPerSec].map((each) => javaFixed(each, 4))
  return [date(reading.startMs), date(reading.endMs), ...rates, reading.records, elapsedMs].join(', ')
}

/** A line of one interval of one consumer: totals so far, rates of the interval. `index` counts from 1. */
export function shareIntervalLine(
  interval: Reading,
  total: Pick<Reading, 'records' | 'bytes'>,
  index: number,
  date: FormatDate,
): string {
  const { mbPerSec, recordsPerSec, elapsedMs } = ratesOf(interval)
  const { megabytes } = ratesOf({ ...interval, ...total })
  const rates = [megabytes, mbPerSec, recordsPerSec].map((each) => javaFixed(each, 4))
  const fields = [date(interval.startMs), date(interval.endMs), ...rates, total.records, elapsedMs]
  return `${fields.join(', ')} for share consumer ${index}`
}

/** Points in time as `--to-datetime` and `--by-duration` take them, read as Java reads them. */
import { KtError } from '../../base/errors.ts'

// SimpleDateFormat `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`, else `...X`: text after the match is not looked at.
const DATE_TIME = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)(?:Z|([+-])(\d{2})(?::(\d{2}))?)/

/** Milliseconds since the epoch of `YYYY-MM-DDThh:mm:ss.sss[zone]`; without a zone it is UTC. */
export function parseDateTime(text: string): number {
  const timePart = text.split('T')[1]
  if (timePart === undefined || timePart === '') {
    throw badDate("Error parsing timestamp. It does not contain a 'T' according to ISO8601 format")
  }
  const zoned = /[+\-Z]/.test(timePart) ? text : `${text}Z`
  const match = DATE_TIME.exec(zoned)
  if (match === null) throw badDate(`Unparseable date: "${zoned}"`)
  const [year, month, day, hour, minute, second, millis] = match.slice(1, 8).map(Number) as Fields
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millis))
  if (year < 100) date.setUTCFullYear(year)
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour
  if (!isReal || minute > 59 || second > 59 || millis > 999) throw badDate(`Unparseable date: "${zoned}"`)
  const offsetMinutes = Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)
  return date.getTime() - (match[8] === '-' ? -offsetMinutes : offsetMinutes) * 60_000
}

type Fields = [number, number, number, number, number, number, number]

function badDate(message: string): KtError {
  return new KtError('usage', `java.text.ParseException: ${message}`, {
    next: 'write it as 2026-01-31T12:00:00.000, with Z or +01:00 behind it for another zone than UTC',
  })
}

const DURATION = /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i

/** Milliseconds of an ISO-8601 duration `PnDTnHnMn.nS`; every part may have a sign of its own. */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text)
  const [days, time, hours, minutes, seconds, fraction] = match?.slice(2) ?? []
  const isEmpty = days === undefined && hours === undefined && minutes === undefined && seconds === undefined
  if (match === null || isEmpty || time?.toUpperCase() === 'T') {
    throw new KtError('usage', 'Text cannot be parsed to a Duration', {
      next: 'write it as P1DT2H30M: one day, two hours and thirty minutes back from now',
    })
  }
  const whole =
    Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  const part = Number(`0.${fraction || '0'}`) * (seconds?.startsWith('-') ? -1 : 1)
  const millis = Math.floor((whole + part) * 1000)
  return match[1] === '-' ? -millis : millis
}

/** What the verification tells: the script's lines, or a document each. */
import { FORMAT_VERSION, formatDocument, type Structure } from '../../cli/format.ts'
import type { Presentation } from '../../cli/script-command.ts'
import type { Difference, WorstLag } from './replica-verifier.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/** `2024-05-03 09:08:07,006`, local time. */
export function timeText(timestampMs: number): string {
  const date = new Date(timestampMs)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${day} ${time},${String(date.getMilliseconds()).padStart(3, '0')}`
}

export function startText(): string {
  return 'verification process is started'
}

export function differenceText({ kind, topic, partition, first, other }: Difference): string {
  const where = `partition ${topic}-${partition}`
  if (kind === 'offset') {
    return `${where}: replica ${first.replica}'s offset ${first.lastOffset} doesn't match replica ${other.replica}'s offset ${other.lastOffset}`
  }
  const checksums = `replica ${first.replica}'s checksum ${first.checksum}; replica ${other.replica}'s checksum ${other.checksum}`
  return `${where} has unmatched checksum at offset ${other.lastOffset}; ${checksums}`
}

export function lagText({ lag, topic, partition, offset }: WorstLag, partitions: number): string {
  const which = topic === null ? 'null' : `${topic}-${partition}`
  return `max lag is ${lag} for partition ${which} at offset ${offset} among ${partitions} partitions`
}

/** `ReplicaDifference` */
export function differenceFields({ kind, topic, partition, first, other }: Difference): Record<string, Structure> {
  const replica = ({ replica: id, lastOffset, checksum }: Difference['first']): Structure => ({
    brokerId: id,
    lastOffset,
    checksum,
  })
  return { what: kind, topic, partition, replicas: [replica(first), replica(other)] }
}

/** `ReplicaLag` */
export function lagFields({ lag, topic, partition, offset }: WorstLag, partitions: number): Record<string, Structure> {
  return {
    maxLag: lag < 0 ? null : lag,
    topic,
    partition: topic === null ? null : partition,
    offset: topic === null ? null : offset,
    partitions,
  }
}

/** One report as text: a line of the script, a line of JSON, or a YAML document. */
export function reportText(
  presentation: Presentation,
  report: { readonly kind: string; readonly line: string; readonly fields: Record<string, Structure> },
  nowMs: number,
): string {
  const { kind, line, fields } = report
  if (presentation === 'json') {
    return `${JSON.stringify({ apiVersion: FORMAT_VERSION, kind, timestamp: nowMs, ...fields })}\n`
  }
  if (presentation === 'yaml') return `---\n${formatDocument('yaml', kind, { timestamp: nowMs, ...fields })}`
  return `${timeText(nowMs)}: ${line}\n`
}

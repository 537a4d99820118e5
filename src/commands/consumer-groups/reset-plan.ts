/** The CSV that `--export` writes and `--from-file` reads: `topic,partition,offset`, or with the group in front. */
import { KtError } from '../../base/errors.ts'
import type { TopicPartition } from '../../client/admin-types.ts'

export interface NewOffset extends TopicPartition {
  readonly offset: number
}
/** What to set, group by group. */
export type ResetPlan = ReadonlyMap<string, readonly NewOffset[]>

/** Text up to this length is looked at before it is quoted; longer text is quoted unseen (Jackson's default). */
const MAX_QUOTE_CHECK_CHARS = 24
/** Quotes are written around any character up to the comma, blanks included. */
const NEEDS_QUOTES = /[^-.-\uffff]/

function csvField(text: string): string {
  if (text.length <= MAX_QUOTE_CHECK_CHARS && !NEEDS_QUOTES.test(text)) return text
  return `"${text.replaceAll('"', '""')}"`
}

/** One line per partition. With one group the group is left out, as in the older form of the file. */
export function formatResetPlan(plan: ResetPlan, withGroup: boolean): string {
  const lines: string[] = []
  for (const [group, offsets] of plan) {
    for (const { topic, partition, offset } of offsets) {
      lines.push(`${withGroup ? `${csvField(group)},` : ''}${csvField(topic)},${partition},${offset}\n`)
    }
  }
  return lines.join('')
}

/** Reads a plan; lines without a group belong to `onlyGroup`, the single `--group` given. */
export function parseResetPlan(text: string, onlyGroup: string | null): ResetPlan {
  const plan = new Map<string, Map<string, NewOffset>>()
  const lines = text.replace(/\n+$/, '').split('\n')
  const hasGroup = onlyGroup === null || parseCsvLine(lines[0]!).length !== 3
  for (const [index, line] of lines.entries()) {
    const fields = parseCsvLine(line)
    const [topic, partition, offset] = hasGroup ? fields.slice(1) : fields
    const group = hasGroup ? fields[0]! : onlyGroup!
    const isWhole = (field: string | undefined): boolean => field !== undefined && /^\s*[-+]?\d+\s*$/.test(field)
    if (fields.length !== (hasGroup ? 4 : 3) || !isWhole(partition) || !isWhole(offset)) {
      throw badLine(line, index + 1, hasGroup)
    }
    const offsets = plan.get(group) ?? new Map<string, NewOffset>()
    plan.set(group, offsets)
    const entry = { topic: topic!, partition: Number(partition), offset: Number(offset) }
    offsets.set(`${entry.topic}-${entry.partition}`, entry)
  }
  return new Map([...plan].map(([group, offsets]) => [group, [...offsets.values()]]))
}

function badLine(line: string, number: number, hasGroup: boolean): KtError {
  const wanted = hasGroup ? 'group,topic,partition,offset' : 'topic,partition,offset'
  return new KtError('usage', `Line ${number} of the reset plan is not ${wanted}: '${line}'`)
}

/** Fields of one line; quoted fields may hold commas and doubled quotes. */
export function parseCsvLine(line: string): string[] {
  const fields: string[] = []
  const text = line.replace(/\r$/, '')
  let at = 0
  for (;;) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*(?=,|$)/.exec(text.slice(at))
    if (quoted !== null) {
      fields.push(quoted[1]!.replaceAll('""', '"'))
      at += quoted[0].length
    } else {
      const end = text.indexOf(',', at)
      const field = end < 0 ? text.slice(at) : text.slice(at, end)
      fields.push(field)
      at += field.length
    }
    if (at >= text.length) return fields
    at++
  }
}

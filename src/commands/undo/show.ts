/** The journal and its entries as text and as documents: pure. */
import type { Structure } from '../../cli/format.ts'
import { plainTable } from '../plain-table.ts'
import type { Edit, JournalEntry } from './entry.ts'
import { quotaTitle, resourceTitle, sameValue } from './entry.ts'
import type { UndoRow } from './undo-plan.ts'

/** Values that a change replaced. */
export interface ValueRow {
  readonly subject: string
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

const numberText = (value: number | null | undefined): string | null => (value == null ? null : String(value))

/** A row for each value that was changed; what cannot be taken back is left out. */
export function valueRows(edits: readonly Edit[]): ValueRow[] {
  return edits.flatMap((edit): ValueRow[] => {
    if (edit.kind === 'config') {
      const subject = resourceTitle(edit.resource)
      return edit.settings.map((each) => ({ subject, ...each }))
    }
    if (edit.kind === 'quota') {
      const subject = quotaTitle(edit.entity)
      return edit.values.map(({ key, before, after }) => {
        return { subject, name: key, before: numberText(before), after: numberText(after) }
      })
    }
    if (edit.kind === 'lost') return []
    const subject = `${edit.isShare ? 'share group' : 'group'} ${edit.groupId}`
    return edit.partitions.map(({ topic, partition, before, after }) => {
      const offsets = { before: numberText(before?.offset), after: numberText(after?.offset) }
      return { subject, name: `${topic}-${partition}`, ...offsets }
    })
  })
}

/** `2026-11-21 21:40:03`, UTC. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')
}

export function headline({ number, timeMs, command }: JournalEntry): string {
  return `${number}  ${timeText(timeMs)} UTC  ${command}\n`
}

const cell = (value: string | null): string => value ?? '-'

export function lostText(edits: readonly Edit[]): string {
  return edits
    .flatMap((edit) => (edit.kind === 'lost' ? [`cannot be undone: ${edit.what}: ${edit.why}\n`] : []))
    .join('')
}

/** `kt undo show`: what the change replaced. */
export function entryText(entry: JournalEntry): string {
  const rows = valueRows(entry.edits).map(({ subject, name, before, after }) => [
    subject,
    name,
    cell(before),
    cell(after),
  ])
  const table = rows.length === 0 ? '' : plainTable(['OF', 'NAME', 'BEFORE', 'AFTER'], rows)
  return `${headline(entry)}${table}${lostText(entry.edits)}`
}

/** `kt undo list`, the newest last, as a shell's history. */
export function listText(entries: readonly JournalEntry[], undone: ReadonlyMap<number, number>): string {
  const rows = entries.map(({ number, timeMs, command, undoes, edits }) => {
    const by = undone.get(number)
    const notes = [undoes === null ? '' : `undo of ${undoes}`, by === undefined ? '' : `undone by ${by}`]
    return [
      String(number),
      timeText(timeMs),
      String(valueRows(edits).length),
      notes.filter(Boolean).join(', '),
      command,
    ]
  })
  return plainTable(['NUMBER', 'TIME (UTC)', 'VALUES', 'STATE', 'COMMAND'], rows)
}

/** `kt undo N`: now, and what it goes back to; `withNotes` unless an error tells them. */
export function planText(entry: JournalEntry, rows: readonly UndoRow[], withNotes: boolean): string {
  const shown = rows.filter(({ edit, state }) => edit.kind !== 'lost' && state !== 'already')
  const cells = shown.map(({ subject, name, now, backTo }) => [subject, name, cell(now), cell(backTo)])
  const table = cells.length === 0 ? '' : plainTable(['OF', 'NAME', 'NOW', 'BACK TO'], cells)
  const notes = shown.flatMap((row) => (row.why === null ? [] : [`${rowTitle(row)}: ${row.why}\n`]))
  const already = rows.filter(({ state }) => state === 'already').length
  const rest = already === 0 ? '' : `${already} ${already === 1 ? 'value is' : 'values are'} as before already.\n`
  const told = withNotes ? `${notes.join('')}${lostText(entry.edits)}` : ''
  return `${headline(entry)}${table}${rest}${told}`
}

export function rowTitle({ subject, name }: UndoRow): string {
  return name === '' ? subject : `${subject} ${name}`
}

export function entryFields(entry: JournalEntry, undone: ReadonlyMap<number, number>): Record<string, Structure> {
  const { number, timeMs, command, undoes, edits } = entry
  const lost = edits.flatMap((edit) => (edit.kind === 'lost' ? [{ what: edit.what, why: edit.why }] : []))
  const changes = valueRows(edits).map((row) => ({ ...row }))
  return { number, timestamp: timeMs, command, undoes, undoneBy: undone.get(number) ?? null, changes, lost }
}

export function rowFields({ subject, name, now, backTo, state, why }: UndoRow): Structure {
  return { subject, name, now, backTo, state, why }
}

/** Where a later change of kt's own is what stands there now, it is named instead of somebody. */
export function withAuthors(
  rows: readonly UndoRow[],
  entry: JournalEntry,
  entries: readonly JournalEntry[],
): UndoRow[] {
  const later = entries.filter(({ number }) => number > entry.number).reverse()
  return rows.map((row) => {
    if (row.state !== 'changed' || row.why === null) return row
    const author = later.find(({ edits }) =>
      valueRows(edits).some((each) => {
        return each.subject === row.subject && each.name === row.name && sameValue(each.after, row.now)
      }),
    )
    if (author === undefined) return row
    return { ...row, why: row.why.replace('somebody changed it since', `change ${author.number} did that since`) }
  })
}

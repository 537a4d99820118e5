/** A plan as text for people and as a document: pure. */
import type { Colours } from '../../cli/colour.ts'
import type { Structure } from '../../cli/format.ts'
import type { Change, Line, Plan, Sign } from './model.ts'
import { titleOf } from './model.ts'

const SIGNS: Readonly<Record<Change['action'], Sign>> = { create: '+', change: '~', delete: '-' }

/** The whole diff and its sum. */
export function planText(plan: Plan, colours: Colours): string {
  const changes = plan.changes.map((change) => changeText(change, colours)).join('\n')
  return `${changes}${changes === '' ? '' : '\n'}${summaryText(plan)}\n`
}

function paint(sign: Sign, { good, warning, bad }: Colours): (text: string) => string {
  return sign === '+' ? good : sign === '-' ? bad : warning
}

function changeText(change: Change, colours: Colours): string {
  const sign = SIGNS[change.action]
  const place = change.place === null ? 'in no file' : change.place
  const head = `${paint(sign, colours)(sign)} ${colours.bold(titleOf(change))}  ${colours.dim(`(${place})`)}\n`
  const width = Math.max(0, ...change.lines.map(({ name }) => name.length))
  const lines = change.lines.map((line) => `    ${paint(line.sign, colours)(line.sign)} ${lineText(line, width)}\n`)
  const problems = change.problems.map((problem) => `    ${colours.bad('cannot:')} ${problem}\n`)
  return head + lines.join('') + problems.join('')
}

function lineText({ name, before, from, after, note }: Line, width: number): string {
  if (before === null && after === null) return name
  const old = before === null ? '' : `${shown(before)}${from === null ? '' : ` (${from})`}`
  const isRemoval = after === null
  const fresh = isRemoval ? 'not set' : shown(after)
  const arrow = old === '' ? fresh : `${old} -> ${fresh}`
  return `${name.padEnd(width)}  ${arrow}${note === null ? '' : `  (${note})`}`
}

const shown = (value: string): string => (value === '' ? '""' : value)

/** `1 to create, 2 to change, 0 to delete; 3 as declared.` */
export function summaryText(plan: Plan): string {
  const { changes, unchangedCount } = plan
  if (changes.length === 0) return `Nothing to change: ${things(unchangedCount)} as declared.`
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length
  const blocked = changes.filter(({ problems }) => problems.length > 0).length
  const sum = `${count('create')} to create, ${count('change')} to change, ${count('delete')} to delete; ${things(unchangedCount)} as declared.`
  return blocked === 0 ? sum : `${sum} ${blocked} cannot be done as declared.`
}

function things(count: number): string {
  return count === 1 ? '1 thing is' : `${count} things are`
}

export function changeFields(change: Change): Structure {
  const { action, subject, name, place, lines, problems } = change
  return { action, subject, name, place, lines: lines.map((line) => ({ ...line })), problems }
}

/** The fields of the document `Plan`. */
export function planFields(plan: Plan): Record<string, Structure> {
  const { clusterId, changes, unchangedCount } = plan
  return { clusterId, changes: changes.map(changeFields), unchangedCount }
}

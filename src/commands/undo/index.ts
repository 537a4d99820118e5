/** `kt undo`: takes back changes of settings, quotas and committed offsets that kt made; the journal is on this machine. */
import type { Command as CommanderCommand } from 'commander'
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeFor, OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed, STRUCTURED_FORMATS, type StructuredFormat } from '../../cli/format.ts'
import { nearest } from '../../cli/nearest.ts'
import { UsageError } from '../../cli/options.ts'
import { addConnectionOptions, type ConnectionFlags, defineCommand, targetOfFlags } from '../../cli/own-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import { connectionWords } from './command-line.ts'
import type { JournalEntry } from './entry.ts'
import { Journal, lastToUndo, undoneBy } from './journal.ts'
import { journaled } from './journaled.ts'
import { lookNow } from './look-now.ts'
import { Recorder } from './recorder.ts'
import { entryFields, entryText, listText, planText, rowFields, rowTitle, withAuthors } from './show.ts'
import { type TakenBack, takeBack } from './take-back.ts'
import { type UndoRow, undoRows } from './undo-plan.ts'

interface UndoFlags extends ConnectionFlags {
  readonly dryRun?: true
  readonly yes?: true
  readonly force?: true
  readonly format?: string
}

export const undo = defineCommand({
  name: 'undo',
  summary: 'Take back a change of settings, quotas or committed offsets that kt made',
  examples: [
    { command: 'kt undo', does: 'what the last change was and what it would go back to' },
    { command: 'kt undo --yes', does: 'takes it back; again, the one before it' },
    { command: 'kt undo list', does: 'every change of this cluster that is known here' },
    { command: 'kt undo show 1', does: 'the values that a change replaced' },
    { command: 'kt undo 1 --dry-run', does: 'what would go back now, and what stands against it' },
  ],
  configure(command, act) {
    connected(command)
      .argument('[number]', 'the change as kt undo list numbers it; else the last that is not undone yet')
      .option('--dry-run', 'show what would be done, and do nothing')
      .option('-y, --yes', 'do not ask')
      .option('--force', 'take back what somebody else changed since as well, and leave what cannot be taken back')
      .action(act(runUndo))
    connected(command.command('list').description('the changes of this cluster, the newest last')).action(act(runList))
    connected(command.command('show').description('the values that a change replaced'))
      .argument('<number>', 'the change')
      .action(act(runShow))
  },
})

function connected(command: CommanderCommand): CommanderCommand {
  return addConnectionOptions(command).option(
    '--format <format>',
    `structured output: ${STRUCTURED_FORMATS.join(' or ')}`,
  )
}

interface Opened {
  readonly admin: Admin
  readonly journal: Journal
  readonly entries: readonly JournalEntry[]
}

async function open(flags: UndoFlags, context: CommandContext): Promise<Opened> {
  const admin = await context.admin(targetOfFlags(flags))
  const { clusterId } = await admin.identify([])
  const journal = new Journal(context.env, clusterId)
  return { admin, journal, entries: journal.list() }
}

async function runList(_: readonly string[], flags: UndoFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const { entries } = await open(flags, context)
  const undone = undoneBy(entries)
  if (format !== undefined) {
    const fields = { entries: entries.map((entry) => entryFields(entry, undone)) }
    context.stdout.write(formatDocument(format, 'UndoList', fields))
  } else if (entries.length === 0) {
    context.stderr.write('kt has changed no setting and no offset of this cluster from here.\n')
  } else {
    context.stdout.write(listText(entries, undone))
  }
  return OK
}

async function runShow(words: readonly string[], flags: UndoFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const number = numberOf(words[0]!)
  const { entries } = await open(flags, context)
  const entry = entryOf(number, entries)
  if (format === undefined) context.stdout.write(entryText(entry))
  else context.stdout.write(formatDocument(format, 'UndoEntry', entryFields(entry, undoneBy(entries))))
  return OK
}

async function runUndo(words: readonly string[], flags: UndoFlags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const number = words[0] === undefined ? undefined : numberOf(words[0])
  if (flags.dryRun === true && flags.yes === true) throw new UsageError('--dry-run and --yes exclude each other')
  const { admin, entries } = await open(flags, context)
  const entry = entryOf(number, entries)
  const rows = withAuthors(undoRows(entry.edits, await lookNow(admin, entry.edits)), entry, entries)
  const print = (executed: boolean, results: readonly TakenBack[]): void => {
    if (format !== undefined) context.stdout.write(document(format, entry, rows, executed, results))
  }
  const todo = rows.filter(({ state }) => state === 'back' || (flags.force === true && state === 'changed'))
  const against = flags.dryRun === true ? [] : standsAgainst(rows, todo, flags)
  if (format === undefined) context.stdout.write(planText(entry, rows, against.length === 0))
  if (against.length > 0) throw refused(entry, against, context)
  if (!(await isWanted(entry, rows, flags, context))) {
    print(false, [])
    return OK
  }
  const recording = journaled(admin, context, new Recorder(context, entry.number))
  const results = await takeBack(recording, todo)
  print(true, results)
  return tellResults(results, context, format)
}

/** What has to be told before anything is taken back; by force only where nothing would be left to do. */
function standsAgainst(rows: readonly UndoRow[], todo: readonly UndoRow[], flags: UndoFlags): UndoRow[] {
  if (flags.force === true && todo.length > 0) return []
  return rows.filter(({ state, edit }) => {
    // What can never be taken back is told; it holds the rest up no more than it did when it was made.
    if (edit.kind === 'lost') return rows.every((row) => row.edit.kind === 'lost')
    return state === 'impossible' || state === 'changed'
  })
}

/** False when there is nothing to do, or nothing shall be done. */
async function isWanted(
  entry: JournalEntry,
  rows: readonly UndoRow[],
  flags: UndoFlags,
  context: CommandContext,
): Promise<boolean> {
  if (rows.every(({ state, edit }) => state === 'already' || edit.kind === 'lost')) {
    context.stderr.write('Nothing to do: everything is as it was before this change.\n')
    return false
  }
  if (flags.dryRun === true) return false
  if (flags.yes === true) return true
  if (context.interactive) {
    return (await context.ask({ message: `Take change ${entry.number} back?`, kind: 'confirm' })) === 'yes'
  }
  context.stderr.write(`Nothing was changed.\n  next: ${againWords(entry, context)} --yes\n`)
  return false
}

/** The command line that means this change on this cluster. */
function againWords({ number }: JournalEntry, { args = [] }: CommandContext): string {
  return `kt undo ${number}${connectionWords(args)}`
}

/** Facts of one message. */
const MAX_FACTS = 10

function refused(entry: JournalEntry, against: readonly UndoRow[], context: CommandContext): KtError {
  const facts = against.slice(0, MAX_FACTS).map((row) => `${rowTitle(row)}: ${row.why}`)
  if (against.length > MAX_FACTS) facts.push(`and ${against.length - MAX_FACTS} more`)
  const canForce = against.some(({ state }) => state === 'changed')
  const next = canForce ? `to take it back all the same: ${againWords(entry, context)} --force` : 'kt undo list'
  return new KtError('conflict', `Change ${entry.number} is not taken back`, { facts, next })
}

function tellResults(
  results: readonly TakenBack[],
  context: CommandContext,
  format: StructuredFormat | undefined,
): number {
  const failed = results.filter(({ error }) => error !== null)
  const done = results.length - failed.length
  const talk = format === undefined ? context.stdout : context.stderr
  if (failed.length === 0) {
    talk.write(`Taken back: ${done} ${done === 1 ? 'value' : 'values'}.\n`)
    return OK
  }
  context.stderr.write(`${done} of ${results.length} values were taken back. Not these:\n`)
  for (const { row, error } of failed.slice(0, MAX_FACTS)) context.stderr.write(`  ${rowTitle(row)}: ${error}\n`)
  return exitCodeFor('kafka', false)
}

function document(
  format: StructuredFormat,
  entry: JournalEntry,
  rows: readonly UndoRow[],
  executed: boolean,
  results: readonly TakenBack[],
): string {
  const { number, timeMs: timestamp, command } = entry
  const errors = results.flatMap(({ row, error }) => (error === null ? [] : [{ name: rowTitle(row), error }]))
  const fields = { executed, number, timestamp, command, values: rows.map(rowFields), errors }
  return formatDocument(format, 'UndoPlan', fields)
}

function entryOf(number: number | undefined, entries: readonly JournalEntry[]): JournalEntry {
  const found = number === undefined ? lastToUndo(entries) : entries.find((entry) => entry.number === number)
  if (found != null) return found
  if (entries.length === 0) {
    throw new KtError('not-found', 'There is nothing to undo on this cluster', {
      facts: ['kt keeps what it changes itself, on this machine: settings, quotas, committed offsets'],
    })
  }
  const [first, last] = [entries[0]!.number, entries.at(-1)!.number]
  throw new KtError(
    'not-found',
    number === undefined ? 'Every change is undone already' : `There is no change ${number}`,
    {
      facts: [`changes of this cluster: ${first} to ${last}`],
      next: 'kt undo list',
    },
  )
}

function numberOf(word: string): number {
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word)
  const near = nearest(word, ['list', 'show'])
  const facts = near.length === 0 ? [] : [`did you mean kt undo ${near.join(' or ')}?`]
  throw new UsageError(`'${word}' is no number of a change`, { facts, next: 'kt undo list' })
}

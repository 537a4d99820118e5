/** What each of Kafka's scripts has here: its command, its shim, every option with where it stands. Read from the code. */
import * as fs from 'node:fs'
import type { CommandGrammar } from '../cli/command.ts'
import type { OptionDeclaration, OptionTable } from '../cli/options.ts'
import { COMMANDS } from '../cli/program.ts'
import { OPTION_NOTES, SCRIPT_NOTES } from './option-notes.ts'

/** The options that a script of Apache Kafka 4.3.1 lists under `--help`, by name. */
interface MeasuredScript {
  readonly options: readonly string[]
  /** Plain words, where it takes some. */
  readonly words?: string
  readonly subcommands?: Readonly<Record<string, readonly string[]>>
}

export type OptionStatus = 'yes' | 'no effect' | 'missing' | 'added'

export interface OptionRow {
  /** `--topic`; `describe --status` where there are subcommands. */
  readonly option: string
  readonly status: OptionStatus
  /** What it does, or why it does not. Empty when it is missing without a reason: a test fails then. */
  readonly text: string
}

export interface ScriptRow {
  readonly script: string
  /** The command, without `kt`. */
  readonly command: string
  /** Whether the command is there. */
  readonly exists: boolean
  readonly hasShim: boolean
  /** Why it is no mirror of the script. */
  readonly note: string | undefined
  readonly options: readonly OptionRow[]
}

const ROOT = new URL('../../', import.meta.url)
const MEASURED = new URL('./data/script-options.json', import.meta.url)

/** Every parser answers it; some declare it, some do not. */
const ALWAYS = new Set(['help'])

/** Rows of all scripts, by name. */
export async function scriptRows(): Promise<ScriptRow[]> {
  const measured = JSON.parse(fs.readFileSync(MEASURED, 'utf8')) as Record<string, MeasuredScript>
  return Promise.all(Object.entries(measured).map(([script, each]) => scriptRow(script, each)))
}

async function scriptRow(script: string, measured: MeasuredScript): Promise<ScriptRow> {
  const found = Object.entries(COMMANDS).find(([, entry]) => entry.script === script || entry.verbsOf === script)
  const note = SCRIPT_NOTES[script]
  const grammar = found === undefined || note !== undefined ? undefined : await (await found[1].load()).grammar()
  return {
    script,
    command: found?.[0] ?? script.replace(/^kafka-|\.sh$/g, ''),
    exists: found !== undefined,
    hasShim: fs.existsSync(new URL(`bin/${script}`, ROOT)),
    note,
    options: grammar === undefined ? [] : optionRows(script, measured, grammar),
  }
}

function optionRows(script: string, measured: MeasuredScript, grammar: CommandGrammar): OptionRow[] {
  const notes = OPTION_NOTES[script] ?? {}
  const main = rowsOf(measured.options, grammar.options, '', notes)
  const verbs = Object.entries(measured.subcommands ?? {}).flatMap(([verb, options]) => {
    const table = grammar.subcommands?.[verb]?.options
    if (table === undefined) return [{ option: verb, status: 'missing' as const, text: notes[verb]?.why ?? '' }]
    return rowsOf(options, table, `${verb} `, notes)
  })
  return [...main, ...verbs]
}

function rowsOf(
  names: readonly string[],
  table: OptionTable,
  prefix: string,
  notes: (typeof OPTION_NOTES)[string],
): OptionRow[] {
  const asked = names.map((name): OptionRow => {
    const [option, note] = [`${prefix}--${name}`, notes[`${prefix}${name}`]]
    const declaration = table[name]
    if (note !== undefined && (note.status === 'no effect' || declaration === undefined)) {
      return { option, status: note.status, text: note.why }
    }
    if (declaration !== undefined) return { option, status: 'yes', text: textOf(declaration) }
    return ALWAYS.has(name)
      ? { option, status: 'yes', text: 'Print usage information.' }
      : { option, status: 'missing', text: '' }
  })
  const added = Object.entries(table).filter(([name]) => !names.includes(name) && !ALWAYS.has(name))
  return [
    ...asked,
    ...added.map(([name, each]): OptionRow => ({ option: `${prefix}--${name}`, status: 'added', text: textOf(each) })),
  ]
}

function textOf({ description, deprecated }: OptionDeclaration): string {
  return deprecated === true ? `(old) ${description}` : description
}

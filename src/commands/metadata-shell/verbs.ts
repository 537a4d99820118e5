/** What the shell can be told: its commands, how their words are read, and their help. */
import { parseWhole, UsageError } from '../../cli/options.ts'
import { type ArgparseGrammar, HelpAsked, parseArgparse } from '../../cli/parse-argparse.ts'

/** Plain words of a command. */
interface Operand {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly description: string
  readonly isNumber?: boolean
}

export interface Verb {
  readonly summary: string
  /** Of use only where one command follows another. */
  readonly interactiveOnly?: boolean
  readonly operand?: Operand
}

const paths = (name: string, least: number, description: string): Operand => ({
  name,
  least,
  most: Number.POSITIVE_INFINITY,
  description,
})
const one = (name: string, least: number, description: string): Operand => ({ name, least, most: 1, description })

/** By name, in the order of their names. */
export const VERBS = {
  cat: { summary: 'Print what is in files.', operand: paths('targets', 1, 'The files.') },
  cd: { summary: 'Go to another directory.', interactiveOnly: true, operand: one('target', 0, 'Left out: the root.') },
  exit: { summary: 'Leave the shell.', interactiveOnly: true },
  find: {
    summary: 'Print paths and those of everything below them.',
    operand: paths('paths', 0, 'Where to begin; left out: the current directory.'),
  },
  help: { summary: 'Print this.', interactiveOnly: true },
  history: {
    summary: 'Print what was typed.',
    interactiveOnly: true,
    operand: { ...one('numEntriesToShow', 0, 'How many of the last lines; left out: all.'), isNumber: true },
  },
  ls: {
    summary: 'List directories and files.',
    operand: paths('targets', 0, 'Their paths; left out: the current directory.'),
  },
  man: { summary: 'Print help about one command.', interactiveOnly: true, operand: one('cmd', 1, 'Its name.') },
  pwd: { summary: 'Print the path of the current directory.', interactiveOnly: true },
  tree: {
    summary: 'Print everything in directories, indented.',
    operand: paths('targets', 1, 'The directories and files.'),
  },
} as const satisfies Readonly<Record<string, Verb>>

export type VerbName = keyof typeof VERBS

export const VERB_NAMES = Object.keys(VERBS) as VerbName[]

export function isVerb(name: string): name is VerbName {
  return Object.hasOwn(VERBS, name)
}

/** A line as it was understood; `help` is what `ls --help` wants to see. */
export type ShellCommand =
  | { readonly kind: 'run'; readonly verb: VerbName; readonly words: readonly string[] }
  | { readonly kind: 'help'; readonly verb: VerbName }
  | { readonly kind: 'nothing' }
  /** A line that cannot be understood, and why. */
  | { readonly kind: 'wrong'; readonly message: string }

/** Reads the words of one command, as argparse4j does. */
export function parseShellCommand(given: readonly string[], interactive: boolean): ShellCommand {
  const words = given.slice(0, given.findLastIndex((word) => word !== '') + 1)
  if (words.length === 0) return { kind: 'nothing' }
  try {
    return understood(words, interactive)
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'wrong', message: error.message }
    if (!(error instanceof HelpAsked)) throw error
    if (error.subcommand !== undefined) return { kind: 'help', verb: error.subcommand as VerbName }
    // The shell itself has no options.
    return { kind: 'wrong', message: `unrecognized arguments: '${words[0]}'` }
  }
}

function understood(words: readonly string[], interactive: boolean): ShellCommand {
  const { subcommand, inner } = parseArgparse(words, grammar(interactive))
  const verb = subcommand as VerbName
  const { operand }: Verb = VERBS[verb]
  const operands = inner!.words
  if (operand?.isNumber === true && operands.length > 0) checkNumber(operand.name, operands[0]!)
  if (operands.length < (operand?.least ?? 0)) throw new UsageError('too few arguments')
  const most = operand?.most ?? 0
  if (operands.length > most) throw new UsageError(`unrecognized arguments: '${operands.slice(most).join(' ')}'`)
  // A name that is only begun is understood, and not taken.
  if (verb !== words[0]) throw new UsageError(`invalid choice: '${words[0]}': did you mean '${verb}'?`)
  return { kind: 'run', verb, words: operands }
}

function checkNumber(name: string, word: string): void {
  if (parseWhole(word, 'int') !== undefined) return
  throw new UsageError(`argument ${name}: could not convert '${word}' to Integer (For input string: "${word}")`)
}

function grammar(interactive: boolean): ArgparseGrammar {
  const verbs = VERB_NAMES.filter((name) => interactive || (VERBS[name] as Verb).interactiveOnly !== true)
  const takesWords = (name: VerbName): boolean => (VERBS[name] as Verb).operand !== undefined
  return {
    options: {},
    subcommands: Object.fromEntries(verbs.map((name) => [name, { options: {}, takesWords: takesWords(name) }])),
  }
}

/** Where the descriptions begin. */
const DESCRIPTION_COLUMN = 25

const row = (indent: number, name: string, description: string): string =>
  `${`${' '.repeat(indent)}${name}`.padEnd(DESCRIPTION_COLUMN)}${description}\n`

/** `help`. */
export function helpText(): string {
  const names = `{${VERB_NAMES.join(',')}}`
  const verbs = VERB_NAMES.map((name) => row(4, name, VERBS[name].summary)).join('')
  return `Welcome to the Apache Kafka metadata shell.\n\nusage:  ${names} ...\n\npositional arguments:\n  ${names}\n${verbs}`
}

/** `man ls`. */
export function manText(verb: VerbName): string {
  const { summary, operand }: Verb = VERBS[verb]
  const words = operand === undefined ? '' : ` ${operandUsage(operand)}`
  return `${verb}: ${summary}\n\nusage: ${verb}${words}\n${operandHelp(operand)}`
}

/** `ls --help`. */
export function verbHelpText(verb: VerbName): string {
  const { operand }: Verb = VERBS[verb]
  const words = operand === undefined ? '' : ` ${operandUsage(operand)}`
  const options = `\noptional arguments:\n${row(2, '-h, --help', 'show this')}`
  return `usage:  ${verb} [-h]${words}\n${operandHelp(operand)}${options}`
}

function operandUsage({ name, least, most }: Operand): string {
  const more = most > 1 ? `[${name} ...]` : ''
  if (least === 0) return more === '' ? `[${name}]` : `[${name} ${more}]`
  return more === '' ? name : `${name} ${more}`
}

function operandHelp(operand: Operand | undefined): string {
  return operand === undefined ? '' : `\npositional arguments:\n${row(2, operand.name, operand.description)}`
}

import type { Command, CommandGrammar, SubcommandGrammar } from './command.ts'
import type { CommandContext, ConnectionTarget } from './context.ts'
import { exitCodeFor, OK } from './exit-codes.ts'
import { STRUCTURED_FORMATS } from './format.ts'
import { type Example, helpText } from './help.ts'
import { type GivenOptions, type OptionTable, text, UsageError } from './options.ts'
import {
  type ArgparseGrammar,
  type ArgparseResult,
  type ExclusiveGroup,
  HelpAsked,
  parseArgparse,
} from './parse-argparse.ts'
import { takeProfile, withProfile } from './profile-option.ts'
import { CONNECTION_OPTIONS, type Given, presentationOf, showUsageError } from './script-command.ts'

/** The one option we add; under a script's own name it does not exist. */
const FORMAT = {
  format: text('json|yaml', 'Print a documented structure instead of text.', {
    choices: STRUCTURED_FORMATS,
    abbreviable: false,
    ours: true,
  }),
}

/** A subcommand of a mirrored script: `kt metadata-quorum describe`. */
export interface ArgparseSubcommand {
  readonly summary: string
  readonly options: OptionTable
  readonly exclusive?: readonly ExclusiveGroup[]
  /** False where nothing is printed that a structure could hold. */
  readonly formats?: boolean
  /** `main` are the options before the subcommand. */
  run(given: GivenOptions<OptionTable>, main: GivenOptions<OptionTable>, context: CommandContext): Promise<number>
}

/** A subcommand whose options the compiler knows; `M` is the table of the options before it. */
export interface SubcommandDefinition<O extends OptionTable, M extends OptionTable> {
  readonly summary: string
  readonly options: O
  readonly exclusive?: readonly ExclusiveGroup[]
  readonly formats?: boolean
  /** Does the work; resolves to the exit code. */
  run(given: Given<O>, main: Given<M>, context: CommandContext): Promise<number>
}

/** Gives a subcommand its types and takes them away again for the table it stands in. */
export function defineSubcommand<O extends OptionTable, M extends OptionTable = OptionTable>(
  definition: SubcommandDefinition<O, M>,
): ArgparseSubcommand {
  return definition as unknown as ArgparseSubcommand
}

/** The anatomy of a command that mirrors a script of the argparse4j kind. */
export interface ArgparseCommandDefinition {
  readonly name: string
  /** `kafka-features.sh` */
  readonly script: string
  readonly summary: string
  /** Options before the subcommand. */
  readonly options: OptionTable
  readonly exclusive?: readonly ExclusiveGroup[]
  readonly subcommands: Readonly<Record<string, ArgparseSubcommand>>
  readonly examples: readonly Example[]
  /** What the script exits with after `--help`, which it prints on stdout. */
  readonly helpExitCode: number
  /** What the script prints about a command line it cannot read; left out: the message and a usage line. */
  usageErrorText?(message: string): string
}

/** Makes a command whose command line, messages and exit codes are those of a script with subcommands. */
export function defineArgparseCommand(definition: ArgparseCommandDefinition): Command {
  return {
    name: definition.name,
    script: definition.script,
    grammar: async () => argparseGrammar(definition),
    run: (args, context) => runArgparseCommand(definition, args, context),
  }
}

function argparseGrammar({ summary, options, subcommands, examples }: ArgparseCommandDefinition): CommandGrammar {
  const inner = Object.entries(subcommands).map(([name, each]): [string, SubcommandGrammar] => {
    const own = each.formats === false ? {} : FORMAT
    return [name, { summary: each.summary, options: { ...withProfile(each.options), ...own } }]
  })
  return { summary, options: withProfile(options), subcommands: Object.fromEntries(inner), examples }
}

/** The anatomy of a command that mirrors a script of the argparse4j kind whose plain words are its own affair. */
export interface WordsCommandDefinition<O extends OptionTable>
  extends Pick<ArgparseCommandDefinition, 'name' | 'script' | 'summary' | 'examples' | 'helpExitCode'> {
  readonly options: O
  /** The words as usage shows them: `[COMMAND]`. */
  readonly words: string
  /** Does the work; resolves to the exit code. */
  run(given: Given<O>, words: readonly string[], context: CommandContext): Promise<number>
}

/** Makes a command with options and plain words, in any order; `--` ends the options. */
export function defineWordsCommand<O extends OptionTable>(definition: WordsCommandDefinition<O>): Command {
  return {
    name: definition.name,
    script: definition.script,
    grammar: async () => {
      const { summary, options, words, examples } = definition
      return { summary, options: withProfile(options), words, examples }
    },
    run: (args, context) => runWordsCommand(definition, args, context),
  }
}

async function runWordsCommand<O extends OptionTable>(
  definition: WordsCommandDefinition<O>,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const options = withProfile(definition.options, context.asScript)
  try {
    const read = await answered(args, { options, takesWords: true }, context)
    const taken = takeProfile(read.given, context)
    return await definition.run(taken.given as unknown as Given<O>, taken.given.words, taken.context)
  } catch (error) {
    if (error instanceof HelpAsked) return writeHelp({ ...definition, options }, definition.helpExitCode, context)
    if (!(error instanceof UsageError)) throw error
    return showUsageError(error, context, ` ${definition.words}`)
  }
}

/** The anatomy of a command that mirrors a script of the argparse4j kind which has options and nothing else. */
export interface PlainCommandDefinition<O extends OptionTable>
  extends Pick<ArgparseCommandDefinition, 'name' | 'script' | 'summary' | 'examples' | 'helpExitCode'> {
  readonly options: O
  readonly exclusive?: readonly ExclusiveGroup[]
  /** False where nothing is printed that a structure could hold. */
  readonly formats?: boolean
  /** What the script exits with when nothing stands on its command line and it prints its help. */
  readonly emptyExitCode?: number
  /** Does the work; resolves to the exit code. A `UsageError` is shown as one of the command line. */
  run(given: Given<O>, context: CommandContext): Promise<number>
}

/** Makes a command with options alone, read as argparse4j does. */
export function definePlainCommand<O extends OptionTable>(definition: PlainCommandDefinition<O>): Command {
  const { name, script, summary, options, examples } = definition
  const added = definition.formats === false ? {} : FORMAT
  return {
    name,
    script,
    grammar: async () => ({ summary, options: { ...withProfile(options), ...added }, examples }),
    run: (args, context) => runPlainCommand(definition, args, context),
  }
}

async function runPlainCommand<O extends OptionTable>(
  definition: PlainCommandDefinition<O>,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { asScript } = context
  const added = asScript || definition.formats === false ? {} : FORMAT
  const options = { ...withProfile(definition.options, asScript), ...added }
  const help = (exitCode: number): Promise<number> => writeHelp({ ...definition, options }, exitCode, context)
  if (args.length === 0 && definition.emptyExitCode !== undefined) return help(definition.emptyExitCode)
  try {
    const read = await answered(args, { options, exclusive: definition.exclusive ?? [] }, context)
    const taken = takeProfile(read.given, context)
    const own = taken.given as unknown as Given<O>
    presentationOf(own, context)
    return await definition.run(own, taken.context)
  } catch (error) {
    if (error instanceof HelpAsked) return await help(definition.helpExitCode)
    if (!(error instanceof UsageError)) throw error
    return showUsageError(error, context)
  }
}

async function runArgparseCommand(
  definition: ArgparseCommandDefinition,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const grammar = grammarOf(definition, context)
  try {
    const { given, subcommand, inner } = await answered(args, grammar, context)
    const outer = takeProfile(given as Given<OptionTable>, context)
    const taken = takeProfile(inner!, outer.context)
    const options = withFormatOf(outer.given, taken.given)
    if (Object.hasOwn(options.table, 'format')) presentationOf(options as Given<OptionTable>, context)
    return await definition.subcommands[subcommand!]!.run(options, outer.given, taken.context)
  } catch (error) {
    if (error instanceof HelpAsked) return showHelp(definition, grammar, error.subcommand, context)
    if (!(error instanceof UsageError)) throw error
    return showWrongCommand(error, definition, context)
  }
}

/** `--format` may stand before or after the subcommand. */
function grammarOf(definition: ArgparseCommandDefinition, { asScript }: CommandContext): ArgparseGrammar {
  const { options, exclusive, subcommands } = definition
  const added = asScript ? {} : FORMAT
  const inner = Object.entries(subcommands).map(([name, each]): [string, ArgparseGrammar] => {
    const own = each.formats === false ? {} : added
    return [name, { options: { ...withProfile(each.options, asScript), ...own }, exclusive: each.exclusive ?? [] }]
  })
  const anyFormats = Object.values(subcommands).some(({ formats }) => formats !== false)
  return {
    options: { ...withProfile(options, asScript), ...(anyFormats ? added : {}) },
    exclusive: exclusive ?? [],
    subcommands: Object.fromEntries(inner),
  }
}

function withFormatOf(main: GivenOptions<OptionTable>, inner: GivenOptions<OptionTable>): GivenOptions<OptionTable> {
  const format = main.given.get('format')?.at(-1)
  if (format === undefined || inner.has('format') || !Object.hasOwn(inner.table, 'format')) return inner
  return inner.with('format', format)
}

/** Reads the command line; at a terminal, a missing option is asked for and the line read again. */
async function answered(
  args: readonly string[],
  grammar: ArgparseGrammar,
  context: CommandContext,
): Promise<ArgparseResult> {
  for (let words = [...args]; ; ) {
    try {
      return parseArgparse(words, grammar)
    } catch (error) {
      if (!(error instanceof UsageError) || error.missing === undefined) throw error
      if (!context.interactive || context.asScript) throw error
      const answer = await context.ask({ message: `--${error.missing}`, kind: 'text' })
      if (answer === '') throw error
      words = [...words, `--${error.missing}=${answer}`]
    }
  }
}

async function showHelp(
  definition: ArgparseCommandDefinition,
  grammar: ArgparseGrammar,
  subcommand: string | undefined,
  context: CommandContext,
): Promise<number> {
  const { name: _, exclusive: __, subcommands, ...subject } = definition
  const programName = subcommand === undefined ? context.programName : `${context.programName} ${subcommand}`
  const inner = subcommand === undefined ? undefined : subcommands[subcommand]!
  const shown =
    inner === undefined
      ? { ...subject, options: grammar.options, subcommands }
      : {
          summary: inner.summary,
          options: grammar.subcommands![subcommand!]!.options,
          examples: definition.examples.filter(({ command }) => command.split(' ').includes(subcommand!)),
        }
  return writeHelp(shown, definition.helpExitCode, context, programName)
}

/** Help on stdout; asked for at a terminal, it is no failure, whatever the script exits with. */
async function writeHelp(
  subject: Parameters<typeof helpText>[0],
  exitCode: number,
  context: CommandContext,
  programName = context.programName,
): Promise<number> {
  const { stdout, asScript } = context
  stdout.write(await helpText(subject, { programName, stdout, colours: () => context.colours() }))
  return stdout.isTerminal && !asScript ? OK : exitCode
}

function showWrongCommand(error: UsageError, definition: ArgparseCommandDefinition, context: CommandContext): number {
  if (definition.usageErrorText === undefined || (!context.asScript && context.stdout.isTerminal)) {
    return showUsageError(error, context, ' COMMAND [options]')
  }
  context.stderr.write(definition.usageErrorText(error.message))
  return exitCodeFor('usage', true)
}

/** The options by which scripts connect that can also ask controllers (KIP-919); at most one of the two. */
export const QUORUM_CONNECTION_OPTIONS = {
  'bootstrap-server': CONNECTION_OPTIONS['bootstrap-server'],
  'bootstrap-controller': text('host:port', 'Controllers to connect to instead of brokers, separated by commas.'),
  'command-config': CONNECTION_OPTIONS['command-config'],
}
export const QUORUM_CONNECTION_EXCLUSIVE: readonly ExclusiveGroup[] = [
  { names: ['bootstrap-server', 'bootstrap-controller'] },
]
export type QuorumConnectionOptions = typeof QUORUM_CONNECTION_OPTIONS

/** Where these options say to connect. */
export function quorumTargetOf(given: GivenOptions<OptionTable>): ConnectionTarget {
  const value = (name: keyof QuorumConnectionOptions): string | undefined => given.given.get(name)?.at(-1)
  return {
    bootstrapServer: value('bootstrap-server'),
    bootstrapController: value('bootstrap-controller'),
    commandConfig: value('command-config'),
  }
}

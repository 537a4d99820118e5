import type { Command } from './command.ts'
import type { CommandContext, ConnectionTarget } from './context.ts'
import { errorText } from './errors.ts'
import { exitCodeFor, OK } from './exit-codes.ts'
import { formatNamed, STRUCTURED_FORMATS, type StructuredFormat } from './format.ts'
import { type Example, helpText } from './help.ts'
import { translateLegacyOptions } from './legacy-options.ts'
import { addedByKt, flag, type GivenOptions, type OptionTable, text, UsageError, withoutOurs } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { takeProfile, withProfile } from './profile-option.ts'

/** The Kafka whose scripts are mirrored: what `--version` of a script prints. */
export const MIRRORED_KAFKA_VERSION = '4.3.1'

/** How a command prints: a script's bytes, tables for people, or a structure. */
export type Presentation = 'script' | 'terminal' | StructuredFormat

/** Options every mirrored script has, and the one we add. */
const COMMON = {
  help: flag('Print usage information.'),
  version: flag('Display the version of Kafka whose tool this mirrors.'),
}
const FORMAT = addedByKt({
  format: text('json|yaml', 'Print a documented structure instead of text.', { choices: STRUCTURED_FORMATS }),
})
type CommonOptions = typeof COMMON & typeof FORMAT

/** The options given to a script command: its own, and the common ones. */
export type Given<O extends OptionTable> = GivenOptions<O & CommonOptions>

/** The anatomy of a command that mirrors a script: flags, checks, then request and output in `run`. */
export interface ScriptCommandDefinition<O extends OptionTable> {
  readonly name: string
  /** `kafka-topics.sh` */
  readonly script: string
  readonly summary: string
  readonly options: O
  readonly examples: readonly Example[]
  /** Scripts of the older kind print help to stderr and fail when there is nothing on the command line. */
  readonly needsArguments?: boolean
  /** Has something to do without any option: only the script itself prints help then. */
  readonly runsBare?: boolean
  /** Where piped `--help` goes and its exit code: stderr and 1 unless told otherwise, as most scripts do. */
  readonly scriptHelp?: { readonly stream: 'stdout' | 'stderr'; readonly exitCode: number }
  /** What the script prints before the message about an option it cannot read. */
  readonly parseErrorPrefix?: string
  /** False for commands that have no structured output. */
  readonly formats?: boolean
  /** Checks of the command line alone, before anything is connected; throws `UsageError`. */
  check?(given: Given<O>, context: CommandContext): void
  /** Does the work; resolves to the exit code. */
  run(given: Given<O>, context: CommandContext): Promise<number>
}

/** Makes a command whose command line, messages and exit codes are those of a Kafka script. */
export function defineScriptCommand<O extends OptionTable>(definition: ScriptCommandDefinition<O>): Command {
  return {
    name: definition.name,
    script: definition.script,
    grammar: async () => ({
      summary: definition.summary,
      options: { ...withProfile(definition.options), ...COMMON, ...(definition.formats === false ? {} : FORMAT) },
      examples: definition.examples,
    }),
    run: (args, context) => runScriptCommand(definition, args, context),
  }
}

async function runScriptCommand<O extends OptionTable>(
  definition: ScriptCommandDefinition<O>,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const added = definition.formats === false ? {} : FORMAT
  const all = { ...withProfile(definition.options), ...COMMON, ...added } as unknown as O & CommonOptions
  const table = context.asScript ? withoutOurs(all) : all
  const isBare = args.length === 0 && (context.asScript || definition.runsBare !== true)
  if (isBare && definition.needsArguments !== false) return showHelp(definition, table, context)
  try {
    const { args: words, notices } = translateLegacyOptions(args, table)
    for (const notice of notices) context.stderr.write(`${context.programName}: ${notice}\n`)
    const given = parsed(definition, words, table)
    if (given.has('help')) return await showHelp(definition, table, context)
    if (given.has('version')) return showVersion(context)
    presentationOf(given, context)
    const taken = takeProfile(given, context)
    return await definition.run(await answered(definition, taken.given, taken.context), taken.context)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return showUsageError(error, context)
  }
}

function parsed<O extends OptionTable>(
  definition: ScriptCommandDefinition<O>,
  words: readonly string[],
  table: O & CommonOptions,
): Given<O> {
  try {
    return parseOptions(words, table)
  } catch (error) {
    if (!(error instanceof UsageError) || definition.parseErrorPrefix === undefined) throw error
    throw new UsageError(`${definition.parseErrorPrefix}${error.message}`, { facts: error.facts })
  }
}

/** Runs the checks; at a terminal, a missing option is asked for and the checks run again. */
async function answered<O extends OptionTable>(
  definition: ScriptCommandDefinition<O>,
  given: Given<O>,
  context: CommandContext,
): Promise<Given<O>> {
  for (let current = given; ; ) {
    try {
      definition.check?.(current, context)
      return current
    } catch (error) {
      if (!(error instanceof UsageError) || error.missing === undefined) throw error
      if (!context.interactive || context.asScript || current.has(error.missing as keyof O & string)) throw error
      const { description } = definition.options[error.missing]!
      const answer = await context.ask({ message: `--${error.missing} (${description})`, kind: 'text' })
      if (answer === '') throw error
      current = current.with(error.missing as keyof O & string, answer) as Given<O>
    }
  }
}

async function showHelp<O extends OptionTable>(
  definition: ScriptCommandDefinition<O>,
  table: OptionTable,
  context: CommandContext,
): Promise<number> {
  const help = await helpText({ ...definition, options: table }, context)
  if (context.stdout.isTerminal && !context.asScript) {
    context.stdout.write(help)
    return OK
  }
  const { stream, exitCode } = definition.scriptHelp ?? { stream: 'stderr', exitCode: 1 }
  context[stream].write(help)
  return exitCode
}

function showVersion(context: CommandContext): number {
  context.stdout.write(`${MIRRORED_KAFKA_VERSION}\n`)
  return OK
}

/** What is wrong with a command line, and how one looks; `words` are those behind the options. Gives the exit code. */
export function showUsageError(error: UsageError, context: CommandContext, words = ''): number {
  context.stderr.write(errorText(error))
  context.stderr.write(`Usage: ${context.programName} [options]${words}   (--help lists them)\n`)
  return exitCodeFor('usage', true)
}

/** How to print. Throws `UsageError` for a format we do not have. */
export function presentationOf<O extends OptionTable>(given: Given<O>, context: CommandContext): Presentation {
  const format = given.given.get('format')?.at(-1)
  if (format === undefined || !Object.hasOwn(given.table, 'format')) {
    return context.stdout.isTerminal && !context.asScript ? 'terminal' : 'script'
  }
  return formatNamed(format)!
}

/** The two options by which nearly every script connects; `required` is what the scripts say, `kt` has a default. */
export const CONNECTION_OPTIONS = {
  'bootstrap-server': text(
    'host:port',
    'Brokers to connect to, separated by commas. Left out: KT_BOOTSTRAP_SERVER, the profile, else the local cluster.',
  ),
  'command-config': text('file', 'Java properties file with client settings.'),
}

/** Where the command line says to connect. */
export function targetOf<O extends typeof CONNECTION_OPTIONS & OptionTable>(given: GivenOptions<O>): ConnectionTarget {
  return {
    bootstrapServer: given.value('bootstrap-server') as string | undefined,
    commandConfig: given.value('command-config') as string | undefined,
  }
}

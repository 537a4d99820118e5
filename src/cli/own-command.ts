import type { Command as CommanderCommand, Option as CommanderOption } from 'commander'
import type { Command, CommandGrammar, SubcommandGrammar } from './command.ts'
import type { CommandContext, ConnectionTarget } from './context.ts'
import { exitCodeFor, OK } from './exit-codes.ts'
import { STRUCTURED_FORMATS } from './format.ts'
import { type Example, examplesText, styleHelp } from './help.ts'
import type { OptionDeclaration } from './options.ts'

/** What an action of our own command gets: the words after its name and commander's parsed options. */
export type Action<T> = (words: readonly string[], options: T, context: CommandContext) => Promise<number>

/** Ties an action to commander: `command.option(...).action(act(runStart))`. */
export type Act = <T>(action: Action<T>) => (...parsed: unknown[]) => Promise<void>

/** A command that has no script to mirror: options and subcommands are commander's own. */
export interface OwnCommandDefinition {
  readonly name: string
  readonly summary: string
  readonly examples: readonly Example[]
  /** Declares options, arguments and subcommands; each ends in `.action(act(...))`. */
  configure(command: CommanderCommand, act: Act): void
}

/** Makes a command of our own: usage errors exit with the usage code, `--help` goes to stdout and exits 0. */
export function defineCommand(definition: OwnCommandDefinition): Command {
  return {
    name: definition.name,
    grammar: () => grammarOf(definition),
    run: (args, context) => runOwnCommand(definition, args, context),
  }
}

async function grammarOf(definition: OwnCommandDefinition): Promise<CommandGrammar> {
  const { Command } = await import('commander')
  const command = new Command(definition.name)
  definition.configure(command, () => async () => undefined)
  const subcommands = command.commands.map((each): [string, SubcommandGrammar] => [
    each.name(),
    { summary: each.description(), ...partsOf(each) },
  ])
  return {
    summary: definition.summary,
    ...partsOf(command),
    ...(subcommands.length > 0 ? { subcommands: Object.fromEntries(subcommands) } : {}),
    examples: definition.examples,
  }
}

function partsOf(command: CommanderCommand): Pick<SubcommandGrammar, 'options' | 'words'> {
  const words = command.registeredArguments.map((each) => {
    const name = each.variadic ? `${each.name()}...` : each.name()
    return each.required ? `<${name}>` : `[${name}]`
  })
  const options = command.options.map((each) => [each.long?.slice(2) ?? each.name(), declarationOf(each)])
  return { options: Object.fromEntries(options), ...(words.length > 0 ? { words: words.join(' ') } : {}) }
}

function declarationOf(option: CommanderOption): OptionDeclaration {
  const { description, short, argChoices: choices, defaultValue } = option
  const argument = /[<[](.+?)[>\]]/.exec(option.flags)?.[1]
  return {
    kind: argument === undefined ? 'flag' : 'text',
    description,
    ...(argument === undefined ? {} : { argument }),
    ...(short === undefined ? {} : { short: short.slice(1) }),
    ...(choices === undefined ? {} : { choices }),
    ...(defaultValue === undefined || argument === undefined ? {} : { default: String(defaultValue) }),
    ...(option.optional ? { optionalArgument: true } : {}),
  }
}

async function runOwnCommand(
  definition: OwnCommandDefinition,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { Command, CommanderError } = await import('commander')
  let exitCode = OK
  const act: Act =
    (action) =>
    async (...parsed) => {
      // Commander hands over the declared arguments, then the options, then itself.
      const command = parsed.at(-1) as CommanderCommand
      exitCode = await action(command.args, command.optsWithGlobals() as never, context)
    }
  const command = new Command(context.programName)
    .description(definition.summary)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text.replace(/^error: /, '')),
      getOutHelpWidth: () => context.stdout.columns,
    })
  command.addHelpText('after', examplesText(definition.examples))
  await styleHelp(command, context)
  definition.configure(command, act)
  pointToHelp(command, context.programName)
  try {
    await command.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? OK : exitCodeFor('usage', false)
  }
}

/** Behind a usage error stands whose help says more: that of the verb, not of the command above it. */
function pointToHelp(command: CommanderCommand, name: string): void {
  command.showHelpAfterError(`(${name} --help shows how it is used)`)
  for (const verb of command.commands) pointToHelp(verb, `${name} ${verb.name()}`)
}

/** Declares `--format json|yaml`, which `formatNamed` reads. */
export function addFormatOption(command: CommanderCommand): CommanderCommand {
  return command.option('--format <format>', `print a documented structure: ${STRUCTURED_FORMATS.join(' or ')}`)
}

/** Options by which our own commands connect, as commander gives them. */
export interface ConnectionFlags {
  readonly bootstrapServer?: string
  readonly commandConfig?: string
  readonly profile?: string
}

/** Declares `--bootstrap-server`, `--command-config` and `--profile`. */
export function addConnectionOptions(command: CommanderCommand): CommanderCommand {
  return command
    .option(
      '--bootstrap-server <host:port>',
      'brokers to connect to; else KT_BOOTSTRAP_SERVER, the profile, the local cluster',
    )
    .option('--command-config <file>', 'Java properties file with client settings')
    .option('--profile <name>', 'a connection saved by kt profile add; else KT_PROFILE, else the profile in use')
}

/** Where the flags say to connect. */
export function targetOfFlags(flags: ConnectionFlags): ConnectionTarget {
  const { bootstrapServer, commandConfig, profile } = flags
  return { bootstrapServer, commandConfig, profile }
}

import type { Command as CommanderCommand } from 'commander'
import type { Command } from './command.ts'
import type { CommandContext, ConnectionTarget } from './context.ts'
import { exitCodeFor, OK } from './exit-codes.ts'
import { type Example, examplesText, styleHelp } from './help.ts'

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
  return { name: definition.name, run: (args, context) => runOwnCommand(definition, args, context) }
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
    .showHelpAfterError(`(${context.programName} --help shows how it is used)`)
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text.replace(/^error: /, '')),
      getOutHelpWidth: () => context.stdout.columns,
    })
  command.addHelpText('after', examplesText(definition.examples))
  await styleHelp(command, context)
  definition.configure(command, act)
  try {
    await command.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? OK : exitCodeFor('usage', false)
  }
}

/** Options by which our own commands connect, as commander gives them. */
export interface ConnectionFlags {
  readonly bootstrapServer?: string
  readonly commandConfig?: string
}

/** Declares `--bootstrap-server` and `--command-config`. */
export function addConnectionOptions(command: CommanderCommand): CommanderCommand {
  return command
    .option('--bootstrap-server <host:port>', 'brokers to connect to; else KT_BOOTSTRAP_SERVER, else the local cluster')
    .option('--command-config <file>', 'Java properties file with client settings')
}

/** Where the flags say to connect. */
export function targetOfFlags(flags: ConnectionFlags): ConnectionTarget {
  return { bootstrapServer: flags.bootstrapServer, commandConfig: flags.commandConfig }
}

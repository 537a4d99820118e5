import type { CommandContext } from './context.ts'
import type { Example } from './help.ts'
import type { OptionTable } from './options.ts'

/** What a command line may hold: for completion, for `kt explain`, for the table of scripts in the docs. */
export interface CommandGrammar {
  readonly summary: string
  /** Before the subcommand, where there are subcommands; old names too. */
  readonly options: OptionTable
  readonly subcommands?: Readonly<Record<string, SubcommandGrammar>>
  /** Plain words as usage shows them. */
  readonly words?: string
  readonly examples: readonly Example[]
}

export interface SubcommandGrammar {
  readonly summary: string
  readonly options: OptionTable
  readonly words?: string
}

/** A command as the program sees it: arguments in, exit code out. */
export interface Command {
  readonly name: string
  /** The Kafka script it mirrors; absent for commands of our own. */
  readonly script?: string
  grammar(): Promise<CommandGrammar>
  /**
   * Runs with the words after the command's name. Resolves to the exit code; a failure is thrown as `KtError` and
   * shown by the program.
   */
  run(args: readonly string[], context: CommandContext): Promise<number>
}

/** How the program knows a command before its module is loaded: enough for `kt --help`. */
export interface CommandEntry {
  readonly summary: string
  /** The Kafka script it mirrors, `kafka-topics.sh`. */
  readonly script?: string
  /** The script whose verbs are among the subcommands of this command of our own; it is run under that name too. */
  readonly verbsOf?: string
  /** Known, and not listed: names of older notes, scripts without a twin. */
  readonly hidden?: boolean
  load(): Promise<Command>
}

export type CommandTable = Readonly<Record<string, CommandEntry>>

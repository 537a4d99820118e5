import type { Command, HelpConfiguration } from 'commander'
import type { CommandContext } from './context.ts'
import type { OptionDeclaration, OptionTable } from './options.ts'

/** What help shows of a command. */
export interface HelpSubject {
  readonly summary: string
  /** The Kafka script it mirrors. */
  readonly script?: string
  readonly options: OptionTable
  readonly examples: readonly Example[]
  /** Subcommands by name, for commands that have them. */
  readonly subcommands?: Readonly<Record<string, { readonly summary: string }>>
  /** Plain words as usage shows them, for commands that take some. */
  readonly words?: string
}

/** A command line to try, and what it does. */
export interface Example {
  readonly command: string
  readonly does: string
}

/** Examples as help prints them; shared with commands that commander parses. */
export function examplesText(examples: readonly Example[]): string {
  if (examples.length === 0) return ''
  return `\nExamples:\n${examples.map(({ command, does }) => `  ${command}\n      ${does}`).join('\n')}\n`
}

/** Commander's help with our colours and the terminal's width. */
export async function styleHelp(
  command: Command,
  context: Pick<CommandContext, 'colours' | 'stdout'>,
  more: HelpConfiguration = {},
): Promise<void> {
  const colours = await context.colours()
  command.configureHelp({
    helpWidth: Math.min(context.stdout.columns, 110),
    // Long option names leave little room; narrow text beats text cut by the terminal.
    minWidthToWrap: 24,
    styleTitle: (title) => colours.bold(title),
    styleOptionText: (option) => colours.name(option),
    styleSubcommandText: (name) => colours.name(name),
    styleCommandText: (name) => colours.bold(name),
    ...more,
  })
}

function optionFlags(name: string, { short, argument }: OptionDeclaration): string {
  const flags = short === undefined ? `--${name}` : `-${short}, --${name}`
  return argument === undefined ? flags : `${flags} <${argument.replaceAll(' ', '-')}>`
}

/** The script's options, then ours. */
function byMaker(options: OptionTable): [string, OptionDeclaration][] {
  const all = Object.entries(options)
  return [...all.filter(([, { ours }]) => ours !== true), ...all.filter(([, { ours }]) => ours === true)]
}

/** The help of a command that mirrors a script, laid out by commander. */
export async function helpText(
  subject: HelpSubject,
  context: Pick<CommandContext, 'colours' | 'stdout' | 'programName'>,
): Promise<string> {
  const { Command, Option } = await import('commander')
  const words = subject.words === undefined ? '' : ` ${subject.words}`
  const usage = subject.subcommands === undefined ? `[options]${words}` : '[options] COMMAND [options]'
  const command = new Command(context.programName).usage(usage).helpOption(false).helpCommand(false)
  command.description(subject.script === undefined ? subject.summary : `${subject.summary} (Kafka's ${subject.script})`)
  for (const [name, declaration] of byMaker(subject.options)) {
    const option = new Option(optionFlags(name, declaration), declaration.description)
    if (declaration.default !== undefined) option.default(declaration.default)
    if (declaration.choices !== undefined) option.choices([...declaration.choices])
    if (declaration.ours === true) option.helpGroup('Added by kt:')
    command.addOption(option.hideHelp(declaration.deprecated === true))
  }
  for (const [name, { summary }] of Object.entries(subject.subcommands ?? {})) {
    command.addCommand(new Command(name).description(summary))
  }
  await styleHelp(command, context)
  const old = Object.entries(subject.options).filter(([, { deprecated }]) => deprecated === true)
  const oldNames = old.length === 0 ? '' : `\nOld names still read: ${old.map(([name]) => `--${name}`).join(', ')}\n`
  return `${command.helpInformation()}${oldNames}${examplesText(subject.examples)}`
}

/** `kt shell`: a prompt for every command of kt, and scripts of such lines. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { Command, CommandTable } from '../../cli/command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { addConnectionOptions, type ConnectionFlags, defineCommand, targetOfFlags } from '../../cli/own-command.ts'
import { ProfileStore } from '../../cli/profiles.ts'
import { ShellSession } from '../../cli/shell/session.ts'
import type { ShellTarget } from '../../cli/shell-target.ts'
import { ownProgram } from '../init/shims.ts'
import { runScript } from './script.ts'

interface ShellFlags extends ConnectionFlags {
  readonly exitOnError?: true
}

/** The command; `commands` are those that its lines may name. */
export function shellCommand(commands: CommandTable): Command {
  return defineCommand({
    name: 'shell',
    summary: "A prompt for kt's commands and Kafka's scripts: completion, history, no new start for each",
    examples: [
      { command: 'kt shell', does: 'a prompt; help tells what it can, Ctrl-D leaves' },
      { command: 'kt shell --bootstrap-server localhost:9092', does: 'lines connect there when they do not say it' },
      { command: "echo 'topics --list' | kt shell", does: 'lines of a pipe, run one after the other' },
      { command: 'kt shell -e lines.kt', does: 'lines of a file; the first that fails ends it' },
    ],
    configure(command, act) {
      command.argument('[file]', 'lines to run; else standard input')
      addConnectionOptions(command)
        .option(
          '-e, --exit-on-error',
          'in a script: the first line that fails is the last, and its exit code the shell’s',
        )
        .action(act((words, flags: ShellFlags, context) => runShell(words, flags, commands, context)))
    },
  })
}

async function runShell(
  [file]: readonly string[],
  flags: ShellFlags,
  commands: CommandTable,
  context: CommandContext,
): Promise<number> {
  const target = shellTargetOf(flags, context)
  const own = { context, commands, target, binDirectory: path.dirname(ownProgram()) }
  if (file === undefined && context.interactive) return (await import('./prompt.ts')).runPrompt(own)
  const options = { exitOnError: flags.exitOnError === true }
  if (file === undefined) {
    // Lines come from standard input: a command of theirs gets none of them for its own.
    const session = new ShellSession({ ...own, isTerminal: false, openInput: noInput })
    return runScript(context.stdin, session, options, context)
  }
  const openInput = (): ReturnType<typeof noInput> => ({ stream: context.stdin, close: () => undefined })
  const session = new ShellSession({ ...own, isTerminal: false, openInput })
  return runScript(await openScript(file), session, options, context)
}

/** What is said wrong is told before the first line, not with every one. */
function shellTargetOf(flags: ConnectionFlags, { env }: CommandContext): ShellTarget {
  const target = targetOfFlags(flags)
  if (target.profile !== undefined) new ProfileStore(env).read(target.profile)
  if (target.commandConfig !== undefined) {
    const commandConfig = path.resolve(target.commandConfig)
    if (!fs.existsSync(commandConfig)) throw new KtError('not-found', `There is no file ${commandConfig}`)
    return { ...target, commandConfig }
  }
  return target
}

function noInput(): { stream: CommandContext['stdin']; close(): void } {
  const stream = Object.assign(fs.createReadStream('/dev/null'), { isTerminal: false })
  return { stream: stream as unknown as CommandContext['stdin'], close: () => stream.destroy() }
}

async function openScript(file: string): Promise<NodeJS.ReadableStream> {
  try {
    return (await fs.promises.open(file)).createReadStream()
  } catch (error) {
    throw new KtError('not-found', `Cannot read ${file}`, { facts: [(error as Error).message], cause: error })
  }
}

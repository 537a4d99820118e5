/**
 * `kt init DIR`: a directory as an unpacked Kafka looks, `bin/` and `config/`, so that command lines from notes and
 * documentation run as they are printed.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { shellWord } from '../base/shell-word.ts'
import type { Command, CommandTable } from '../cli/command.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument, formatNamed, STRUCTURED_FORMATS } from '../cli/format.ts'
import { defineCommand } from '../cli/own-command.ts'
import { configFiles } from './init/config-files.ts'
import { ownProgram, shims } from './init/shims.ts'

interface InitFlags {
  readonly port: string
  readonly format?: string
}

const DEFAULT_PORT = '9092'
/** The controller's port is the next one. */
const MAX_PORT = 65_534
const EXECUTABLE = 0o755

/** The command; `commands` are those whose scripts get a shim. */
export function initCommand(commands: CommandTable): Command {
  return defineCommand({
    name: 'init',
    summary: "A workspace with Kafka's bin/ and config/, so that commands from notes run as they are printed.",
    examples: [
      { command: 'kt init kafka', does: 'makes kafka/bin and kafka/config; then cd kafka and follow any quickstart' },
      { command: 'kt init .', does: 'the same in this directory' },
      { command: 'kt init kafka-2 --port 9192', does: 'a second one, whose nodes listen on 9192 and 9193' },
    ],
    configure(command, act) {
      command
        .argument('<directory>', 'where; made when it is not there, nothing in it is overwritten')
        .option(
          '--port <port>',
          'port of the broker in config/server.properties; the controller has the next',
          DEFAULT_PORT,
        )
        .option('--format <format>', `print a documented structure: ${STRUCTURED_FORMATS.join(', ')}`)
        .action(act((words, flags: InitFlags, context) => runInit({ directory: words[0]!, flags }, commands, context)))
    },
  })
}

interface InitRequest {
  readonly directory: string
  readonly flags: InitFlags
}

async function runInit(
  { directory, flags }: InitRequest,
  commands: CommandTable,
  context: CommandContext,
): Promise<number> {
  const format = formatNamed(flags.format)
  const port = portOf(flags.port)
  const root = path.resolve(directory)
  const texts = new Map([...shims(commands, ownProgram()), ...configFiles({ directory: root, port })])
  refuseToOverwrite(root, [...texts.keys()])
  for (const [name, text] of texts) writeNew(path.join(root, name), text, name.startsWith('bin/'))
  const files = [...texts.keys()]
  if (format !== undefined) {
    context.stdout.write(formatDocument(format, 'WorkspaceCreated', { directory: root, port, files }))
  } else {
    context.stdout.write(nextSteps(directory, files, port))
  }
  return OK
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= MAX_PORT) return port
  throw new KtError('usage', `--port ${text} is not a port`, {
    facts: [`1 to ${MAX_PORT}; the controller has the next`],
  })
}

function refuseToOverwrite(root: string, names: readonly string[]): void {
  const taken = names.filter((name) => fs.existsSync(path.join(root, name)))
  if (taken.length === 0) return
  const [first, ...others] = taken
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  throw new KtError('conflict', `${root} has files of these names already; nothing was written`, {
    facts: [`${first}${more}`],
    next: `kt init ${shellWord(`${root.replace(/\/$/, '')}/kafka`)}`,
  })
}

/** Fails rather than overwrite what somebody has written meanwhile. */
function writeNew(file: string, text: string, isProgram: boolean): void {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text, { flag: 'wx', ...(isProgram ? { mode: EXECUTABLE } : {}) })
  } catch (error) {
    throw new KtError('storage', `${file} cannot be written: ${(error as Error).message}`, { cause: error })
  }
}

function nextSteps(directory: string, files: readonly string[], port: number): string {
  const count = (folder: string): number => files.filter((name) => name.startsWith(folder)).length
  return `Made ${directory}: ${count('bin/')} scripts in bin/, ${count('config/')} files in config/. Next, as Kafka's quickstart has it:
  cd ${shellWord(directory)}
  KAFKA_CLUSTER_ID="$(bin/kafka-storage.sh random-uuid)"
  bin/kafka-storage.sh format --standalone -t $KAFKA_CLUSTER_ID -c config/server.properties
  bin/kafka-server-start.sh config/server.properties
and in another terminal:
  bin/kafka-topics.sh --create --topic quickstart-events --bootstrap-server localhost:${port}
`
}

/**
 * `kt server-start`, Kafka's `kafka-server-start.sh`: one node in the foreground, from a properties file of Kafka's. The
 * node is this process: what stops or kills it stops or kills the node.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { pathToFileURL } from 'node:url'
import { KtError } from '../base/errors.ts'
import type { Command } from '../cli/command.ts'
import type { CommandContext } from '../cli/context.ts'
import { type Example, examplesText } from '../cli/help.ts'
import { nearest } from '../cli/nearest.ts'
import { flag, text } from '../cli/options.ts'
import { MIRRORED_KAFKA_VERSION } from '../cli/script-command.ts'
import { serverFile, serversDirectory } from '../cluster/server-registry.ts'

const EXAMPLES: readonly Example[] = [
  {
    command: 'kt storage format -t $(kt storage random-uuid) -c server.properties --standalone',
    does: 'the directories of the first node of a new cluster',
  },
  { command: 'kt server-start server.properties', does: 'the node, until Ctrl-C' },
  { command: 'kt server-start -daemon server.properties', does: 'in the background' },
]

export const serverStart: Command = {
  name: 'server-start',
  script: 'kafka-server-start.sh',
  grammar: async () => ({
    summary: 'One node in the foreground, from a properties file',
    options: {
      daemon: flag('In the background, its log in a file.', { short: 'daemon' }),
      override: text('key=value', 'Wins over the file; may be repeated.', { repeatable: true }),
      version: flag('Display the version of Kafka whose tool this mirrors.'),
    },
    words: 'server.properties',
    examples: EXAMPLES,
  }),
  run: runServerStart,
}

export interface StartWords {
  readonly file: string
  readonly daemon: boolean
  readonly overrides: ReadonlyMap<string, string>
}

/** Reads the words after the command's name; null when there are none. Throws `KtError` of kind usage. */
export function parseStartWords(args: readonly string[]): StartWords | null {
  const daemon = args[0] === '-daemon' || args[0] === '--daemon'
  const [file, ...rest] = daemon ? args.slice(1) : args
  if (file === undefined) return null
  const overrides = new Map<string, string>()
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!
    const attached = word.startsWith('--override=')
    if (!attached && word !== '--override') {
      const near = /^--?[a-z]/.test(word)
        ? nearest(word.replace(/^-+|=.*/g, ''), ['override', 'daemon', 'version'])
        : []
      const facts = near.map((name) => `Did you mean --${name}?`)
      throw new KtError('usage', `Found non argument parameters: ${rest.slice(at).join(',')}`, { facts })
    }
    const pair = attached ? word.slice('--override='.length) : rest[++at]
    if (pair === undefined) throw new KtError('usage', 'Option override requires an argument')
    const equals = pair.indexOf('=')
    if (equals < 1) throw new KtError('usage', `Invalid command line properties: ${pair}`)
    overrides.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
  return { file, daemon, overrides }
}

async function runServerStart(args: readonly string[], context: CommandContext): Promise<number> {
  if (args.includes('--version')) {
    context.stdout.write(`${MIRRORED_KAFKA_VERSION}\n`)
    return 0
  }
  const isHelp = args.includes('--help') || args.includes('-h')
  const words = isHelp ? null : parseStartWords(args)
  if (words === null) {
    context.stdout.write(helpText(context))
    return isHelp && !context.asScript ? 0 : 1
  }
  if (!fs.existsSync(words.file)) {
    throw new KtError('not-found', `there is no file ${words.file}`, {
      next: 'kt cluster start  (a cluster without any file of yours)',
    })
  }
  fs.mkdirSync(serversDirectory(context.env), { recursive: true })
  return words.daemon ? startDaemon(words, context) : startHere(words, context)
}

function helpText({ programName, asScript }: CommandContext): string {
  const usage = `USAGE: ${programName} [-daemon] server.properties [--override property=value]*\n`
  if (asScript) return usage
  return `${usage}
One Kafka node, broker or controller or both, as process.roles in the file says. Its directories must have been
formatted: kt storage format. It runs until Ctrl-C or SIGTERM, which is a controlled shutdown.

  -daemon             in the background, its log in a file
  --override KEY=VAL  wins over the file; repeatable

${examplesText(EXAMPLES).trimStart()}`
}

type RunNode = typeof import('../cluster/run-node.ts')

/** The node takes this process over; its own signal handlers end it. */
async function startHere({ file, overrides }: StartWords, { env }: CommandContext): Promise<number> {
  const { nodeModule } = await import('../cluster/node-process.ts')
  // By its path at run time: a broker is no part of what `kt` loads.
  const { runNode } = (await import(pathToFileURL(nodeModule('run-node')).href)) as RunNode
  const options = { propertiesFile: file, overrides, markerFile: null, processFile: serverFile(env, process.pid) }
  try {
    await runNode({ ...options, onReady: () => undefined })
  } catch (error) {
    fs.rmSync(options.processFile, { force: true })
    throw ownError(error)
  }
  return new Promise<number>(() => undefined)
}

/** The node's bundle has a class `KtError` of its own, which says the same. */
function ownError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'KtError' || error instanceof KtError) return error
  const { kind, message, facts, next } = error as KtError
  return new KtError(kind, message, { facts, next, cause: error })
}

async function startDaemon(words: StartWords, context: CommandContext): Promise<number> {
  const { spawnServer } = await import('../cluster/node-process.ts')
  const logDirectory = context.env.LOG_DIR ?? serversDirectory(context.env)
  fs.mkdirSync(logDirectory, { recursive: true })
  const log = path.join(logDirectory, 'kafkaServer.out')
  const { pid, ready } = spawnServer({
    propertiesFile: path.resolve(words.file),
    overrides: words.overrides,
    log,
    registry: serversDirectory(context.env),
  })
  await ready
  if (!context.asScript) {
    context.stdout.write(`Started in the background (pid ${pid}), its log in ${log}.\n  next: kt server-stop\n`)
  }
  return 0
}

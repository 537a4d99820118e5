/**
 * `kt zookeeper-shell`, what Kafka's `zookeeper-shell.sh` was until 4.0: the paths that people looked at, answered from
 * KRaft. Words after the address are one command, otherwise commands are read from standard input.
 */
import * as readline from 'node:readline'
import type { Command } from '../../cli/command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { reportError, toKtError } from '../../cli/errors.ts'
import { exitCodeFor, OK } from '../../cli/exit-codes.ts'
import { type Example, helpText } from '../../cli/help.ts'
import { translateLegacyOptions } from '../../cli/legacy-options.ts'
import type { GivenOptions } from '../../cli/options.ts'
import { parseOptions } from '../../cli/parse-options.ts'
import { takeProfile, withProfile } from '../../cli/profile-option.ts'
import { CONNECTION_OPTIONS, targetOf } from '../../cli/script-command.ts'
import { answer } from './shell.ts'
import { type ZooNode, zooTree } from './tree.ts'

const SUMMARY = "Look at the paths that Kafka kept in ZooKeeper, answered from today's metadata; read-only"
const WORDS = 'HOST:PORT [ls|get|stat PATH]'
const EXAMPLES: readonly Example[] = [
  { command: 'kt zookeeper-shell localhost:2181 ls /brokers/ids', does: 'ids of the brokers that are there' },
  { command: 'kt zookeeper-shell localhost:2181 get /controller', does: 'which node is the active controller' },
  {
    command: 'kt zookeeper-shell localhost:2181 ls -R /config',
    does: 'everything that has a configuration of its own',
  },
]
const NOTICE = "there is no ZooKeeper since Kafka 4.0; this view is answered from the cluster's own metadata (KRaft)"
const PROMPT = '> '
/** There is no script any more whose options these must be: `--profile` is always among them. */
const OPTIONS = withProfile(CONNECTION_OPTIONS)

export const zookeeperShell: Command = {
  name: 'zookeeper-shell',
  script: 'zookeeper-shell.sh',
  grammar: async () => ({ summary: SUMMARY, options: OPTIONS, words: WORDS, examples: EXAMPLES }),
  run: runZookeeperShell,
}

async function runZookeeperShell(args: readonly string[], context: CommandContext): Promise<number> {
  if (args.length === 0 || args.includes('--help')) {
    const subject = { summary: SUMMARY, script: 'zookeeper-shell.sh', options: OPTIONS, words: WORDS }
    context.stdout.write(await helpText({ ...subject, examples: EXAMPLES }, context))
    return args.length === 0 ? exitCodeFor('usage', true) : OK
  }
  const { options, words } = wordsOf(args)
  const { given, context: connecting } = takeProfile(options, context)
  context.stderr.write(`${context.programName}: ${NOTICE}\n`)
  const tree = zooTree(await connecting.admin(targetOf(given)))
  if (words.length === 0) return readCommands(tree, context)
  context.stdout.write((await answer(tree, words)) ?? '')
  return OK
}

/** The first word is ZooKeeper's address: on this machine whatever cluster is here, else the brokers on the same hosts. */
function wordsOf(args: readonly string[]): { options: GivenOptions<typeof OPTIONS>; words: readonly string[] } {
  const [first = '', ...rest] = args
  const address = first.startsWith('-') || first.startsWith('/') || !/[.:]|^localhost$/.test(first)
  const before = address ? args : rest
  // `-server` and the file with TLS settings were options of ZooKeeper's own shell.
  const words = before.filter(
    (word, at) => word !== '-server' && word !== '-zk-tls-config-file' && before[at - 1] !== '-zk-tls-config-file',
  )
  const old = address ? [] : translateLegacyOptions(['--zookeeper', first], CONNECTION_OPTIONS).args
  const takesValue = (word = ''): boolean => /^--[^=]+$/.test(word)
  const verb = words.findIndex((word, at) => !word.startsWith('--') && !takesValue(words[at - 1]))
  const ours = verb < 0 ? words : words.slice(0, verb)
  // Who says where to connect means it: a profile's login is for the profile's servers.
  const isTold = ours.some((word) => /^--(bootstrap-server|profile)(=|$)/.test(word))
  const options = parseOptions([...(isTold ? [] : old), ...ours], OPTIONS)
  return { options, words: verb < 0 ? [] : words.slice(verb) }
}

async function readCommands(tree: ZooNode, context: CommandContext): Promise<number> {
  const prompt = (): void => {
    if (context.interactive) context.stdout.write(PROMPT)
  }
  const lines = readline.createInterface({ input: context.stdin, terminal: false })
  context.signal.addEventListener('abort', () => lines.close(), { once: true })
  prompt()
  for await (const line of lines) {
    try {
      const text = await answer(tree, line.trim().split(/\s+/))
      if (text === undefined) break
      context.stdout.write(text)
    } catch (error) {
      // A shell goes on; what went wrong is on stderr.
      reportError(toKtError(error), context)
    }
    prompt()
  }
  lines.close()
  return OK
}

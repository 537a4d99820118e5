/**
 * `kt zookeeper-shell`, what Kafka's `zookeeper-shell.sh` was until 4.0: the paths that people looked at, answered from
 * KRaft. Words after the address are one command, otherwise commands are read from standard input.
 */
import * as readline from 'node:readline'
import type { Command } from '../../cli/command.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { reportError, toKtError } from '../../cli/errors.ts'
import { exitCodeFor, OK } from '../../cli/exit-codes.ts'
import { type Example, helpText } from '../../cli/help.ts'
import { translateLegacyOptions } from '../../cli/legacy-options.ts'
import { parseOptions } from '../../cli/parse-options.ts'
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

export const zookeeperShell: Command = {
  name: 'zookeeper-shell',
  script: 'zookeeper-shell.sh',
  grammar: async () => ({ summary: SUMMARY, options: CONNECTION_OPTIONS, words: WORDS, examples: EXAMPLES }),
  run: runZookeeperShell,
}

async function runZookeeperShell(args: readonly string[], context: CommandContext): Promise<number> {
  if (args.length === 0 || args.includes('--help')) {
    const subject = { summary: SUMMARY, script: 'zookeeper-shell.sh', options: CONNECTION_OPTIONS, words: WORDS }
    context.stdout.write(await helpText({ ...subject, examples: EXAMPLES }, context))
    return args.length === 0 ? exitCodeFor('usage', true) : OK
  }
  const { target, words } = wordsOf(args)
  context.stderr.write(`${context.programName}: ${NOTICE}\n`)
  const tree = zooTree(await context.admin(target))
  if (words.length === 0) return readCommands(tree, context)
  context.stdout.write((await answer(tree, words)) ?? '')
  return OK
}

/** The first word is ZooKeeper's address: on this machine whatever cluster is here, else the brokers on the same hosts. */
function wordsOf(args: readonly string[]): { target: ConnectionTarget; words: readonly string[] } {
  const [first = '', ...rest] = args
  const address = first.startsWith('-') || first.startsWith('/') || !/[.:]|^localhost$/.test(first)
  const before = address ? args : rest
  // `-server` and the file with TLS settings were options of ZooKeeper's own shell.
  const words = before.filter(
    (word, at) => word !== '-server' && word !== '-zk-tls-config-file' && before[at - 1] !== '-zk-tls-config-file',
  )
  const old = address ? [] : translateLegacyOptions(['--zookeeper', first], CONNECTION_OPTIONS).args
  const verb = words.findIndex((word, at) => !word.startsWith('--') && !(words[at - 1] ?? '').startsWith('--'))
  const ours = verb < 0 ? words : words.slice(0, verb)
  const given = parseOptions(
    [...(ours.some((word) => word.startsWith('--bootstrap-server')) ? [] : old), ...ours],
    CONNECTION_OPTIONS,
  )
  return { target: targetOf(given), words: verb < 0 ? [] : words.slice(verb) }
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

/** `kt server-stop`, Kafka's `kafka-server-stop.sh`: a controlled shutdown of nodes that were started by hand. */
import { constants } from 'node:os'
import { KtError } from '../base/errors.ts'
import type { Command } from '../cli/command.ts'
import type { CommandContext } from '../cli/context.ts'
import { formatDocument, formatNamed, STRUCTURED_FORMATS, type StructuredFormat } from '../cli/format.ts'
import { addedByKt, integer, text } from '../cli/options.ts'
import { type NodeProcess, processState, signalNode, waitUntil } from '../cluster/node-process.ts'
import { registeredServers } from '../cluster/server-registry.ts'

/** A controlled shutdown of a broker with many leaderships. */
const STOP_TIMEOUT_MS = 60_000

export const serverStop: Command = {
  name: 'server-stop',
  script: 'kafka-server-stop.sh',
  grammar: async () => ({
    summary: 'Stop nodes that were started by hand',
    options: {
      'process-role': text('role', 'Only nodes of this role.', { choices: ['broker', 'controller'] }),
      'node-id': integer('id', 'Only the node of this id.'),
      ...addedByKt({
        format: text('json|yaml', 'Print a documented structure instead of text.', { choices: STRUCTURED_FORMATS }),
      }),
    },
    examples: [
      { command: 'kt server-stop', does: 'a controlled shutdown of every node that was started by hand' },
      { command: 'kt server-stop --node-id 1', does: 'only of node 1' },
      { command: 'kt server-stop --process-role broker,controller', does: 'only of nodes that are both' },
    ],
  }),
  run: runServerStop,
}

export interface StopWords {
  readonly processRole: string | null
  readonly nodeId: number | null
  /** Unchecked; the script has no such option. */
  readonly format?: string
}

/** Reads the words after the command's name. Throws `KtError` of kind usage. */
export function parseStopWords(args: readonly string[], asScript = true): StopWords {
  const words = args.flatMap((word) => (/^--[a-z-]+=/.test(word) ? word.split(/=(.*)/s).slice(0, 2) : [word]))
  let [processRole, nodeId, format]: [string | null, number | null, string | undefined] = [null, null, undefined]
  for (let at = 0; at < words.length; at += 2) {
    const [option, value] = [words[at]!, words[at + 1]]
    const isFormat = option === '--format' && !asScript
    if (option !== '--process-role' && option !== '--node-id' && !isFormat) {
      throw new KtError('usage', `${option} is not an option of server-stop`, {
        facts: ['there are --process-role=ROLE and --node-id=ID'],
      })
    }
    if (value === undefined || value === '') throw new KtError('usage', `${option} needs a value`)
    if (isFormat) format = value
    else if (option === '--process-role') processRole = value
    else if (/^\d+$/.test(value)) nodeId = Number(value)
    else throw new KtError('usage', `--node-id=${value} is not a node id`)
  }
  return { processRole, nodeId, ...(format === undefined ? {} : { format }) }
}

/** As the script chooses: a node id wins over a role; a role is all of process.roles. */
export function chosenServers(nodes: readonly NodeProcess[], { processRole, nodeId }: StopWords): NodeProcess[] {
  if (nodeId !== null) return nodes.filter((node) => node.nodeId === nodeId)
  if (processRole === null) return [...nodes]
  const roles = processRole.split(',').sort().join(',')
  return nodes.filter((node) => node.roles === roles)
}

async function runServerStop(args: readonly string[], context: CommandContext): Promise<number> {
  const { stdout, env, asScript } = context
  if (args.includes('--help') || args.includes('-h')) {
    stdout.write(`USAGE: ${context.programName} [--process-role=ROLE] [--node-id=ID]\n`)
    return 0
  }
  const words = parseStopWords(args, asScript)
  const format = formatNamed(words.format)
  // What the script says where its output is; a document is alone there.
  const talk = format === undefined ? stdout : context.stderr
  if (words.processRole !== null && words.nodeId !== null) {
    talk.write('When both node-id and process-role are provided, the value for node-id will take precedence\n')
  }
  const running = registeredServers(env).map(({ node }) => node)
  if (running.length === 0) {
    talk.write('No kafka server to stop\n')
    if (!asScript) context.stderr.write('  nodes of the local cluster: kt cluster stop\n')
    if (format !== undefined) stdout.write(formatDocument(format, 'ServersStopped', { nodes: [] }))
    return 1
  }
  const chosen = chosenServers(running, words)
  for (const node of chosen) signalNode(node, signalOf(env.SIGNAL))
  return asScript ? 0 : tellEnds(running, chosen, format, context)
}

/** `SIGNAL=KILL kt server-stop`, as the script has it. */
function signalOf(name = 'TERM'): NodeJS.Signals {
  const signal = name.startsWith('SIG') ? name : `SIG${name}`
  if (Object.hasOwn(constants.signals, signal)) return signal as NodeJS.Signals
  throw new KtError('usage', `SIGNAL=${name} is not a signal`)
}

/** The script does not wait; a person wants to know. */
async function tellEnds(
  running: readonly NodeProcess[],
  chosen: readonly NodeProcess[],
  format: StructuredFormat | undefined,
  { stdout }: CommandContext,
): Promise<number> {
  if (chosen.length === 0) {
    const known = running.map(({ nodeId, roles }) => `${nodeId} (${roles})`).join(', ')
    throw new KtError('not-found', 'no such node was started by hand', { facts: [`running are ${known}`] })
  }
  const ends = await Promise.all(chosen.map((node) => waitUntil(() => processState(node) === 'gone', STOP_TIMEOUT_MS)))
  if (format !== undefined) {
    const nodes = chosen.map(({ nodeId, roles, pid }, index) => ({ nodeId, roles, pid, isStopped: ends[index]! }))
    stdout.write(formatDocument(format, 'ServersStopped', { nodes }))
    return ends.every((ended) => ended) ? 0 : 1
  }
  for (const [index, { nodeId, roles, pid }] of chosen.entries()) {
    const how = ends[index] ? 'stopped' : `is still stopping after ${STOP_TIMEOUT_MS / 1000} s`
    stdout.write(`Node ${nodeId}, ${roles} (pid ${pid}) ${how}.\n`)
  }
  return ends.every((ended) => ended) ? 0 : 1
}

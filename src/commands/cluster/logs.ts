/** `kt cluster logs [IDS]`: the nodes' logs, those of several merged in order of time, each line with its node. */
import * as fs from 'node:fs'
import { KtError } from '../../base/errors.ts'
import type { CommandContext, Output } from '../../cli/context.ts'
import { FORMAT_VERSION, formatDocument, formatNamed, type StructuredFormat } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import { parseNodeIds, type VerbFlags } from './flags.ts'

interface LogsFlags extends VerbFlags {
  readonly lines: string
  readonly follow?: boolean
}

interface NodeLog {
  readonly nodeId: number
  readonly file: string
}

const FOLLOW_POLL_MS = 100
/** `[2026-01-31 12:00:00,000]`: what a line of a node's log begins with. */
const TIMESTAMP = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\]/

/** How a line of a node's log is shown. */
type Shown = (nodeId: number, line: string) => string

export const logs: Action<LogsFlags> = async (words, flags, context) => {
  const format = formatNamed(flags.format)
  if (!/^\d{1,6}$/.test(flags.lines)) throw new KtError('usage', `--lines ${flags.lines} is not a number of lines`)
  const chosen = await chosenLogs(parseNodeIds(words), flags.name, context)
  const { lastLines } = await import('../../cluster/node-process.ts')
  const count = Number(flags.lines)
  const tails = chosen.map(({ nodeId, file }) => ({ nodeId, lines: lastLines(file, count) }))
  const shown = format === undefined ? withPrefix(chosen) : asDocument(format)
  for (const { nodeId, line } of merged(tails).slice(-count)) context.stdout.write(shown(nodeId, line))
  if (flags.follow) await follow(chosen, shown, context)
  return 0
}

/** Lines are a stream: a line (JSON) or a document (YAML) for each. */
function asDocument(format: StructuredFormat): Shown {
  if (format === 'yaml') return (nodeId, line) => `---\n${formatDocument('yaml', 'LogLine', { nodeId, line })}`
  return (nodeId, line) => `${JSON.stringify({ apiVersion: FORMAT_VERSION, kind: 'LogLine', nodeId, line })}\n`
}

async function chosenLogs(nodeIds: readonly number[], name: string, { env }: CommandContext): Promise<NodeLog[]> {
  const [{ localNodes, chosenNodes }, { nodePaths }] = await Promise.all([
    import('../../cluster/local-nodes.ts'),
    import('../../cluster/cluster-directory.ts'),
  ])
  const { directory, nodes } = localNodes({ env, name })
  const chosen = nodeIds.length === 0 ? nodes : chosenNodes(nodes, nodeIds)
  return chosen.map(({ nodeId }) => ({ nodeId, file: nodePaths(directory, nodeId).log }))
}

/** `  2| `: nothing for a single log. */
function withPrefix(chosen: readonly NodeLog[]): Shown {
  if (chosen.length === 1) return (_nodeId, line) => `${line}\n`
  const width = Math.max(...chosen.map(({ nodeId }) => String(nodeId).length))
  return (nodeId, line) => `${String(nodeId).padStart(width)}| ${line}\n`
}

export interface LogTail {
  readonly nodeId: number
  readonly lines: readonly string[]
}

/** By time; a line without one (a stack trace) stays behind the line it belongs to. */
export function merged(tails: readonly LogTail[]): { nodeId: number; line: string }[] {
  const entries = tails.flatMap(({ nodeId, lines }) => {
    let time = ''
    return lines.map((line, index) => {
      time = TIMESTAMP.exec(line)?.[1] ?? time
      return { nodeId, line, time, index }
    })
  })
  entries.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.nodeId - b.nodeId || a.index - b.index))
  return entries.map(({ nodeId, line }) => ({ nodeId, line }))
}

/** Shows what is added to the files until the command is interrupted. */
async function follow(chosen: readonly NodeLog[], shown: Shown, { stdout, signal }: CommandContext): Promise<void> {
  const followed = chosen.map(({ nodeId, file }) => new FollowedFile(file, (line) => shown(nodeId, line)))
  while (!signal.aborted) {
    for (const file of followed) await file.show(stdout)
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_POLL_MS))
  }
}

/** A file that grows; whole lines only, so that lines of two files never mix. */
class FollowedFile {
  private readonly file: string
  private readonly shown: (line: string) => string
  private position: number
  private rest = ''

  constructor(file: string, shown: (line: string) => string) {
    this.file = file
    this.shown = shown
    this.position = sizeOf(file)
  }

  async show(stdout: Output): Promise<void> {
    const size = sizeOf(this.file)
    if (size < this.position) this.position = 0
    if (size === this.position) return
    const stream = fs.createReadStream(this.file, { start: this.position, end: size - 1, encoding: 'utf8' })
    this.position = size
    for await (const chunk of stream) {
      const lines = (this.rest + (chunk as string)).split('\n')
      this.rest = lines.pop()!
      const ready = stdout.write(lines.map((line) => this.shown(line)).join(''))
      if (!ready) await stdout.drain()
    }
  }
}

function sizeOf(file: string): number {
  return fs.existsSync(file) ? fs.statSync(file).size : 0
}

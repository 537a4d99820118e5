/** `kt cluster timeline [IDS]`: what happens inside the nodes as it happens, theirs merged in order of time. */
import { KtError } from '../../base/errors.ts'
import { machineMs, type TimelineEvent } from '../../base/timeline.ts'
import type { Colours } from '../../cli/colour.ts'
import type { CommandContext } from '../../cli/context.ts'
import { FORMAT_VERSION, formatDocument, formatNamed, type StructuredFormat } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import { timelineNames, timelineText } from '../../cli/timeline-text.ts'
import type { TimelineConnection, TimelineSource } from '../../cluster/timeline-watch.ts'
import { pause } from '../pause.ts'
import { parseSpan } from '../when.ts'
import { type NameFlags, nodeName, parseNodeIds } from './flags.ts'

interface TimelineFlags extends NameFlags {
  readonly topic?: readonly string[]
  readonly group?: readonly string[]
  readonly for?: string
  readonly format?: string
}

/** Events of different nodes wait for each other so long, to be told in order. */
const HOLD_MS = 50
/** How often is looked for nodes that have been started. */
const SCAN_MS = 200

export const timeline: Action<TimelineFlags> = async (words, flags, context) => {
  const nodeIds = parseNodeIds(words)
  const untilMs = flags.for === undefined ? Infinity : machineMs() + parseSpan(flags.for, 'for')
  const printer = new EventPrinter(context, {
    names: [...(flags.topic ?? []), ...(flags.group ?? [])],
    format: formatNamed(flags.format),
    colours: await context.colours(),
  })
  const follower = new TimelineFollower(await sourcesOf(flags.name, nodeIds, context), printer)
  await follower.scan()
  if (follower.count === 0) throw nobodyAnswers(flags.name)
  try {
    while (!context.signal.aborted && machineMs() < untilMs) {
      await pause(context.clock, Math.min(HOLD_MS, Math.max(1, untilMs - machineMs())), context.signal)
      await follower.scan()
      await printer.print(machineMs() - HOLD_MS)
    }
    await printer.print(Infinity)
  } finally {
    follower.close()
  }
  return 0
}

type FindSources = () => Promise<TimelineSource[]>

/** Looks anew each time: nodes come and go. Throws `KtError` where there is no cluster, or no such node. */
async function sourcesOf(name: string, ids: readonly number[], { env }: CommandContext): Promise<FindSources> {
  const [{ localNodes, chosenNodes }, { timelineSources }] = await Promise.all([
    import('../../cluster/local-nodes.ts'),
    import('../../cluster/timeline-watch.ts'),
  ])
  const { directory, nodes } = localNodes({ env, name })
  if (ids.length > 0) chosenNodes(nodes, ids)
  return async () => timelineSources(directory).filter(({ nodeId }) => ids.length === 0 || ids.includes(nodeId))
}

function nobodyAnswers(name: string): KtError {
  return new KtError('unreachable', `No node of the cluster '${name}' can be watched`, {
    facts: ['none of them is running, or they were started by an older kt'],
    next: name === 'local' ? 'kt cluster start' : `kt cluster start --name ${name}`,
  })
}

/** Connections to the nodes that run, made anew when a node is started again. */
class TimelineFollower {
  readonly #find: FindSources
  readonly #printer: EventPrinter
  /** By node; null while it is being connected. */
  readonly #connections = new Map<number, TimelineConnection | null>()
  #nextScanMs = 0

  constructor(find: FindSources, printer: EventPrinter) {
    this.#find = find
    this.#printer = printer
  }

  get count(): number {
    return this.#connections.size
  }

  async scan(): Promise<void> {
    if (machineMs() < this.#nextScanMs) return
    this.#nextScanMs = machineMs() + SCAN_MS
    const found = (await this.#find()).filter(({ nodeId }) => !this.#connections.has(nodeId))
    await Promise.all(found.map((source) => this.#connect(source)))
  }

  async #connect(source: TimelineSource): Promise<void> {
    const { watchTimeline } = await import('../../cluster/timeline-watch.ts')
    const { nodeId } = source
    const printer = this.#printer
    printer.label(nodeId, nodeName(nodeId, source.process.roles))
    const connection = await watchTimeline(source, {
      onEvent: (event) => printer.take(event),
      onMissed: (missed, count) => printer.note(missed, `${count} events were missed: too many at once`),
      onEnd: () => {
        this.#connections.delete(nodeId)
        printer.note(nodeId, 'has gone')
      },
    })
    if (connection === null) return
    this.#connections.set(nodeId, connection)
    printer.note(nodeId, 'is watched from now on')
  }

  close(): void {
    for (const connection of this.#connections.values()) connection?.close()
  }
}

interface Printing {
  /** Topics and groups; empty for everything. */
  readonly names: readonly string[]
  readonly format: StructuredFormat | undefined
  readonly colours: Colours
}

/** What is to be printed, in order of time. */
interface Line {
  readonly machineMs: number
  readonly text: string
}

/** A watched storm must not take all memory when the terminal is slow. */
const MAX_LINES = 50_000

/** Consumers without news wait and time out twice a second: people would see nothing else. Documents have it. */
function isIdleFetch(event: TimelineEvent): boolean {
  if (event.type === 'waiting') return event.operation === 'Fetch'
  return event.type === 'completed' && event.operation === 'Fetch' && event.isExpired
}

class EventPrinter {
  readonly #context: CommandContext
  readonly #printing: Printing
  readonly #labels = new Map<number, string>()
  #lines: Line[] = []
  #dropped = 0

  constructor(context: CommandContext, printing: Printing) {
    this.#context = context
    this.#printing = printing
  }

  label(nodeId: number, name: string): void {
    this.#labels.set(nodeId, name)
  }

  take(event: TimelineEvent): void {
    if (!this.#isWanted(event)) return
    if (this.#lines.length >= MAX_LINES) this.#dropped++
    else this.#lines.push({ machineMs: event.machineMs, text: this.#eventText(event) })
  }

  /** Something about the watching itself: no data, so it goes to stderr when documents are printed. */
  note(nodeId: number, text: string): void {
    const { format, colours } = this.#printing
    if (format !== undefined) this.#context.stderr.write(`${this.#labels.get(nodeId)} ${text}\n`)
    else this.#lines.push({ machineMs: machineMs(), text: this.#line(Date.now(), nodeId, colours.warning(text)) })
  }

  #isWanted(event: TimelineEvent): boolean {
    const { names, format } = this.#printing
    if (format === undefined && isIdleFetch(event)) return false
    if (names.length === 0) return true
    return timelineNames(event)?.some((name) => names.includes(name)) ?? true
  }

  #eventText(event: TimelineEvent): string {
    const { format } = this.#printing
    if (format === undefined) return this.#line(event.timestamp, event.nodeId, timelineText(event))
    if (format === 'yaml') return `---\n${formatDocument('yaml', 'TimelineEvent', { ...event })}`
    return `${JSON.stringify({ apiVersion: FORMAT_VERSION, kind: 'TimelineEvent', ...event })}\n`
  }

  #line(timestamp: number, nodeId: number, text: string): string {
    const { dim, name } = this.#printing.colours
    const time = new Date(timestamp - new Date(timestamp).getTimezoneOffset() * 60_000).toISOString().slice(11, 23)
    return `${dim(time)}  ${name((this.#labels.get(nodeId) ?? '').padEnd(14))}  ${text}\n`
  }

  /** Prints what happened up to then. */
  async print(upToMs: number): Promise<void> {
    this.#lines.sort((a, b) => a.machineMs - b.machineMs)
    const end = this.#lines.findIndex((line) => line.machineMs > upToMs)
    const lines = this.#lines.splice(0, end < 0 ? this.#lines.length : end)
    if (lines.length === 0) return
    const { stdout, stderr } = this.#context
    if (!stdout.write(lines.map(({ text }) => text).join(''))) await stdout.drain()
    if (this.#dropped > 0) stderr.write(`${this.#dropped} events were dropped: printing is too slow\n`)
    this.#dropped = 0
  }
}

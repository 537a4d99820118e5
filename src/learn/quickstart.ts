/**
 * The main job on real input: a topic, an order log sent with the console producer and read back with the console
 * consumer, leaders and ISR, a group's offsets and lag. Every step is the command a person would type and its real
 * output; the end is reached only when what came out is what went in.
 */
import { KtError } from '../base/errors.ts'

export interface CommandRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Both, in the order in which they were written. */
  readonly transcript: string
}

/** How the quickstart runs `kt ...`: in this process, the same modules a person's command line would load. */
export interface QuickstartShell {
  run(args: readonly string[], inputFile?: string): Promise<CommandRun>
  print(text: string): void
  /** For `$ kt ...` lines and headings. */
  emphasise(text: string): string
  monotonic(): number
}

export interface QuickstartOptions {
  /** Path of the order log: `key:value` per line. */
  readonly ordersFile: string
  /** The same path as a person would type it from where they are. */
  readonly ordersName: string
  readonly orders: readonly string[]
  /** Given to every command, for example `['--bootstrap-server', 'host:9092']`; empty for the local cluster. */
  readonly connection: readonly string[]
  /** Arguments of `kt cluster start`; null when a real cluster was named and nothing is to be started. */
  readonly startCluster: readonly string[] | null
}

/** Lines of a long output that are shown before and after the cut. */
const SHOWN_HEAD = 3
const SHOWN_TAIL = 2
/** The group stops early so that there is a lag to see. */
const GROUP_READS = 1500
const TOPIC = 'quickstart-orders'
const GROUP = 'quickstart-shipping'

/** Cuts the middle out of a long output and says how much was cut. */
export function shorten(text: string, head: number = SHOWN_HEAD, tail: number = SHOWN_TAIL): string {
  const lines = text.replace(/\n$/, '').split('\n')
  if (lines.length <= head + tail + 1) return lines.join('\n')
  const cut = lines.length - head - tail
  return [...lines.slice(0, head), `... ${cut} more lines ...`, ...lines.slice(-tail)].join('\n')
}

/** What a reader may rely on: every record once, and the order of each key kept. Null when it holds. */
export function difference(sent: readonly string[], read: readonly string[]): string | null {
  if (sent.length !== read.length) return `${sent.length} records went in, ${read.length} came out`
  const byKey = (lines: readonly string[]): Map<string, string[]> => {
    const groups = new Map<string, string[]>()
    for (const line of lines) {
      const key = line.slice(0, line.indexOf(':'))
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [line])
      else group.push(line)
    }
    return groups
  }
  const readByKey = byKey(read)
  for (const [key, lines] of byKey(sent)) {
    const other = readByKey.get(key) ?? []
    const at = lines.findIndex((line, index) => line !== other[index])
    if (at !== -1)
      return `record ${at + 1} of key ${key} is ${JSON.stringify(other[at] ?? null)}, sent was ${lines[at]}`
  }
  return null
}

interface Step {
  readonly why: string
  readonly args: readonly string[]
  readonly inputFile?: string
  /** Shown after `<`. */
  readonly inputName?: string
  readonly whole?: boolean
}

/** Quotes what a shell would split, so that the printed line can be pasted. */
function commandLine(step: Step): string {
  const words = step.args.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
  return `kt ${words.join(' ')}${step.inputFile === undefined ? '' : ` < ${step.inputName ?? step.inputFile}`}`
}

async function runStep(shell: QuickstartShell, step: Step): Promise<CommandRun> {
  shell.print(`\n# ${step.why}\n${shell.emphasise(`$ ${commandLine(step)}`)}\n`)
  const result = await shell.run(step.args, step.inputFile)
  const { transcript } = result
  if (transcript.trim() !== '') {
    shell.print(`${step.whole ? transcript.replace(/^\n|\n$/g, '') : shorten(transcript)}\n`)
  }
  if (result.code !== 0) {
    throw new KtError('kafka', `kt ${step.args[0]} ended with exit code ${result.code}`, {
      facts: ['the quickstart stops here: its output is above'],
      next: 'kt cluster logs',
    })
  }
  return result
}

/** A topic name of our own that is still free: nothing that exists is ever written to or deleted. */
async function freeTopicName(shell: QuickstartShell, connection: readonly string[]): Promise<string> {
  const listing = await shell.run(['topics', '--list', ...connection])
  if (listing.code !== 0) throw new KtError('unreachable', listing.stderr.trim() || listing.stdout.trim())
  const taken = new Set(listing.stdout.split('\n'))
  for (let number = 1; ; number++) {
    const name = number === 1 ? TOPIC : `${TOPIC}-${number}`
    if (!taken.has(name)) return name
  }
}

function steps(topic: string, group: string, options: QuickstartOptions): Record<string, Step> {
  const { connection } = options
  const withKeys = ['--formatter-property', 'print.key=true', '--formatter-property', 'key.separator=:']
  return {
    create: {
      why: 'A topic: three partitions.',
      args: ['topics', '--create', '--topic', topic, '--partitions', '3', ...connection],
    },
    produce: {
      why: `${options.orders.length} events of a web shop go in, keyed by customer: one customer, one partition, in order.`,
      args: [
        'console-producer',
        '--topic',
        topic,
        ...['--reader-property', 'parse.key=true', '--reader-property', 'key.separator=:'],
        ...connection,
      ],
      inputFile: options.ordersFile,
      inputName: options.ordersName,
    },
    consume: {
      why: 'And out again, from the beginning.',
      args: [
        ...['console-consumer', '--topic', topic, '--from-beginning'],
        ...['--max-messages', String(options.orders.length), ...withKeys, ...connection],
      ],
    },
    describe: {
      why: 'Leader, replicas and in-sync replicas (ISR) of every partition.',
      args: ['topics', '--describe', '--topic', topic, ...connection],
      whole: true,
    },
    group: {
      why: `A consumer group reads ${GROUP_READS} records and stops; what it has read is committed.`,
      args: [
        ...['console-consumer', '--topic', topic, '--group', group, '--from-beginning'],
        ...['--max-messages', String(GROUP_READS), ...connection],
      ],
    },
    lag: {
      why: 'Where the group is, and how far behind (LAG).',
      args: ['consumer-groups', '--describe', '--group', group, ...connection],
      whole: true,
    },
  }
}

/** What was made and verified. */
export interface QuickstartSummary {
  readonly topic: string
  readonly group: string
  readonly recordCount: number
  readonly durationMs: number
}

/** Runs it all; throws `KtError` when a command failed or what came out is not what went in. */
export async function quickstart(shell: QuickstartShell, options: QuickstartOptions): Promise<QuickstartSummary> {
  const started = shell.monotonic()
  if (options.startCluster !== null) {
    const args = ['cluster', 'start', ...options.startCluster]
    await runStep(shell, { why: 'A Kafka cluster on this machine: no Java, no Docker.', args, whole: true })
  }
  const topic = await freeTopicName(shell, options.connection)
  const group = topic.replace(TOPIC, GROUP)
  const plan = steps(topic, group, options)
  await runStep(shell, plan.create!)
  await runStep(shell, plan.produce!)
  const read = await runStep(shell, plan.consume!)
  const wrong = difference(options.orders, read.stdout.replace(/\n$/, '').split('\n'))
  if (wrong !== null) throw new KtError('internal', `what came out is not what went in: ${wrong}`)
  await runStep(shell, plan.describe!)
  await runStep(shell, plan.group!)
  await runStep(shell, plan.lag!)
  const durationMs = shell.monotonic() - started
  shell.print(closing(topic, options, (durationMs / 1000).toFixed(1)))
  return { topic, group, recordCount: options.orders.length, durationMs: Math.round(durationMs) }
}

function closing(topic: string, options: QuickstartOptions, seconds: string): string {
  const count = options.orders.length.toLocaleString('en')
  const group = topic.replace(TOPIC, GROUP)
  const where = options.connection.map((word) => ` ${word}`).join('')
  const local = [
    ['kt cluster status', 'its nodes: pid, port, memory'],
    ['kt cluster stop', 'records stay on disk for the next start'],
  ]
  const next = [
    [`kt describe topic ${topic}${where}`, 'leaders, ISR, offsets and size in one picture'],
    [`kt console-producer --topic ${topic}${where}`, 'type a line; Ctrl-D ends'],
    [`kt consumer-groups --describe --group ${group} --members${where}`, 'who reads for the group: nobody now'],
    ...(options.connection.length === 0 ? local : []),
  ]
  const width = Math.max(...next.map(([command]) => command!.length))
  return `
Verified: ${count} records in, the same ${count} out, the order of every key kept. ${seconds} s in all.

Try next:
${next.map(([command, why]) => `  ${command!.padEnd(width)}  ${why}\n`).join('')}`
}

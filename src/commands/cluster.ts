/** `kt cluster start|stop|status|logs|reset`: the local cluster, as processes of this machine. */
import type { Command as CommanderCommand } from 'commander'
import { KtError } from '../base/errors.ts'
import type { CommandContext } from '../cli/context.ts'
import { formatDocument, STRUCTURED_FORMATS, type Structure, type StructuredFormat } from '../cli/format.ts'
import { type Act, type Action, defineCommand } from '../cli/own-command.ts'
import { drawTable } from '../cli/table.ts'
import type { ClusterStatus, NodeStatus } from '../cluster/local-cluster.ts'

interface NameFlags {
  readonly name?: string
}
interface StartFlags extends NameFlags {
  readonly port?: string
  readonly host?: string
  readonly override?: readonly string[]
}
interface StatusFlags extends NameFlags {
  readonly format?: StructuredFormat
}
interface LogsFlags extends NameFlags {
  readonly lines: string
  readonly follow?: boolean
}
interface ResetFlags extends NameFlags {
  readonly yes?: boolean
}

const load = () => import('../cluster/local-cluster.ts')

export const cluster = defineCommand({
  name: 'cluster',
  summary: 'The bundled Kafka node on this machine: no Java, no Docker, listening on loopback only.',
  examples: [
    { command: 'kt cluster start', does: 'a node on 127.0.0.1:9092, its data kept until reset' },
    { command: 'kt cluster status', does: 'pid, port, uptime, memory, settings that differ from Kafka' },
    { command: 'kt cluster logs -f', does: "follow the node's log" },
  ],
  configure(command, act) {
    const subcommand = (name: string, summary: string): CommanderCommand =>
      command.command(name).description(summary).option('--name <name>', 'name of the local cluster', 'local')
    subcommand('start', 'start it; says so when it is running already')
      .option('--port <port>', 'port to listen on: what it used before, else 9092; 0 takes a free one')
      .option('--host <address>', 'address to listen on; anything but loopback is open to the network')
      .option('--override <key=value...>', "a broker property of Kafka's, repeatable")
      .action(act(start))
    subcommand('stop', 'stop it: a controlled shutdown').action(act(stop))
    configureReaders(subcommand, act)
    subcommand('reset', 'stop it and delete its data').option('-y, --yes', 'do not ask').action(act(reset))
  },
})

function configureReaders(subcommand: (name: string, summary: string) => CommanderCommand, act: Act): void {
  subcommand('status', 'processes, ports, uptime, memory')
    .option('--format <format>', `structured output: ${STRUCTURED_FORMATS.join(' or ')}`)
    .action(act(status))
  subcommand('logs', "the end of the node's log")
    .option('-n, --lines <count>', 'lines to show', '50')
    .option('-f, --follow', 'go on showing new lines until Ctrl-C')
    .action(act(logs))
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65535) throw new KtError('usage', `--port ${text} is not a port: 0 to 65535`)
  return port
}

function parseOverrides(words: readonly string[] = []): Map<string, string> {
  return new Map(
    words.map((word) => {
      const equals = word.indexOf('=')
      if (equals < 1) throw new KtError('usage', `--override ${word} is not key=value`)
      return [word.slice(0, equals), word.slice(equals + 1)]
    }),
  )
}

const start: Action<StartFlags> = async (_words, flags, { env, stdout }) => {
  const { startLocalCluster } = await load()
  const result = await startLocalCluster({
    env,
    name: flags.name,
    host: flags.host,
    port: parsePort(flags.port),
    config: parseOverrides(flags.override),
  })
  const node = result.nodes.find((each) => each.running)
  const what = result.started ? 'started' : 'is running already'
  stdout.write(
    `Cluster '${result.name}' ${what}: ${result.bootstrapServers} (pid ${node?.pid}, data in ${result.directory})\n`,
  )
  return 0
}

const stop: Action<NameFlags> = async (_words, flags, { env, stdout }) => {
  const { stopLocalCluster } = await load()
  const stopped = await stopLocalCluster({ env, name: flags.name })
  if (stopped.length === 0) stdout.write(`Cluster '${flags.name}' is not running.\n`)
  for (const { nodeId, pid, outcome } of stopped) {
    const how =
      outcome === 'stopped'
        ? 'stopped'
        : 'did not stop within 30 s and was killed; it recovers its logs at the next start'
    stdout.write(`Node ${nodeId} (pid ${pid}) ${how}.\n`)
  }
  return 0
}

function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function nodeRow(node: NodeStatus): string[] {
  const memory = node.memoryBytes === null ? '-' : `${(node.memoryBytes / 1e6).toFixed(0)} MB`
  return [
    String(node.nodeId),
    node.roles,
    node.running ? 'running' : 'stopped',
    String(node.pid ?? '-'),
    String(node.port ?? '-'),
    node.uptimeMs === null ? '-' : duration(node.uptimeMs),
    memory,
  ]
}

/** What `kt cluster status` prints. */
export async function statusText(found: ClusterStatus): Promise<string> {
  if (!found.exists) return `There is no cluster '${found.name}'.\n  next: kt cluster start\n`
  const header = ['NODE', 'ROLES', 'STATE', 'PID', 'PORT', 'UPTIME', 'MEMORY']
  const settings = found.settings
    .map(({ name, value, why }) => `  ${name}=${value}  # ${why ?? 'set by --override or by hand'}\n`)
    .join('')
  return [
    `Cluster '${found.name}' ${found.running ? `at ${found.bootstrapServers}` : 'is not running'}\n`,
    `  cluster id ${found.clusterId}, data in ${found.directory}\n\n`,
    await drawTable({ head: header, rows: found.nodes.map(nodeRow) }),
    `\nSettings that differ from Kafka's defaults (server.properties of each node):\n${settings}`,
    found.running ? '' : '\n  next: kt cluster start\n',
  ].join('')
}

const status: Action<StatusFlags> = async (_words, flags, { env, stdout }) => {
  const { localClusterStatus } = await load()
  const found = await localClusterStatus({ env, name: flags.name })
  if (flags.format === undefined) stdout.write(await statusText(found))
  else if (!STRUCTURED_FORMATS.includes(flags.format)) {
    throw new KtError('usage', `--format ${flags.format}: ${STRUCTURED_FORMATS.join(' or ')}`)
  } else stdout.write(formatDocument(flags.format, 'LocalCluster', found as unknown as Record<string, Structure>))
  return 0
}

const FOLLOW_POLL_MS = 200

const logs: Action<LogsFlags> = async (_words, flags, context) => {
  if (!/^\d{1,6}$/.test(flags.lines)) throw new KtError('usage', `--lines ${flags.lines} is not a number of lines`)
  const [{ localClusterLogs }, { lastLines }] = await Promise.all([load(), import('../cluster/node-process.ts')])
  const files = localClusterLogs({ env: context.env, name: flags.name })
  if (files.length === 0) {
    throw new KtError('not-found', `there is no cluster '${flags.name}'`, { next: 'kt cluster start' })
  }
  for (const { nodeId, file } of files) {
    if (files.length > 1) context.stdout.write(`==> node ${nodeId} <==\n`)
    for (const line of lastLines(file, Number(flags.lines))) context.stdout.write(`${line}\n`)
  }
  if (flags.follow) await follow(files[0]!.file, context)
  return 0
}

/** Shows what is added to the file until the command is interrupted. */
async function follow(file: string, { stdout, signal }: CommandContext): Promise<void> {
  const fs = await import('node:fs')
  let position = fs.statSync(file).size
  while (!signal.aborted) {
    const size = fs.existsSync(file) ? fs.statSync(file).size : 0
    if (size < position) position = 0
    if (size > position) {
      for await (const chunk of fs.createReadStream(file, { start: position, end: size - 1 })) {
        if (!stdout.write(chunk as Buffer)) await stdout.drain()
      }
      position = size
    }
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_POLL_MS))
  }
}

const reset: Action<ResetFlags> = async (_words, flags, context) => {
  const { localClusterStatus, resetLocalCluster } = await load()
  const reference = { env: context.env, name: flags.name }
  const { exists, directory } = await localClusterStatus(reference)
  if (exists && !flags.yes) {
    if (!context.interactive) {
      throw new KtError('usage', `this deletes ${directory} and every record in it`, { next: 'kt cluster reset --yes' })
    }
    const answer = await context.ask({ message: `Delete ${directory} and every record in it?`, kind: 'confirm' })
    if (!/^(y|yes|true)$/i.test(answer)) return 0
  }
  const deleted = await resetLocalCluster(reference)
  context.stdout.write(
    deleted === null ? `There is no cluster '${flags.name}'.\n` : `Stopped and deleted: ${deleted}\n`,
  )
  return 0
}

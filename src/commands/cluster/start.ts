/** `kt cluster start`, `stop` without ids, `reset`. */
import { KtError } from '../../base/errors.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import type { StartResult, StoppedNode } from '../../cluster/local-cluster.ts'
import type { NodeProcess } from '../../cluster/node-process.ts'
import { stopSome } from './deeds.ts'
import { startFields, stoppedFields } from './documents.ts'
import { capitalised, nameFlag, nodeName, parseCount, parseOverrides, parsePort, type VerbFlags } from './flags.ts'

interface StartFlags extends VerbFlags {
  readonly brokers?: string
  readonly controllers?: string
  readonly port?: string
  readonly host?: string
  readonly override?: readonly string[]
}
interface ResetFlags extends VerbFlags {
  readonly yes?: boolean
}

const load = () => import('../../cluster/local-cluster.ts')

export const start: Action<StartFlags> = async (_words, flags, { env, stdout, clock }) => {
  const format = formatNamed(flags.format)
  const startedMs = clock.monotonic()
  const { startLocalCluster } = await load()
  const result = await startLocalCluster({
    env,
    name: flags.name,
    brokers: parseCount('--brokers', flags.brokers),
    controllers: parseCount('--controllers', flags.controllers),
    host: flags.host,
    port: parsePort(flags.port),
    config: parseOverrides(flags.override),
  })
  const durationMs = clock.monotonic() - startedMs
  if (format === undefined) stdout.write(startText(result, durationMs))
  else stdout.write(formatDocument(format, 'LocalClusterStarted', startFields(result, durationMs)))
  return 0
}

/** `broker 1 on 9092 (pid 4711)` */
function processText({ nodeId, roles, pid, port, controllerPort }: NodeProcess): string {
  const ports = [port, controllerPort].filter((each) => each !== null).join(' and ')
  return `${nodeName(nodeId, roles)} on ${ports} (pid ${pid})`
}

/** What `kt cluster start` prints. */
export function startText(result: StartResult, durationMs: number): string {
  const { name, started, running, bootstrapServers, directory, notes, created } = result
  const seconds = `${(durationMs / 1000).toFixed(1)} s`
  const head =
    started.length === 0
      ? `Cluster '${name}' is running already: ${bootstrapServers}`
      : running.length === 0
        ? `Cluster '${name}' started in ${seconds}: ${bootstrapServers}`
        : `Cluster '${name}' is complete again after ${seconds}: ${bootstrapServers}`
  const lines = [
    head,
    ...started.map((node) => `  started ${processText(node)}`),
    ...running.map((node) => `  ${started.length === 0 ? '' : 'was running: '}${processText(node)}`),
    `  data in ${directory}`,
    ...notes.map((note) => `  ${note}`),
    created
      ? `  next: kt topics --create --topic orders --partitions 3${replicationFlag(started)}${serverFlag(result)}`
      : `  next: kt cluster status${nameFlag(name)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** As many replicas as a small cluster makes good use of. */
function replicationFlag(nodes: readonly NodeProcess[]): string {
  const brokers = nodes.filter(({ roles }) => roles !== 'controller').length
  return brokers === 1 ? '' : ` --replication-factor ${Math.min(3, brokers)}`
}

/** Only the cluster everybody has is found without being told. */
function serverFlag({ name, bootstrapServers }: StartResult): string {
  return name === 'local' ? '' : ` --bootstrap-server ${bootstrapServers.split(',')[0]}`
}

function stoppedLine({ nodeId, roles, pid, outcome }: StoppedNode): string {
  const how =
    outcome === 'stopped'
      ? 'stopped'
      : 'did not stop within 30 s and was killed; it recovers its logs at the next start'
  return `${capitalised(nodeName(nodeId, roles))} (pid ${pid}) ${how}.\n`
}

export const stop: Action<VerbFlags> = async (words, flags, context) => {
  if (words.length > 0) return stopSome(words, flags, context)
  const { env, stdout } = context
  const format = formatNamed(flags.format)
  const { stopLocalCluster } = await load()
  const stopped = await stopLocalCluster({ env, name: flags.name })
  if (format !== undefined) {
    stdout.write(formatDocument(format, 'NodesStopped', { name: flags.name, nodes: stopped.map(stoppedFields) }))
    return 0
  }
  if (stopped.length === 0) stdout.write(`Cluster '${flags.name}' is not running.\n`)
  for (const node of stopped) stdout.write(stoppedLine(node))
  if (stopped.length > 0) stdout.write(`  next: kt cluster start${nameFlag(flags.name)} goes on with the same data\n`)
  return 0
}

export const reset: Action<ResetFlags> = async (_words, flags, context) => {
  const format = formatNamed(flags.format)
  const [{ resetLocalCluster }, { clusterDirectory, readMarker }] = await Promise.all([
    load(),
    import('../../cluster/cluster-directory.ts'),
  ])
  const directory = clusterDirectory(context.env, flags.name)
  let ended: string[] = []
  const tellDeleted = (deleted: string | null): number => {
    if (format === undefined) return 0
    const fields = { name: flags.name, directory, isDeleted: deleted !== null, programs: ended }
    context.stdout.write(formatDocument(format, 'LocalClusterDeleted', fields))
    return 0
  }
  if (readMarker(directory) !== null && !flags.yes) {
    if (!context.interactive) {
      throw new KtError('usage', `this deletes ${directory} and every record in it`, {
        next: `kt cluster reset --yes${nameFlag(flags.name)}`,
      })
    }
    const answer = await context.ask({ message: `Delete ${directory} and every record in it?`, kind: 'confirm' })
    if (!/^(y|yes|true)$/i.test(answer)) return tellDeleted(null)
  }
  ended = await endPrograms(flags.name, context)
  const deleted = await resetLocalCluster({ env: context.env, name: flags.name })
  if (format === undefined && ended.length > 0) context.stdout.write(`Ended programs of lessons: ${ended.join(', ')}\n`)
  if (format !== undefined) return tellDeleted(deleted)
  context.stdout.write(
    deleted === null
      ? `There is no cluster '${flags.name}'.\n`
      : `Stopped and deleted: ${deleted}\n  next: kt cluster start${nameFlag(flags.name)}\n`,
  )
  return 0
}

/** Programs that lessons have started on it would look for a cluster that is no more. */
async function endPrograms(name: string, { env }: Parameters<Action<ResetFlags>>[2]): Promise<string[]> {
  const { Programs } = await import('../learn/programs/processes.ts')
  return new Programs(env).endOn(name)
}

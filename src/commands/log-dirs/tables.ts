import type { Colours } from '../../cli/colour.ts'
import { loadTableDrawer } from '../../cli/table.ts'
import type { LogDirDescription, LogDirReplica } from '../../client/admin-types.ts'
import { bytesText, numberText, plural } from '../describe/text.ts'
import { type BrokerLogDirs, sortedReplicas } from './log-dirs-text.ts'

/** For people: a heading per directory with the room left in it, a row per replica. */
export async function logDirsTables(brokers: readonly BrokerLogDirs[], colours: Colours): Promise<string> {
  const draw = await loadTableDrawer()
  const parts = brokers.flatMap(({ broker, directories }) =>
    directories.map((directory) => {
      const head = ['TOPIC', 'PARTITION', 'SIZE', 'LAG', ''].map(colours.dim)
      const rows = sortedReplicas(directory.replicas).map((replica) => replicaCells(replica, colours))
      const table = rows.length === 0 ? '' : draw({ head, rows, rightAligned: [1, 2, 3] })
      return heading(broker, directory, colours) + table
    }),
  )
  return parts.join('\n')
}

function heading(broker: number, directory: LogDirDescription, { bold, name, bad, dim }: Colours): string {
  const { path, error, totalBytes, usableBytes, replicas } = directory
  const used = replicas.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const room = totalBytes < 0 ? '' : dim(`  ${bytesText(usableBytes)} of ${bytesText(totalBytes)} free`)
  const state = error === null ? `${plural(replicas.length, 'replica')}, ${bytesText(used)}` : bad(error.message)
  return `${bold(`Broker ${broker}`)}  ${name(path)}  ${state}${room}\n`
}

function replicaCells({ topic, partition, sizeBytes, offsetLag, isFuture }: LogDirReplica, colours: Colours): string[] {
  const lag = offsetLag > 0 ? colours.warning(numberText(offsetLag)) : String(offsetLag)
  return [topic, String(partition), bytesText(sizeBytes), lag, isFuture ? colours.warning('moving here') : '']
}

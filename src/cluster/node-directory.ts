/** A local cluster formats the directory of a node that starts for the first time; by hand `kt storage format` does it. */
import { type FileSystem, nodeFileSystem } from '../base/file-system.ts'
import { randomUuid } from '../base/uuid.ts'
import { readMetaProperties } from '../log/meta-properties.ts'
import type { NodeConfig } from '../metadata/config/index.ts'
import { parseDynamicVoters, voterSetOf } from '../metadata/dynamic-voters.ts'
import { formatDirectory } from '../metadata/format.ts'
import type { ClusterMarker } from './cluster-directory.ts'

/** What a directory is formatted for. */
export type ClusterIdentity = Omit<ClusterMarker, 'name'>

/**
 * Formats the first of `log.dirs` unless it is formatted already. A first voter takes the directory id that the voters
 * of `cluster` give it; a static quorum, and a mere broker, has no voters to write.
 */
export function formatIfNew(config: NodeConfig, cluster: ClusterIdentity, files: FileSystem = nodeFileSystem): void {
  const directory = config.logDirs[0]!
  if (readMetaProperties(files, directory) !== null) return
  const { nodeId } = config
  const voters = cluster.voters === undefined ? [] : parseDynamicVoters(cluster.voters)
  const self = config.getList('process.roles').includes('controller')
    ? voters.find(({ id }) => id === nodeId)
    : undefined
  formatDirectory(files, {
    directory,
    nodeId,
    clusterId: cluster.clusterId,
    directoryId: self?.directoryId ?? randomUuid(),
    initialVoters: self === undefined ? null : voterSetOf(voters, config.getList('controller.listener.names')[0]!),
    nowMs: Date.now(),
  })
}

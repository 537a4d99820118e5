/** One node that is broker and controller: formats an unformatted directory for the given cluster, then starts. */
import { systemClock } from '../base/clock.ts'
import { nodeFileSystem } from '../base/file-system.ts'
import { systemRandom } from '../base/random.ts'
import { randomUuid } from '../base/uuid.ts'
import { readMetaProperties } from '../log/meta-properties.ts'
import { formatDirectory } from '../metadata/format.ts'
import { startNode } from './node.ts'
import type { KafkaNode, NodeOptions } from './node-types.ts'

export type CombinedNode = KafkaNode

/** As `startNode`, but an unformatted directory is formatted when a cluster id was given. */
export async function startCombinedNode(options: NodeOptions): Promise<KafkaNode> {
  const { config, clusterId, files = nodeFileSystem, random = systemRandom, clock = systemClock } = options
  const directory = config.logDirs[0]
  if (directory !== undefined && clusterId !== undefined && readMetaProperties(files, directory) === null) {
    const directoryId = randomUuid(random)
    const nowMs = clock.now()
    formatDirectory(files, {
      directory,
      clusterId,
      nodeId: config.nodeId,
      directoryId,
      initialVoters: null,
      nowMs,
    })
  }
  return startNode(options)
}

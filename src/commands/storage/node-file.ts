/** A node's properties file as the storage commands read it. */
import { KtError } from '../../base/errors.ts'
import { loadProperties } from '../../client/properties.ts'
import { checkNodeConfig, NodeConfig } from '../../metadata/config/index.ts'
import { KafkaError } from '../../protocol/error-codes.ts'

/** Throws `KtError` in Kafka's words for a file with which no node could start. */
export function readNodeFile(path: string): NodeConfig {
  try {
    const config = new NodeConfig(new Map(loadProperties(path)))
    checkNodeConfig(config)
    return config
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    throw new KtError('usage', error.message, { facts: [`in ${path}`] })
  }
}

/** Where the metadata log is kept. */
export function metadataDirectory(config: NodeConfig): string {
  return config.getString('metadata.log.dir') ?? config.logDirs[0]!
}

/** All directories of the node, in order. */
export function nodeDirectories(config: NodeConfig): string[] {
  return [...new Set([...config.logDirs, metadataDirectory(config)])].sort()
}

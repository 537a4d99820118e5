/**
 * Entry of a node's own process: `node-main <server.properties> <cluster id>`. Formats an unformatted directory, tells the
 * process that started it how that went, serves until SIGTERM or SIGINT. Logs to stdout, which is the node's log file.
 */
import { readFileSync } from 'node:fs'
import { type ErrorKind, KtError } from '../base/errors.ts'
import { lineLogger } from '../base/logger.ts'
import { type CombinedNode, startCombinedNode } from '../broker/combined-node.ts'
import { parseProperties } from '../client/java-properties.ts'
import { NodeConfig } from '../metadata/config/index.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { StartMessage } from './node-process.ts'

const logger = lineLogger((line) => process.stdout.write(line))

async function main(propertiesFile: string, clusterId: string): Promise<void> {
  const config = new NodeConfig(parseProperties(readFileSync(propertiesFile, 'utf8')))
  const node = await startCombinedNode({ config, clusterId, logger, onFatal: halt })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(node, signal))
  const [endpoint] = node.endpoints
  logger.info(`Kafka node ${config.nodeId} of cluster ${clusterId} started on port ${endpoint!.port}`)
  tell({ ready: true, port: endpoint!.port })
}

/** Without a metadata log there is nothing a node could still do right: what is on disk stays as it is. */
function halt(error: unknown): void {
  logger.error('the metadata log failed, halting', error)
  process.exit(1)
}

async function stop(node: CombinedNode, signal: string): Promise<void> {
  logger.info(`${signal}: controlled shutdown`)
  try {
    await node.close()
    logger.info('shut down')
    process.exit(0)
  } catch (error) {
    logger.error('the shutdown failed', error)
    process.exit(1)
  }
}

function tell(message: StartMessage): void {
  process.send?.(message)
}

function kindOf(error: unknown): ErrorKind {
  if (error instanceof KtError) return error.kind
  return error instanceof KafkaError ? 'usage' : 'internal'
}

main(process.argv[2]!, process.argv[3]!).catch((error: unknown) => {
  logger.error('the node could not start', error)
  const { message } = error as Error
  const { facts = [], next } = error instanceof KtError ? error : {}
  const failure: StartMessage = { ready: false, kind: kindOf(error), message, facts, next }
  if (process.send === undefined) process.exit(1)
  // The message has to be out before the process is gone.
  process.send(failure, () => process.exit(1))
})

/**
 * Entry of a node's own process: `node-main SERVER.PROPERTIES [--local-cluster CLUSTER.JSON | --registry DIRECTORY]
 * [--override KEY=VALUE]...`.
 * Tells the process that started it how the start went. Logs to stdout, which is the node's log file.
 */
import * as path from 'node:path'
import { type ErrorKind, KtError } from '../base/errors.ts'
import { lineLogger } from '../base/logger.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { StartMessage } from './node-process.ts'
import { processFileBeside, type RunNodeOptions, runNode } from './run-node.ts'

function parseArguments([propertiesFile, ...words]: readonly string[]): Omit<RunNodeOptions, 'onReady'> {
  const overrides = new Map<string, string>()
  let markerFile: string | null = null
  let processFile: string | null = null
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [option, value] = [words[at], words[at + 1]!]
    const equals = value.indexOf('=')
    if (option === '--local-cluster') markerFile = value
    else if (option === '--registry') processFile = path.join(value, `${process.pid}.json`)
    else if (option === '--override') overrides.set(value.slice(0, equals), value.slice(equals + 1))
  }
  processFile ??= markerFile === null ? null : processFileBeside(propertiesFile!)
  return { propertiesFile: propertiesFile!, overrides, markerFile, processFile }
}

function tell(message: StartMessage, then?: () => void): void {
  if (process.send === undefined) then?.()
  else process.send(message, () => then?.())
}

function kindOf(error: unknown): ErrorKind {
  if (error instanceof KtError) return error.kind
  return error instanceof KafkaError ? 'usage' : 'internal'
}

runNode({
  ...parseArguments(process.argv.slice(2)),
  onReady: ({ port, controllerPort }) => tell({ ready: true, port, controllerPort }),
}).catch((error: unknown) => {
  lineLogger((line) => process.stdout.write(line)).error('the node could not start', error)
  const { message } = error as Error
  const { facts = [], next } = error instanceof KtError ? error : {}
  // The message has to be out before the process is gone.
  tell({ ready: false, kind: kindOf(error), message, facts, next }, () => process.exit(1))
})

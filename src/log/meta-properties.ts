import { join } from 'node:path'
import { KtError } from '../base/errors.ts'
import { type FileSystem, writeAtomically } from '../base/file-system.ts'
import { META_PROPERTIES } from './file-names.ts'

/** `meta.properties`: which cluster and node a directory belongs to (KIP-631, KIP-858). */
export interface MetaProperties {
  readonly clusterId: string
  readonly nodeId: number
  readonly directoryId: string
}

const VERSION = '1'

/** Null when the directory is not formatted; throws `KtError` of kind storage when the file makes no sense. */
export function readMetaProperties(files: FileSystem, directory: string): MetaProperties | null {
  const path = join(directory, META_PROPERTIES)
  if (!files.exists(path)) return null
  const properties = parseProperties(files.readFile(path).toString('utf8'))
  const required = (name: string): string => {
    const value = properties.get(name)
    if (value !== undefined) return value
    throw new KtError('storage', `${path} has no ${name}`)
  }
  const version = required('version')
  if (version !== VERSION) {
    throw new KtError('storage', `${path} is of version ${version}; only version ${VERSION} is understood`)
  }
  const nodeId = required('node.id')
  if (!/^\d+$/.test(nodeId)) throw new KtError('storage', `${path} has the node.id ${JSON.stringify(nodeId)}`)
  return {
    clusterId: required('cluster.id'),
    nodeId: Number(nodeId),
    directoryId: required('directory.id'),
  }
}

export function writeMetaProperties(files: FileSystem, directory: string, properties: MetaProperties): void {
  const { clusterId, nodeId, directoryId } = properties
  const lines = [
    '#',
    `node.id=${nodeId}`,
    `directory.id=${directoryId}`,
    `version=${VERSION}`,
    `cluster.id=${clusterId}`,
  ]
  writeAtomically(files, directory, join(directory, META_PROPERTIES), lines.map((line) => `${line}\n`).join(''))
}

/** The part of Java's properties format that Kafka writes: comments, and `key=value` with backslash escapes. */
function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line)
    if (match !== null) properties.set(match[1]!, match[2]!.replace(/\\(.)/g, '$1'))
  }
  return properties
}

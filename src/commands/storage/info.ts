/** `kt storage info`: whose a node's directories are. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { parseProperties } from '../../client/java-properties.ts'
import { nodeDirectories, readNodeFile } from './node-file.ts'
import type { InfoGiven } from './options.ts'

const META_PROPERTIES = 'meta.properties'

interface Found {
  readonly directories: string[]
  readonly problems: string[]
  /** Of the first formatted directory. */
  metadata: ReadonlyMap<string, string> | null
}

export async function storageInfo(given: InfoGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const config = readNodeFile(given.value('config')!)
  const found: Found = { directories: [], problems: [], metadata: null }
  for (const directory of nodeDirectories(config)) look(directory, found)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'StorageInfo', { ...found }))
  } else {
    context.stdout.write(infoText(found))
  }
  return found.problems.length === 0 ? 0 : 1
}

function look(directory: string, found: Found): void {
  const stat = fs.statSync(directory, { throwIfNoEntry: false })
  if (stat === undefined) found.problems.push(`${directory} does not exist`)
  else if (!stat.isDirectory()) found.problems.push(`${directory} is not a directory`)
  else {
    found.directories.push(directory)
    readMetadata(directory, found)
  }
}

function readMetadata(directory: string, found: Found): void {
  const file = path.join(directory, META_PROPERTIES)
  if (!fs.existsSync(file)) {
    found.problems.push(`${directory} is not formatted.`)
    return
  }
  const properties = parseProperties(fs.readFileSync(file, 'utf8'))
  const problem = damage(properties)
  if (problem !== null) {
    found.problems.push(`Error loading ${file}: ${problem}`)
    return
  }
  const first = found.metadata
  if (first === null) found.metadata = properties
  else if (first.get('cluster.id') !== properties.get('cluster.id')) {
    found.problems.push('Mismatched cluster IDs between storage directories.')
  } else if (first.get('node.id') !== properties.get('node.id')) {
    found.problems.push('Mismatched node IDs between storage directories.')
  }
}

/** What makes a meta.properties useless; null when it is whole. */
function damage(properties: ReadonlyMap<string, string>): string | null {
  const version = properties.get('version') ?? '0'
  if (version !== '0' && version !== '1') return `Unknown meta.properties version number ${version}`
  if (version === '0') return null
  const missing = ['cluster.id', 'node.id'].find((name) => !properties.has(name))
  if (missing === 'cluster.id') return 'cluster.id was not found.'
  return missing === undefined ? null : 'node.id was not found.'
}

/** What the script prints. */
export function infoText({ directories, metadata, problems }: Found): string {
  const list = (one: string, many: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${lines.length === 1 ? one : many}\n${lines.map((line) => `  ${line}\n`).join('')}\n`
  const entries = [...(metadata ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`)
  return [
    list('Found log directory:', 'Found log directories:', directories),
    metadata === null ? '' : `Found metadata: {${entries.join(', ')}}\n\n`,
    list('Found problem:', 'Found problems:', problems),
  ].join('')
}

/** What a controller's own properties file and directory say about it. */
import { KtError } from '../../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../../base/file-system.ts'
import type { Uuid } from '../../base/uuid.ts'
import type { NamedEndpoint } from '../../client/admin-types.ts'
import { loadProperties, type Properties } from '../../client/properties.ts'
import { readMetaProperties } from '../../log/meta-properties.ts'
import { javaParseInt, javaSplit } from '../java-text.ts'

export interface ControllerFile {
  readonly id: number
  readonly directoryId: Uuid
  readonly endpoints: readonly NamedEndpoint[]
}

const NO_CONTROLLER = 'Is this a valid controller configuration file?'

/** Throws a `KtError` that says what the file lacks, in the script's words. */
export function readControllerFile(path: string, files: FileSystem = nodeFileSystem): ControllerFile {
  const properties = loadProperties(path, files)
  const id = nodeIdOf(properties)
  const directoryId = directoryIdOf(metadataDirectoryOf(properties), files)
  return { id, directoryId, endpoints: endpointsOf(properties) }
}

function nodeIdOf(properties: Properties): number {
  const text = properties.get('node.id')
  if (text === undefined) throw new KtError('usage', `node.id not found in configuration file. ${NO_CONTROLLER}`)
  const id = javaParseInt(text)
  if (id < 0) throw new KtError('usage', `node.id was negative in configuration file. ${NO_CONTROLLER}`)
  if (!(properties.get('process.roles') ?? '').includes('controller')) {
    throw new KtError('usage', `process.roles did not contain 'controller' in configuration file. ${NO_CONTROLLER}`)
  }
  return id
}

function metadataDirectoryOf(properties: Properties): string {
  const directory = properties.get('metadata.log.dir') ?? properties.get('log.dirs')?.trim().split(',')[0]
  if (directory !== undefined) return directory
  throw new KtError('usage', `Neither metadata.log.dir nor log.dirs were found. ${NO_CONTROLLER}`)
}

function directoryIdOf(directory: string, files: FileSystem): Uuid {
  const meta = readMetaProperties(files, directory)
  if (meta !== null) return meta.directoryId
  throw new KtError('storage', `Unable to read meta.properties from ${directory}`, {
    next: 'format the directory first: kt storage format',
  })
}

const ENDPOINT = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/

function listenersOf(properties: Properties, key: string): [string, NamedEndpoint][] {
  const texts = javaSplit((properties.get(key) ?? '').trim(), /\s*,\s*/).filter((each) => each !== '')
  return texts.map((each) => {
    const [, name, host, port] = ENDPOINT.exec(each) ?? []
    if (name === undefined) throw new KtError('usage', `Unable to parse ${each} to a broker endpoint`)
    const listener = name.toUpperCase()
    return [listener, { name: listener, host: host === '' ? 'localhost' : host!, port: Number(port) }]
  })
}

/** Where the controller's listeners are: as advertised, else as it listens. */
function endpointsOf(properties: Properties): NamedEndpoint[] {
  const known = new Map([...listenersOf(properties, 'listeners'), ...listenersOf(properties, 'advertised.listeners')])
  const names = properties.get('controller.listener.names')
  if (names === undefined) throw new KtError('usage', `controller.listener.names was not found. ${NO_CONTROLLER}`)
  const wanted = new Set(javaSplit(names, ',').map((each) => each.toUpperCase()))
  return [...wanted].map((name) => {
    const endpoint = known.get(name)
    if (endpoint !== undefined) return endpoint
    throw new KtError('usage', `Cannot find information about controller listener name: ${name}`)
  })
}

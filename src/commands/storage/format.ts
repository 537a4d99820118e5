/** `kt storage format`: the same files as the script writes, byte for byte but for ids and times. */
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../../base/file-system.ts'
import { randomUuid } from '../../base/uuid.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, type StructuredFormat } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { type MetaProperties, readMetaProperties } from '../../log/meta-properties.ts'
import { type NodeConfig, parseListeners, securityProtocols } from '../../metadata/config/index.ts'
import { type DynamicVoter, parseDynamicVoters, voterSetOf } from '../../metadata/dynamic-voters.ts'
import { FIRST_SCRAM_VERSION, METADATA_VERSION, supportsScram } from '../../metadata/feature-levels.ts'
import { formatDirectory } from '../../metadata/format.ts'
import { metadataVersionName } from '../../metadata/metadata-versions.ts'
import type { UserScramCredentialRecord } from '../../protocol/metadata/11-user-scram-credential.ts'
import { bootstrapFeatures, effectiveFeatureLevels } from './feature-levels.ts'
import { metadataDirectory, nodeDirectories, readNodeFile } from './node-file.ts'
import type { FormatGiven } from './options.ts'
import { mechanismName, scramRecord } from './scram.ts'
import { inWords } from './versions.ts'

interface Plan {
  readonly nodeId: number
  readonly clusterId: string
  readonly directories: readonly string[]
  readonly metadataDirectory: string
  readonly controllerListener: string
  readonly voters: readonly DynamicVoter[] | null
  readonly features: readonly (readonly [string, number])[]
  readonly credentials: readonly UserScramCredentialRecord[]
  readonly ignoreFormatted: boolean
}

export async function formatStorage(given: FormatGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const plan = planOf(given, readNodeFile(given.value('config')!))
  const files = nodeFileSystem
  const unformatted = unformattedDirectories(plan, files)
  if (presentation === 'json' || presentation === 'yaml') {
    return formatDirectories(plan, unformatted, presentation, context)
  }
  if (unformatted.length === 0) {
    context.stdout.write('All of the log directories are already formatted.\n')
    return 0
  }
  context.stdout.write(`Bootstrap metadata: ${bootstrapText(plan)}\n`)
  const version = metadataVersionName(plan.features[0]![1])
  for (const directory of unformatted) {
    context.stdout.write(`Formatting ${kindOf(directory, plan)} ${directory} with metadata.version ${version}.\n`)
    format(directory, plan, files, context.clock.now())
  }
  return 0
}

/** The same with a document: a disk that fails ends it, and what was formatted before is told all the same. */
function formatDirectories(
  plan: Plan,
  unformatted: readonly string[],
  presentation: StructuredFormat,
  { stdout, clock }: CommandContext,
): number {
  const formatted: string[] = []
  try {
    for (const directory of unformatted) {
      format(directory, plan, nodeFileSystem, clock.now())
      formatted.push(directory)
    }
  } finally {
    const statusOf = (path: string): string =>
      formatted.includes(path) ? 'formatted' : unformatted.includes(path) ? 'failed' : 'already-formatted'
    stdout.write(
      formatDocument(presentation, 'StorageFormatted', {
        clusterId: plan.clusterId,
        nodeId: plan.nodeId,
        releaseVersion: metadataVersionName(plan.features[0]![1]),
        features: new Map(plan.features),
        scramUsers: plan.credentials.map(({ name, mechanism }) => ({
          user: name,
          mechanism: mechanismName(mechanism),
        })),
        directories: plan.directories.map((path) => ({ path, kind: kindOf(path, plan), status: statusOf(path) })),
      }),
    )
  }
  return 0
}

/** Everything is checked before anything is written. */
function planOf(given: FormatGiven, config: NodeConfig): Plan {
  const hasStaticVoters = config.getList('controller.quorum.voters').length > 0
  const levels = effectiveFeatureLevels({
    releaseVersion: given.value('release-version'),
    features: given.values('feature'),
    dynamicQuorum: !hasStaticVoters,
    unstable: config.getBoolean('unstable.feature.versions.enable'),
  })
  const voters = initialVoters(given, config, hasStaticVoters)
  const scram = given.values('add-scram')
  if (scram.length > 0 && !supportsScram(levels.get(METADATA_VERSION)!)) {
    throw new KtError('usage', `SCRAM is only supported in metadata.version ${FIRST_SCRAM_VERSION} or later.`)
  }
  return {
    nodeId: config.nodeId,
    clusterId: given.value('cluster-id')!,
    directories: nodeDirectories(config),
    metadataDirectory: metadataDirectory(config),
    controllerListener: config.getList('controller.listener.names')[0]!,
    voters,
    features: bootstrapFeatures(levels),
    credentials: scram.map((each) => scramRecord(each)),
    ignoreFormatted: given.has('ignore-formatted'),
  }
}

function initialVoters(given: FormatGiven, config: NodeConfig, hasStaticVoters: boolean): DynamicVoter[] | null {
  const listed = given.value('initial-controllers')
  const standalone = given.has('standalone')
  if (hasStaticVoters && (listed !== undefined || standalone)) {
    throw new KtError(
      'usage',
      'You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. If you want to use dynamic quorum, please remove controller.quorum.voters and specify controller.quorum.bootstrap.servers instead.',
    )
  }
  if (standalone) return [standaloneVoter(config)]
  if (listed !== undefined) return inWords(() => parseDynamicVoters(listed))
  const isController = config.getList('process.roles').includes('controller')
  if (isController && !hasStaticVoters && !given.has('no-initial-controllers')) {
    throw new KtError(
      'usage',
      'Because controller.quorum.voters is not set on this controller, you must specify one of the following: --standalone, --initial-controllers, or --no-initial-controllers.',
    )
  }
  return null
}

/** Where the others will find this controller: its first controller listener, as advertised. */
function standaloneVoter(config: NodeConfig): DynamicVoter {
  if (!config.getList('process.roles').includes('controller')) {
    throw new KtError('usage', 'You can only use --standalone on a controller.')
  }
  const protocols = securityProtocols(config)
  const name = config.getList('controller.listener.names')[0]!.toUpperCase()
  const all = ['advertised.listeners', 'listeners'].flatMap((property) =>
    parseListeners(config.getList(property), protocols, { distinctPorts: false }),
  )
  const endpoint = all.find((each) => each.name === name)
  if (endpoint === undefined) throw new KtError('usage', 'No controller listeners found.')
  const everywhere = endpoint.host === '' || endpoint.host === '0.0.0.0'
  const host = everywhere ? 'localhost' : endpoint.host
  return { id: config.nodeId, host, port: endpoint.port, directoryId: randomUuid() }
}

/** Refuses directories of another cluster or node, and formatted ones unless they may be. */
function unformattedDirectories(plan: Plan, files: FileSystem): string[] {
  const found = new Map<string, MetaProperties>()
  for (const directory of plan.directories) {
    const meta = readMetaProperties(files, directory)
    if (meta === null) continue
    checkOwner(path.join(directory, 'meta.properties'), meta, plan)
    found.set(directory, meta)
  }
  const [first] = found.keys()
  if (first !== undefined && !plan.ignoreFormatted) {
    throw new KtError(
      'conflict',
      `Log directory ${first} is already formatted. Use --ignore-formatted to ignore this directory and format the others.`,
    )
  }
  return plan.directories.filter((directory) => !found.has(directory))
}

function checkOwner(file: string, meta: MetaProperties, { clusterId, nodeId }: Plan): void {
  if (meta.clusterId !== clusterId) {
    throw new KtError('conflict', `Invalid cluster.id in: ${file}. Expected ${clusterId}, but read ${meta.clusterId}`)
  }
  if (meta.nodeId !== nodeId) {
    throw new KtError(
      'conflict',
      `Stored node id ${meta.nodeId} doesn't match previous node id ${nodeId} in ${file}. If you moved your data, make sure your configured node id matches. If you intend to create a new node, you should remove all data in your data directories.`,
    )
  }
}

/** In the script's words. */
function kindOf(directory: string, { metadataDirectory: metadata, voters, nodeId }: Plan): string {
  if (directory !== metadata) return 'data directory'
  if (voters === null) return 'metadata directory'
  return voters.some(({ id }) => id === nodeId) ? 'dynamic metadata voter directory' : 'dynamic metadata directory'
}

function format(directory: string, plan: Plan, files: FileSystem, nowMs: number): void {
  const isMetadata = directory === plan.metadataDirectory
  const self = isMetadata ? plan.voters?.find(({ id }) => id === plan.nodeId) : undefined
  formatDirectory(files, {
    directory,
    clusterId: plan.clusterId,
    nodeId: plan.nodeId,
    directoryId: self?.directoryId ?? randomUuid(),
    initialVoters: isMetadata && plan.voters !== null ? voterSetOf(plan.voters, plan.controllerListener) : null,
    nowMs,
    bootstrapRecords: [
      ...plan.features.map(([name, featureLevel]) => ({
        record: 'featureLevelRecord' as const,
        body: { name, featureLevel },
      })),
      ...plan.credentials.map((body) => ({ record: 'userScramCredentialRecord' as const, body })),
    ],
  })
}

/** As Java prints the records. */
function bootstrapText({ features, credentials }: Plan): string {
  const signed = (bytes: Uint8Array): string => `[${[...new Int8Array(bytes)].join(', ')}]`
  const records = [
    ...features.map(([name, level]) => `FeatureLevelRecord(name='${name}', featureLevel=${level})`),
    ...credentials.map(
      ({ name, mechanism, salt, storedKey, serverKey, iterations }) =>
        `UserScramCredentialRecord(name='${name}', mechanism=${mechanism}, salt=${signed(salt)}, storedKey=${signed(storedKey)}, serverKey=${signed(serverKey)}, iterations=${iterations})`,
    ),
  ].map((record) => `ApiMessageAndVersion(${record} at version 0)`)
  return `BootstrapMetadata(records=[${records.join(', ')}], metadataVersionLevel=${features[0]![1]}, source=format command)`
}

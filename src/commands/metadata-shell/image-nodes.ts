/** A metadata image as a tree of directories and files, with the names that Kafka's shell gives them. */
import { parseWhole } from '../../cli/options.ts'
import { metadataVersionName } from '../../metadata/metadata-versions.ts'
import { CONFIG_RESOURCE, type MetadataImage, type TopicImage } from '../../metadata/types.ts'
import { javaDouble } from '../java-text.ts'
import { parseUuid } from '../uuid-text.ts'
import { type DirectoryNode, directoryOf, fixedDirectory, keyedDirectory, leaf, type ShellNode } from './nodes.ts'
import { aclText, brokerText, controllerText, partitionText, scramText, tokenText } from './registration-text.ts'

/** What the shell shows: the image, and the time of the last record in it (ms). */
export interface ShellImage {
  readonly image: MetadataImage
  readonly lastTimestampMs: number
}

/** The program that shows the image. */
export interface ShellVersion {
  readonly version: string
  readonly commitId: string
}

/** The root: `/image` and `/local`. */
export function rootNode({ image, lastTimestampMs }: ShellImage, { version, commitId }: ShellVersion): DirectoryNode {
  return fixedDirectory({
    local: () => fixedDirectory({ version: () => leaf(() => version), commitId: () => leaf(() => commitId) }),
    image: () =>
      fixedDirectory({
        provenance: () => leaf(() => provenanceText(image, lastTimestampMs)),
        features: () => featuresNode(image),
        cluster: () => clusterNode(image),
        topics: () => topicsNode(image),
        configs: () => configsNode(image),
        clientQuotas: () => quotasNode(image),
        producerIds: () => fixedDirectory({ nextProducerId: () => leaf(() => producerIdText(image)) }),
        acls: () => aclsNode(image),
        scram: () => scramNode(image),
        delegationToken: () => directoryOf(image.delegationTokens, (token) => leaf(() => tokenText(token))),
      }),
  })
}

/** Java's ISO_ZONED_DATE_TIME: as many digits of a second as there are. */
function zonedTime(timestampMs: number): string {
  const text = new Date(timestampMs).toISOString()
  return `${text.replace(/\.?0+Z$/, 'Z')}[UTC]`
}

function provenanceText({ offset, epoch }: MetadataImage, lastTimestampMs: number): string {
  return `offset ${offset}, epoch ${epoch}, time ${zonedTime(lastTimestampMs)}`
}

/** Kafka's image has -1 until the first block of ids is handed out, and 0 is never what comes after a block. */
function producerIdText({ nextProducerId }: MetadataImage): string {
  return String(nextProducerId === 0n ? -1 : nextProducerId)
}

const METADATA_VERSION = 'metadata.version'
const FINALIZED_PREFIX = 'finalized_'

function featuresNode({ features }: MetadataImage): DirectoryNode {
  const finalized = new Map([...features].filter(([name]) => name !== METADATA_VERSION))
  return {
    kind: 'directory',
    names: () => ['metadataVersion', ...Array.from(finalized.keys(), (name) => FINALIZED_PREFIX + name)],
    child(name) {
      if (name === 'metadataVersion') return leaf(() => versionText(features.get(METADATA_VERSION)))
      // A feature that nobody has set is at level 0, whatever its name.
      if (!name.startsWith(FINALIZED_PREFIX)) return null
      return leaf(() => String(finalized.get(name.slice(FINALIZED_PREFIX.length)) ?? 0))
    },
  }
}

function versionText(level: number | undefined): string {
  return level === undefined ? 'Optional.empty' : `Optional[${metadataVersionName(level) ?? level}]`
}

const numberKey = (name: string): number | null => parseWhole(name, 'int') ?? null

function uuidKey(name: string): string | null {
  try {
    return parseUuid(name)
  } catch {
    return null
  }
}

function clusterNode({ brokers, controllers }: MetadataImage): DirectoryNode {
  return fixedDirectory({
    brokers: () => keyedDirectory(brokers, numberKey, (broker) => leaf(() => brokerText(broker))),
    controllers: () => keyedDirectory(controllers, numberKey, (controller) => leaf(() => controllerText(controller))),
  })
}

function topicsNode({ topicsByName, topicsById }: MetadataImage): DirectoryNode {
  return fixedDirectory({
    byName: () => directoryOf(topicsByName, topicNode),
    byId: () => keyedDirectory(topicsById, uuidKey, topicNode),
  })
}

function topicNode(topic: TopicImage): DirectoryNode {
  const partitions = keyedDirectory(topic.partitions, numberKey, (each) => leaf(() => partitionText(each)))
  return {
    kind: 'directory',
    names: () => ['name', 'id', ...partitions.names()],
    child(name) {
      if (name === 'name') return leaf(() => topic.name)
      if (name === 'id') return leaf(() => topic.id)
      return partitions.child(name)
    },
  }
}

const RESOURCE_NAMES = new Map<number, string>(Object.entries(CONFIG_RESOURCE).map(([name, type]) => [type, name]))

/** `TOPIC:orders`, and `BROKER` for what holds for all brokers. */
function configsNode({ configs }: MetadataImage): DirectoryNode {
  const byName = new Map<string, ReadonlyMap<string, string>>()
  for (const [key, values] of configs) {
    const colon = key.indexOf(':')
    const type = RESOURCE_NAMES.get(Number(key.slice(0, colon))) ?? 'UNKNOWN'
    byName.set(colon === key.length - 1 ? type : type + key.slice(colon), values)
  }
  return directoryOf(byName, (values) => directoryOf(values, (value) => leaf(() => value)))
}

/** In the order in which a name lists them. */
const QUOTA_ENTITIES: readonly (readonly [type: string, shown: string])[] = [
  ['client-id', 'clientId'],
  ['ip', 'ip'],
  ['user', 'user'],
]

/**
 * `clientId(app)_user(alice)`. The default of a kind, which Kafka's shell leaves out of names and then does not find, is
 * the bare kind: `clientId_user(alice)`.
 */
function quotaEntityName(entity: ReadonlyMap<string, string | null>): string {
  return QUOTA_ENTITIES.filter(([type]) => entity.has(type))
    .map(([type, shown]) => {
      const name = entity.get(type)!
      return name === null ? shown : `${shown}(${name.replace(/[\\()]/g, '\\$&')})`
    })
    .join('_')
}

function quotasNode({ clientQuotas }: MetadataImage): DirectoryNode {
  const byName = new Map(Array.from(clientQuotas.values(), (each) => [quotaEntityName(each.entity), each.quotas]))
  return directoryOf(byName, (quotas) => directoryOf(quotas, (value) => leaf(() => javaDouble(value))))
}

function aclsNode({ acls }: MetadataImage): DirectoryNode {
  return fixedDirectory({ byId: () => keyedDirectory(acls, uuidKey, (acl) => leaf(() => aclText(acl))) })
}

function scramNode({ scramCredentials }: MetadataImage): DirectoryNode {
  const usersOf = (mechanism: number): ShellNode => {
    const credentials = [...scramCredentials.values()].filter((each) => each.mechanism === mechanism)
    const byUser = new Map(credentials.map((each) => [each.name, each]))
    return directoryOf(byUser, (credential) => leaf(() => scramText(credential)))
  }
  return fixedDirectory({ 'SCRAM-SHA-256': () => usersOf(1), 'SCRAM-SHA-512': () => usersOf(2) })
}

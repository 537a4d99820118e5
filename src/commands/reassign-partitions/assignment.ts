/** Where partitions lie or shall lie: the types, the files' format, and how the script reads it. */
import { KtError } from '../../base/errors.ts'
import type { ReplicaId, TopicPartition } from '../../client/admin-types.ts'
import { distinctInHashOrder, inHashOrder, partitionsInHashOrder } from '../java-order.ts'
import { javaParseInt, javaSplit } from '../java-text.ts'
import {
  fieldsOf,
  intOf,
  itemsOf,
  type JsonFields,
  type JsonNode,
  JsonSyntaxError,
  listOf,
  readJson,
  requiredField,
  textOf,
} from '../json-reader.ts'
import { ScriptFailure } from '../script-failure.ts'

/** A partition and the brokers that hold it, the preferred leader first. */
export interface PartitionReplicas extends TopicPartition {
  readonly replicas: readonly number[]
}

/** A replica and the log directory it is in, or shall be in. */
export interface ReplicaDirectory extends ReplicaId {
  readonly path: string
}

export interface Assignment {
  readonly partitions: readonly PartitionReplicas[]
  /** Only the replicas for which a directory is named. */
  readonly directories: readonly ReplicaDirectory[]
}

/** Stands for a directory of the broker's own choice. */
const ANY_DIRECTORY = 'any'
const VERSION = 1

export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`
export const replicaName = ({ topic, partition, broker }: ReplicaId): string => `${topic}-${partition}-${broker}`

/** By topic, then by number. */
export function comparePartitions(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1
}

/** By broker, then by partition. */
export function compareReplicas(a: ReplicaId, b: ReplicaId): number {
  return a.broker - b.broker || comparePartitions(a, b)
}

/** Keeps the last of several with one name. */
export function lastOfEach<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [nameOf(item), item])).values()]
}

function refuse(message: string): never {
  throw new KtError('usage', message)
}

const EMPTY = "The input string shouldn't be empty"

/** The contents of a `--reassignment-json-file`. Throws a `KtError` in the script's words. */
export function parseAssignment(text: string): Assignment {
  if (text === '') throw new ScriptFailure(EMPTY, `${EMPTY}\n at [Source: UNKNOWN; byte offset: #UNKNOWN]`)
  const fields = fieldsOf(readJson(text))
  checkVersion(fields)
  const list = fields.get('partitions')
  const entries = list === undefined ? [] : itemsOf(list).map(parsePartition)
  return {
    partitions: entries.map(({ topic, partition, replicas }) => ({ topic, partition, replicas })),
    directories: lastOfEach(entries.flatMap(directoriesOf), replicaName),
  }
}

function checkVersion(fields: JsonFields): void {
  const version = intOf(fields.get('version') ?? VERSION)
  if (version !== VERSION) refuse(`Not supported version field value ${version}`)
}

interface PartitionEntry extends PartitionReplicas {
  readonly logDirs: readonly string[]
}

function parsePartition(node: JsonNode): PartitionEntry {
  const fields = fieldsOf(node)
  const topic = textOf(requiredField(fields, 'topic'))
  const partition = intOf(requiredField(fields, 'partition'))
  const replicas = listOf(requiredField(fields, 'replicas'), intOf)
  const named = fields.get('log_dirs')
  const logDirs = named === undefined ? replicas.map(() => ANY_DIRECTORY) : listOf(named, textOf)
  if (replicas.length !== logDirs.length) {
    refuse(
      `Size of replicas list [${replicas.join(', ')}] is different from size of log dirs list [${logDirs.join(', ')}] for partition ${topic}-${partition}`,
    )
  }
  return { topic, partition, replicas, logDirs }
}

function directoriesOf({ topic, partition, replicas, logDirs }: PartitionEntry): ReplicaDirectory[] {
  return replicas.flatMap((broker, at) => {
    const path = logDirs[at]!
    return path === ANY_DIRECTORY ? [] : [{ topic, partition, broker, path }]
  })
}

/** What `--execute` refuses before it asks anybody. */
export function checkExecutable({ partitions }: Assignment): void {
  if (partitions.length === 0) refuse('Partition reassignment list cannot be empty')
  if (partitions.some(({ replicas }) => replicas.length === 0)) refuse('Partition replica list cannot be empty')
  const repeated = repeatedOf(partitions, partitionName)
  if (repeated.length > 0) {
    const names = partitionsInHashOrder(repeated).map(partitionName).join(',')
    refuse(`Partition reassignment contains duplicate topic partitions: ${names}`)
  }
  const twice = partitions.flatMap((each) => {
    const brokers = distinctInHashOrder(repeatedOf(each.replicas, String))
    return brokers.length === 0 ? [] : [`${partitionName(each)} contains multiple entries for ${brokers.join(',')}`]
  })
  if (twice.length > 0) refuse(`Partition replica lists may not contain duplicate entries: ${twice.join('. ')}`)
}

/** Items whose name occurred before, each once. */
function repeatedOf<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const names = items.map(nameOf)
  return lastOfEach(
    items.filter((_, at) => names.indexOf(names[at]!) < at),
    nameOf,
  )
}

/** The contents of a `--topics-to-move-json-file`. */
export function parseTopicsToMove(text: string): string[] {
  const fields = fieldsOf(topicsDocument(text))
  checkVersion(fields)
  const list = fields.get('topics')
  const topics = list === undefined ? [] : itemsOf(list).map((item) => textOf(requiredField(fieldsOf(item), 'topic')))
  const repeated = repeatedOf(topics, String)
  if (repeated.length > 0) {
    const names = inHashOrder(repeated, String).join(', ')
    refuse(`List of topics to reassign contains duplicate entries: [${names}]`)
  }
  return topics
}

/** Of this file the script tells only that it is none; what is wrong is a fact for the person. */
function topicsDocument(text: string): JsonNode | undefined {
  const invalid = (facts: readonly string[]) => new KtError('usage', 'The input string is not a valid JSON', { facts })
  if (text === '') throw invalid(['the file is empty'])
  try {
    return readJson(text)
  } catch (error) {
    throw error instanceof JsonSyntaxError ? invalid([error.message]) : error
  }
}

/** `1,2,3` */
export function parseBrokerList(text: string): number[] {
  const brokers = javaSplit(text, ',').map(javaParseInt)
  const repeated = distinctInHashOrder(repeatedOf(brokers, String))
  if (repeated.length > 0) refuse(`Broker list contains duplicate entries: [${repeated.join(', ')}]`)
  return brokers
}

/** The file that puts partitions where these lie: what `--generate` prints and `--execute` reads. */
export function assignmentJson({ partitions, directories }: Assignment): string {
  const paths = new Map(directories.map((each) => [replicaName(each), each.path]))
  const entries = [...partitions].sort(comparePartitions).map(({ topic, partition, replicas }) => ({
    topic,
    partition,
    replicas,
    log_dirs: replicas.map((broker) => paths.get(replicaName({ topic, partition, broker })) ?? ANY_DIRECTORY),
  }))
  return JSON.stringify({ version: VERSION, partitions: entries })
}

/** The same for `--format`. */
export function assignmentFields(assignment: Assignment) {
  const paths = new Map(assignment.directories.map((each) => [replicaName(each), each.path]))
  return [...assignment.partitions].sort(comparePartitions).map(({ topic, partition, replicas }) => ({
    topic,
    partition,
    replicas,
    logDirs: replicas.map((broker) => paths.get(replicaName({ topic, partition, broker })) ?? null),
  }))
}

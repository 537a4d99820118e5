/** Topics that differ: pure. */
import { planChanges } from '../topics/replication-factor.ts'
import type { DeclaredTopic } from './declarations.ts'
import type { Change, Line, Step } from './model.ts'
import { settingsDifference } from './plan-settings.ts'
import type { ClusterState, TopicState } from './state.ts'

const CLUSTER_DEFAULT = -1
/** Partitions whose replicas are told one by one. */
const MAX_MOVES_SHOWN = 12

/** The change of one topic; null when it is as declared. */
export function topicChange(declared: DeclaredTopic, state: ClusterState, pruneConfigs: boolean): Change | null {
  const found = state.topics.get(declared.name)
  const problems = brokerProblems(declared, state.brokers)
  if (found === undefined) return creation(declared, problems)
  const partitions = partitionDifference(declared, found)
  const replicas = replicaDifference(declared, found, state.brokers)
  const { name, place, configs, mayInherit } = declared
  const resource = { type: 'TOPIC' as const, name }
  const settings = settingsDifference({ resource, configs, mayInherit, prune: pruneConfigs }, found.configs)
  const lines = [...partitions.lines, ...replicas.lines, ...settings.lines]
  const all = [...problems, ...partitions.problems, ...replicas.problems, ...settings.problems]
  if (lines.length === 0 && all.length === 0) return null
  const alter: Step[] =
    settings.changes.length === 0 ? [] : [{ kind: 'alter-configs', resource, changes: settings.changes }]
  // min.insync.replicas must never ask for more than there are: more replicas first, fewer last.
  const steps = replicas.isShrinking
    ? [...partitions.steps, ...alter, ...replicas.steps]
    : [...partitions.steps, ...replicas.steps, ...alter]
  return { action: 'change', subject: 'topic', name, place, lines, problems: all, steps }
}

function brokerProblems({ replicas, replicationFactor }: DeclaredTopic, brokers: readonly number[]): string[] {
  const named = [...new Set((replicas ?? []).flat())]
  const unknown = named.filter((id) => !brokers.includes(id))
  const alive = `alive: ${brokers.join(', ')}`
  if (unknown.length > 0) return [`broker ${unknown.join(', ')} is not there (${alive})`]
  if (replicationFactor !== null && replicationFactor > brokers.length) {
    return [`replication factor ${replicationFactor}: there are ${brokers.length} brokers (${alive})`]
  }
  return []
}

function creation(declared: DeclaredTopic, problems: readonly string[]): Change {
  const { name, place, partitionCount, replicationFactor, replicas } = declared
  const configs = new Map(
    [...declared.configs].flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  )
  const count = (value: number | null): string => (value === null ? "the cluster's default" : String(value))
  const placement = replicas === null ? count(replicationFactor) : replicas.map((each) => each.join(',')).join(' ')
  const lines = [
    added('partitions', count(partitionCount)),
    added(replicas === null ? 'replication factor' : 'replicas', placement),
    ...[...configs].map(([key, value]) => added(key, value)),
  ]
  const topic = {
    name,
    partitions: replicas === null ? (partitionCount ?? CLUSTER_DEFAULT) : CLUSTER_DEFAULT,
    replicationFactor: replicas === null ? (replicationFactor ?? CLUSTER_DEFAULT) : CLUSTER_DEFAULT,
    ...(replicas === null ? {} : { assignments: new Map(replicas.entries()) }),
    configs,
  }
  const secrets = [...configs.keys()].filter((key) => /password|jaas/i.test(key))
  const all = [...problems, ...secrets.map((key) => `${key} is a secret: it does not belong in a file`)]
  return {
    action: 'create',
    subject: 'topic',
    name,
    place,
    lines,
    problems: all,
    steps: [{ kind: 'create-topic', topic }],
  }
}

const added = (name: string, after: string): Line => ({ sign: '+', name, before: null, from: null, after, note: null })

function changed(name: string, before: string | number, after: string | number, note: string | null = null): Line {
  return { sign: '~', name, before: String(before), from: null, after: String(after), note }
}

interface Difference {
  readonly lines: readonly Line[]
  readonly problems: readonly string[]
  readonly steps: readonly Step[]
}
const NONE: Difference = { lines: [], problems: [], steps: [] }

function partitionDifference({ name, partitionCount, replicas }: DeclaredTopic, found: TopicState): Difference {
  const now = found.replicas.length
  if (partitionCount === null || partitionCount === now) return NONE
  const line = changed('partitions', now, partitionCount)
  if (partitionCount < now) {
    const why = `partitions ${now} -> ${partitionCount}: Kafka cannot take partitions away; a new topic can have fewer (kt topics --create --topic ${name}-2 --clone-from ${name} --partitions ${partitionCount} --with-records)`
    return { lines: [line], problems: [why], steps: [] }
  }
  const assignments = replicas === null ? null : replicas.slice(now)
  const note = 'keys will go to other partitions than before'
  return {
    lines: [{ ...line, note }],
    problems: [],
    steps: [{ kind: 'add-partitions', topic: name, total: partitionCount, assignments }],
  }
}

interface ReplicaDifference extends Difference {
  readonly isShrinking: boolean
}

function replicaDifference(
  { name, replicas, replicationFactor, partitionCount }: DeclaredTopic,
  found: TopicState,
  brokers: readonly number[],
): ReplicaDifference {
  const moves = replicas === null ? byFactor(name, replicationFactor, found, brokers) : byList(replicas, found)
  if (moves.length === 0) return { ...NONE, isShrinking: false }
  const isShrinking = moves.some(({ before, after }) => after.length < before.length)
  const target = replicas ?? replicationFactor!
  const total = Math.max(partitionCount ?? 0, found.replicas.length)
  const steps: Step[] = [{ kind: 'move-replicas', topic: name, partitionCount: total, target }]
  return { lines: moveLines(moves, replicationFactor), problems: [], steps, isShrinking }
}

interface Move {
  readonly partition: number
  readonly before: readonly number[]
  readonly after: readonly number[]
}

function byFactor(topic: string, factor: number | null, found: TopicState, brokers: readonly number[]): Move[] {
  // Too many for the brokers there are is told as a problem.
  if (factor === null || factor > brokers.length) return []
  const partitions = found.description.partitions.map((each, at) => ({ ...each, replicas: found.replicas[at]! }))
  return planChanges([{ topic, partitions }], factor, brokers).map(({ partition, before, replicas }) => {
    return { partition, before, after: replicas }
  })
}

function byList(replicas: readonly (readonly number[])[], found: TopicState): Move[] {
  return found.replicas.flatMap((before, partition) => {
    const after = replicas[partition]
    return after === undefined || after.join() === before.join() ? [] : [{ partition, before, after }]
  })
}

function moveLines(moves: readonly Move[], factor: number | null): Line[] {
  const lines = moves
    .slice(0, MAX_MOVES_SHOWN)
    .map(({ partition, before, after }) => changed(`replicas of ${partition}`, before.join(','), after.join(',')))
  const rest = moves.length - lines.length
  if (rest > 0) lines.push(changed('replicas', `of ${rest} more partitions`, 'moved as well'))
  if (factor === null) return lines
  const factors = [...new Set(moves.map(({ before }) => before.length))].sort().join(' and ')
  const isGrowing = moves.some(({ before, after }) => after.length > before.length)
  const note = isGrowing ? 'records are copied between brokers' : 'copies of records are deleted'
  return [changed('replication factor', factors, factor, note), ...lines]
}

/** The deletion of a topic that no file names. */
export function topicDeletion(name: string): Change {
  const lines: Line[] = [
    { sign: '-', name: 'the topic', before: 'with all its records', from: null, after: null, note: null },
  ]
  const step: Step = { kind: 'delete-topic', topic: name }
  return { action: 'delete', subject: 'topic', name, place: null, lines, problems: [], steps: [step] }
}

/** What has happened between one picture and the next. */
import type { Clock } from '../../base/clock.ts'
import type { Colours } from '../../cli/colour.ts'
import { type ControllerStatus, type PartitionStatus, type Picture, partitionName, type TopicStatus } from './model.ts'

export type Level = 'good' | 'warning' | 'bad' | 'plain'

/** Something that happened, to one partition or to the cluster. */
export interface Change {
  readonly level: Level
  readonly text: string
  /** Said when the change stands alone. */
  readonly detail?: string
  /** Partition it happened to; null for the cluster. */
  readonly where: string | null
  /** Cells of the picture that are new: `orders-0/leader`, `broker/3`. */
  readonly marks: readonly string[]
}

/** Everything that is different in `after`; pictures of groups have no history. */
export function changesBetween(before: Picture, after: Picture): Change[] {
  if (before.kind === 'cluster' && after.kind === 'cluster') {
    return [
      ...brokerChanges(liveIds(before.brokers), liveIds(after.brokers)),
      ...controllerChanges(before.controller, after.controller),
      ...topicChanges(before.topics, after.topics),
    ]
  }
  if (before.kind === 'topics' && after.kind === 'topics') {
    return [...brokerChanges(before.liveBrokers, after.liveBrokers), ...topicChanges(before.topics, after.topics)]
  }
  if (before.kind === 'brokers' && after.kind === 'brokers') {
    return brokerChanges(liveIds(before.brokers), liveIds(after.brokers))
  }
  return []
}

function liveIds(brokers: readonly { readonly id: number; readonly isFenced?: boolean }[]): number[] {
  return brokers.filter(({ isFenced }) => isFenced !== true).map(({ id }) => id)
}

function brokerChanges(before: readonly number[], after: readonly number[]): Change[] {
  const change = (id: number, level: Level, text: string): Change => {
    return { level, text: `broker ${id} ${text}`, where: null, marks: [`broker/${id}`] }
  }
  return [
    ...before.filter((id) => !after.includes(id)).map((id) => change(id, 'bad', 'is gone')),
    ...after.filter((id) => !before.includes(id)).map((id) => change(id, 'good', 'is there')),
  ]
}

function controllerChanges(before: ControllerStatus | null, after: ControllerStatus | null): Change[] {
  if (before === null || after === null || before.id === after.id) return []
  const epochs = before.epoch === null || after.epoch === null ? '' : ` (epoch ${before.epoch} -> ${after.epoch})`
  const text = `active controller ${before.id} -> ${after.id}${epochs}`
  return [{ level: 'plain', text, where: null, marks: ['controller'] }]
}

function topicChanges(before: readonly TopicStatus[], after: readonly TopicStatus[]): Change[] {
  const known = new Map(before.map((topic) => [topic.topicId, topic]))
  const left = new Set(after.map(({ topicId }) => topicId))
  const ofTopic = (name: string, text: string): Change => ({ level: 'plain', text, where: name, marks: [] })
  return [
    ...before.filter(({ topicId }) => !left.has(topicId)).map(({ name }) => ofTopic(name, 'deleted')),
    ...after.flatMap((topic) => {
      const was = known.get(topic.topicId)
      if (was === undefined) return [ofTopic(topic.name, 'created')]
      const partitions = new Map(was.partitions.map((each) => [each.partition, each]))
      return topic.partitions.flatMap((partition) => {
        const earlier = partitions.get(partition.partition)
        return earlier === undefined ? [] : partitionChanges(topic.name, earlier, partition)
      })
    }),
  ]
}

/** What happened to one partition: who leads, who is in sync, who holds it, what is lost. */
export function partitionChanges(topic: string, before: PartitionStatus, after: PartitionStatus): Change[] {
  const where = partitionName(topic, after.partition)
  const change = (field: string, [level, text, detail]: Finding): Change => {
    return { level, text, ...(detail === undefined ? {} : { detail }), where, marks: [`${where}/${field}`] }
  }
  const findings: [string, Finding | null][] = [
    ['leader', leaderFinding(before, after)],
    ['isr', leftIsr(before, after)],
    ['isr', joinedIsr(before, after)],
    ['replicas', replicasFinding(before, after)],
    ['latest', lostRecords(before, after)],
  ]
  const changes = findings.flatMap(([field, finding]) => (finding === null ? [] : [change(field, finding)]))
  if (before.leaderEpoch === after.leaderEpoch) return changes
  return changes.map((each) => ({ ...each, marks: [...each.marks, `${where}/epoch`] }))
}

type Finding = readonly [level: Level, text: string, detail?: string]

function leaderFinding(before: PartitionStatus, after: PartitionStatus): Finding | null {
  const epochs = `epoch ${before.leaderEpoch} -> ${after.leaderEpoch}`
  if (before.leader === after.leader) {
    if (before.leaderEpoch === after.leaderEpoch) return null
    return ['plain', `leader ${after.leader < 0 ? 'none' : after.leader} with a new epoch`, epochs]
  }
  if (after.leader < 0) return ['bad', `no leader any more, it was ${before.leader}`, epochs]
  const from = before.leader < 0 ? `leader ${after.leader} after none` : `leader ${before.leader} -> ${after.leader}`
  if (isUnclean(before, after)) return ['bad', `${from}, which was not in sync: records may be lost`, epochs]
  return [before.leader < 0 ? 'good' : 'warning', from, epochs]
}

/**
 * An unclean election leaves nobody of the ISR before, and elects who was not eligible (KIP-966). Where somebody stayed,
 * the new leader came into the ISR between two looks.
 */
function isUnclean(before: PartitionStatus, after: PartitionStatus): boolean {
  const eligible = [...before.isr, ...(before.elr ?? [])]
  return !eligible.includes(after.leader) && !after.isr.some((id) => before.isr.includes(id))
}

function leftIsr({ isr: before }: PartitionStatus, { isr: after }: PartitionStatus): Finding | null {
  const left = before.filter((id) => !after.includes(id))
  return left.length === 0
    ? null
    : ['warning', `${left.join(', ')} left the ISR`, `ISR ${before.length} -> ${after.length}`]
}

function joinedIsr({ isr: before }: PartitionStatus, { isr: after }: PartitionStatus): Finding | null {
  const joined = after.filter((id) => !before.includes(id))
  return joined.length === 0
    ? null
    : ['good', `${joined.join(', ')} joined the ISR`, `ISR ${before.length} -> ${after.length}`]
}

function replicasFinding({ replicas: before }: PartitionStatus, { replicas: after }: PartitionStatus): Finding | null {
  return before.join() === after.join() ? null : ['plain', `replicas ${before.join(',')} -> ${after.join(',')}`]
}

/** The end of a log goes back only when records are cut off that consumers could read. */
function lostRecords(
  { latestOffset: before }: PartitionStatus,
  { latestOffset: after }: PartitionStatus,
): Finding | null {
  if (before === null || after === null || after >= before) return null
  return ['bad', 'the end of the log went back: records are lost', `${before} -> ${after}`]
}

/** How long a new value stays marked. */
const MARK_MS = 3_000
/** What is remembered of the past. */
const MAX_LINES = 8
const MAX_NAMES = 3

interface Line {
  readonly at: number
  readonly level: Level
  readonly text: string
}

/** Remembers what happened while somebody watches. */
export class ChangeLog {
  readonly #clock: Clock
  readonly #marks = new Map<string, number>()
  #last: Picture | null = null
  #lines: Line[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Compares with the picture before. */
  add(picture: Picture): void {
    const changes = this.#last === null ? [] : changesBetween(this.#last, picture)
    this.#last = picture
    const until = this.#clock.monotonic() + MARK_MS
    for (const mark of changes.flatMap(({ marks }) => marks)) this.#marks.set(mark, until)
    for (const [mark, end] of this.#marks) if (end <= this.#clock.monotonic()) this.#marks.delete(mark)
    const at = this.#clock.now()
    const lines = summarise(changes).map(({ level, text }) => ({ at, level, text }))
    this.#lines = [...this.#lines, ...lines].slice(-MAX_LINES)
  }

  /** True for a cell whose value is new. */
  isNew(mark: string): boolean {
    return this.#marks.has(mark)
  }

  /** The latest changes, a line each; '' when nothing has happened yet. */
  text(colours: Colours): string {
    if (this.#lines.length === 0) return ''
    const paint: Record<Level, (text: string) => string> = { ...colours, plain: (text) => text }
    const lines = this.#lines.map(({ at, level, text }) => `${colours.dim(timeOfDay(at))}  ${paint[level](text)}\n`)
    return `\n${colours.dim('CHANGES')}\n${lines.join('')}`
  }
}

function timeOfDay(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8)
}

/** The same change of many partitions is one line. */
export function summarise(changes: readonly Change[]): { level: Level; text: string }[] {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    const key = change.where === null ? `cluster ${change.text}` : `${change.level} ${change.text}`
    groups.set(key, [...(groups.get(key) ?? []), change])
  }
  return [...groups.values()].map((group) => {
    const [{ level, text, detail, where }] = group as [Change]
    if (where === null) return { level, text }
    const alone = group.length === 1 && detail !== undefined ? ` (${detail})` : ''
    return { level, text: `${namesOf(group)}: ${text}${alone}` }
  })
}

function namesOf(group: readonly Change[]): string {
  const names = group.map(({ where }) => where)
  const shown = names.slice(0, MAX_NAMES).join(', ')
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown
}

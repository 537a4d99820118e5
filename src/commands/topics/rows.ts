/** What `--describe` prints, as pure functions of what the cluster answered. */
import { ZERO_UUID } from '../../base/uuid.ts'
import type { Structure } from '../../cli/format.ts'
import type { ConfigEntry, PartitionDescription, TopicDescription } from '../../client/admin-types.ts'

export interface Reassignment {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
}

/** A topic with all that is printed about it. */
export interface DescribedTopic {
  readonly description: TopicDescription
  readonly configs: readonly ConfigEntry[]
  /** By partition. */
  readonly reassignments: ReadonlyMap<number, Reassignment>
}

/** What the person asked to see; without any of these, everything. */
export interface Report {
  readonly underReplicated: boolean
  readonly unavailable: boolean
  readonly underMinIsr: boolean
  readonly atMinIsr: boolean
  readonly onlyOverridden: boolean
  /** Needed for `unavailable` alone. */
  readonly liveBrokers: ReadonlySet<number>
}

/** The configurations that were set somewhere: on the topic, on brokers, in a broker's file. */
export function overrides(configs: readonly ConfigEntry[]): ConfigEntry[] {
  return configs.filter(({ source }) => source !== 'DEFAULT_CONFIG')
}

/** Replicas a partition should have: while it is being reassigned, those it had before. */
export function replicationFactor(partition: PartitionDescription, reassignment: Reassignment | undefined): number {
  const { replicas } = partition
  if (reassignment === undefined) return replicas.length
  const changing = new Set([...reassignment.addingReplicas, ...reassignment.removingReplicas])
  if (!replicas.some((replica) => changing.has(replica))) return replicas.length
  return reassignment.replicas.length - reassignment.addingReplicas.length
}

/** True when replicas are missing from the ISR. */
export function isUnderReplicated(partition: PartitionDescription, reassignment?: Reassignment): boolean {
  return replicationFactor(partition, reassignment) - partition.isr.length > 0
}

function minIsr({ configs }: DescribedTopic): number {
  return Number(configs.find(({ name }) => name === 'min.insync.replicas')?.value ?? 1)
}

/** Topic lines are left out when only partitions in some state were asked for. */
export function showsTopics(report: Report): boolean {
  return !report.underReplicated && !report.unavailable && !report.underMinIsr && !report.atMinIsr
}

/** Whether the topic's own line is printed. */
export function showsTopic(topic: DescribedTopic, report: Report): boolean {
  return showsTopics(report) && (!report.onlyOverridden || overrides(topic.configs).length > 0)
}

/** The partitions to print, in order. */
export function shownPartitions(topic: DescribedTopic, report: Report): PartitionDescription[] {
  if (report.onlyOverridden) return []
  const sorted = [...topic.description.partitions].sort((a, b) => a.partition - b.partition)
  if (showsTopics(report)) return sorted
  const required = minIsr(topic)
  return sorted.filter((partition) => {
    const { leader, isr } = partition
    const reassignment = topic.reassignments.get(partition.partition)
    return (
      (report.underReplicated && isUnderReplicated(partition, reassignment)) ||
      (report.unavailable && (leader < 0 || !report.liveBrokers.has(leader))) ||
      (report.underMinIsr && (leader < 0 || isr.length < required)) ||
      (report.atMinIsr && isr.length === required)
    )
  })
}

/** The script's text, byte for byte. */
export function describeText(topics: readonly DescribedTopic[], report: Report): string {
  return topics
    .map((topic) => {
      const line = showsTopic(topic, report) ? topicLine(topic) : ''
      return (
        line +
        shownPartitions(topic, report)
          .map((each) => partitionLine(topic, each))
          .join('')
      )
    })
    .join('')
}

function topicLine({ description, configs, reassignments }: DescribedTopic): string {
  const { name, topicId, partitions } = description
  const first = [...partitions].sort((a, b) => a.partition - b.partition)[0]!
  const fields = [
    `Topic: ${name}`,
    ...(topicId === ZERO_UUID ? [] : [`TopicId: ${topicId}`]),
    `PartitionCount: ${partitions.length}`,
    `ReplicationFactor: ${replicationFactor(first, reassignments.get(first.partition))}`,
    `Configs: ${overrides(configs)
      .map((each) => `${each.name}=${each.value}`)
      .join(',')}`,
  ]
  return `${fields.join('\t')}\n`
}

function partitionLine({ description, reassignments }: DescribedTopic, partition: PartitionDescription): string {
  const reassignment = reassignments.get(partition.partition)
  const { leader, replicas, isr, elr, lastKnownElr } = partition
  const fields = [
    `\tTopic: ${description.name}`,
    `Partition: ${partition.partition}`,
    `Leader: ${leader < 0 ? 'none' : leader}`,
    `Replicas: ${replicas.join(',')}`,
    `Isr: ${isr.join(',')}`,
    ...(reassignment === undefined
      ? []
      : [
          `Adding Replicas: ${reassignment.addingReplicas.join(',')}`,
          `Removing Replicas: ${reassignment.removingReplicas.join(',')}`,
        ]),
    `Elr: ${elr === null ? 'N/A' : elr.join(',')}`,
    `LastKnownElr: ${lastKnownElr === null ? 'N/A' : lastKnownElr.join(',')}`,
  ]
  return `${fields.join('\t')}\n`
}

/** The structure `--format` prints; topics without a line of their own are there for their partitions. */
export function describeFields(topics: readonly DescribedTopic[], report: Report): Structure[] {
  return topics.flatMap((topic) => {
    const partitions = shownPartitions(topic, report)
    if (!showsTopic(topic, report) && partitions.length === 0) return []
    const { name, topicId, isInternal } = topic.description
    const configs = new Map(overrides(topic.configs).map((each) => [each.name, each.value]))
    const fields = partitions.map((partition) => partitionFields(topic, partition))
    return [
      { name, topicId, isInternal, partitionCount: topic.description.partitions.length, configs, partitions: fields },
    ]
  })
}

function partitionFields({ reassignments }: DescribedTopic, each: PartitionDescription): Structure {
  const reassignment = reassignments.get(each.partition)
  return {
    partition: each.partition,
    leader: each.leader < 0 ? null : each.leader,
    leaderEpoch: each.leaderEpoch,
    replicas: each.replicas,
    isr: each.isr,
    offlineReplicas: each.offlineReplicas,
    elr: each.elr,
    lastKnownElr: each.lastKnownElr,
    addingReplicas: reassignment?.addingReplicas,
    removingReplicas: reassignment?.removingReplicas,
  }
}

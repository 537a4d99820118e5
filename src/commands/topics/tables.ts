import type { Colours } from '../../cli/colour.ts'
import { drawTable } from '../../cli/table.ts'
import type { PartitionDescription } from '../../client/admin-types.ts'
import {
  type DescribedTopic,
  isUnderReplicated,
  overrides,
  type Report,
  replicationFactor,
  shownPartitions,
  showsTopic,
  showsTopics,
} from './rows.ts'

/** `--describe` for people: a heading and a table per topic, trouble in colour and in words. */
export async function describeTables(
  topics: readonly DescribedTopic[],
  report: Report,
  colours: Colours,
): Promise<string> {
  const parts: string[] = []
  for (const topic of topics) {
    const partitions = shownPartitions(topic, report)
    if (!showsTopic(topic, report) && partitions.length === 0) continue
    const rows = partitions.map((partition) => partitionRow(topic, partition, colours))
    const table = rows.length === 0 ? '' : await drawTable({ head: HEAD.map(colours.dim), rows, rightAligned: [0, 1] })
    parts.push(heading(topic, colours) + table)
  }
  if (parts.length === 0) return showsTopics(report) ? 'No topics.\n' : 'No such partitions.\n'
  return parts.join('\n')
}

const HEAD = ['PARTITION', 'LEADER', 'REPLICAS', 'ISR', 'STATE']

function heading({ description, configs, reassignments }: DescribedTopic, colours: Colours): string {
  const first = description.partitions[0]
  const factor = first === undefined ? 0 : replicationFactor(first, reassignments.get(first.partition))
  const counts = `${plural(description.partitions.length, 'partition')}, replication factor ${factor}`
  const set = overrides(configs).map(({ name, value }) => `${name}=${value}`)
  const line = `${colours.bold(colours.name(description.name))}  ${counts}  ${colours.dim(description.topicId)}\n`
  return set.length === 0 ? line : `${line}${colours.dim(set.join(' '))}\n`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function partitionRow(topic: DescribedTopic, partition: PartitionDescription, colours: Colours): string[] {
  const reassignment = topic.reassignments.get(partition.partition)
  return [
    String(partition.partition),
    partition.leader < 0 ? colours.bad('none') : String(partition.leader),
    replicasText(partition, colours),
    partition.isr.join(','),
    partitionState(partition, reassignment !== undefined, isUnderReplicated(partition, reassignment), colours),
  ]
}

/** Replicas in their order: offline ones red, those behind the ISR yellow. */
export function replicasText(partition: PartitionDescription, colours: Colours): string {
  return partition.replicas
    .map((id) => {
      if (partition.offlineReplicas.includes(id)) return colours.bad(`${id}!`)
      return partition.isr.includes(id) ? String(id) : colours.warning(`${id}?`)
    })
    .join(',')
}

/** One word a person can search for: offline, under-replicated, reassigning, ok. */
export function partitionState(
  partition: PartitionDescription,
  isReassigning: boolean,
  underReplicated: boolean,
  colours: Colours,
): string {
  if (partition.leader < 0) return colours.bad('offline')
  if (partition.offlineReplicas.length > 0) return colours.warning(`offline ${partition.offlineReplicas.join(',')}`)
  if (underReplicated) return colours.warning('under-replicated')
  return isReassigning ? colours.warning('reassigning') : colours.good('ok')
}

/** Draws a picture as text. Pure: the same picture, colours and drawer give the same text. */
import type { Colours } from '../../cli/colour.ts'
import type { TableDrawer } from '../../cli/table.ts'
import {
  type BrokerStatus,
  isUnderReplicated,
  type PartitionStatus,
  type Picture,
  recordCount,
  sumOrNull,
  type TopicStatus,
} from './model.ts'
import { renderGroups } from './render-groups.ts'
import { type Brush, bytesText, numberText, plural } from './text.ts'

/** The whole picture; `draw` lays tables out, `colours` mark what needs a look. */
export function render(picture: Picture, draw: TableDrawer, colours: Colours): string {
  const brush = { draw, colours }
  if (picture.kind === 'cluster') return renderCluster(picture, brush)
  if (picture.kind === 'brokers') return picture.brokers.map((each) => renderBroker(each, brush)).join('\n')
  if (picture.kind === 'groups') return renderGroups(picture.groups, brush)
  if (picture.topics.length === 0) return 'No topics.\n'
  return picture.topics.map((topic) => renderTopic(topic, brush)).join('\n')
}

function renderCluster(picture: Extract<Picture, { kind: 'cluster' }>, { draw, colours }: Brush): string {
  const { bold, dim, name } = colours
  const trouble = troubleLine(picture.topics, colours)
  const brokers = draw({
    head: ['BROKER', 'ADDRESS', 'RACK', 'ROLE', 'LEADS', 'REPLICAS', 'SIZE'].map(dim),
    rows: picture.brokers.map((broker) => brokerRow(broker, colours)),
    rightAligned: [0, 4, 5, 6],
  })
  const heading = `${bold('Cluster')} ${name(picture.clusterId)}  ${plural(picture.brokers.length, 'broker')}, ${plural(picture.topics.length, 'topic')}\n`
  if (picture.topics.length === 0) return `${heading}\n${brokers}\nNo topics yet.\n`
  const topics = draw({
    head: ['TOPIC', 'PARTITIONS', 'REPLICAS', 'RECORDS', 'SIZE', 'STATE'].map(dim),
    rows: picture.topics.map((topic) => topicRow(topic, colours)),
    rightAligned: [1, 2, 3, 4],
  })
  return `${heading}${trouble}\n${brokers}\n${topics}`
}

function troubleLine(topics: readonly TopicStatus[], { bad, good, warning }: Colours): string {
  const partitions = topics.flatMap((topic) => topic.partitions)
  const offline = partitions.filter(({ leader }) => leader < 0).length
  const behind = partitions.filter(isUnderReplicated).length
  if (partitions.length === 0) return ''
  if (offline === 0 && behind === 0) return `${good('every partition has a leader and all its replicas in sync')}\n`
  const parts = []
  if (offline > 0) parts.push(bad(`${plural(offline, 'partition')} without a leader`))
  if (behind > 0) parts.push(warning(`${plural(behind, 'partition')} under-replicated`))
  return `${parts.join(', ')}\n`
}

function brokerRow(broker: BrokerStatus, { good }: Colours): string[] {
  return [
    String(broker.id),
    `${broker.host}:${broker.port}`,
    broker.rack ?? '-',
    broker.isController ? good('controller') : 'broker',
    String(broker.leaderCount),
    String(broker.replicaCount),
    bytesText(broker.logDirs.length === 0 ? null : broker.logDirs.reduce((sum, dir) => sum + dir.sizeBytes, 0)),
  ]
}

function topicRow(topic: TopicStatus, colours: Colours): string[] {
  const { partitions } = topic
  const offline = partitions.filter(({ leader }) => leader < 0).length
  const behind = partitions.filter(isUnderReplicated).length
  const state =
    offline > 0
      ? colours.bad(`${offline} offline`)
      : behind > 0
        ? colours.warning(`${behind} under-replicated`)
        : colours.good('ok')
  return [
    topic.isInternal ? colours.dim(topic.name) : colours.name(topic.name),
    String(partitions.length),
    String(partitions[0]?.replicas.length ?? 0),
    numberText(sumOrNull(partitions.map(recordCount))),
    bytesText(sumOrNull(partitions.map(({ sizeBytes }) => sizeBytes))),
    state,
  ]
}

function renderTopic(topic: TopicStatus, { draw, colours }: Brush): string {
  const { bold, dim, name } = colours
  const first = topic.partitions[0]
  const counts = `${plural(topic.partitions.length, 'partition')}, replication factor ${first?.replicas.length ?? 0}`
  const size = bytesText(sumOrNull(topic.partitions.map(({ sizeBytes }) => sizeBytes)))
  const records = numberText(sumOrNull(topic.partitions.map(recordCount)))
  const set = [...topic.configs].map(([key, value]) => `${key}=${value}`)
  const lines = [
    `${bold(name(topic.name))}  ${counts}, ${records} records, ${size}  ${dim(topic.topicId)}`,
    ...(set.length === 0 ? [] : [dim(set.join('  '))]),
  ]
  const table = draw({
    head: ['PARTITION', 'LEADER', 'REPLICAS', 'ISR', 'EARLIEST', 'LATEST', 'SIZE', 'STATE'].map(dim),
    rows: topic.partitions.map((partition) => partitionRow(partition, colours)),
    rightAligned: [0, 1, 4, 5, 6],
  })
  return `${lines.join('\n')}\n${table}`
}

function partitionRow(partition: PartitionStatus, colours: Colours): string[] {
  return [
    String(partition.partition),
    partition.leader < 0 ? colours.bad('none') : String(partition.leader),
    replicasText(partition, colours),
    partition.isr.join(','),
    numberText(partition.earliestOffset),
    numberText(partition.latestOffset),
    bytesText(partition.sizeBytes),
    stateText(partition, colours),
  ]
}

/** Replicas in their order; `!` marks one that is offline, `?` one that is behind. */
export function replicasText(
  partition: Pick<PartitionStatus, 'replicas' | 'isr' | 'offlineReplicas'>,
  { bad, warning }: Colours,
): string {
  return partition.replicas
    .map((id) => {
      if (partition.offlineReplicas.includes(id)) return bad(`${id}!`)
      return partition.isr.includes(id) ? String(id) : warning(`${id}?`)
    })
    .join(',')
}

function stateText(partition: PartitionStatus, { bad, good, warning }: Colours): string {
  const words = []
  if (partition.leader < 0) words.push(bad('no leader'))
  if (partition.offlineReplicas.length > 0) words.push(bad(`offline ${partition.offlineReplicas.join(',')}`))
  if (isUnderReplicated(partition)) words.push(warning('under-replicated'))
  if (partition.isReassigning) words.push(warning('reassigning'))
  if (words.length > 0) return words.join(', ')
  const preferred = partition.replicas[0]
  return partition.leader === preferred ? good('ok') : `ok, preferred leader is ${preferred}`
}

function renderBroker(broker: BrokerStatus, { draw, colours }: Brush): string {
  const { bold, dim, good, name } = colours
  const role = broker.isController ? `, ${good('active controller')}` : ''
  const rack = broker.rack === null ? '' : `, rack ${broker.rack}`
  const lines = [
    `${bold(`Broker ${name(String(broker.id))}`)}  ${broker.host}:${broker.port}${rack}${role}`,
    `leads ${plural(broker.leaderCount, 'partition')}, holds ${plural(broker.replicaCount, 'replica')}`,
    ...[...broker.configs].map(([key, value]) => dim(`${key}=${value}`)),
  ]
  if (broker.logDirs.length === 0) return `${lines.join('\n')}\n`
  const table = draw({
    head: ['LOG DIRECTORY', 'SIZE', 'FREE', 'STATE'].map(dim),
    rows: broker.logDirs.map((dir) => [
      dir.path,
      bytesText(dir.sizeBytes),
      bytesText(dir.usableBytes < 0 ? null : dir.usableBytes),
      dir.error === null ? good('ok') : colours.bad(dir.error),
    ]),
    rightAligned: [1, 2],
  })
  return `${lines.join('\n')}\n${table}`
}

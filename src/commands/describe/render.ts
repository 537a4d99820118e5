/** Draws a picture as text. Pure: the same picture, colours and drawer give the same text. */
import type { Colours } from '../../cli/colour.ts'
import type { TableDrawer } from '../../cli/table.ts'
import { adviceText } from './advice.ts'
import {
  type BrokerStatus,
  isBelowMinIsr,
  isInTrouble,
  isUnderReplicated,
  type PartitionStatus,
  type Picture,
  partitionName,
  recordCount,
  sumOrNull,
  type TopicStatus,
} from './model.ts'
import { renderGroups } from './render-groups.ts'
import { type Brush, bytesText, numberText, plural } from './text.ts'

/** Says whether a value is new, by the keys of `changes.ts`. */
type IsNew = (mark: string) => boolean

/** The whole picture; `draw` lays tables out, `colours` mark what needs a look, `isNew` what was different before. */
export function render(picture: Picture, draw: TableDrawer, colours: Colours, isNew: IsNew = () => false): string {
  const brush: Brush = { draw, colours, mark: (key, text) => (isNew(key) ? newValue(text, colours) : text) }
  if (picture.kind === 'cluster') return renderCluster(picture, brush)
  if (picture.kind === 'brokers') return picture.brokers.map((each) => renderBroker(each, brush)).join('\n')
  if (picture.kind === 'groups') return renderGroups(picture.groups, brush)
  if (picture.topics.length === 0) return 'No topics.\n'
  return picture.topics.map((topic) => renderTopic(topic, brush)).join('\n')
}

/** Where there is no colour, a star. */
function newValue(text: string, { changed }: Colours): string {
  const painted = changed(text)
  return painted === text ? `${text}*` : painted
}

function renderCluster(picture: Extract<Picture, { kind: 'cluster' }>, brush: Brush): string {
  const { draw, colours, mark } = brush
  const { bold, dim, name } = colours
  const brokers = draw({
    head: ['BROKER', 'ADDRESS', 'RACK', 'ROLE', 'LEADS', 'REPLICAS', 'SIZE'].map(dim),
    rows: picture.brokers.map((broker) => brokerRow(broker, brush)),
    rightAligned: [0, 4, 5, 6],
  })
  const { controller } = picture
  const isSeparate = controller !== null && !picture.brokers.some(({ id }) => id === controller.id)
  const active = isSeparate ? `, active controller ${mark('controller', String(controller.id))}` : ''
  const counts = `${brokerCount(picture.brokers, colours)}, ${plural(picture.topics.length, 'topic')}`
  const heading = `${bold('Cluster')} ${name(picture.clusterId)}  ${counts}${active}\n`
  if (picture.topics.length === 0) return `${heading}\n${brokers}\nNo topics yet.\n`
  const topics = draw({
    head: ['TOPIC', 'PARTITIONS', 'REPLICAS', 'RECORDS', 'SIZE', 'STATE'].map(dim),
    rows: picture.topics.map((topic) => topicRow(topic, colours)),
    rightAligned: [1, 2, 3, 4],
  })
  const trouble = troubleTable(picture.topics, brush)
  return `${heading}${troubleLine(picture.topics, colours)}\n${brokers}\n${trouble}${topics}`
}

/** All that are registered, `3 brokers, 1 fenced`; a cluster that does not tell of fenced ones names only the others. */
function brokerCount(brokers: readonly BrokerStatus[], { bad }: Colours): string {
  const fenced = brokers.filter(({ isFenced }) => isFenced === true).length
  return `${plural(brokers.length, 'broker')}${fenced === 0 ? '' : `, ${bad(`${fenced} fenced`)}`}`
}

/** Rows of an overview that tell what is wrong, one partition each. */
const MAX_TROUBLED_SHOWN = 12

function troubleTable(topics: readonly TopicStatus[], brush: Brush): string {
  const troubled = topics.flatMap((topic) =>
    topic.partitions.filter(isInTrouble).map((partition) => ({ topic: topic.name, partition })),
  )
  if (troubled.length === 0) return ''
  const { draw, colours } = brush
  const table = draw({
    head: ['PARTITION', 'LEADER', 'EPOCH', 'REPLICAS', 'ISR', 'LAG', 'STATE'].map(colours.dim),
    rows: troubled.slice(0, MAX_TROUBLED_SHOWN).map(({ topic, partition }) => {
      const { leader, epoch, replicas, isr, lag } = replicaCells(topic, partition, brush)
      const name = colours.name(partitionName(topic, partition.partition))
      return [name, leader, epoch, replicas, isr, lag, stateText(partition, colours)]
    }),
    rightAligned: [1, 2],
  })
  const more = troubled.length - MAX_TROUBLED_SHOWN
  return `${table}${more > 0 ? `... ${plural(more, 'partition')} more\n` : ''}\n`
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

function brokerRow(broker: BrokerStatus, { colours, mark }: Brush): string[] {
  return [
    mark(`broker/${broker.id}`, String(broker.id)),
    `${broker.host}:${broker.port}`,
    broker.rack ?? '-',
    roleText(broker, colours),
    String(broker.leaderCount),
    String(broker.replicaCount),
    bytesText(broker.logDirs.length === 0 ? null : broker.logDirs.reduce((sum, dir) => sum + dir.sizeBytes, 0)),
  ]
}

function roleText({ isFenced, isController }: BrokerStatus, { good, bad }: Colours): string {
  if (isFenced === true) return bad('fenced')
  return isController ? good('controller') : 'broker'
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

function renderTopic(topic: TopicStatus, brush: Brush): string {
  const { draw, colours } = brush
  const { bold, dim, name } = colours
  const first = topic.partitions[0]
  const counts = `${plural(topic.partitions.length, 'partition')}, replication factor ${first?.replicas.length ?? 0}`
  const size = bytesText(sumOrNull(topic.partitions.map(({ sizeBytes }) => sizeBytes)))
  const records = plural(sumOrNull(topic.partitions.map(recordCount)), 'record')
  const set = [...topic.configs].map(([key, value]) => `${key}=${value}`)
  const lines = [
    `${bold(name(topic.name))}  ${counts}, ${records}, ${size}  ${dim(topic.topicId)}`,
    ...(set.length === 0 ? [] : [dim(set.join('  '))]),
  ]
  const table = draw({
    head: ['PARTITION', 'LEADER', 'EPOCH', 'REPLICAS', 'ISR', 'LAG', 'EARLIEST', 'LATEST', 'SIZE', 'STATE'].map(dim),
    rows: topic.partitions.map((partition) => partitionRow(topic, partition, brush)),
    rightAligned: [0, 1, 2, 6, 7, 8],
  })
  return `${lines.join('\n')}\n${table}${adviceText(topic, colours)}`
}

function partitionRow(topic: TopicStatus, partition: PartitionStatus, brush: Brush): string[] {
  const { leader, epoch, replicas, isr, lag } = replicaCells(topic.name, partition, brush)
  return [
    String(partition.partition),
    leader,
    epoch,
    replicas,
    isr,
    lag,
    numberText(partition.earliestOffset),
    brush.mark(`${partitionName(topic.name, partition.partition)}/latest`, numberText(partition.latestOffset)),
    bytesText(partition.sizeBytes),
    stateText(partition, brush.colours, isBelowMinIsr(topic, partition)),
  ]
}

/** What changes when a broker fails; new values stand out. */
function replicaCells(topic: string, partition: PartitionStatus, { colours, mark }: Brush) {
  const key = partitionName(topic, partition.partition)
  return {
    leader: mark(`${key}/leader`, partition.leader < 0 ? colours.bad('none') : String(partition.leader)),
    epoch: mark(`${key}/epoch`, String(partition.leaderEpoch)),
    replicas: mark(`${key}/replicas`, replicasText(partition, colours)),
    isr: mark(`${key}/isr`, partition.isr.join(',')),
    lag: lagText(partition, colours),
  }
}

/** `0` when no follower is behind, else those that are: `3: 1,204`; `?` for who does not tell. */
export function lagText({ followers }: Pick<PartitionStatus, 'followers'>, { warning }: Colours): string {
  if (followers === null || followers.length === 0) return '-'
  const behind = followers.filter(({ lag }) => lag !== 0)
  if (behind.length === 0) return '0'
  return behind.map(({ broker, lag }) => warning(`${broker}: ${lag === null ? '?' : numberText(lag)}`)).join(' ')
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

function stateText(partition: PartitionStatus, { bad, good, warning }: Colours, belowMinIsr = false): string {
  const words = []
  if (partition.leader < 0) words.push(bad('no leader'))
  if (partition.offlineReplicas.length > 0) words.push(bad(`offline ${partition.offlineReplicas.join(',')}`))
  if (belowMinIsr && partition.leader >= 0) words.push(bad('below min ISR'))
  else if (isUnderReplicated(partition)) words.push(warning('under-replicated'))
  if (partition.isReassigning) words.push(warning('reassigning'))
  // Who may lead although it is not in the ISR (KIP-966).
  if ((partition.elr ?? []).length > 0) words.push(`eligible ${partition.elr!.join(',')}`)
  if (words.length > 0) return words.join(', ')
  const preferred = partition.replicas[0]
  return partition.leader === preferred ? good('ok') : `ok, preferred leader is ${preferred}`
}

function renderBroker(broker: BrokerStatus, { draw, colours }: Brush): string {
  const { bold, dim, good, name } = colours
  const fenced = broker.isFenced === true ? `, ${colours.bad('fenced')}` : ''
  const role = broker.isController ? `, ${good('active controller')}` : fenced
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

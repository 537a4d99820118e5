/** What a person wants to know of a partition in trouble: what does not work, what brings it back, what that loses. */
import type { Colours } from '../../cli/colour.ts'
import { isBelowMinIsr, isUnderReplicated, type PartitionStatus, partitionName, type TopicStatus } from './model.ts'

/** Different troubles told of one topic; partitions with the same one are told together. */
const MAX_TOLD = 5
const MAX_NAMES = 3

/** One way out: what to type or do, and what comes of it. */
interface Way {
  readonly action: string
  readonly outcome: string
}

interface Trouble {
  readonly text: string
  readonly ways: readonly Way[]
}

/** Paragraphs for the partitions of a topic that need a look; '' when none does. */
export function adviceText(topic: TopicStatus, { bold, name, dim }: Colours): string {
  const groups = new Map<string, { trouble: Trouble; partitions: PartitionStatus[] }>()
  for (const partition of topic.partitions) {
    const trouble = troubleOf(topic, partition)
    if (trouble === null) continue
    const key = JSON.stringify(trouble)
    const group = groups.get(key) ?? { trouble, partitions: [] }
    group.partitions.push(partition)
    groups.set(key, group)
  }
  const told = [...groups.values()].slice(0, MAX_TOLD).map(({ trouble, partitions }) => {
    const first = partitions[0]!.partition
    const lines = trouble.ways.map(({ action, outcome }) => {
      return `  ${name(action.replace(FIRST_PARTITION, String(first)))}\n    ${outcome}\n`
    })
    return `${bold(namesOf(topic.name, partitions))}: ${trouble.text}\n${lines.join('')}`
  })
  const more = groups.size - told.length
  return [...told, ...(more > 0 ? [dim(`... and ${more} more of such\n`)] : [])].map((each) => `\n${each}`).join('')
}

/** Stands for the number of the first partition of those that share a trouble. */
const FIRST_PARTITION = '<partition>'

function namesOf(topic: string, partitions: readonly PartitionStatus[]): string {
  const names = partitions.slice(0, MAX_NAMES).map(({ partition }) => partitionName(topic, partition))
  const more = partitions.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function troubleOf(topic: TopicStatus, partition: PartitionStatus): Trouble | null {
  if (partition.leader < 0) return withoutLeader(topic, partition)
  if (isBelowMinIsr(topic, partition)) return belowMinIsr(topic, partition)
  return isUnderReplicated(partition) ? underReplicated(topic, partition) : null
}

const list = (ids: readonly number[]): string => ids.join(', ')
const brokers = (ids: readonly number[]): string => `broker${ids.length === 1 ? '' : 's'} ${list(ids)}`
const restart = (ids: readonly number[]): string => `start ${brokers(ids)}, e.g. kt cluster restart ${ids.join(' ')}`

/** KIP-966: whom the controller lets lead without a person's word, and whom only with it. */
function withoutLeader(topic: TopicStatus, partition: PartitionStatus): Trouble {
  const [lastLeader] = partition.lastKnownElr ?? []
  const was = lastLeader === undefined ? '' : ` It was led last by ${lastLeader}.`
  const ways =
    topic.uncleanElection === true ? [anybody(partition)] : [...eligible(partition), ...unclean(topic, partition)]
  return { text: `no leader, so nothing can be written or read.${was}`, ways }
}

function eligible({ isr, elr, lastKnownElr, replicas }: PartitionStatus): Way[] {
  const safe = [...new Set([...isr, ...(elr ?? [])])]
  const [lastLeader] = lastKnownElr ?? []
  if (safe.length === 0) {
    if (lastLeader === undefined) return [{ action: restart(replicas), outcome: 'who has every record is not known' }]
    const outcome = `it leads again with what is on its disk: nothing acknowledged is missing there unless its machine died`
    return [{ action: restart([lastLeader]), outcome }]
  }
  const who = (elr ?? []).length > 0 ? `eligible (ELR ${list(elr!)}): have` : `in the ISR (${list(isr)}): have`
  const ifKilled =
    lastLeader === undefined ? '' : `; killed ones are trusted only when all are back, then ${lastLeader} leads`
  return [
    {
      action: restart(safe),
      outcome: `${who} every committed record. One that was stopped in order leads at once${ifKilled}`,
    },
  ]
}

/** An election that a person asks for, when somebody is alive for it. */
function unclean(topic: TopicStatus, { replicas, offlineReplicas, isr, elr }: PartitionStatus): Way[] {
  const alive = replicas.filter((id) => !offlineReplicas.includes(id))
  if (alive.length === 0) return []
  const safe = [...new Set([...isr, ...(elr ?? [])])]
  const lost =
    safe.length === 0 ? `records that ${alive[0]} does not have are` : `records that only ${list(safe)} have are`
  return [
    {
      action: `kt leader-election --election-type unclean --topic ${topic.name} --partition ${FIRST_PARTITION}`,
      outcome: `${alive[0]} leads at once: ${lost} lost for good, acknowledged or not`,
    },
  ]
}

function anybody({ replicas }: PartitionStatus): Way {
  return {
    action: restart(replicas),
    outcome: 'who is back first leads, and records it does not have are lost: unclean.leader.election.enable=true',
  }
}

function belowMinIsr(topic: TopicStatus, partition: PartitionStatus): Trouble {
  const { isr, elr, leader } = partition
  const min = topic.minInsyncReplicas
  const next = (elr ?? []).length === 0 ? '' : ` If ${leader} goes too, ${list(elr!)} (ELR) may lead without loss.`
  return {
    text:
      `ISR ${list(isr)} is below min.insync.replicas=${min}: acks=all is refused (NOT_ENOUGH_REPLICAS), and what ` +
      `acks=1 writes is not seen by consumers until ${min} are in sync.${next}`,
    ways: comeBack(partition, 'it catches up from the leader and joins the ISR'),
  }
}

function underReplicated(topic: TopicStatus, partition: PartitionStatus): Trouble {
  const { isr, replicas } = partition
  const min = topic.minInsyncReplicas
  const next =
    min !== null && isr.length === min ? ` One less, and acks=all is refused (min.insync.replicas=${min}).` : ''
  return {
    text: `${isr.length} of ${replicas.length} replicas in sync${min === null ? '' : ', everything works'}.${next}`,
    ways: comeBack(partition, 'it catches up from the leader and joins the ISR; what only it has is removed there'),
  }
}

/** Who is offline is started; who is alive catches up by itself. */
function comeBack({ offlineReplicas }: PartitionStatus, outcome: string): Way[] {
  return offlineReplicas.length === 0 ? [] : [{ action: restart(offlineReplicas), outcome }]
}

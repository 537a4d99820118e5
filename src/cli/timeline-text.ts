/** What happened inside a node, in words. */
import type { TimelineEvent } from '../base/timeline.ts'

/** One line: what happened to what. */
export function timelineText(event: TimelineEvent): string {
  switch (event.type) {
    case 'append':
      return `${event.partition}: ${appendText(event)}`
    case 'follower-fetch':
      return `${event.partition}: broker ${event.replicaId} fetches from offset ${event.endOffset}, so it has everything below`
    case 'high-watermark':
      return `${event.partition}: high watermark ${event.from} -> ${event.to}${event.role === 'follower' ? ', as the leader says' : ''}`
    case 'isr':
      return `${event.partition}: ${isrText(event)}`
    case 'leader-epoch':
      return `${event.partition}: ${leaderText(event)}`
    case 'log':
      return `${event.partition}: ${logText(event)}`
    case 'waiting':
      return `${event.operation} waits in purgatory, ${millisecondsText(event.timeoutMs)} at most, for ${event.reason}`
    case 'completed': {
      const why = event.isExpired ? 'time is over' : 'what it waited for is there'
      return `${event.operation} leaves purgatory after ${millisecondsText(event.elapsedMs)}: ${why}`
    }
    case 'group':
      return `group ${event.groupId} (${event.state}, generation ${event.generation}): ${event.step}`
    case 'metadata':
      return metadataText(event)
    case 'quorum':
      return `quorum epoch ${event.epoch}: ${event.leaderId === null ? 'no leader yet' : `node ${event.leaderId} leads`}`
    case 'broker-fenced':
      return `fences broker ${event.brokerId}: ${event.reason}`
  }
}

type Of<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>

function offsetsText(from: number, to: number): string {
  return from === to ? `offset ${from}` : `offsets ${from} to ${to}`
}

function appendText({ baseOffset, lastOffset, sizeInBytes, role, leaderEpoch, isDuplicate }: Of<'append'>): string {
  const offsets = offsetsText(baseOffset, lastOffset)
  if (isDuplicate) return `${offsets} came again and are not appended: the producer's sequence is known`
  return `appended ${offsets} as ${role}, leader epoch ${leaderEpoch}, ${sizeInBytes} bytes`
}

function isrText({ step, from, to, reason }: Of<'isr'>): string {
  const change = `${from.join(',') || 'nobody'} -> ${to.join(',') || 'nobody'}`
  if (step === 'changed') return `ISR ${change}: ${reason}`
  if (step === 'refused') return `the controller refuses the ISR ${to.join(',')}: ${reason}`
  return `asks for the ISR ${change}: ${reason}`
}

function leaderText({ role, leaderId, leaderEpoch, endOffset }: Of<'leader-epoch'>): string {
  if (role === 'leader') return `leads from now on, leader epoch ${leaderEpoch} begins at offset ${endOffset}`
  if (leaderId < 0) return `has no leader, leader epoch ${leaderEpoch}`
  return `follows broker ${leaderId} in leader epoch ${leaderEpoch}, its own log ends at offset ${endOffset}`
}

function logText({ step, offset, reason }: Of<'log'>): string {
  switch (step) {
    case 'rolled':
      return `rolled: a new segment begins at offset ${offset} (${reason})`
    case 'segments-deleted':
      return `deletes its segments up to that of offset ${offset}: ${reason}`
    case 'start-offset':
      return `begins at offset ${offset} now: ${reason}`
    case 'truncated':
      return `truncated to offset ${offset}: ${reason}`
  }
}

function metadataText({ step, baseOffset, lastOffset, records }: Of<'metadata'>): string {
  const offsets = offsetsText(baseOffset, lastOffset)
  return step === 'written' ? `writes metadata ${offsets}: ${recordsText(records)}` : `metadata ${offsets} committed`
}

/** An election after a broker's death writes a record for each of its partitions. */
const MAX_RECORDS_SHOWN = 4

/** Those of people's topics before those of Kafka's own. */
function recordsText(records: readonly string[]): string {
  const isInternal = (record: string): boolean => record.includes(' __')
  const ordered = [...records.filter((record) => !isInternal(record)), ...records.filter(isInternal)]
  const shown = ordered.slice(0, MAX_RECORDS_SHOWN).join('; ')
  const left = ordered.length - MAX_RECORDS_SHOWN
  return left > 0 ? `${shown}; and ${left} more` : shown
}

/** `2.1 ms`, `500 ms`. */
function millisecondsText(ms: number): string {
  return `${ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`
}

/** Partitions and groups that an event speaks of; null for what concerns the whole cluster. */
export function timelineNames(event: TimelineEvent): readonly string[] | null {
  if ('partition' in event) return [topicOf(event.partition)]
  if ('partitions' in event) return event.partitions.map(topicOf)
  return event.type === 'group' ? [event.groupId] : null
}

function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf('-'))
}

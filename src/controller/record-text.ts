/** Metadata records in a few words, for who watches the controller. */
import type { MetadataImage } from '../metadata/types.ts'
import type { MetadataRecord } from '../protocol/metadata/index.ts'

/** A reassignment of a large cluster writes thousands at once: these tell what it is. */
const MAX_RECORDS = 200

/** Each record by its name and what it says; `image` already has them. */
export function recordTexts(records: readonly MetadataRecord[], image: MetadataImage): string[] {
  const texts = records.slice(0, MAX_RECORDS).map((record) => recordText(record, image))
  return records.length > MAX_RECORDS ? [...texts, `and ${records.length - MAX_RECORDS} more`] : texts
}

function recordText(record: MetadataRecord, image: MetadataImage): string {
  const name = record.record.replace(/^./, (first) => first.toUpperCase())
  const about = aboutOf(record, image)
  return about === '' ? name : `${name} ${about}`
}

function aboutOf({ record, body }: MetadataRecord, image: MetadataImage): string {
  const partition = (topicId: string, index: number): string =>
    `${image.topicsById.get(topicId)?.name ?? topicId}-${index}`
  switch (record) {
    case 'topicRecord':
      return body.name
    case 'partitionRecord':
      return `${partition(body.topicId, body.partitionId)} leader ${body.leader}, replicas ${body.replicas}`
    case 'partitionChangeRecord':
      return `${partition(body.topicId, body.partitionId)}${changes({ leader: body.leader, isr: body.isr })}`
    case 'configRecord':
      return `${body.resourceName} ${body.name}=${body.value === null ? '(default)' : body.value}`
    case 'registerBrokerRecord':
    case 'unregisterBrokerRecord':
      return `broker ${body.brokerId}`
    case 'brokerRegistrationChangeRecord':
      return `broker ${body.brokerId}${fencing(body.fenced)}${body.inControlledShutdown > 0 ? ' in controlled shutdown' : ''}`
    case 'featureLevelRecord':
      return `${body.name} ${body.featureLevel}`
    default:
      return ''
  }
}

/** In a change record null and this leader say that nothing changes. */
const NO_LEADER_CHANGE = -2

function changes({ leader, isr }: { leader: number; isr: readonly number[] | null }): string {
  const parts: string[] = []
  if (leader !== NO_LEADER_CHANGE) parts.push(leader < 0 ? 'no leader' : `leader ${leader}`)
  if (isr !== null) parts.push(isr.length === 0 ? 'ISR empty' : `ISR ${isr.join(',')}`)
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`
}

function fencing(fenced: number): string {
  if (fenced === 0) return ''
  return fenced > 0 ? ' fenced' : ' unfenced'
}

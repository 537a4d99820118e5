/** An election that may have lost records is told in the controller's log, as Kafka's `PartitionChangeBuilder` does. */
import type { MetadataImage } from '../metadata/types.ts'
import type { MetadataRecord } from '../protocol/metadata/index.ts'
import { LEADER_RECOVERY } from './partition-change.ts'

/** The line for a record that elects an unclean leader, `image` being the one before it; null for any other record. */
export function uncleanElectionText(image: MetadataImage, { record, body }: MetadataRecord): string | null {
  if (record !== 'partitionChangeRecord') return null
  const { leader, topicId, partitionId, leaderRecoveryState } = body
  if (leader < 0 || leaderRecoveryState !== LEADER_RECOVERY.RECOVERING) return null
  const topic = image.topicsById.get(topicId)
  const before = topic?.partitions.get(partitionId)
  if (topic === undefined || before === undefined) return null
  const list = (name: string, ids: readonly number[]): string => `, ${name}=[${ids.join(', ')}]`
  return (
    `Setting new leader for topicId ${topicId}, partition ${topic.name}-${partitionId} to ${leader} using an unclean election: ` +
    `records it does not have are lost. Previous partition: leader=${before.leader}, leaderEpoch=${before.leaderEpoch}` +
    `${list('isr', before.isr)}${list('elr', before.elr)}${list('lastKnownElr', before.lastKnownElr)}`
  )
}

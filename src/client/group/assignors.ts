/**
 * Kafka's own assignors for kafkajs, whose only one has a name that no Java consumer knows: a group of both could not
 * agree on a protocol.
 */
import type { Assigner, Cluster, GroupMember } from 'kafkajs'
import { ZERO_UUID } from '../../base/uuid.ts'
import type { Assign, AssignedPartition, AssignorMember } from '../../protocol/assignors/types.ts'

/** The consumer protocol's codecs, as kafkajs exports them. */
export interface ProtocolCodecs {
  readonly MemberMetadata: {
    encode(metadata: { version: number; topics: string[]; userData: Buffer }): Buffer
    decode(buffer: Buffer): { topics: string[] } | null
  }
  readonly MemberAssignment: {
    encode(assignment: { version: number; assignment: Record<string, number[]>; userData: Buffer }): Buffer
  }
}

const VERSION = 0
const NO_USER_DATA = Buffer.alloc(0)

/** What kafkajs calls: `name` is the protocol name that members agree on. */
export function assigner(name: string, assign: Assign, codecs: ProtocolCodecs) {
  return ({ cluster }: { cluster: Cluster }): Assigner => ({
    name,
    version: VERSION,
    protocol: ({ topics }) => ({
      name,
      metadata: codecs.MemberMetadata.encode({ version: VERSION, topics, userData: NO_USER_DATA }),
    }),
    async assign({ members }) {
      const subscribed = members.map((member) => subscriptionOf(member, codecs))
      const names = [...new Set(subscribed.flatMap(({ topics }) => topics))]
      const topics = names.map((topic) => ({
        name: topic,
        topicId: ZERO_UUID,
        partitionCount: cluster.findTopicPartitionMetadata(topic).length,
      }))
      return [...assign(subscribed, topics)].map(([memberId, partitions]) => ({
        memberId,
        memberAssignment: codecs.MemberAssignment.encode({
          version: VERSION,
          assignment: byTopic(partitions),
          userData: NO_USER_DATA,
        }),
      }))
    },
  })
}

/** kafkajs does not tell instance ids. */
function subscriptionOf({ memberId, memberMetadata }: GroupMember, codecs: ProtocolCodecs): AssignorMember {
  const topics = codecs.MemberMetadata.decode(memberMetadata)?.topics ?? []
  return { memberId, instanceId: null, topics, owned: [] }
}

function byTopic(partitions: readonly AssignedPartition[]): Record<string, number[]> {
  const topics: Record<string, number[]> = {}
  for (const { topic, partition } of partitions) topics[topic] = [...(topics[topic] ?? []), partition]
  return topics
}

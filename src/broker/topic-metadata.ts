import type { PartitionRegistration, TopicImage } from '../metadata/types.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import type { MetadataResponseInput } from '../protocol/messages/03-metadata.ts'
import type { MetadataCache } from './metadata-cache.ts'
import { isInternalTopic } from './topic-names.ts'

type TopicResponse = NonNullable<MetadataResponseInput['topics']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number]

const NO_LEADER = -1
/** Metadata v0 leaves dead replicas out of its lists and says REPLICA_NOT_AVAILABLE. */
const LAST_VERSION_HIDING_DEAD = 0
/** Up to v5 a leader without this listener was LEADER_NOT_AVAILABLE. */
const FIRST_LISTENER_ERROR_VERSION = 6

/** Topics as Metadata shows them on one listener. */
export class TopicMetadata {
  private readonly metadata: MetadataCache
  private readonly listenerName: string
  private readonly version: number

  constructor(metadata: MetadataCache, listenerName: string, version: number) {
    this.metadata = metadata
    this.listenerName = listenerName
    this.version = version
  }

  topic(topic: TopicImage): TopicResponse {
    const partitions: PartitionResponse[] = []
    for (const [index, registration] of topic.partitions) partitions.push(this.partition(index, registration))
    return {
      errorCode: ErrorCode.NONE,
      name: topic.name,
      topicId: topic.id,
      isInternal: isInternalTopic(topic.name),
      partitions,
    }
  }

  private partition(index: number, registration: PartitionRegistration): PartitionResponse {
    const replicaNodes = this.shown(registration.replicas)
    const isrNodes = this.shown(registration.isr)
    const hasLeader = this.metadata.aliveEndpoint(registration.leader, this.listenerName) !== null
    const complete = replicaNodes.length === registration.replicas.length && isrNodes.length === registration.isr.length
    const withLeader = complete ? ErrorCode.NONE : ErrorCode.REPLICA_NOT_AVAILABLE
    return {
      errorCode: hasLeader ? withLeader : this.leaderError(registration.leader),
      partitionIndex: index,
      leaderId: hasLeader ? registration.leader : NO_LEADER,
      leaderEpoch: registration.leaderEpoch,
      replicaNodes,
      isrNodes,
      offlineReplicas: this.metadata.offlineReplicas(registration, this.listenerName),
    }
  }

  private leaderError(leader: number): number {
    const known = this.metadata.image.brokers.has(leader)
    return known && this.version >= FIRST_LISTENER_ERROR_VERSION
      ? ErrorCode.LISTENER_NOT_FOUND
      : ErrorCode.LEADER_NOT_AVAILABLE
  }

  private shown(replicas: readonly number[]): readonly number[] {
    if (this.version > LAST_VERSION_HIDING_DEAD) return replicas
    return replicas.filter((id) => this.metadata.aliveEndpoint(id, this.listenerName) !== null)
  }
}

import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import type { MetadataResponse } from '../protocol/messages/03-metadata.ts'
import type { BrokerNode } from './admin-types.ts'

export interface CachedPartition {
  /** -1 when there is none. */
  readonly leader: number
  readonly leaderEpoch: number
}

export interface CachedTopic {
  readonly name: string
  readonly topicId: Uuid
  readonly isInternal: boolean
  /** Indexed by partition number; holes are partitions the cluster did not tell. */
  readonly partitions: readonly (CachedPartition | undefined)[]
}

/**
 * What the cluster said last about its brokers and the topics we asked for. Changed only by `update`, `learnBroker` and
 * the `forget` methods, all synchronous.
 */
export class MetadataCache {
  clusterId: string | null = null
  controllerId = -1
  private readonly brokersById = new Map<number, BrokerNode>()
  private readonly topicsByName = new Map<string, CachedTopic>()
  private readonly namesById = new Map<Uuid, string>()

  get brokers(): readonly BrokerNode[] {
    return [...this.brokersById.values()]
  }

  broker(id: number): BrokerNode | undefined {
    return this.brokersById.get(id)
  }

  topic(name: string): CachedTopic | undefined {
    return this.topicsByName.get(name)
  }

  topicName(topicId: Uuid): string | undefined {
    return this.namesById.get(topicId)
  }

  /** Leader's broker id, or -1 when there is none or the partition is not known. */
  leader(topic: string, partition: number): number {
    return this.topicsByName.get(topic)?.partitions[partition]?.leader ?? -1
  }

  update(response: MetadataResponse): void {
    const brokers = response.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }))
    this.updateNodes(response.clusterId, response.controllerId, brokers)
    for (const topic of response.topics) this.updateTopic(topic)
  }

  /** The cluster's nodes alone: brokers, or controllers where those are talked to. */
  updateNodes(clusterId: string | null, controllerId: number, nodes: readonly BrokerNode[]): void {
    this.brokersById.clear()
    for (const node of nodes) this.learnBroker(node)
    this.clusterId = clusterId
    this.controllerId = controllerId
  }

  private updateTopic(topic: MetadataResponse['topics'][number]): void {
    if (topic.name === null) return
    if (topic.errorCode !== 0) {
      this.forgetTopic(topic.name)
      return
    }
    const partitions: (CachedPartition | undefined)[] = []
    const before = this.topicsByName.get(topic.name)
    const sameTopic = before?.topicId === topic.topicId
    for (const { partitionIndex, leaderId, leaderEpoch } of topic.partitions) {
      const known = sameTopic ? before.partitions[partitionIndex] : undefined
      // A broker that lags behind must not take us back to a deposed leader (KIP-320).
      const stale = known !== undefined && leaderEpoch !== -1 && known.leaderEpoch > leaderEpoch
      partitions[partitionIndex] = stale ? known : { leader: leaderId, leaderEpoch }
    }
    const { name, topicId, isInternal } = topic
    if (before !== undefined && !sameTopic) this.namesById.delete(before.topicId)
    this.topicsByName.set(name, { name, topicId, isInternal, partitions })
    if (topicId !== ZERO_UUID) this.namesById.set(topicId, name)
  }

  /** A newer leader that came with an answer (KIP-951), before any metadata told. */
  learnLeader(topic: string, partition: number, leader: number, leaderEpoch: number): boolean {
    const known = this.topicsByName.get(topic)
    const current = known?.partitions[partition]
    if (known === undefined || (current !== undefined && current.leaderEpoch >= leaderEpoch)) return false
    const partitions = [...known.partitions]
    partitions[partition] = { leader, leaderEpoch }
    this.topicsByName.set(topic, { ...known, partitions })
    return true
  }

  learnBroker(broker: BrokerNode): void {
    this.brokersById.set(broker.id, broker)
  }

  forgetTopic(name: string): void {
    const known = this.topicsByName.get(name)
    if (known !== undefined) this.namesById.delete(known.topicId)
    this.topicsByName.delete(name)
  }
}

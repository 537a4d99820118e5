import type { NodeConfig } from '../metadata/config/node-config.ts'

/** Settings the broker floor reads, by name; dynamic ones change under it, so nothing is copied. */
export class BrokerSettings {
  private readonly node: NodeConfig

  constructor(node: NodeConfig) {
    this.node = node
  }

  get fetchMaxBytes(): number {
    return this.node.getInt('fetch.max.bytes')
  }
  get maxFetchSessions(): number {
    return this.node.getInt('max.incremental.fetch.session.cache.slots')
  }
  get autoCreateTopicsEnable(): boolean {
    return this.node.getBoolean('auto.create.topics.enable')
  }
  get requestTimeoutMs(): number {
    return this.node.getInt('request.timeout.ms')
  }
  get maxRequestPartitionSizeLimit(): number {
    return this.node.getInt('max.request.partition.size.limit')
  }
  /** Null where server.properties says nothing: the controller then uses its own default. */
  get numPartitions(): number | null {
    return this.node.originals.has('num.partitions') ? this.node.getInt('num.partitions') : null
  }
  get defaultReplicationFactor(): number | null {
    const name = 'default.replication.factor'
    return this.node.originals.has(name) ? this.node.getInt(name) : null
  }
  get offsetsTopicPartitions(): number {
    return this.node.getInt('offsets.topic.num.partitions')
  }
  get offsetsTopicReplicationFactor(): number {
    return this.node.getInt('offsets.topic.replication.factor')
  }
  get offsetsTopicSegmentBytes(): number {
    return this.node.getInt('offsets.topic.segment.bytes')
  }
}

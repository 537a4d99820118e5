import type { NodeConfig } from '../metadata/config/node-config.ts'
import type { ReplicaFetchSettings } from './replica-fetcher.ts'

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

  /** Bytes per second of one side; no limit unless an administrator sets one. */
  replicationThrottledRate(side: 'leader' | 'follower'): number {
    return this.node.getLong(`${side}.replication.throttled.rate`)
  }

  // Replication; read-only in Kafka, so read once

  get replicationQuotaWindow(): { readonly samples: number; readonly sampleMs: number } {
    return {
      samples: this.node.getInt('replication.quota.window.num'),
      sampleMs: this.node.getInt('replication.quota.window.size.seconds') * 1000,
    }
  }

  get replicaLagTimeMaxMs(): number {
    return this.node.getLong('replica.lag.time.max.ms')
  }
  get replicaFetchersPerLeader(): number {
    return this.node.getInt('num.replica.fetchers')
  }
  get replicaSelectorClass(): string | null {
    return this.node.getString('replica.selector.class')
  }
  get replicaFetch(): ReplicaFetchSettings {
    return {
      waitMaxMs: this.node.getInt('replica.fetch.wait.max.ms'),
      minBytes: this.node.getInt('replica.fetch.min.bytes'),
      maxBytes: this.node.getInt('replica.fetch.max.bytes'),
      responseMaxBytes: this.node.getInt('replica.fetch.response.max.bytes'),
      backoffMs: this.node.getInt('replica.fetch.backoff.ms'),
      socketTimeoutMs: this.node.getInt('replica.socket.timeout.ms'),
    }
  }
  /** `inter.broker.listener.name`, else the listener of `security.inter.broker.protocol`, by that protocol's name. */
  get interBrokerListenerName(): string {
    const named = this.node.getString('inter.broker.listener.name')
    return (named ?? this.node.getString('security.inter.broker.protocol') ?? 'PLAINTEXT').toUpperCase()
  }
}

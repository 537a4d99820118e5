import type { GroupCoordinatorConfig } from '../coordinator/group/config.ts'
import type { NodeConfig } from '../metadata/config/index.ts'

/** The coordinator's settings as server.properties has them. */
export function groupCoordinatorConfig(node: NodeConfig): GroupCoordinatorConfig {
  return {
    offsetsTopicNumPartitions: node.getInt('offsets.topic.num.partitions'),
    offsetMetadataMaxBytes: node.getInt('offset.metadata.max.bytes'),
    offsetsRetentionMinutes: node.getInt('offsets.retention.minutes'),
    offsetsRetentionCheckIntervalMs: node.getLong('offsets.retention.check.interval.ms'),
    offsetsCommitTimeoutMs: node.getInt('offsets.commit.timeout.ms'),
    groupMinSessionTimeoutMs: node.getInt('group.min.session.timeout.ms'),
    groupMaxSessionTimeoutMs: node.getInt('group.max.session.timeout.ms'),
    groupInitialRebalanceDelayMs: node.getInt('group.initial.rebalance.delay.ms'),
    groupMaxSize: node.getInt('group.max.size'),
  }
}

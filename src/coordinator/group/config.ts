/** Settings of the group coordinator: Kafka's names in camel case, Kafka's defaults. */
export interface GroupCoordinatorConfig {
  /** `offsets.topic.num.partitions`: must stay what `__consumer_offsets` was created with. */
  readonly offsetsTopicNumPartitions: number
  /** `offset.metadata.max.bytes`, counted in UTF-16 units as Kafka does. */
  readonly offsetMetadataMaxBytes: number
  readonly offsetsRetentionMinutes: number
  readonly offsetsRetentionCheckIntervalMs: number
  /** `offsets.commit.timeout.ms`: how long any write may wait to be committed. */
  readonly offsetsCommitTimeoutMs: number
  readonly groupMinSessionTimeoutMs: number
  readonly groupMaxSessionTimeoutMs: number
  readonly groupInitialRebalanceDelayMs: number
  readonly groupMaxSize: number
}

export const DEFAULT_GROUP_COORDINATOR_CONFIG: GroupCoordinatorConfig = {
  offsetsTopicNumPartitions: 50,
  offsetMetadataMaxBytes: 4096,
  offsetsRetentionMinutes: 7 * 24 * 60,
  offsetsRetentionCheckIntervalMs: 600_000,
  offsetsCommitTimeoutMs: 5_000,
  groupMinSessionTimeoutMs: 6_000,
  groupMaxSessionTimeoutMs: 1_800_000,
  groupInitialRebalanceDelayMs: 3_000,
  groupMaxSize: 2 ** 31 - 1,
}

/** A member that joins for the first time cannot heartbeat yet; after this long it is taken for gone. Not configurable in Kafka. */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000

/** Member ids given out and not used yet, per group: each costs a timer, and `group.max.size` does not count them. */
export const MAX_PENDING_JOIN_MEMBERS = 10_000

/** Features of this version (KIP-584, KIP-1022): what is supported, and the levels a new cluster starts with. */

export interface FeatureRange {
  readonly min: number
  readonly max: number
}

/** 4.3-IV0 */
export const METADATA_VERSION_LEVEL = 30
/** 3.3-IV3, the first that KRaft ran in production with. */
const MINIMUM_METADATA_VERSION_LEVEL = 7

/** As an Apache Kafka 4.3.1 node registers them, kraft.version aside, which the quorum keeps for itself. */
export const SUPPORTED_FEATURES: ReadonlyMap<string, FeatureRange> = new Map([
  ['metadata.version', { min: MINIMUM_METADATA_VERSION_LEVEL, max: METADATA_VERSION_LEVEL }],
  ['kraft.version', { min: 0, max: 1 }],
  ['transaction.version', { min: 0, max: 2 }],
  ['group.version', { min: 0, max: 1 }],
  ['eligible.leader.replicas.version', { min: 0, max: 1 }],
  ['share.version', { min: 0, max: 1 }],
  ['streams.version', { min: 0, max: 1 }],
])

/** Levels of a freshly formatted 4.3.1 cluster, in the order in which they are written. */
export const BOOTSTRAP_FEATURES: ReadonlyMap<string, number> = new Map([
  ['metadata.version', METADATA_VERSION_LEVEL],
  ['eligible.leader.replicas.version', 1],
  ['group.version', 1],
  ['share.version', 1],
  ['streams.version', 1],
  ['transaction.version', 2],
])

/** What ApiVersions tells of this node: the handler table's ranges, and features (KIP-584). */

import type { MetadataImage } from '../metadata/types.ts'
import type { ApiVersionsResponseInput } from '../protocol/messages/18-api-versions.ts'
import type { Handler } from './handler.ts'

/**
 * Features clients steer by. Only those whose APIs are served: `group.version` would send consumers of
 * group.protocol=consumer to ConsumerGroupHeartbeat, `transaction.version` 2 turns on Produce v12 (KIP-890),
 * `share.version` ShareFetch, `streams.version` StreamsGroupHeartbeat.
 */
const TOLD_FEATURES: ReadonlySet<string> = new Set([
  'metadata.version',
  'kraft.version',
  'eligible.leader.replicas.version',
])

export interface SupportedFeature {
  readonly name: string
  readonly min: number
  readonly max: number
}

/** What there is to tell of features. */
export interface NodeFeatures {
  readonly supported: readonly SupportedFeature[]
  /** Finalized kraft.version, which the quorum keeps and no image has. */
  readonly kraftVersion: () => number
}

/** The answer to ApiVersions, computed from what is really there. */
export function apiVersionsResponse(
  handlers: readonly Handler[],
  { supported, kraftVersion }: NodeFeatures,
  image: MetadataImage,
): ApiVersionsResponseInput {
  const levels = new Map(image.features).set('kraft.version', kraftVersion())
  const finalized = [...levels].filter(([name, level]) => TOLD_FEATURES.has(name) && level > 0)
  return {
    apiKeys: handlers.map(({ api, versions }) => ({
      apiKey: api.key,
      minVersion: versions.min,
      maxVersion: versions.max,
    })),
    supportedFeatures: supported
      .filter(({ name }) => TOLD_FEATURES.has(name))
      .map(({ name, min, max }) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: BigInt(image.offset),
    finalizedFeatures: finalized.map(([name, level]) => ({ name, maxVersionLevel: level, minVersionLevel: level })),
  }
}

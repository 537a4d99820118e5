/** Which feature levels may stand beside each other in a cluster (KIP-584, KIP-1022). Messages are Kafka's. */
import { METADATA_VERSION_LEVEL, SUPPORTED_FEATURES } from './features.ts'
import {
  METADATA_VERSION_NAMES,
  metadataVersionLevel,
  metadataVersionName,
  PRODUCTION_FEATURES,
} from './metadata-versions.ts'

export const METADATA_VERSION = 'metadata.version'
export const KRAFT_VERSION = 'kraft.version'

export const MINIMUM_METADATA_VERSION = METADATA_VERSION_NAMES[0]!
/** The newest that a production cluster may run; what lies above it is under development. */
export const LATEST_PRODUCTION = metadataVersionName(METADATA_VERSION_LEVEL)!
/** The oldest whose records can hold SCRAM credentials. */
export const FIRST_SCRAM_VERSION = '3.5-IV2'

const FIRST_LEVEL = metadataVersionLevel(MINIMUM_METADATA_VERSION)!
const FIRST_SCRAM_LEVEL = metadataVersionLevel(FIRST_SCRAM_VERSION)!

/** Features other than metadata.version, in the order in which the scripts list them. */
export const FEATURE_NAMES: readonly string[] = PRODUCTION_FEATURES.map(({ name }) => name)

/** Throws `RangeError` for a level no version has. */
export function requireMetadataVersionName(level: number): string {
  const name = metadataVersionName(level)
  if (name !== null) return name
  const last = FIRST_LEVEL + METADATA_VERSION_NAMES.length - 1
  throw new RangeError(
    `No MetadataVersion with feature level ${level}. Valid feature levels are from ${FIRST_LEVEL} to ${last}.`,
  )
}

/** The level of a release; throws `RangeError` that lists the known ones, those under development only when wanted. */
export function requireMetadataVersionLevel(text: string, includeUnstable: boolean): number {
  const last = includeUnstable ? Number.POSITIVE_INFINITY : METADATA_VERSION_LEVEL
  const level = metadataVersionLevel(text)
  if (level !== null && level <= last) return level
  const known = METADATA_VERSION_NAMES.slice(0, last - FIRST_LEVEL + 1).join(', ')
  throw new RangeError(`Unknown metadata.version '${text}'. Supported metadata.version are: ${known}`)
}

/** True when a cluster may run this level without asking for what is under development. */
export function isProductionVersion(level: number): boolean {
  return level <= METADATA_VERSION_LEVEL
}

export function supportsScram(level: number): boolean {
  return level >= FIRST_SCRAM_LEVEL
}

/** True when the feature has this level. */
export function hasFeatureLevel(feature: string, level: number): boolean {
  const range = SUPPORTED_FEATURES.get(feature)
  return range !== undefined && Number.isInteger(level) && level >= range.min && level <= range.max
}

/** What a level needs of other features: name and level. */
export function featureDependencies(feature: string, level: number): (readonly [string, number])[] {
  const needs = PRODUCTION_FEATURES.find(({ name }) => name === feature)?.dependencies?.[level] ?? {}
  return Object.entries(needs)
}

/** Throws `RangeError` when a feature cannot have its level beside the others. */
export function checkFeatureLevels(levels: ReadonlyMap<string, number>): void {
  for (const [feature, level] of levels) {
    if (feature === METADATA_VERSION) continue
    if (!hasFeatureLevel(feature, level)) throw new RangeError(`No feature:${feature} with feature level ${level}`)
    for (const [needed, neededLevel] of featureDependencies(feature, level)) {
      if ((levels.get(needed) ?? -1) >= neededLevel) continue
      throw new RangeError(
        `${feature} could not be set to ${level} because it depends on ${needed} level ${neededLevel}`,
      )
    }
  }
}

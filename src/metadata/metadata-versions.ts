/**
 * Releases, their metadata versions, and the feature levels that belong to them (KIP-584, KIP-778, KIP-1022). Levels and
 * names are those of 4.3.1; messages are Kafka's.
 */
import { METADATA_VERSION_LEVEL, SUPPORTED_FEATURES } from './features.ts'

export const METADATA_VERSION = 'metadata.version'
export const KRAFT_VERSION = 'kraft.version'

/** Level of the first name; the others follow one by one. */
const FIRST_LEVEL = 7
const NAMES = (
  '3.3-IV3 3.4-IV0 3.5-IV0 3.5-IV1 3.5-IV2 3.6-IV0 3.6-IV1 3.6-IV2 3.7-IV0 3.7-IV1 3.7-IV2 3.7-IV3 3.7-IV4 3.8-IV0 ' +
  '3.9-IV0 4.0-IV0 4.0-IV1 4.0-IV2 4.0-IV3 4.1-IV0 4.1-IV1 4.2-IV0 4.2-IV1 4.3-IV0 4.4-IV0'
).split(' ')

export const MINIMUM_METADATA_VERSION = NAMES[0]!
/** The newest that a production cluster may run; what lies above it is under development. */
export const LATEST_PRODUCTION = metadataVersionName(METADATA_VERSION_LEVEL)!
/** First level whose records can hold SCRAM credentials: 3.5-IV2. */
const SCRAM_LEVEL = 11

/** `4.3-IV0` for 30; null for a level no version has. */
export function metadataVersionName(level: number): string | null {
  return NAMES[level - FIRST_LEVEL] ?? null
}

/** Throws `RangeError` for a level no version has. */
export function requireMetadataVersionName(level: number): string {
  const name = metadataVersionName(level)
  if (name !== null) return name
  const last = FIRST_LEVEL + NAMES.length - 1
  throw new RangeError(
    `No MetadataVersion with feature level ${level}. Valid feature levels are from ${FIRST_LEVEL} to ${last}.`,
  )
}

/** True when a cluster may run this level without asking for what is under development. */
export function isProductionVersion(level: number): boolean {
  return level <= METADATA_VERSION_LEVEL
}

export function supportsScram(level: number): boolean {
  return level >= SCRAM_LEVEL
}

/** The oldest that can hold SCRAM credentials. */
export const FIRST_SCRAM_VERSION = metadataVersionName(SCRAM_LEVEL)!

/**
 * The level of a release: `4.0` is the newest of 4.0, `4.0-IV1` one of those on the way, `4.0.2` is `4.0`. Throws
 * `RangeError` that lists the known ones.
 */
export function metadataVersionLevel(text: string, includeUnstable: boolean): number {
  const last = includeUnstable ? NAMES.length - 1 : METADATA_VERSION_LEVEL - FIRST_LEVEL
  const key = text.split('.').slice(0, 2).join('.')
  const index = NAMES.indexOf(key) >= 0 ? NAMES.indexOf(key) : newestOf(key)
  // A release that is still under development has no short name.
  if (index >= 0 && index <= last) return FIRST_LEVEL + index
  const known = NAMES.slice(0, last + 1).join(', ')
  throw new RangeError(`Unknown metadata.version '${text}'. Supported metadata.version are: ${known}`)
}

function newestOf(release: string): number {
  if (!/^\d+\.\d+$/.test(release)) return -1
  const index = NAMES.findLastIndex((name) => name.startsWith(`${release}-`))
  return index <= METADATA_VERSION_LEVEL - FIRST_LEVEL ? index : -1
}

/** Feature -> metadata version from which on each level, beginning with 1, is the default. */
const DEFAULT_SINCE: ReadonlyMap<string, readonly number[]> = new Map([
  [KRAFT_VERSION, [metadataVersionLevel('3.9-IV0', false)]],
  ['transaction.version', [metadataVersionLevel('4.0-IV2', false), metadataVersionLevel('4.0-IV2', false)]],
  ['group.version', [metadataVersionLevel('4.0-IV0', false)]],
  ['eligible.leader.replicas.version', [metadataVersionLevel('4.1-IV0', false)]],
  ['share.version', [metadataVersionLevel('4.2-IV0', false)]],
  ['streams.version', [metadataVersionLevel('4.2-IV1', false)]],
])

/** Features other than metadata.version, in the order in which the scripts list them. */
export const FEATURE_NAMES: readonly string[] = [...DEFAULT_SINCE.keys()]

/** The level a feature has in a new cluster of this metadata version. */
export function defaultFeatureLevel(feature: string, metadataVersion: number): number {
  return (DEFAULT_SINCE.get(feature) ?? []).filter((since) => metadataVersion >= since).length
}

/** True when the feature has this level. */
export function hasFeatureLevel(feature: string, level: number): boolean {
  const range = SUPPORTED_FEATURES.get(feature)
  return range !== undefined && Number.isInteger(level) && level >= range.min && level <= range.max
}

/** What a level needs of other features: name and level. */
export function featureDependencies(feature: string, level: number): readonly (readonly [string, number])[] {
  const needs = feature === 'eligible.leader.replicas.version' && level === 1
  return needs ? [[METADATA_VERSION, metadataVersionLevel('4.0-IV1', false)]] : []
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

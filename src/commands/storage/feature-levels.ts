/** Feature levels a cluster begins with, from `--release-version` and `--feature`. Messages are the script's. */
import { KtError } from '../../base/errors.ts'
import {
  checkFeatureLevels,
  FEATURE_NAMES,
  isProductionVersion,
  KRAFT_VERSION,
  METADATA_VERSION,
  requireMetadataVersionLevel,
  requireMetadataVersionName,
} from '../../metadata/feature-levels.ts'
import { METADATA_VERSION_LEVEL } from '../../metadata/features.ts'
import { defaultFeatureLevel, PRODUCTION_FEATURES } from '../../metadata/metadata-versions.ts'
import { inWords } from './versions.ts'

export interface WantedFeatures {
  readonly releaseVersion: string | undefined
  /** `name=level` words. */
  readonly features: readonly string[]
  /** `controller.quorum.voters` is empty. */
  readonly dynamicQuorum: boolean
  readonly unstable: boolean
}

const MAX_SHORT = 32_767

/** Every feature's level by name, metadata.version included. */
export function effectiveFeatureLevels(wanted: WantedFeatures): Map<string, number> {
  const { releaseVersion, dynamicQuorum, unstable } = wanted
  const release =
    releaseVersion === undefined ? null : inWords(() => requireMetadataVersionLevel(releaseVersion, unstable))
  const levels = new Map(wanted.features.map(nameAndLevel))
  const metadataVersion = effectiveMetadataVersion(levels.get(METADATA_VERSION), release, unstable)
  for (const name of levels.keys()) {
    if (name === METADATA_VERSION || FEATURE_NAMES.includes(name)) continue
    const known = [...FEATURE_NAMES].sort().join(', ')
    throw new KtError('usage', `Unsupported feature: ${name}. Supported features are: ${known}`)
  }
  levels.set(METADATA_VERSION, metadataVersion)
  levels.set(KRAFT_VERSION, effectiveKraftVersion(levels.get(KRAFT_VERSION), dynamicQuorum))
  for (const feature of PRODUCTION_FEATURES) {
    if (!levels.has(feature.name)) levels.set(feature.name, defaultFeatureLevel(feature, metadataVersion))
  }
  inWords(() => checkFeatureLevels(levels))
  return levels
}

function nameAndLevel(word: string): [string, number] {
  const failed = `Can't parse feature=level string ${word}:`
  const equals = word.indexOf('=')
  if (equals < 0) throw new KtError('usage', `${failed} equals sign not found.`)
  const text = word.slice(equals + 1).trim()
  const level = /^[+-]?\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(Math.abs(level) <= MAX_SHORT)) throw new KtError('usage', `${failed} unable to parse ${text} as a short.`)
  return [word.slice(0, equals).trim(), level]
}

function effectiveMetadataVersion(asFeature: number | undefined, release: number | null, unstable: boolean): number {
  if (asFeature === undefined) return release ?? METADATA_VERSION_LEVEL
  if (release !== null) {
    throw new KtError('usage', 'Use --release-version instead of --feature metadata.version=X to avoid ambiguity.')
  }
  const name = inWords(() => requireMetadataVersionName(asFeature))
  if (unstable || isProductionVersion(asFeature)) return asFeature
  throw new KtError('usage', `metadata.version ${name} is not yet stable.`)
}

/** A dynamic quorum (KIP-853) is level 1, a static one level 0, and neither can be talked out of it. */
function effectiveKraftVersion(level: number | undefined, dynamicQuorum: boolean): number {
  if (level === 0 && dynamicQuorum) {
    throw new KtError(
      'usage',
      'Cannot set kraft.version to 0 if controller.quorum.voters is empty and one of the flags --standalone, --initial-controllers, or --no-initial-controllers is used. For dynamic controllers support, try removing the --feature flag for kraft.version.',
    )
  }
  if (level !== undefined && level !== 0 && !dynamicQuorum) {
    throw new KtError(
      'usage',
      `Cannot set kraft.version to ${level} unless controller.quorum.voters is empty and one of the flags --standalone, --initial-controllers, or --no-initial-controllers is used. For dynamic controllers support, try using one of --standalone, --initial-controllers, or --no-initial-controllers and removing controller.quorum.voters.`,
    )
  }
  return level ?? (dynamicQuorum ? 1 : 0)
}

/** As bootstrap.checkpoint holds them: metadata.version first, then by name; level 0 and kraft.version are not written. */
export function bootstrapFeatures(levels: ReadonlyMap<string, number>): [string, number][] {
  const others = [...levels].filter(([name, level]) => name !== METADATA_VERSION && name !== KRAFT_VERSION && level > 0)
  others.sort(([a], [b]) => (a < b ? -1 : 1))
  return [[METADATA_VERSION, levels.get(METADATA_VERSION)!], ...others]
}

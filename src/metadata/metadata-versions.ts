/** Names of metadata.version levels, and which levels of other features came with them (KIP-584, KIP-1022). */
import { METADATA_VERSION_LEVEL } from './features.ts'

/** The first name's level. */
const FIRST_LEVEL = 7

/** In the order of their levels; the last ones may be newer than what is used in production. */
export const METADATA_VERSION_NAMES: readonly string[] = [
  '3.3-IV3',
  '3.4-IV0',
  '3.5-IV0',
  '3.5-IV1',
  '3.5-IV2',
  '3.6-IV0',
  '3.6-IV1',
  '3.6-IV2',
  '3.7-IV0',
  '3.7-IV1',
  '3.7-IV2',
  '3.7-IV3',
  '3.7-IV4',
  '3.8-IV0',
  '3.9-IV0',
  '4.0-IV0',
  '4.0-IV1',
  '4.0-IV2',
  '4.0-IV3',
  '4.1-IV0',
  '4.1-IV1',
  '4.2-IV0',
  '4.2-IV1',
  '4.3-IV0',
  '4.4-IV0',
]

/** `4.3-IV0` for 30; null for a level without a name. */
export function metadataVersionName(level: number): string | null {
  return METADATA_VERSION_NAMES[level - FIRST_LEVEL] ?? null
}

/** The level that a release (`4.3`, `4.3.1`) or a version (`4.3-IV0`) names; null when it is none. */
export function metadataVersionLevel(text: string): number | null {
  const key = text.split('.').slice(0, 2).join('.')
  const exact = METADATA_VERSION_NAMES.indexOf(key)
  if (exact >= 0) return FIRST_LEVEL + exact
  // A release is its last version; one that is still being made has no name of its own.
  const ofRelease = METADATA_VERSION_NAMES.findLastIndex((name) => name.startsWith(`${key}-IV`))
  const level = FIRST_LEVEL + ofRelease
  return ofRelease < 0 || level > METADATA_VERSION_LEVEL ? null : level
}

export interface ProductionFeature {
  readonly name: string
  /** Indexed by the feature's own level: the first metadata.version whose clusters have it; null for none. */
  readonly since: readonly (string | null)[]
  /** Feature level -> what it cannot do without, by feature. */
  readonly dependencies?: Readonly<Record<number, Readonly<Record<string, number>>>>
}

/** In Kafka's order. Level 0 is the absence of a feature. */
export const PRODUCTION_FEATURES: readonly ProductionFeature[] = [
  { name: 'kraft.version', since: ['3.3-IV3', '3.9-IV0'] },
  { name: 'transaction.version', since: ['3.3-IV3', null, '4.0-IV2'] },
  { name: 'group.version', since: ['3.3-IV3', '4.0-IV0'] },
  {
    name: 'eligible.leader.replicas.version',
    since: ['3.3-IV3', '4.1-IV0'],
    dependencies: { 1: { 'metadata.version': 23 } },
  },
  { name: 'share.version', since: ['3.3-IV3', '4.2-IV0'] },
  { name: 'streams.version', since: ['3.3-IV3', '4.2-IV1'] },
]

/** The level a cluster of this metadata.version has unless it says otherwise. */
export function defaultFeatureLevel({ since }: ProductionFeature, metadataLevel: number): number {
  return since.findLastIndex(
    (name) => name !== null && FIRST_LEVEL + METADATA_VERSION_NAMES.indexOf(name) <= metadataLevel,
  )
}

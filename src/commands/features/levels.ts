/** How features and their levels are written: pure functions. */
import { KtError } from '../../base/errors.ts'
import { parseWhole } from '../../cli/options.ts'
import { METADATA_VERSION_NAMES, metadataVersionLevel, metadataVersionName } from '../../metadata/metadata-versions.ts'

export const METADATA_VERSION = 'metadata.version'
const SHORT = { min: -(2 ** 15), max: 2 ** 15 - 1 }

/** `group.version=1`, blanks around either allowed. Throws `KtError` in the script's words. */
export function parseFeatureLevel(text: string): { feature: string; level: number } {
  const equals = text.indexOf('=')
  if (equals < 0) throw new KtError('usage', `Can't parse feature=level string ${text}: equals sign not found.`)
  const feature = text.slice(0, equals).trim()
  const levelText = text.slice(equals + 1).trim()
  const level = parseWhole(levelText, 'int')
  if (level === undefined || level < SHORT.min || level > SHORT.max) {
    throw new KtError('usage', `Can't parse feature=level string ${text}: unable to parse ${levelText} as a short.`)
  }
  return { feature, level }
}

/** The level of a release or version. Throws `KtError` in the script's words. */
export function parseMetadataVersion(text: string): number {
  const level = metadataVersionLevel(text)
  if (level !== null) return level
  const known = METADATA_VERSION_NAMES.join(', ')
  throw new KtError('usage', `Unknown metadata.version '${text}'. Supported metadata.version are: ${known}`)
}

/** Levels of metadata.version have names; the others are numbers. */
export function levelText(feature: string, level: number): string {
  if (feature !== METADATA_VERSION) return String(level)
  return metadataVersionName(level) ?? `UNKNOWN ${level}`
}

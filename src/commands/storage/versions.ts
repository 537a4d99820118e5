/** `kt storage version-mapping` and `feature-dependencies`: no node and no directory is needed. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import {
  FEATURE_NAMES,
  featureDependencies,
  hasFeatureLevel,
  LATEST_PRODUCTION,
  METADATA_VERSION,
  requireMetadataVersionLevel,
} from '../../metadata/feature-levels.ts'
import { defaultFeatureLevel, metadataVersionName, PRODUCTION_FEATURES } from '../../metadata/metadata-versions.ts'
import type { DependencyGiven, MappingGiven } from './options.ts'

/** What a `RangeError` of the tables is to a person. */
export function inWords<T>(compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (error instanceof RangeError) throw new KtError('usage', error.message)
    throw error
  }
}

export async function versionMapping(given: MappingGiven, context: CommandContext): Promise<number> {
  const release = given.value('release-version') ?? LATEST_PRODUCTION
  const level = inWords(() => requireMetadataVersionLevel(release, true))
  const levels = PRODUCTION_FEATURES.map((feature) => [feature.name, defaultFeatureLevel(feature, level)] as const)
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const features = new Map([[METADATA_VERSION, level], ...levels])
    context.stdout.write(formatDocument(presentation, 'FeatureMapping', { releaseVersion: release, features }))
  } else {
    const lines = levels.map(([name, value]) => `${name}=${value}\n`).join('')
    context.stdout.write(`${METADATA_VERSION}=${level} (${release})\n${lines}`)
  }
  return 0
}

const SHORT = /^[+-]?\d{1,5}$/
const MAX_SHORT = 32_767

/** `feature-dependencies`: what was found before an unknown one is printed, as the script does; a document is whole. */
export async function featureNeeds(given: DependencyGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const words = given.values('feature')
  if (presentation === 'json' || presentation === 'yaml') {
    const features = words.map(levelNeeds).map(({ name, level, needs }) => ({
      ...{ name, level },
      dependencies: new Map(needs),
    }))
    context.stdout.write(formatDocument(presentation, 'FeatureDependencies', { features }))
  } else {
    for (const word of words) context.stdout.write(dependencyText(word))
  }
  return 0
}

interface LevelNeeds {
  readonly name: string
  readonly level: number
  readonly needs: readonly (readonly [string, number])[]
}

/** Reads one `feature=level` and looks up what it needs. Throws `KtError` in the script's words. */
function levelNeeds(word: string): LevelNeeds {
  const equals = word.indexOf('=')
  if (equals < 0) {
    const message = `Invalid feature format: ${word}. Expected format: 'feature=version' (e.g. 'group.version=1')`
    throw new KtError('usage', message)
  }
  const [name, text] = [word.slice(0, equals).trim(), word.slice(equals + 1).trim()]
  const level = SHORT.test(text) ? Number(text) : Number.NaN
  if (!(Math.abs(level) <= MAX_SHORT)) {
    throw new KtError('usage', `Invalid version format: ${text} for feature ${name}`)
  }
  if (name === METADATA_VERSION) {
    if (metadataVersionName(level) === null) throw new KtError('usage', `Unknown metadata.version ${level}`)
    return { name, level, needs: [] }
  }
  if (!FEATURE_NAMES.includes(name)) throw new KtError('usage', `Unknown feature: ${name}`)
  if (!hasFeatureLevel(name, level)) {
    throw new KtError('usage', `Feature level ${level} is not supported for feature ${name}`)
  }
  return { name, level, needs: featureDependencies(name, level) }
}

/** What is printed for one `feature=level`. Throws `KtError` in the script's words. */
export function dependencyText(word: string): string {
  const { name, level, needs } = levelNeeds(word)
  const version = (feature: string, value: number): string =>
    feature === METADATA_VERSION ? ` (${metadataVersionName(value)})` : ''
  if (needs.length === 0) return `${name}=${level}${version(name, level)} has no dependencies.\n`
  const lines = needs.map(([other, otherLevel]) => `    ${other}=${otherLevel}${version(other, otherLevel)}\n`)
  return `${name}=${level} requires:\n${lines.join('')}`
}

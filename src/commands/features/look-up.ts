import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { METADATA_VERSION_LEVEL } from '../../metadata/features.ts'
import { defaultFeatureLevel, metadataVersionName, PRODUCTION_FEATURES } from '../../metadata/metadata-versions.ts'
import { levelText, METADATA_VERSION, parseFeatureLevel, parseMetadataVersion } from './levels.ts'
import type { DependenciesGiven, MappingGiven } from './options.ts'

/** `version-mapping`: the levels of all features in a release. */
export async function mapVersion(given: MappingGiven, context: CommandContext): Promise<number> {
  const release = given.value('release-version') ?? metadataVersionName(METADATA_VERSION_LEVEL)!
  const metadataLevel = parseMetadataVersion(release)
  const levels = PRODUCTION_FEATURES.map((feature): [string, number] => [
    feature.name,
    defaultFeatureLevel(feature, metadataLevel),
  ])
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const features = new Map([[METADATA_VERSION, metadataLevel], ...levels])
    context.stdout.write(formatDocument(presentation, 'FeatureMapping', { releaseVersion: release, features }))
  } else {
    const lines = levels.map(([name, level]) => `${name}=${level}\n`).join('')
    context.stdout.write(`${METADATA_VERSION}=${metadataLevel} (${release})\n${lines}`)
  }
  return OK
}

interface Dependencies {
  readonly feature: string
  readonly level: number
  readonly needs: readonly (readonly [string, number])[]
}

/** `feature-dependencies`: what levels of features need; what was found before an unknown one is printed. */
export async function findDependencies(given: DependenciesGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const structured = presentation === 'json' || presentation === 'yaml'
  const found: Dependencies[] = []
  for (const text of given.values('feature')) {
    const dependencies = dependenciesOf(text)
    found.push(dependencies)
    if (!structured) context.stdout.write(dependenciesText(dependencies))
  }
  if (structured) {
    const features = found.map(({ feature, level, needs }) => ({ name: feature, level, dependencies: new Map(needs) }))
    context.stdout.write(formatDocument(presentation, 'FeatureDependencies', { features }))
  }
  return OK
}

function dependenciesOf(text: string): Dependencies {
  const { feature, level } = parseFeatureLevel(text)
  if (feature === METADATA_VERSION) {
    if (metadataVersionName(level) === null) throw new KtError('usage', `Unknown metadata.version ${level}`)
    return { feature, level, needs: [] }
  }
  const known = PRODUCTION_FEATURES.find(({ name }) => name === feature)
  if (known === undefined) throw new KtError('usage', `Unknown feature: ${feature}`)
  if (known.since[level] === undefined) {
    throw new KtError('usage', `No feature:${feature} with feature level ${level}`)
  }
  return { feature, level, needs: Object.entries(known.dependencies?.[level] ?? {}) }
}

function dependenciesText({ feature, level, needs }: Dependencies): string {
  const named = (name: string, value: number): string =>
    name === METADATA_VERSION ? `${name}=${value} (${levelText(name, value)})` : `${name}=${value}`
  if (needs.length === 0) return `${named(feature, level)} has no dependencies.\n`
  return `${named(feature, level)} requires:\n${needs.map(([name, value]) => `    ${named(name, value)}\n`).join('')}`
}

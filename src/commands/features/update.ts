import { KtError } from '../../base/errors.ts'
import { quorumTargetOf } from '../../cli/argparse-command.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import type { FeatureUpdate, FeatureUpgradeType, Outcome } from '../../client/admin-types.ts'
import { defaultFeatureLevel, PRODUCTION_FEATURES } from '../../metadata/metadata-versions.ts'
import { inHashOrder } from '../java-order.ts'
import { METADATA_VERSION, parseFeatureLevel, parseMetadataVersion } from './levels.ts'
import type { DisableGiven, LevelsGiven, MainGiven } from './options.ts'

type Operation = 'upgrade' | 'downgrade' | 'disable'
/** Feature -> new level. */
type Levels = Map<string, number>

/** `upgrade` */
export function upgradeFeatures(given: LevelsGiven, main: MainGiven, context: CommandContext): Promise<number> {
  return update({
    operation: 'upgrade',
    type: 'UPGRADE',
    levels: levelsOf(given, 'UPGRADE', context),
    given,
    main,
    context,
  })
}

/** `downgrade` */
export function downgradeFeatures(given: LevelsGiven, main: MainGiven, context: CommandContext): Promise<number> {
  const type = downgradeType(given)
  return update({ operation: 'downgrade', type, levels: levelsOf(given, type, context), given, main, context })
}

/** `disable` */
export function disableFeatures(given: DisableGiven, main: MainGiven, context: CommandContext): Promise<number> {
  const levels: Levels = new Map()
  for (const feature of given.values('feature')) addOnce(levels, feature, 0)
  return update({ operation: 'disable', type: downgradeType(given), levels, given, main, context })
}

function downgradeType(given: LevelsGiven | DisableGiven): FeatureUpgradeType {
  return given.given.has('unsafe') ? 'UNSAFE_DOWNGRADE' : 'SAFE_DOWNGRADE'
}

function addOnce(levels: Levels, feature: string, level: number): void {
  if (level < 0) throw new KtError('usage', 'Cannot specify a negative version level.')
  if (levels.has(feature)) throw new KtError('usage', `Feature ${feature} was specified more than once.`)
  levels.set(feature, level)
}

/** What the options ask for, in the script's order of checks. */
function levelsOf(given: LevelsGiven, type: FeatureUpgradeType, context: CommandContext): Levels {
  const release = given.value('release-version')
  if (release !== undefined) {
    if (given.has('metadata') || given.has('feature')) {
      throw new KtError('usage', 'Can not specify `release-version` with other feature flags.')
    }
    return levelsOfRelease(release, type)
  }
  const levels: Levels = new Map()
  if (given.has('metadata')) {
    const notice = ' `metadata` flag is deprecated and may be removed in a future release.\n'
    const stream = presentationOf(given, context) === 'script' ? context.stdout : context.stderr
    stream.write(notice)
    levels.set(METADATA_VERSION, parseMetadataVersion(given.value('metadata')!))
  }
  for (const text of given.values('feature')) {
    const { feature, level } = parseFeatureLevel(text)
    addOnce(levels, feature, level)
  }
  return levels
}

/** An upgrade leaves features alone that the release did not have. */
function levelsOfRelease(release: string, type: FeatureUpgradeType): Levels {
  const metadataLevel = parseMetadataVersion(release)
  const levels: Levels = new Map([[METADATA_VERSION, metadataLevel]])
  for (const feature of PRODUCTION_FEATURES) {
    const level = defaultFeatureLevel(feature, metadataLevel)
    if (type !== 'UPGRADE' || level > 0) levels.set(feature.name, level)
  }
  return levels
}

interface Update {
  readonly operation: Operation
  readonly type: FeatureUpgradeType
  readonly levels: Levels
  readonly given: LevelsGiven | DisableGiven
  readonly main: MainGiven
  readonly context: CommandContext
}

async function update({ operation, type, levels, given, main, context }: Update): Promise<number> {
  if (levels.size === 0) throw new KtError('usage', `You must specify at least one feature to ${operation}`)
  if ([...levels.keys()].some((feature) => feature.trim() === '')) {
    throw new KtError('usage', 'Provided feature can not be empty.')
  }
  // The controller names the first feature that cannot be: the order of the request shows.
  const updates = inHashOrder(levels, ([feature]) => feature).map(
    ([feature, level]): FeatureUpdate => ({ feature, level, upgradeType: type }),
  )
  const validateOnly = given.given.has('dry-run')
  const admin = await context.admin(quorumTargetOf(main))
  const outcomes = await admin.updateFeatures(updates, { validateOnly })
  const names = [...outcomes.keys()].sort()
  const presentation = presentationOf(given as LevelsGiven, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const features = names.map((name) => ({ name, level: levels.get(name)!, error: errorOf(outcomes.get(name)!) }))
    context.stdout.write(formatDocument(presentation, 'FeaturesUpdated', { dryRun: validateOnly, features }))
  } else {
    const line = (name: string): string =>
      outcomeLine(operation, { name, level: levels.get(name)!, dryRun: validateOnly }, errorOf(outcomes.get(name)!))
    context.stdout.write(names.map(line).join(''))
  }
  const failures = [...outcomes.values()].filter(({ ok }) => !ok).length
  if (failures === 0) return OK
  throw new KtError('kafka', `${failures} out of ${levels.size} operation(s) failed.`)
}

function errorOf(outcome: Outcome<void>): string | null {
  return outcome.ok ? null : outcome.error.message
}

/** The script's line about a feature. */
export function outcomeLine(
  operation: Operation,
  { name, level, dryRun }: { name: string; level: number; dryRun: boolean },
  error: string | null,
): string {
  const disabling = operation === 'disable'
  if (error !== null) {
    const what = disabling ? `disable ${name}` : `${operation} ${name} to ${level}`
    return `${dryRun ? 'Can not' : 'Could not'} ${what}. ${error}\n`
  }
  const done = disabling ? 'disabled' : `${operation}d to ${level}`
  return `${name} ${dryRun ? 'can be' : 'was'} ${done}.\n`
}

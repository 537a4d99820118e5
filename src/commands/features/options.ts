import type { QuorumConnectionOptions } from '../../cli/argparse-command.ts'
import { flag, integer, text } from '../../cli/options.ts'
import type { Given } from '../../cli/script-command.ts'

export const DESCRIBE_OPTIONS = { 'node-id': integer('id', 'The node to ask; left out: any.') }
export type DescribeGiven = Given<typeof DESCRIBE_OPTIONS>

const dryRun = flag('Find out whether it can be done, and leave everything as it is.')
const unsafe = flag('Even if metadata is lost by it.')
const feature = (argument: string, description: string, required = false) =>
  text(argument, description, { repeatable: true, required })
const levels = {
  metadata: text('version', 'Old way to name a metadata.version, 4.2-IV1 for example.', { deprecated: true }),
  'release-version': text('version', 'All features as they were in this release; version-mapping lists them.'),
  feature: feature('name=level', 'A feature and its new level; may be repeated.'),
}

export const UPGRADE_OPTIONS = { ...levels, 'dry-run': dryRun }
export const DOWNGRADE_OPTIONS = { ...levels, unsafe, 'dry-run': dryRun }
export type LevelsGiven = Given<typeof DOWNGRADE_OPTIONS>

export const DISABLE_OPTIONS = {
  feature: feature('name', 'A feature to take away; may be repeated.'),
  unsafe,
  'dry-run': dryRun,
}
export type DisableGiven = Given<typeof DISABLE_OPTIONS>

export const MAPPING_OPTIONS = { 'release-version': text('version', 'A release; left out: the newest.') }
export type MappingGiven = Given<typeof MAPPING_OPTIONS>
export const DEPENDENCIES_OPTIONS = {
  feature: feature('name=level', 'A feature and a level of it; may be repeated.', true),
}
export type DependenciesGiven = Given<typeof DEPENDENCIES_OPTIONS>
export type MainGiven = Given<QuorumConnectionOptions>

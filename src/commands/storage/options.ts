import { flag, text } from '../../cli/options.ts'
import type { Given } from '../../cli/script-command.ts'
import { LATEST_PRODUCTION, MINIMUM_METADATA_VERSION } from '../../metadata/feature-levels.ts'

const config = text('config', "The node's configuration file.", { short: 'c', required: true })

export const INFO_OPTIONS = { config }
export type InfoGiven = Given<typeof INFO_OPTIONS>

export const FORMAT_OPTIONS = {
  config,
  'cluster-id': text('cluster-id', 'The cluster the directories are to belong to.', { short: 't', required: true }),
  'add-scram': text(
    'credential',
    'A SCRAM credential to begin with: \'SCRAM-SHA-256=[name=alice,password=alice-secret]\' or \'SCRAM-SHA-512=[name=alice,iterations=8192,salt="N3E=",saltedpassword="YCE="]\'.',
    { short: 'S', repeatable: true },
  ),
  'ignore-formatted': flag('Leave directories alone that are formatted already.', { short: 'g' }),
  'release-version': text(
    'release',
    `Feature levels of this release to begin with: ${MINIMUM_METADATA_VERSION} at least, ${LATEST_PRODUCTION} when left out.`,
    { short: 'r' },
  ),
  feature: text('feature=level', 'Level of one feature, for example kraft.version=1.', {
    short: 'f',
    repeatable: true,
  }),
  standalone: flag('This controller begins alone, as the only voter of a dynamic quorum.', { short: 's' }),
  'no-initial-controllers': flag('This node joins a dynamic quorum that exists.', { short: 'N' }),
  'initial-controllers': text(
    'id@host:port:directory,...',
    'The first voters of a dynamic quorum; the same list for every one of them.',
    { short: 'I' },
  ),
}
export type FormatGiven = Given<typeof FORMAT_OPTIONS>

export const MAPPING_OPTIONS = {
  'release-version': text('release', `${MINIMUM_METADATA_VERSION} at least, ${LATEST_PRODUCTION} when left out.`, {
    short: 'r',
  }),
}
export type MappingGiven = Given<typeof MAPPING_OPTIONS>

export const DEPENDENCY_OPTIONS = {
  feature: text('feature=level', 'A feature and its level; repeatable.', {
    short: 'f',
    required: true,
    repeatable: true,
  }),
}
export type DependencyGiven = Given<typeof DEPENDENCY_OPTIONS>

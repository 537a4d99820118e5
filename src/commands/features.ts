/** `kt features`, Kafka's `kafka-features.sh`: levels of the cluster's features, and changing them (KIP-584, KIP-1022). */
import {
  defineArgparseCommand,
  defineSubcommand,
  QUORUM_CONNECTION_EXCLUSIVE,
  QUORUM_CONNECTION_OPTIONS,
  type QuorumConnectionOptions,
} from '../cli/argparse-command.ts'
import { flag, integer, text } from '../cli/options.ts'
import type { Given } from '../cli/script-command.ts'

const describeOptions = { 'node-id': integer('id', 'The node to ask; left out: any.') }
export type DescribeGiven = Given<typeof describeOptions>

const dryRun = flag('Find out whether it can be done, and leave everything as it is.')
const unsafe = flag('Even if metadata is lost by it.')
const feature = (argument: string, description: string, required = false) =>
  text(argument, description, { repeatable: true, required })
const levels = {
  metadata: text('version', 'Old way to name a metadata.version, 4.2-IV1 for example.', { deprecated: true }),
  'release-version': text('version', 'All features as they were in this release; version-mapping lists them.'),
  feature: feature('name=level', 'A feature and its new level; may be repeated.'),
}

const upgradeOptions = { ...levels, 'dry-run': dryRun }
const downgradeOptions = { ...levels, unsafe, 'dry-run': dryRun }
export type LevelsGiven = Given<typeof downgradeOptions>

const disableOptions = {
  feature: feature('name', 'A feature to take away; may be repeated.'),
  unsafe,
  'dry-run': dryRun,
}
export type DisableGiven = Given<typeof disableOptions>

const mappingOptions = { 'release-version': text('version', 'A release; left out: the newest.') }
export type MappingGiven = Given<typeof mappingOptions>
const dependenciesOptions = {
  feature: feature('name=level', 'A feature and a level of it; may be repeated.', true),
}
export type DependenciesGiven = Given<typeof dependenciesOptions>
export type MainGiven = Given<QuorumConnectionOptions>

const update = () => import('./features/update.ts')
const lookUp = () => import('./features/look-up.ts')

export const features = defineArgparseCommand({
  name: 'features',
  script: 'kafka-features.sh',
  summary: 'Show and change the feature levels of a cluster',
  options: QUORUM_CONNECTION_OPTIONS,
  exclusive: QUORUM_CONNECTION_EXCLUSIVE,
  helpExitCode: 0,
  usageErrorText: (message) => `Command line error: ${message}. Type --help for help.`,
  examples: [
    { command: 'kt features describe', does: 'what is supported and what is in use' },
    { command: 'kt features upgrade --release-version 4.3 --dry-run', does: 'whether all can be as in 4.3' },
    { command: 'kt features version-mapping --release-version 4.0', does: 'the levels a release stands for' },
  ],
  subcommands: {
    describe: defineSubcommand<typeof describeOptions, QuorumConnectionOptions>({
      summary: 'Levels that are supported and those that are in use.',
      options: describeOptions,
      run: async (...given) => (await import('./features/describe.ts')).describeFeatures(...given),
    }),
    upgrade: defineSubcommand<typeof upgradeOptions, QuorumConnectionOptions>({
      summary: 'Raises levels.',
      options: upgradeOptions,
      run: async (given, ...rest) => (await update()).upgradeFeatures(given as LevelsGiven, ...rest),
    }),
    downgrade: defineSubcommand<typeof downgradeOptions, QuorumConnectionOptions>({
      summary: 'Lowers levels.',
      options: downgradeOptions,
      run: async (...given) => (await update()).downgradeFeatures(...given),
    }),
    disable: defineSubcommand<typeof disableOptions, QuorumConnectionOptions>({
      summary: 'Lowers levels to 0.',
      options: disableOptions,
      run: async (...given) => (await update()).disableFeatures(...given),
    }),
    'version-mapping': defineSubcommand<typeof mappingOptions>({
      summary: 'The levels that a release stands for; asks no cluster.',
      options: mappingOptions,
      run: async (given, _, context) => (await lookUp()).mapVersion(given, context),
    }),
    'feature-dependencies': defineSubcommand<typeof dependenciesOptions>({
      summary: 'What a level cannot do without; asks no cluster.',
      options: dependenciesOptions,
      run: async (given, _, context) => (await lookUp()).findDependencies(given, context),
    }),
  },
})

/** `kt features`, Kafka's `kafka-features.sh`: levels of the cluster's features, and changing them (KIP-584, KIP-1022). */
import {
  defineArgparseCommand,
  defineSubcommand,
  QUORUM_CONNECTION_EXCLUSIVE,
  QUORUM_CONNECTION_OPTIONS,
  type QuorumConnectionOptions,
} from '../cli/argparse-command.ts'
import {
  DEPENDENCIES_OPTIONS,
  DESCRIBE_OPTIONS,
  DISABLE_OPTIONS,
  DOWNGRADE_OPTIONS,
  type LevelsGiven,
  MAPPING_OPTIONS,
  UPGRADE_OPTIONS,
} from './features/options.ts'

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
    {
      command: 'kt features feature-dependencies --feature transaction.version=2',
      does: 'what that level needs of other features',
    },
    { command: 'kt features downgrade --feature group.version=0 --dry-run', does: 'whether a level can be lowered' },
    { command: 'kt features disable --feature share.version --dry-run', does: 'whether a feature can be switched off' },
  ],
  subcommands: {
    describe: defineSubcommand<typeof DESCRIBE_OPTIONS, QuorumConnectionOptions>({
      summary: 'Levels that are supported and those that are in use.',
      options: DESCRIBE_OPTIONS,
      run: async (...given) => (await import('./features/describe.ts')).describeFeatures(...given),
    }),
    upgrade: defineSubcommand<typeof UPGRADE_OPTIONS, QuorumConnectionOptions>({
      summary: 'Raises levels.',
      options: UPGRADE_OPTIONS,
      run: async (given, ...rest) => (await update()).upgradeFeatures(given as LevelsGiven, ...rest),
    }),
    downgrade: defineSubcommand<typeof DOWNGRADE_OPTIONS, QuorumConnectionOptions>({
      summary: 'Lowers levels.',
      options: DOWNGRADE_OPTIONS,
      run: async (...given) => (await update()).downgradeFeatures(...given),
    }),
    disable: defineSubcommand<typeof DISABLE_OPTIONS, QuorumConnectionOptions>({
      summary: 'Lowers levels to 0.',
      options: DISABLE_OPTIONS,
      run: async (...given) => (await update()).disableFeatures(...given),
    }),
    'version-mapping': defineSubcommand<typeof MAPPING_OPTIONS>({
      summary: 'The levels that a release stands for; asks no cluster.',
      options: MAPPING_OPTIONS,
      run: async (given, _, context) => (await lookUp()).mapVersion(given, context),
    }),
    'feature-dependencies': defineSubcommand<typeof DEPENDENCIES_OPTIONS>({
      summary: 'What a level cannot do without; asks no cluster.',
      options: DEPENDENCIES_OPTIONS,
      run: async (given, _, context) => (await lookUp()).findDependencies(given, context),
    }),
  },
})

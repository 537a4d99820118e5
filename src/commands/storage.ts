/**
 * `kt storage`, Kafka's `kafka-storage.sh`: makes a directory a node's own before the node is started for the first time,
 * and says whose a directory is.
 */
import { defineArgparseCommand, defineSubcommand } from '../cli/argparse-command.ts'
import { DEPENDENCY_OPTIONS, FORMAT_OPTIONS, INFO_OPTIONS, MAPPING_OPTIONS } from './storage/options.ts'

export const storage = defineArgparseCommand({
  name: 'storage',
  script: 'kafka-storage.sh',
  summary: "Format a node's directories, and see whose they are",
  options: {},
  helpExitCode: 0,
  examples: [
    { command: 'kt storage random-uuid', does: 'a new cluster id' },
    {
      command: 'kt storage format -t $(kt storage random-uuid) -c server.properties --standalone',
      does: 'the directories of a first controller',
    },
    { command: 'kt storage info -c server.properties', does: 'which cluster and node the directories belong to' },
    { command: 'kt storage version-mapping --release-version 4.3', does: 'the levels a release stands for' },
    { command: 'kt storage feature-dependencies --feature kraft.version=1', does: 'what a level needs of others' },
  ],
  subcommands: {
    info: defineSubcommand<typeof INFO_OPTIONS, Record<never, never>>({
      summary: 'Which cluster and node the directories belong to.',
      options: INFO_OPTIONS,
      run: async (given, _main, context) => (await import('./storage/info.ts')).storageInfo(given, context),
    }),
    format: defineSubcommand<typeof FORMAT_OPTIONS, Record<never, never>>({
      summary: 'Make the directories those of this node.',
      options: FORMAT_OPTIONS,
      exclusive: [{ names: ['standalone', 'no-initial-controllers', 'initial-controllers'] }],
      run: async (given, _main, context) => (await import('./storage/format.ts')).formatStorage(given, context),
    }),
    'version-mapping': defineSubcommand<typeof MAPPING_OPTIONS, Record<never, never>>({
      summary: 'Feature levels that belong to a release.',
      options: MAPPING_OPTIONS,
      run: async (given, _main, context) => (await import('./storage/versions.ts')).versionMapping(given, context),
    }),
    'feature-dependencies': defineSubcommand<typeof DEPENDENCY_OPTIONS, Record<never, never>>({
      summary: 'What a feature level needs of other features.',
      options: DEPENDENCY_OPTIONS,
      run: async (given, _main, context) => (await import('./storage/versions.ts')).featureNeeds(given, context),
    }),
    'random-uuid': defineSubcommand<Record<never, never>, Record<never, never>>({
      summary: 'A new id for a cluster or a directory.',
      options: {},
      run: async (given, _main, context) => (await import('./storage/random-uuid.ts')).printRandomUuid(given, context),
    }),
  },
})

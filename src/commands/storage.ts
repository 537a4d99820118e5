/**
 * `kt storage`, Kafka's `kafka-storage.sh`: makes a directory a node's own before the node is started for the first time,
 * and says whose a directory is.
 */
import { defineArgparseCommand, defineSubcommand } from '../cli/argparse-command.ts'
import { flag, text } from '../cli/options.ts'
import type { Given } from '../cli/script-command.ts'
import { LATEST_PRODUCTION, MINIMUM_METADATA_VERSION } from '../metadata/feature-levels.ts'

const config = text('config', "The node's configuration file.", { short: 'c', required: true })

const infoOptions = { config }
export type InfoGiven = Given<typeof infoOptions>

const formatOptions = {
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
export type FormatGiven = Given<typeof formatOptions>

const mappingOptions = {
  'release-version': text('release', `${MINIMUM_METADATA_VERSION} at least, ${LATEST_PRODUCTION} when left out.`, {
    short: 'r',
  }),
}
export type MappingGiven = Given<typeof mappingOptions>

const dependencyOptions = {
  feature: text('feature=level', 'A feature and its level; repeatable.', {
    short: 'f',
    required: true,
    repeatable: true,
  }),
}
export type DependencyGiven = Given<typeof dependencyOptions>

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
  ],
  subcommands: {
    info: defineSubcommand<typeof infoOptions, Record<never, never>>({
      summary: 'Which cluster and node the directories belong to.',
      options: infoOptions,
      formats: false,
      run: async (given, _main, context) => (await import('./storage/info.ts')).storageInfo(given, context),
    }),
    format: defineSubcommand<typeof formatOptions, Record<never, never>>({
      summary: 'Make the directories those of this node.',
      options: formatOptions,
      exclusive: [{ names: ['standalone', 'no-initial-controllers', 'initial-controllers'] }],
      formats: false,
      run: async (given, _main, context) => (await import('./storage/format.ts')).formatStorage(given, context),
    }),
    'version-mapping': defineSubcommand<typeof mappingOptions, Record<never, never>>({
      summary: 'Feature levels that belong to a release.',
      options: mappingOptions,
      formats: false,
      run: async (given, _main, context) => (await import('./storage/versions.ts')).versionMapping(given, context),
    }),
    'feature-dependencies': defineSubcommand<typeof dependencyOptions, Record<never, never>>({
      summary: 'What a feature level needs of other features.',
      options: dependencyOptions,
      formats: false,
      run: async (given, _main, context) => (await import('./storage/versions.ts')).featureNeeds(given, context),
    }),
    'random-uuid': defineSubcommand<Record<never, never>, Record<never, never>>({
      summary: 'A new id for a cluster or a directory.',
      options: {},
      formats: false,
      run: async (_given, _main, { stdout }) => {
        const { randomUuid } = await import('../base/uuid.ts')
        stdout.write(`${randomUuid()}\n`)
        return 0
      },
    }),
  },
})

/**
 * `kt metadata-quorum`, Kafka's `kafka-metadata-quorum.sh`: who leads the controllers, how far the others are behind,
 * and who votes.
 */
import {
  defineArgparseCommand,
  defineSubcommand,
  QUORUM_CONNECTION_EXCLUSIVE,
  QUORUM_CONNECTION_OPTIONS,
  type QuorumConnectionOptions,
} from '../cli/argparse-command.ts'
import { flag, integer, text } from '../cli/options.ts'
import type { Given } from '../cli/script-command.ts'

const describeOptions = {
  status: flag('A short summary: leader, epoch, high watermark, the largest lag, voters and observers.'),
  replication: flag('How far each voter and observer has come.'),
  'human-readable': flag('With --replication: how long ago instead of timestamps.'),
}
export type DescribeGiven = Given<typeof describeOptions>

const addOptions = { 'dry-run': flag('Print what would be done.') }
export type AddGiven = Given<typeof addOptions>

const removeOptions = {
  'controller-id': integer('node-id', 'The controller that loses its vote.', { short: 'i', required: true }),
  'controller-directory-id': text('directory-id', 'The id of its metadata directory.', { short: 'd', required: true }),
  'dry-run': flag('Print what would be done.'),
}
export type RemoveGiven = Given<typeof removeOptions>
export type MainGiven = Given<QuorumConnectionOptions>

export const metadataQuorum = defineArgparseCommand({
  name: 'metadata-quorum',
  script: 'kafka-metadata-quorum.sh',
  summary: 'Show the quorum of controllers, add and remove voters',
  options: QUORUM_CONNECTION_OPTIONS,
  exclusive: QUORUM_CONNECTION_EXCLUSIVE,
  helpExitCode: 0,
  examples: [
    { command: 'kt metadata-quorum describe --status', does: 'leader, epoch, largest lag' },
    { command: 'kt metadata-quorum describe --replication', does: 'one row per voter and observer' },
    {
      command: 'kt metadata-quorum --command-config controller.properties add-controller',
      does: 'gives the controller of that file a vote',
    },
  ],
  subcommands: {
    describe: defineSubcommand<typeof describeOptions, QuorumConnectionOptions>({
      summary: 'State of the quorum.',
      options: describeOptions,
      run: async (...given) => (await import('./metadata-quorum/describe.ts')).describeQuorum(...given),
    }),
    'add-controller': defineSubcommand<typeof addOptions, QuorumConnectionOptions>({
      summary: 'Gives a controller a vote; --command-config is its properties file.',
      options: addOptions,
      formats: false,
      run: async (...given) => (await import('./metadata-quorum/voters.ts')).addController(...given),
    }),
    'remove-controller': defineSubcommand<typeof removeOptions, QuorumConnectionOptions>({
      summary: 'Takes the vote of a controller away.',
      options: removeOptions,
      formats: false,
      run: async (...given) => (await import('./metadata-quorum/voters.ts')).removeController(...given),
    }),
  },
})

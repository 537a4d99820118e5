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
import { ADD_OPTIONS, DESCRIBE_OPTIONS, REMOVE_OPTIONS } from './metadata-quorum/options.ts'

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
    {
      command:
        'kt metadata-quorum remove-controller --controller-id 5 --controller-directory-id AAAAAAAAAAAAAAAAAAAAAA --dry-run',
      does: 'takes the vote of a controller; its directory id is in describe --status',
    },
  ],
  subcommands: {
    describe: defineSubcommand<typeof DESCRIBE_OPTIONS, QuorumConnectionOptions>({
      summary: 'State of the quorum.',
      options: DESCRIBE_OPTIONS,
      run: async (...given) => (await import('./metadata-quorum/describe.ts')).describeQuorum(...given),
    }),
    'add-controller': defineSubcommand<typeof ADD_OPTIONS, QuorumConnectionOptions>({
      summary: 'Gives a controller a vote; --command-config is its properties file.',
      options: ADD_OPTIONS,
      run: async (...given) => (await import('./metadata-quorum/voters.ts')).addController(...given),
    }),
    'remove-controller': defineSubcommand<typeof REMOVE_OPTIONS, QuorumConnectionOptions>({
      summary: 'Takes the vote of a controller away.',
      options: REMOVE_OPTIONS,
      run: async (...given) => (await import('./metadata-quorum/voters.ts')).removeController(...given),
    }),
  },
})

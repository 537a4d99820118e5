/**
 * `kt transactions`, Kafka's `kafka-transactions.sh`: what is under way, whose it is, and ending what hangs.
 *
 * Differs: a topic or broker that does not exist is told at once, not after a minute.
 */
import { defineArgparseCommand, defineSubcommand } from '../cli/argparse-command.ts'
import type { Command } from '../cli/command.ts'
import { OK } from '../cli/exit-codes.ts'
import { MIRRORED_KAFKA_VERSION } from '../cli/script-command.ts'
import {
  ABORT_OPTIONS,
  DESCRIBE_OPTIONS,
  HANGING_OPTIONS,
  LIST_OPTIONS,
  MAIN_OPTIONS,
  PRODUCERS_OPTIONS,
  TERMINATE_OPTIONS,
} from './transactions/options.ts'

const look = () => import('./transactions/look.ts')
const end = () => import('./transactions/end.ts')
type Main = typeof MAIN_OPTIONS

const definition = defineArgparseCommand({
  name: 'transactions',
  script: 'kafka-transactions.sh',
  summary: 'Show transactions and their producers, find and end those that hang',
  options: MAIN_OPTIONS,
  helpExitCode: 1,
  examples: [
    { command: 'kt transactions list', does: 'every transactional id and the state of its transaction' },
    { command: 'kt transactions describe --transactional-id billing', does: 'one of them, with its partitions' },
    {
      command: 'kt transactions describe-producers --topic orders --partition 0',
      does: 'who has written to a partition, and where open transactions begin',
    },
    { command: 'kt transactions find-hanging --topic orders', does: 'open transactions that no coordinator will end' },
    {
      command: 'kt transactions abort --topic orders --partition 0 --start-offset 42',
      does: 'ends the one that begins there, so that readers of committed records go on',
    },
    {
      command: 'kt transactions forceTerminateTransaction --transactionalId billing',
      does: 'ends whatever transaction of that id is open',
    },
  ],
  subcommands: {
    list: defineSubcommand<typeof LIST_OPTIONS, Main>({
      summary: 'Transactions of all coordinators.',
      options: LIST_OPTIONS,
      run: async (...given) => (await look()).listTransactions(...given),
    }),
    describe: defineSubcommand<typeof DESCRIBE_OPTIONS, Main>({
      summary: 'The state of one transactional id.',
      options: DESCRIBE_OPTIONS,
      run: async (...given) => (await look()).describeTransaction(...given),
    }),
    'describe-producers': defineSubcommand<typeof PRODUCERS_OPTIONS, Main>({
      summary: 'What a partition remembers of its producers.',
      options: PRODUCERS_OPTIONS,
      run: async (...given) => (await look()).describeProducers(...given),
    }),
    abort: defineSubcommand<typeof ABORT_OPTIONS, Main>({
      summary: 'Ends a hanging transaction of a partition.',
      options: ABORT_OPTIONS,
      run: async (...given) => (await end()).abortTransaction(...given),
    }),
    'find-hanging': defineSubcommand<typeof HANGING_OPTIONS, Main>({
      summary: 'Open transactions that no coordinator knows.',
      options: HANGING_OPTIONS,
      run: async (...given) => (await import('./transactions/find-hanging.ts')).findHanging(...given),
    }),
    forceTerminateTransaction: defineSubcommand<typeof TERMINATE_OPTIONS, Main>({
      summary: 'Ends what a transactional id has open, and fences its producer.',
      options: TERMINATE_OPTIONS,
      run: async (...given) => (await end()).terminateTransaction(...given),
    }),
  },
})

/** What `--version` of this script tells beside the version. */
const COMMIT = '26b251a451ce941d'

export const transactions: Command = {
  ...definition,
  async run(args, context) {
    // The script prints it as soon as it meets the option, whatever is missing behind it.
    if (args[0] === '--version' || args[0] === '-v') {
      context.stdout.write(`${MIRRORED_KAFKA_VERSION} (Commit:${COMMIT})\n`)
      return OK
    }
    return definition.run(args, context)
  },
}

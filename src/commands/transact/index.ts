/**
 * `kt transact`: transactions step by step, and after each step what readers see: those of uncommitted records in one column,
 * those of committed records beside them, markers and offsets included. Several producers at once.
 */
import { STRUCTURED_FORMATS } from '../../cli/format.ts'
import { addConnectionOptions, defineCommand } from '../../cli/own-command.ts'
import type { TransactFlags } from './run.ts'

const SUMMARY = 'Transactions step by step, with what uncommitted and committed readers see side by side'

export const transact = defineCommand({
  name: 'transact',
  summary: SUMMARY,
  examples: [
    { command: 'kt transact --topic orders', does: 'a prompt: begin, write orders a:1, commit; help lists the steps' },
    {
      command: "printf 'begin\\nwrite orders a:1 b:2\\nabort\\n' | kt transact",
      does: 'the steps of a script: what was aborted stays in the log, and committed readers pass over it',
    },
    {
      command: "printf 'A> begin\\nA> write orders:0 a:1\\nplain> write orders:0 b:2\\nA> commit\\n' | kt transact",
      does: 'an open transaction holds back what others have written behind it',
    },
    {
      command:
        "printf 'as A pay\\nbegin\\nwrite orders a:1\\nas B pay\\nbegin\\nA> commit\\n' | kt transact --format json",
      does: 'two producers of one transactional id: the second fences the first; a line of JSON per step',
    },
  ],
  configure(command, act) {
    addConnectionOptions(command)
      .option('--topic <topic...>', 'topics to look at from the beginning; others are, once written to')
      .option('--last <count>', 'offsets that are shown of each partition, from its end', '12')
      .option('--timeout <ms>', 'transaction.timeout.ms: how long a transaction may be open', '60000')
      .option('--format <format>', `a document per step: ${STRUCTURED_FORMATS.join(' or ')}`)
      .action(act(async (_, flags: TransactFlags, context) => (await import('./run.ts')).runTransact(flags, context)))
  },
})

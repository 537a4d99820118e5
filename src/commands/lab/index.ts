/** `kt lab`: experiments on processes that are really killed, each with a table of what was measured. */
import type { Command as CommanderCommand } from 'commander'
import { STRUCTURED_FORMATS } from '../../cli/format.ts'
import { addConnectionOptions, defineCommand } from '../../cli/own-command.ts'

export const lab = defineCommand({
  name: 'lab',
  summary: 'Experiments on processes that are really killed: what was sent, acknowledged, readable, lost.',
  examples: [
    { command: 'kt lab acks', does: 'acks 0, 1 and all: which records survive the death of their leader' },
    { command: 'kt lab acks --acks 1 --records 200', does: 'one of them, with fewer records' },
    { command: 'kt lab acks --acks all --format json', does: 'the numbers as a structure' },
  ],
  configure(command, act) {
    withFlags(command.command('acks'), '1000')
      .description('pause the followers, send, kill the leader; a table for acks 0, 1 and all (bundled cluster only)')
      .option('--acks <acks>', '0, 1 or all; else each of them in turn')
      .action(
        act(async (...given: Parameters<typeof import('./acks.ts').runAcks>) =>
          (await import('./acks.ts')).runAcks(...given),
        ),
      )
  },
})

function withFlags(command: CommanderCommand, records: string): CommanderCommand {
  return addConnectionOptions(command)
    .option('--local', 'the local cluster, whatever the environment says')
    .option('--records <count>', 'how many records are sent', records)
    .option('--format <format>', `structured output: ${STRUCTURED_FORMATS.join(' or ')}`)
}

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
    { command: 'kt lab commit', does: 'a consumer dies amid its work: what is missed, what is done twice' },
    { command: 'kt lab commit --commit after --records 50', does: 'one of the two, with fewer orders' },
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
    withFlags(command.command('commit'), '100')
      .description(
        'kill a consumer that commits before, and one that commits after its work: missed and repeated orders',
      )
      .option('--commit <when>', 'before or after; else both')
      .option('-y, --yes', 'do not ask before it makes and deletes topics kt-26-* on another cluster')
      .action(
        act(async (...given: Parameters<typeof import('./commit.ts').runCommit>) =>
          (await import('./commit.ts')).runCommit(...given),
        ),
      )
    addConnectionOptions(command.command('slow'))
      .description('the consumer of lesson 27: its work takes longer than max.poll.interval.ms')
      .option('--max-poll-records <count>', 'orders that one poll gives at most', '12')
      .option('--max-poll-interval-ms <ms>', 'how long it may work without polling', '2500')
      .option('--work-ms <ms>', 'what one order takes', '400')
      .action(
        act(async (...given: Parameters<typeof import('./slow.ts').runSlow>) =>
          (await import('./slow.ts')).runSlow(...given),
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

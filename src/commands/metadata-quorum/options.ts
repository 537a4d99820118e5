import type { QuorumConnectionOptions } from '../../cli/argparse-command.ts'
import { flag, integer, text } from '../../cli/options.ts'
import type { Given } from '../../cli/script-command.ts'

export const DESCRIBE_OPTIONS = {
  status: flag('A short summary: leader, epoch, high watermark, the largest lag, voters and observers.'),
  replication: flag('How far each voter and observer has come.'),
  'human-readable': flag('With --replication: how long ago instead of timestamps.'),
}
export type DescribeGiven = Given<typeof DESCRIBE_OPTIONS>

export const ADD_OPTIONS = { 'dry-run': flag('Print what would be done.') }
export type AddGiven = Given<typeof ADD_OPTIONS>

export const REMOVE_OPTIONS = {
  'controller-id': integer('node-id', 'The controller that loses its vote.', { short: 'i', required: true }),
  'controller-directory-id': text('directory-id', 'The id of its metadata directory.', { short: 'd', required: true }),
  'dry-run': flag('Print what would be done.'),
}
export type RemoveGiven = Given<typeof REMOVE_OPTIONS>
export type MainGiven = Given<QuorumConnectionOptions>

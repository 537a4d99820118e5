import { forbidWith } from '../../cli/check-options.ts'
import { flag, long, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'

const LIST = { separator: ',' }

export const RESET_OPTIONS = {
  ...CONNECTION_OPTIONS,
  'application-id': text('id', 'The application.id of the Kafka Streams application.'),
  'input-topics': text(
    'topic,...',
    'Topics it reads: read again from the earliest offset, or from where --to-... says.',
    LIST,
  ),
  'intermediate-topics': text('topic,...', 'Topics it writes and reads: skipped to their end.', {
    ...LIST,
    deprecated: true,
  }),
  'internal-topics': text('topic,...', 'Delete these of its internal topics; all of them unless given.', LIST),
  'to-offset': long('offset', 'Input topics: to this offset.'),
  'to-datetime': text(
    'datetime',
    "Input topics: to the first offset at or after this time: 'YYYY-MM-DDThh:mm:ss.sss', UTC.",
  ),
  'by-duration': text('duration', "Input topics: to the first offset at or after now minus this: 'PnDTnHnMnS'."),
  'to-earliest': flag('Input topics: to the earliest offset, the default.'),
  'to-latest': flag('Input topics: to the end.'),
  'from-file': text('CSV file', 'Input topics: to what the file says, a line topic,partition,offset each.'),
  'shift-by': long('number of offsets', 'Input topics: by this many from what is committed, forward or back.'),
  'config-file': text('file', 'Now --command-config.', { deprecated: true }),
  force: flag('Make members leave the group that are in it still; the application must be stopped.'),
  'dry-run': flag('Show what would be done, and do nothing.'),
}
export type ResetGiven = Given<typeof RESET_OPTIONS>

const SCENARIOS = [
  'to-offset',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'from-file',
  'shift-by',
] as const

/** The command line alone, in the script's order and words. */
export function checkReset(given: ResetGiven): void {
  if (!given.has('application-id')) {
    throw new UsageError('Missing required option(s) [application-id]', { missing: 'application-id' })
  }
  for (const scenario of SCENARIOS) {
    forbidWith(
      given,
      scenario,
      SCENARIOS.filter((other) => other !== scenario),
    )
  }
  forbidWith(given, 'config-file', ['command-config'])
}

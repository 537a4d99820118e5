import { requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { flag, integer, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import {
  checkOldNames,
  configFileOf,
  FORMATTER_OPTIONS,
  LAST_OPTIONS,
  namedSettings,
} from '../console-consumer/shared-options.ts'

export const CONSOLE_SHARE_CONSUMER_OPTIONS = {
  topic: text('topic', 'The topic to read.'),
  ...CONNECTION_OPTIONS,
  group: text('group id', 'The share group to read as; console-share-consumer when left out.'),
  'max-messages': integer('count', 'End after this many records.'),
  'timeout-ms': integer('ms', 'End when no record came for this long.'),
  reject: flag('Reject every record: nobody gets it again.'),
  release: flag('Release every record: others may get it, or we again.'),
  'reject-message-on-error': flag('Reject a record that cannot be printed instead of ending.'),
  ...FORMATTER_OPTIONS,
  ...LAST_OPTIONS,
  'consumer-config': text('file', 'Old name of --command-config.', { deprecated: true }),
}
export type GivenConsoleShareConsumer = Given<typeof CONSOLE_SHARE_CONSUMER_OPTIONS>

const DEFAULT_GROUP = 'console-share-consumer'

/** The checks of the script, in its order; notices about old names are printed on the way. */
export function checkConsoleShareConsumer(given: GivenConsoleShareConsumer, context: CommandContext): void {
  if (!given.has('topic')) throw new UsageError('--topic is a required argument', { missing: 'topic' })
  if (context.asScript) requireOptions(given, ['bootstrap-server'])
  if (given.has('reject') && given.has('release')) {
    throw new UsageError('At most one of --reject and --release may be specified.')
  }
  checkOldNames(given, 'consumer-config', context)
}

/** Path of the consumer's properties file, under either name. */
export function commandConfigOf(given: GivenConsoleShareConsumer): string | undefined {
  return configFileOf(given, 'consumer-config')
}

/** Everything the consumer is told, and the group it reads as. Throws `UsageError` for groups that contradict. */
export function consumerSettings(given: GivenConsoleShareConsumer): {
  properties: Map<string, string>
  groupId: string
} {
  const { properties, groupId = DEFAULT_GROUP } = namedSettings(given, 'consumer-config')
  return { properties, groupId }
}

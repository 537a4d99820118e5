import { requireOneOf, requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { addedByKt, flag, integer, long, parseWhole, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { RANGE_OPTIONS } from './range-options.ts'
import { checkOldNames, configFileOf, FORMATTER_OPTIONS, LAST_OPTIONS, namedSettings } from './shared-options.ts'
import { TEMPLATE_LETTERS } from './template.ts'

const FILTERS =
  'Records that hold to this: key=alice, value!~error, header.trace=7, value.customer.id=7 (in JSON), key is null. ' +
  'May be repeated, all must hold.'
const DECODERS =
  'How keys are shown: text, json, hex, base64, uuid, int8 to int64, uint8 to uint64, float, double; numbers with le ' +
  'behind them are little-endian.'

export const CONSOLE_CONSUMER_OPTIONS = {
  topic: text('topic', 'The topic to read.'),
  include: text('regex', 'Read all topics that match; topics that come later too.'),
  ...CONNECTION_OPTIONS,
  'from-beginning': flag('Start with the earliest record, where the group has no committed offset.'),
  partition: integer('partition', 'Read this partition only.'),
  offset: text('offset', "With --partition: an offset, 'earliest' or 'latest'.", { default: 'latest' }),
  group: text('group id', 'Read as a member of this consumer group. Left out: without a group.'),
  'max-messages': integer('count', 'End after this many records.'),
  'timeout-ms': long('ms', 'End when no record came for this long.'),
  'isolation-level': text('level', 'read_committed leaves out what transactions aborted.', {
    default: 'read_uncommitted',
    choices: ['read_uncommitted', 'read_committed'],
  }),
  ...FORMATTER_OPTIONS,
  'skip-message-on-error': flag('Step over a record that cannot be printed instead of ending.'),
  ...LAST_OPTIONS,
  'consumer.config': text('file', 'Old name of --command-config.', { deprecated: true }),
  ...addedByKt({
    ...RANGE_OPTIONS,
    filter: text('condition', FILTERS),
    'key-as': text('type', DECODERS),
    'value-as': text('type', 'The same of values.'),
    template: text('text', `What is printed of each record: ${TEMPLATE_LETTERS}.`),
    meta: flag('Time, partition, offset and key before the value.'),
  }),
}
export type ConsoleConsumerOptions = typeof CONSOLE_CONSUMER_OPTIONS
export type GivenConsoleConsumer = Given<ConsoleConsumerOptions>

/** The checks of the script, in its order; notices about old names are printed on the way. */
export function checkConsoleConsumer(given: GivenConsoleConsumer, context: CommandContext): void {
  if (!given.has('topic') && !given.has('include')) requireAtLeastTopic(context)
  requireOneOf(given, ['topic', 'include'])
  if (given.has('partition')) {
    if (!given.has('topic')) throw new UsageError('The topic is required when partition is specified.')
    if (given.has('from-beginning') && given.has('offset')) {
      throw new UsageError('Options from-beginning and offset cannot be specified together.')
    }
  } else if (given.has('offset')) {
    throw new UsageError('The partition is required when offset is specified.', { missing: 'partition' })
  }
  if (context.asScript) requireOptions(given, ['bootstrap-server'])
  checkOldNames(given, 'consumer.config', context, () => startOffsetOf(given))
}

/** At a terminal a person is asked for the topic; the script's own words name both options. */
function requireAtLeastTopic(context: CommandContext): void {
  if (!context.interactive) return
  throw new UsageError('Exactly one of the following arguments is required: [topic], [include]', { missing: 'topic' })
}

/** Where a single partition is read from. Throws `UsageError`. */
export function startOffsetOf(given: GivenConsoleConsumer): 'earliest' | 'latest' | number {
  if (!given.has('offset')) return given.has('from-beginning') ? 'earliest' : 'latest'
  const wanted = given.value('offset')!
  const word = wanted.toLowerCase()
  if (word === 'earliest' || word === 'latest') return word
  const offset = parseWhole(wanted, 'long')
  if (offset !== undefined && offset >= 0) return offset
  throw new UsageError(
    `The provided offset value '${wanted}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.`,
  )
}

/** Path of the consumer's properties file, under either name. */
export function commandConfigOf(given: GivenConsoleConsumer): string | undefined {
  return configFileOf(given, 'consumer.config')
}

export interface ConsumerSettings {
  /** Everything the consumer is told, under Kafka's property names. */
  readonly properties: ReadonlyMap<string, string>
  /** null: no group is joined. */
  readonly groupId: string | null
  readonly autoOffsetReset: string
}

/** File and command line together, with what the script adds. Throws `UsageError` for contradictions. */
export function consumerSettings(given: GivenConsoleConsumer): ConsumerSettings {
  const { properties, groupId = null } = namedSettings(given, 'consumer.config')
  if (groupId !== null && given.has('partition')) {
    throw new UsageError('Options group and partition cannot be specified together.')
  }
  const autoOffsetReset = autoOffsetResetOf(given, properties)
  if (given.has('isolation-level') || !properties.has('isolation.level')) {
    properties.set('isolation.level', given.value('isolation-level')!)
  }
  return { properties, groupId, autoOffsetReset }
}

function autoOffsetResetOf(given: GivenConsoleConsumer, properties: ReadonlyMap<string, string>): string {
  const named = properties.get('auto.offset.reset')
  if (named === undefined) return given.has('from-beginning') ? 'earliest' : 'latest'
  if (given.has('from-beginning') && named !== 'earliest') {
    throw new UsageError(
      `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${named}', please remove one option`,
    )
  }
  return named
}

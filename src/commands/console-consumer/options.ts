import { parseKeyValues, requireOneOf, requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { addedByKt, flag, integer, long, parseWhole, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { loadProperties } from '../../client/properties.ts'
import { printNotice, refuseBothNames, valuesUnder } from '../deprecation.ts'
import { DEFAULT_FORMATTER_CLASS } from './formatters.ts'
import { RANGE_OPTIONS } from './range-options.ts'
import { TEMPLATE_LETTERS } from './template.ts'

const FORMATTER_PROPERTIES =
  'Setting of the formatter, name=value: print.timestamp, print.partition, print.offset, print.epoch, print.delivery, ' +
  'print.headers, print.key, print.value, key.separator, line.separator, headers.separator, null.literal, ' +
  'key.deserializer, value.deserializer, headers.deserializer. May be repeated.'

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
  formatter: text('class', 'How records are printed.', { default: DEFAULT_FORMATTER_CLASS }),
  'formatter-property': text('name=value', FORMATTER_PROPERTIES),
  'formatter-config': text('file', 'Java properties file with settings of the formatter.'),
  'key-deserializer': text('class', 'Deserializer of keys, a class of org.apache.kafka.common.serialization.'),
  'value-deserializer': text('class', 'Deserializer of values, a class of org.apache.kafka.common.serialization.'),
  'skip-message-on-error': flag('Step over a record that cannot be printed instead of ending.'),
  'command-property': text('name=value', 'Setting of the consumer; wins over --command-config. May be repeated.'),
  'enable-systest-events': flag("Print 'shutdown_complete' at the end."),
  property: text('name=value', 'Old name of --formatter-property.', { deprecated: true }),
  'consumer-property': text('name=value', 'Old name of --command-property.', { deprecated: true }),
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
  refuseBothNames(given, [
    ['consumer-property', 'command-property'],
    ['consumer.config', 'command-config'],
  ])
  const renamed = (old: keyof ConsoleConsumerOptions, current: string): void => {
    if (!given.has(old)) return
    const text = `Option --${old} is deprecated and will be removed in a future version. Use --${current} instead.`
    printNotice(text, context)
  }
  renamed('consumer-property', 'command-property')
  renamed('consumer.config', 'command-config')
  startOffsetOf(given)
  refuseBothNames(given, [['property', 'formatter-property']])
  renamed('property', 'formatter-property')
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
  return valuesUnder(given, { old: 'consumer.config', current: 'command-config' })[0]
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
  const file = commandConfigOf(given)
  const fromFile = file === undefined ? new Map<string, string>() : loadProperties(file)
  const extra = parseKeyValues(valuesUnder(given, { old: 'consumer-property', current: 'command-property' }))
  const groupId = groupOf(given, fromFile, extra)
  const properties = new Map([...fromFile, ...extra])
  const autoOffsetReset = autoOffsetResetOf(given, properties)
  if (given.has('isolation-level') || !properties.has('isolation.level')) {
    properties.set('isolation.level', given.value('isolation-level')!)
  }
  return { properties, groupId, autoOffsetReset }
}

/** The group may be named in several places, but only one. */
function groupOf(
  given: GivenConsoleConsumer,
  fromFile: ReadonlyMap<string, string>,
  extra: ReadonlyMap<string, string>,
): string | null {
  const named = [given.value('group'), fromFile.get('group.id'), extra.get('group.id')]
  const groups = [...new Set(named.filter((name) => name !== undefined))]
  if (groups.length > 1) {
    throw new UsageError(
      "The group ids provided in different places (directly using '--group', via '--consumer-property', or via " +
        `'--consumer.config') do not match. Detected group ids: ${groups.map((name) => `'${name}'`).join(', ')}`,
    )
  }
  if (groups.length > 0 && given.has('partition')) {
    throw new UsageError('Options group and partition cannot be specified together.')
  }
  return groups[0] ?? null
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

/** Settings of the formatter: the file, the two deserializer options, then `--formatter-property`. */
export function formatterProperties(given: GivenConsoleConsumer): Map<string, string> {
  const file = given.value('formatter-config')
  const properties = new Map(file === undefined ? [] : loadProperties(file))
  for (const name of ['key', 'value'] as const) {
    const className = given.value(`${name}-deserializer`)
    if (className !== undefined && className !== '') properties.set(`${name}.deserializer`, className)
  }
  const direct = parseKeyValues(valuesUnder(given, { old: 'property', current: 'formatter-property' }))
  return new Map([...properties, ...direct])
}

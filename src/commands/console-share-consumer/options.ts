import { parseKeyValues, requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { flag, integer, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { loadProperties } from '../../client/properties.ts'
import { DEFAULT_FORMATTER_CLASS } from '../console-consumer/formatters.ts'
import { printNotice, refuseBothNames, valuesUnder } from '../deprecation.ts'

const FORMATTER_PROPERTIES =
  'Setting of the formatter, name=value: print.timestamp, print.partition, print.offset, print.epoch, print.delivery, ' +
  'print.headers, print.key, print.value, key.separator, line.separator, headers.separator, null.literal, ' +
  'key.deserializer, value.deserializer, headers.deserializer. May be repeated.'

export const CONSOLE_SHARE_CONSUMER_OPTIONS = {
  topic: text('topic', 'The topic to read.'),
  ...CONNECTION_OPTIONS,
  group: text('group id', 'The share group to read as; console-share-consumer when left out.'),
  'max-messages': integer('count', 'End after this many records.'),
  'timeout-ms': integer('ms', 'End when no record came for this long.'),
  reject: flag('Reject every record: nobody gets it again.'),
  release: flag('Release every record: others may get it, or we again.'),
  'reject-message-on-error': flag('Reject a record that cannot be printed instead of ending.'),
  formatter: text('class', 'How records are printed.', { default: DEFAULT_FORMATTER_CLASS }),
  'formatter-property': text('name=value', FORMATTER_PROPERTIES),
  'formatter-config': text('file', 'Java properties file with settings of the formatter.'),
  'key-deserializer': text('class', 'Deserializer of keys, a class of org.apache.kafka.common.serialization.'),
  'value-deserializer': text('class', 'Deserializer of values, a class of org.apache.kafka.common.serialization.'),
  'command-property': text('name=value', 'Setting of the consumer; wins over --command-config. May be repeated.'),
  'enable-systest-events': flag("Print 'shutdown_complete' at the end."),
  property: text('name=value', 'Old name of --formatter-property.', { deprecated: true }),
  'consumer-property': text('name=value', 'Old name of --command-property.', { deprecated: true }),
  'consumer-config': text('file', 'Old name of --command-config.', { deprecated: true }),
}
type Options = typeof CONSOLE_SHARE_CONSUMER_OPTIONS
export type GivenConsoleShareConsumer = Given<Options>

const DEFAULT_GROUP = 'console-share-consumer'

/** The checks of the script, in its order; notices about old names are printed on the way. */
export function checkConsoleShareConsumer(given: GivenConsoleShareConsumer, context: CommandContext): void {
  if (!given.has('topic')) throw new UsageError('--topic is a required argument', { missing: 'topic' })
  if (context.asScript) requireOptions(given, ['bootstrap-server'])
  if (given.has('reject') && given.has('release')) {
    throw new UsageError('At most one of --reject and --release may be specified.')
  }
  refuseBothNames(given, [
    ['consumer-property', 'command-property'],
    ['consumer-config', 'command-config'],
  ])
  const renamed = (old: keyof Options, current: string): void => {
    if (!given.has(old)) return
    const text = `Option --${old} is deprecated and will be removed in a future version. Use --${current} instead.`
    printNotice(text, context)
  }
  renamed('consumer-property', 'command-property')
  renamed('consumer-config', 'command-config')
  refuseBothNames(given, [['property', 'formatter-property']])
  renamed('property', 'formatter-property')
}

export function commandConfigOf(given: GivenConsoleShareConsumer): string | undefined {
  return valuesUnder(given, { old: 'consumer-config', current: 'command-config' })[0]
}

/** Everything the consumer is told, and the group it reads as. Throws `UsageError` for groups that contradict. */
export function consumerSettings(given: GivenConsoleShareConsumer): {
  properties: Map<string, string>
  groupId: string
} {
  const file = commandConfigOf(given)
  const fromFile = file === undefined ? new Map<string, string>() : loadProperties(file)
  const extra = parseKeyValues(valuesUnder(given, { old: 'consumer-property', current: 'command-property' }))
  const named = [given.value('group'), fromFile.get('group.id'), extra.get('group.id')]
  const groups = [...new Set(named.filter((name) => name !== undefined))]
  if (groups.length > 1) {
    throw new UsageError(
      "The group ids provided in different places (directly using '--group', via '--consumer-property', or via " +
        `'--consumer-config') do not match. Detected group ids: ${groups.map((name) => `'${name}'`).join(', ')}`,
    )
  }
  return { properties: new Map([...fromFile, ...extra]), groupId: groups[0] ?? DEFAULT_GROUP }
}

/** Settings of the formatter: the file, the two deserializer options, then `--formatter-property`. */
export function formatterProperties(given: GivenConsoleShareConsumer): Map<string, string> {
  const file = given.value('formatter-config')
  const properties = new Map(file === undefined ? [] : loadProperties(file))
  for (const name of ['key', 'value'] as const) {
    const className = given.value(`${name}-deserializer`)
    if (className !== undefined && className !== '') properties.set(`${name}.deserializer`, className)
  }
  const direct = parseKeyValues(valuesUnder(given, { old: 'property', current: 'formatter-property' }))
  return new Map([...properties, ...direct])
}

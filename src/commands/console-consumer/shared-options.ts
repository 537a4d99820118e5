/** Options that the console consumers of groups and of share groups have in common, and what they mean. */
import { parseKeyValues } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { flag, type GivenOptions, type OptionTable, text, UsageError } from '../../cli/options.ts'
import { loadProperties } from '../../client/properties.ts'
import { printNotice, refuseBothNames, valuesUnder } from '../deprecation.ts'
import { DEFAULT_FORMATTER_CLASS } from './formatters.ts'

const FORMATTER_PROPERTIES =
  'Setting of the formatter, name=value: print.timestamp, print.partition, print.offset, print.epoch, print.delivery, ' +
  'print.headers, print.key, print.value, key.separator, line.separator, headers.separator, null.literal, ' +
  'key.deserializer, value.deserializer, headers.deserializer. May be repeated.'

/** How records are printed. */
export const FORMATTER_OPTIONS = {
  formatter: text('class', 'How records are printed.', { default: DEFAULT_FORMATTER_CLASS }),
  'formatter-property': text('name=value', FORMATTER_PROPERTIES),
  'formatter-config': text('file', 'Java properties file with settings of the formatter.'),
  'key-deserializer': text('class', 'Deserializer of keys, a class of org.apache.kafka.common.serialization.'),
  'value-deserializer': text('class', 'Deserializer of values, a class of org.apache.kafka.common.serialization.'),
}

/** What both end with. */
export const LAST_OPTIONS = {
  'command-property': text('name=value', 'Setting of the consumer; wins over --command-config. May be repeated.'),
  'enable-systest-events': flag("Print 'shutdown_complete' at the end."),
  property: text('name=value', 'Old name of --formatter-property.', { deprecated: true }),
  'consumer-property': text('name=value', 'Old name of --command-property.', { deprecated: true }),
}

/** The old name of `--command-config` has a dot in the one script and a dash in the other. */
export type OldConfigName = 'consumer.config' | 'consumer-config'

/** Old names beside the new ones are refused, alone they are told; `between` is what the script checks among that. */
export function checkOldNames(
  given: GivenOptions<OptionTable>,
  oldConfig: OldConfigName,
  context: CommandContext,
  between: () => void = () => undefined,
): void {
  refuseBothNames(given, [
    ['consumer-property', 'command-property'],
    [oldConfig, 'command-config'],
  ])
  const renamed = (old: string, current: string): void => {
    if (!given.has(old)) return
    const notice = `Option --${old} is deprecated and will be removed in a future version. Use --${current} instead.`
    printNotice(notice, context)
  }
  renamed('consumer-property', 'command-property')
  renamed(oldConfig, 'command-config')
  between()
  refuseBothNames(given, [['property', 'formatter-property']])
  renamed('property', 'formatter-property')
}

/** What the consumer is told, and as which group, if it is named. */
export interface NamedSettings {
  /** The file, then the command line. */
  readonly properties: Map<string, string>
  readonly groupId: string | undefined
}

/** Path of the consumer's properties file, under either name. */
export function configFileOf(given: GivenOptions<OptionTable>, oldConfig: OldConfigName): string | undefined {
  return valuesUnder(given, { old: oldConfig, current: 'command-config' })[0]
}

/** The group may be named in several places, but only one. Throws `UsageError`. */
export function namedSettings(given: GivenOptions<OptionTable>, oldConfig: OldConfigName): NamedSettings {
  const file = configFileOf(given, oldConfig)
  const fromFile = file === undefined ? new Map<string, string>() : loadProperties(file)
  const extra = parseKeyValues(valuesUnder(given, { old: 'consumer-property', current: 'command-property' }))
  const named = [given.value('group') as string | undefined, fromFile.get('group.id'), extra.get('group.id')]
  const groups = [...new Set(named.filter((name) => name !== undefined))]
  if (groups.length > 1) {
    throw new UsageError(
      "The group ids provided in different places (directly using '--group', via '--consumer-property', or via " +
        `'--${oldConfig}') do not match. Detected group ids: ${groups.map((name) => `'${name}'`).join(', ')}`,
    )
  }
  return { properties: new Map([...fromFile, ...extra]), groupId: groups[0] }
}

/** Settings of the formatter: the file, the two deserializer options, then `--formatter-property`. */
export function formatterProperties(given: GivenOptions<OptionTable>): Map<string, string> {
  const file = given.value('formatter-config') as string | undefined
  const properties = new Map(file === undefined ? [] : loadProperties(file))
  for (const name of ['key', 'value'] as const) {
    const className = given.value(`${name}-deserializer`) as string | undefined
    if (className !== undefined && className !== '') properties.set(`${name}.deserializer`, className)
  }
  const direct = parseKeyValues(valuesUnder(given, { old: 'property', current: 'formatter-property' }))
  return new Map([...properties, ...direct])
}

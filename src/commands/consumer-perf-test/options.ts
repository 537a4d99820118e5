import { forbidWith, parseKeyValues, requireOneOf, requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { flag, integer, long, text } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { loadProperties } from '../../client/properties.ts'
import { printNotice } from '../deprecation.ts'

/** What the perf scripts that read have in common. */
export const READING_PERF_OPTIONS = {
  ...CONNECTION_OPTIONS,
  topic: text('topic', 'The topic to read.'),
  'num-records': long('count', 'How many records to read.'),
  'command-property': text('name=value', 'Setting of the consumer; wins over --command-config. May be repeated.'),
  'socket-buffer-size': integer('bytes', 'Size of the receive buffer of sockets.', { default: '2097152' }),
  timeout: { ...long('ms', 'How long to wait for the next records.', { default: '10000' }), optionalArgument: true },
  'reporting-interval': long('ms', 'How often to print how it goes, with --show-detailed-stats.', { default: '5000' }),
  'show-detailed-stats': flag('Print a line for each reporting interval instead of a summary.'),
  'date-format': text('pattern', "How times are printed, in the letters of Java's SimpleDateFormat.", {
    default: 'yyyy-MM-dd HH:mm:ss:SSS',
  }),
  'hide-header': flag('Leave out the line with the names of the columns.'),
  'print-metrics': flag('Print what the consumer has counted, at the end.'),
  messages: long('count', 'Old name of --num-records.', { deprecated: true }),
  'consumer.config': text('file', 'Old name of --command-config.', { deprecated: true }),
}

export const CONSUMER_PERF_OPTIONS = {
  ...READING_PERF_OPTIONS,
  include: text('regex', 'Read every topic whose name matches, instead of --topic.'),
  group: text('group', 'The group to read as; left out, one with a random number.'),
  'fetch-size': integer('bytes', 'How much to fetch of a partition at once.', { default: '1048576' }),
  'from-latest': flag('A group without offsets begins at the end instead of the beginning.'),
}
export type GivenReadingPerf = Given<typeof READING_PERF_OPTIONS>
export type GivenConsumerPerf = Given<typeof CONSUMER_PERF_OPTIONS>

/** The script's checks, in its order; notices about old names are printed on the way. */
export function checkConsumerPerf(given: GivenConsumerPerf, context: CommandContext): void {
  if (context.asScript) requireOptions(given, ['bootstrap-server'])
  requireOneOf(given, ['topic', 'include'])
  checkRenamed(given as unknown as GivenReadingPerf, context)
}

/** The checks of options that were renamed, shared by the scripts that read. */
export function checkRenamed(given: GivenReadingPerf, context: CommandContext): void {
  requireOneOf(given, ['messages', 'num-records'])
  forbidWith(given, 'consumer.config', ['command-config'])
  const renamed = (old: 'messages' | 'consumer.config', current: string): void => {
    if (given.has(old)) printNotice(`Warning: --${old} is deprecated. Use --${current} instead.`, context)
  }
  renamed('messages', 'num-records')
  renamed('consumer.config', 'command-config')
}

export function commandConfigOf(given: GivenReadingPerf): string | undefined {
  return given.value('consumer.config') ?? given.value('command-config')
}

/** The file's settings, then those of the command line. */
export function consumerProperties(given: GivenReadingPerf): Map<string, string> {
  const file = commandConfigOf(given)
  return new Map([
    ...(file === undefined ? [] : loadProperties(file)),
    ...parseKeyValues(given.values('command-property')),
  ])
}

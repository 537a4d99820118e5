import { randomUuid } from '../../base/uuid.ts'
import type { CommandContext } from '../../cli/context.ts'
import { double, flag, integer, long, text, UsageError } from '../../cli/options.ts'
import type { ExclusiveGroup } from '../../cli/parse-argparse.ts'
import type { Given } from '../../cli/script-command.ts'
import { loadProperties } from '../../client/properties.ts'
import { printNotice } from '../deprecation.ts'

export const PRODUCER_PERF_OPTIONS = {
  'bootstrap-server': text(
    'host:port',
    'Brokers to connect to, separated by commas. Left out: the properties, KT_BOOTSTRAP_SERVER, else the local cluster.',
  ),
  topic: text('topic', 'The topic to send to.', { required: true }),
  'num-records': long('count', 'How many records to send.', { required: true }),
  'record-size': integer('bytes', 'Size of the values, random letters.'),
  'payload-file': text('file', 'File of values (UTF-8), of which one is drawn for each record.'),
  'payload-monotonic': flag('The values are 0, 1, 2 ...'),
  'payload-delimiter': text('regex', 'What separates the values of --payload-file.', { default: '\\n' }),
  throughput: double('records/s', 'How many records per second at most; -1 as many as possible.', { required: true }),
  'command-property': text('name=value', 'Settings of the producer, several after each other; win over the file.', {
    manyArguments: true,
  }),
  'command-config': text('file', 'Java properties file with settings of the producer.'),
  'print-metrics': flag('Print what the producer has counted, at the end.'),
  'transactional-id': text('id', 'Send in transactions under this id.'),
  'transaction-duration-ms': long('ms', 'How long a transaction stays open before it is committed (3000).'),
  'warmup-records': long('count', 'How many records to leave out of a summary of their own for the steady state.', {
    default: '0',
  }),
  'reporting-interval': long('ms', 'How often to print how it goes.', { default: '5000' }),
  'producer-props': text('name=value', 'Old name of --command-property.', { manyArguments: true, deprecated: true }),
  'producer.config': text('file', 'Old name of --command-config.', { deprecated: true }),
}
export type GivenProducerPerf = Given<typeof PRODUCER_PERF_OPTIONS>

export const PRODUCER_PERF_EXCLUSIVE: readonly ExclusiveGroup[] = [
  { names: ['record-size', 'payload-file', 'payload-monotonic'], required: true },
]

const CONNECTING = [
  'bootstrap-server',
  'command-property',
  'producer-props',
  'producer.config',
  'command-config',
] as const

/** The script's checks after it has read the command line, in its order. */
export function checkProducerPerf(given: GivenProducerPerf, context: CommandContext): void {
  const refuseUnless = (isFine: boolean, message: string): void => {
    if (!isFine) throw new UsageError(message)
  }
  const records = given.value('num-records')!
  refuseUnless(records > 0, '--num-records should be greater than zero.')
  refuseUnless(
    given.value('warmup-records')! < records,
    'The value for --warmup-records must be strictly fewer than the number of records in the test, --num-records.',
  )
  refuseUnless((given.value('record-size') ?? 1) > 0, '--record-size should be greater than zero.')
  refuseUnless(
    !context.asScript || CONNECTING.some((name) => given.has(name)),
    'At least one of --bootstrap-server, --command-property, --producer-props, --producer.config or --command-config must be specified.',
  )
  refuseUnless(
    !given.has('command-property') || !given.has('producer-props'),
    '--command-property and --producer-props cannot be specified together.',
  )
  refuseUnless(
    !given.has('command-config') || !given.has('producer.config'),
    '--command-config and --producer.config cannot be specified together.',
  )
  refuseUnless(
    (given.value('transaction-duration-ms') ?? 1) > 0,
    '--transaction-duration-ms should be greater than zero.',
  )
  refuseUnless(given.value('reporting-interval')! > 0, '--reporting-interval should be greater than zero.')
}

/** Told where the script tells them: after the payload file was read. */
export function printOldNames(given: GivenProducerPerf, context: CommandContext): void {
  const renamed = (old: 'producer-props' | 'producer.config', current: string): void => {
    if (!given.has(old)) return
    const text = `Option --${old} has been deprecated and will be removed in a future version. Use --${current} instead.`
    printNotice(text, context)
  }
  renamed('producer-props', 'command-property')
  renamed('producer.config', 'command-config')
}

export function commandConfigOf(given: GivenProducerPerf): string | undefined {
  return given.value('producer.config') ?? given.value('command-config')
}

/** The file's settings, then those of the command line. */
export function producerProperties(given: GivenProducerPerf): Map<string, string> {
  const file = commandConfigOf(given)
  const properties = new Map(file === undefined ? [] : loadProperties(file))
  for (const word of [...given.values('producer-props'), ...given.values('command-property')]) {
    const equals = word.indexOf('=')
    if (equals < 0 || equals === word.length - 1) throw new UsageError(`Invalid property: ${word}`)
    properties.set(word.slice(0, equals), word.slice(equals + 1))
  }
  return properties
}

export interface TransactionSettings {
  readonly transactionalId: string
  readonly durationMs: number
}

const DEFAULT_DURATION_MS = 3000

/** Null unless an option or a property asks for transactions. */
export function transactionsOf(
  given: GivenProducerPerf,
  properties: ReadonlyMap<string, string>,
): TransactionSettings | null {
  const named = given.value('transactional-id') ?? properties.get('transactional.id')
  const durationMs = given.value('transaction-duration-ms')
  if (named === undefined && durationMs === undefined) return null
  return {
    transactionalId: named ?? `performance-producer-${randomUuid()}`,
    durationMs: durationMs ?? DEFAULT_DURATION_MS,
  }
}

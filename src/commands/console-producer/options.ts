import { parseKeyValues, requireOptions } from '../../cli/check-options.ts'
import type { CommandContext } from '../../cli/context.ts'
import { addedByKt, flag, type GivenOptions, integer, long, optionalText, text, UsageError } from '../../cli/options.ts'
import { CONNECTION_OPTIONS, type Given } from '../../cli/script-command.ts'
import { parseAddress } from '../../client/address.ts'
import { loadProperties } from '../../client/properties.ts'
import { printNotice, refuseBothNames, valuesUnder } from '../deprecation.ts'
import { ADDED_OPTIONS, PARTITIONER_NAMES } from './added-options.ts'
import { LINE_READER_CLASS } from './line-reader.ts'

const READER_PROPERTIES =
  'Setting of the line reader, name=value: parse.key, key.separator (tab), parse.headers, headers.delimiter (tab), ' +
  'headers.separator (,), headers.key.separator (:), null.marker, ignore.error. May be repeated.'

export const CONSOLE_PRODUCER_OPTIONS = {
  topic: text('topic', 'The topic to send to.'),
  ...CONNECTION_OPTIONS,
  'reader-property': text('name=value', READER_PROPERTIES),
  'reader-config': text(
    'file',
    'Java properties file with settings of the line reader; --reader-property wins over it.',
  ),
  'command-property': text('name=value', 'Setting of the producer; wins over --command-config. May be repeated.'),
  sync: flag('Send one record at a time, and stop at the first that fails.'),
  'compression-codec': optionalText('codec', "'none', 'gzip', 'snappy', 'lz4' or 'zstd'; without a value gzip."),
  'batch-size': integer('bytes', 'Size up to which records of a partition gather in a batch; larger for piped input.', {
    default: '16384',
  }),
  timeout: long('ms', 'How long a batch waits to fill (linger.ms).', { default: '1000' }),
  'request-required-acks': text('acks', 'Who must have a record: all or -1, 1 the leader, 0 nobody.', {
    default: '-1',
  }),
  'request-timeout-ms': integer('ms', 'How long a broker may take to answer.', { default: '1500' }),
  'message-send-max-retries': integer('count', 'How often a batch is sent again before it is given up.', {
    default: '3',
  }),
  'retry-backoff-ms': long('ms', 'Pause before a batch is sent again.', { default: '100' }),
  'max-block-ms': long('ms', 'How long to wait for metadata and for buffer memory.', { default: '60000' }),
  'max-memory-bytes': long('bytes', 'Memory for records that wait to be sent.', { default: String(32 * 1024 * 1024) }),
  'metadata-expiry-ms': long('ms', 'Age at which metadata is fetched again.', { default: '300000' }),
  'socket-buffer-size': integer('bytes', "Size of the socket's send buffer.", { default: '102400' }),
  'line-reader': text('class', 'Class that reads standard input.', { default: LINE_READER_CLASS }),
  property: text('name=value', 'Old name of --reader-property.', { deprecated: true }),
  'producer-property': text('name=value', 'Old name of --command-property.', { deprecated: true }),
  'producer.config': text('file', 'Old name of --command-config.', { deprecated: true }),
  'max-partition-memory-bytes': integer('bytes', 'Old name of --batch-size.', { deprecated: true }),
  ...addedByKt(ADDED_OPTIONS),
}
export type ConsoleProducerOptions = typeof CONSOLE_PRODUCER_OPTIONS
export type GivenConsoleProducer = Given<ConsoleProducerOptions>

/** The checks of the script, in its order; notices about old names are printed on the way. */
export function checkConsoleProducer(given: GivenConsoleProducer, context: CommandContext): void {
  requireOptions(given, ['topic'])
  refuseBothNames(given, [
    ['command-config', 'producer.config'],
    ['command-property', 'producer-property'],
    ['reader-property', 'property'],
  ])
  const renamed = (old: keyof ConsoleProducerOptions, current: string, until = 'a future version'): void => {
    if (!given.has(old)) return
    printNotice(`Warning: --${old} is deprecated and will be removed in ${until}. Use --${current} instead.`, context)
  }
  renamed('producer-property', 'command-property')
  renamed('producer.config', 'command-config')
  renamed('property', 'reader-property')
  renamed('max-partition-memory-bytes', 'batch-size', 'Apache Kafka 5.0')
  checkBootstrap(given.value('bootstrap-server'), context)
  checkReaderClass(given.value('line-reader')!)
  checkAdded(given)
}

/** What contradicts itself among our options. */
function checkAdded(given: GivenConsoleProducer): void {
  const format = given.value('format')
  if (format !== undefined && format !== 'json') {
    throw new UsageError(`Unknown format '${format}'`, { facts: ['console-producer reads json, or lines of text'] })
  }
  const report = given.value('report')
  if (report !== undefined && report !== 'text' && report !== 'json') {
    throw new UsageError(`Unknown report '${report}'`, { facts: ['reports are text or json'] })
  }
  for (const [name, other] of NEEDS) {
    if (given.has(name) && !given.has(other)) throw new UsageError(`--${name} goes with --${other}`)
  }
  for (const [one, other] of EXCLUDE) {
    if (given.has(one) && given.has(other))
      throw new UsageError(`--${one} and --${other} cannot be specified together.`)
  }
  const partition = given.value('partition') ?? 0
  if (partition < 0) throw new UsageError(`--partition: ${partition} is no partition`)
  if ((given.value('count') ?? 0) < 0) throw new UsageError(`--count: ${given.value('count')} is no number of records`)
  if ((given.value('rate') ?? 1) <= 0) throw new UsageError(`--rate: ${given.value('rate')} records a second never end`)
  if ([...PARTITIONER_NAMES, undefined].every((each) => each !== given.value('partitioner'))) {
    throw new UsageError(`Unknown partitioner '${given.value('partitioner')}'`, {
      facts: [`partitioners: ${PARTITIONER_NAMES.join(', ')}`],
    })
  }
}

type Pair = readonly (readonly [keyof ConsoleProducerOptions, keyof ConsoleProducerOptions])[]
const NEEDS: Pair = [
  ['repartition', 'format'],
  ['count', 'template'],
  ['seed', 'template'],
  ['abort', 'transactional-id'],
]
const EXCLUDE: Pair = [
  ['partition', 'partitioner'],
  ['partition', 'repartition'],
  ['tombstone', 'format'],
  ['tombstone', 'key-template'],
]

function checkBootstrap(servers: string | undefined, context: CommandContext): void {
  if (servers === undefined && !context.asScript) return
  if (servers === undefined || servers.trim() === '') {
    throw new UsageError('Error while validating the bootstrap address\n')
  }
  if (!servers.split(',').every((server) => parseAddress(server) !== null)) {
    throw new UsageError('Please provide valid host:port like host1:9091,host2:9092\n')
  }
}

const LINE_READER_NAMES = [LINE_READER_CLASS, 'LineMessageReader', 'kafka.tools.ConsoleProducer$LineMessageReader']

function checkReaderClass(className: string): void {
  if (LINE_READER_NAMES.includes(className)) return
  throw new UsageError(`--line-reader ${className} is a Java class that kt does not have`, {
    facts: [`kt has Kafka's own: ${LINE_READER_CLASS}`],
  })
}

/** Settings of the line reader: the file, then `--reader-property`. */
export function readerProperties(given: GivenConsoleProducer): Map<string, string> {
  const file = given.value('reader-config')
  return new Map([
    ...(file === undefined ? [] : loadProperties(file)),
    ...parseKeyValues(valuesUnder(given, { old: 'property', current: 'reader-property' })),
  ])
}

/** Path of the producer's properties file, under either name. */
export function commandConfigOf(given: GivenConsoleProducer): string | undefined {
  return valuesUnder(given, { old: 'producer.config', current: 'command-config' })[0]
}

type NumberOption = {
  [N in keyof ConsoleProducerOptions]: ConsoleProducerOptions[N] extends { kind: string } ? N : never
}[keyof ConsoleProducerOptions]

/** Options that stand for a property: given, they win; left out, their default fills what the properties do not say. */
const MERGED: readonly (readonly [property: string, option: NumberOption])[] = [
  ['linger.ms', 'timeout'],
  ['acks', 'request-required-acks'],
  ['request.timeout.ms', 'request-timeout-ms'],
  ['retries', 'message-send-max-retries'],
  ['retry.backoff.ms', 'retry-backoff-ms'],
  ['send.buffer.bytes', 'socket-buffer-size'],
  ['buffer.memory', 'max-memory-bytes'],
  ['batch.size', 'batch-size'],
  ['batch.size', 'max-partition-memory-bytes'],
  ['metadata.max.age.ms', 'metadata-expiry-ms'],
  ['max.block.ms', 'max-block-ms'],
]

/**
 * Batches of input that is piped in, unless a size is named. A broker answers a 256 KiB batch about as fast as one of
 * 16 KiB, so a file takes half the time; what a person types never fills either.
 */
const PIPED_BATCH_BYTES = 256 * 1024

const ROUND_ROBIN_CLASS = 'org.apache.kafka.clients.producer.RoundRobinPartitioner'

/** Everything the producer is told, under Kafka's property names. `piped`: lines come faster than anybody types. */
export function producerProperties(given: GivenConsoleProducer, piped: boolean): Map<string, string> {
  const file = commandConfigOf(given)
  const properties = new Map([
    ...(file === undefined ? [] : loadProperties(file)),
    ...parseKeyValues(valuesUnder(given, { old: 'producer-property', current: 'command-property' })),
  ])
  // The script sets it from the option alone: the properties' own value does not count.
  properties.set('compression.type', compressionOf(given))
  const sizeIsNamed = given.has('batch-size') || given.has('max-partition-memory-bytes') || properties.has('batch.size')
  if (piped && !sizeIsNamed) properties.set('batch.size', String(PIPED_BATCH_BYTES))
  const partitioner = given.value('partitioner')
  if (partitioner === 'round-robin') properties.set('partitioner.class', ROUND_ROBIN_CLASS)
  if (partitioner === 'sticky') properties.set('partitioner.ignore.keys', 'true')
  for (const [property, option] of MERGED) {
    const value = (given as GivenOptions<ConsoleProducerOptions>).value(option)
    if (value !== undefined && (given.has(option) || !properties.has(property))) properties.set(property, String(value))
  }
  return properties
}

function compressionOf(given: GivenConsoleProducer): string {
  if (!given.has('compression-codec')) return 'none'
  return given.value('compression-codec') || 'gzip'
}

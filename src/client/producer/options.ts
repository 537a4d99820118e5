import { KtError } from '../../base/errors.ts'
import { COMPRESSION, type CompressionName } from '../../protocol/records/record-batch.ts'
import { integerProperty } from '../property-values.ts'

/** What became of one batch: for callers that count instead of holding a promise per record. */
export interface BatchResult {
  readonly topic: string
  readonly partition: number
  readonly recordCount: number
  /** -1 with acks=0, and for a duplicate whose offset the broker has forgotten. */
  readonly baseOffset: number
  readonly error: Error | null
  /** As it went over the wire, compressed. */
  readonly sizeInBytes: number
  /** How often it was sent. */
  readonly attempts: number
  /** When its records were appended, with `keepAppendTimes`; empty otherwise. */
  readonly appended: readonly AppendedRun[]
}

/** Records that were appended one after the other with the same timestamp. */
export interface AppendedRun {
  /** Milliseconds, as given to the appender. */
  readonly timestamp: number
  count: number
  /** Of keys and values. */
  bytes: number
}

/** Settings under Kafka's names, units last. Defaults are those of Kafka 4's producer. */
export interface ProducerOptions {
  readonly acks?: 'all' | 0 | 1
  /** Off by itself when `acks` is not `all`. */
  readonly enableIdempotence?: boolean
  readonly batchSizeBytes?: number
  readonly lingerMs?: number
  readonly bufferMemoryBytes?: number
  readonly maxBlockMs?: number
  readonly maxRequestSizeBytes?: number
  readonly maxInFlightPerBroker?: number
  readonly requestTimeoutMs?: number
  readonly deliveryTimeoutMs?: number
  readonly retries?: number
  readonly compression?: CompressionName
  /** In the codec's own scale (KIP-390). */
  readonly compressionLevel?: number
  readonly partitioner?: 'default' | 'round-robin'
  /** Unkeyed placement for keyed records too (`partitioner.ignore.keys`). */
  readonly ignoreKeys?: boolean
  /** Records are sent in transactions under this id. */
  readonly transactionalId?: string
  readonly transactionTimeoutMs?: number
  /** Batches remember when their records came, for who measures how long records take. */
  readonly keepAppendTimes?: boolean
  /** Called once per finished batch, failed ones too. */
  readonly onBatch?: (result: BatchResult) => void
  /** Called for a topic that was not there when it was first asked for, and is now. */
  readonly onNewTopic?: (topic: string) => void
}

type Optional = 'compressionLevel' | 'onBatch' | 'onNewTopic' | 'transactionalId'
export type ResolvedProducerOptions = Required<Omit<ProducerOptions, Optional>> & Pick<ProducerOptions, Optional>

const MAX_INT = 2 ** 31 - 1
/** Above this the broker's window of remembered batches no longer covers retries (KIP-98). */
const MAX_IDEMPOTENT_IN_FLIGHT = 5

/** Fills in defaults and refuses what contradicts itself, with Kafka's words. Throws a usage `KtError`. */
export function resolveProducerOptions(options: ProducerOptions): ResolvedProducerOptions {
  const acks = options.acks ?? 'all'
  const maxInFlightPerBroker = options.maxInFlightPerBroker ?? 5
  const retries = options.retries ?? MAX_INT
  const possible = acks === 'all' && retries > 0 && maxInFlightPerBroker <= MAX_IDEMPOTENT_IN_FLIGHT
  const wanted = options.enableIdempotence === true || options.transactionalId !== undefined
  if (wanted && !possible) throw contradiction(acks, retries)
  if (options.transactionalId !== undefined && options.enableIdempotence === false) {
    throw new KtError('usage', 'Cannot set a transactional.id without also enabling idempotence.')
  }
  const lingerMs = options.lingerMs ?? 5
  const requestTimeoutMs = options.requestTimeoutMs ?? 30_000
  const deliveryTimeoutMs = options.deliveryTimeoutMs ?? Math.max(120_000, lingerMs + requestTimeoutMs)
  if (deliveryTimeoutMs < lingerMs + requestTimeoutMs) {
    throw new KtError('usage', 'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms')
  }
  return {
    acks,
    enableIdempotence: (options.enableIdempotence ?? true) && possible,
    batchSizeBytes: options.batchSizeBytes ?? 16_384,
    lingerMs,
    bufferMemoryBytes: options.bufferMemoryBytes ?? 33_554_432,
    maxBlockMs: options.maxBlockMs ?? 60_000,
    maxRequestSizeBytes: options.maxRequestSizeBytes ?? 1_048_576,
    maxInFlightPerBroker,
    requestTimeoutMs,
    deliveryTimeoutMs,
    retries,
    compression: options.compression ?? 'none',
    compressionLevel: options.compressionLevel,
    partitioner: options.partitioner ?? 'default',
    ignoreKeys: options.ignoreKeys ?? false,
    transactionalId: options.transactionalId,
    transactionTimeoutMs: options.transactionTimeoutMs ?? 60_000,
    keepAppendTimes: options.keepAppendTimes ?? false,
    onBatch: options.onBatch,
    onNewTopic: options.onNewTopic,
  }
}

function contradiction(acks: 'all' | 0 | 1, retries: number): KtError {
  if (acks !== 'all') {
    return new KtError(
      'usage',
      'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
    )
  }
  if (retries === 0) {
    return new KtError('usage', 'Must set retries to non-zero when using the idempotent producer.')
  }
  return new KtError(
    'usage',
    'Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.',
  )
}

/** The keys of a Java properties file that `producerOptionsFromProperties` reads. */
export const PRODUCER_PROPERTIES: ReadonlySet<string> = new Set([
  'acks',
  'enable.idempotence',
  'batch.size',
  'linger.ms',
  'buffer.memory',
  'max.block.ms',
  'max.request.size',
  'max.in.flight.requests.per.connection',
  'request.timeout.ms',
  'delivery.timeout.ms',
  'retries',
  'compression.type',
  'compression.gzip.level',
  'compression.zstd.level',
  'partitioner.class',
  'partitioner.ignore.keys',
  'transactional.id',
  'transaction.timeout.ms',
])

const ROUND_ROBIN = 'org.apache.kafka.clients.producer.RoundRobinPartitioner'

/** Translates Kafka's producer properties. Throws a usage `KtError` for a value that cannot be. */
export function producerOptionsFromProperties(properties: ReadonlyMap<string, string>): ProducerOptions {
  const int = (key: string): number | undefined => integerProperty(properties, key)
  const long = (key: string): number | undefined => integerProperty(properties, key, { type: 'LONG' })
  const compression = properties.get('compression.type')?.trim()
  if (compression !== undefined && !(compression in COMPRESSION)) throw invalid('compression.type', compression)
  const levelKey = `compression.${compression}.level`
  return {
    acks: acksOf(properties.get('acks')),
    enableIdempotence: bool(properties, 'enable.idempotence'),
    batchSizeBytes: int('batch.size'),
    lingerMs: long('linger.ms'),
    bufferMemoryBytes: long('buffer.memory'),
    maxBlockMs: long('max.block.ms'),
    maxRequestSizeBytes: int('max.request.size'),
    maxInFlightPerBroker: integerProperty(properties, 'max.in.flight.requests.per.connection', { atLeast: 1 }),
    requestTimeoutMs: int('request.timeout.ms'),
    deliveryTimeoutMs: int('delivery.timeout.ms'),
    retries: int('retries'),
    compression: compression as CompressionName | undefined,
    compressionLevel: integerProperty(properties, levelKey, { atLeast: Number.NEGATIVE_INFINITY }),
    partitioner: partitionerOf(properties.get('partitioner.class')),
    ignoreKeys: bool(properties, 'partitioner.ignore.keys'),
    transactionalId: properties.get('transactional.id'),
    transactionTimeoutMs: int('transaction.timeout.ms'),
  }
}

function invalid(key: string, text: string): KtError {
  return new KtError('usage', `Invalid value ${text} for configuration ${key}`)
}

function bool(properties: ReadonlyMap<string, string>, key: string): boolean | undefined {
  const text = properties.get(key)?.trim().toLowerCase()
  if (text === undefined) return undefined
  if (text !== 'true' && text !== 'false') throw invalid(key, text)
  return text === 'true'
}

function acksOf(text: string | undefined): ProducerOptions['acks'] {
  switch (text?.trim()) {
    case undefined:
      return undefined
    case 'all':
    case '-1':
      return 'all'
    case '0':
      return 0
    case '1':
      return 1
    default:
      throw invalid('acks', text!)
  }
}

function partitionerOf(name: string | undefined): ProducerOptions['partitioner'] {
  if (name === undefined || name.trim() === '') return undefined
  if (name.trim() === ROUND_ROBIN) return 'round-robin'
  throw new KtError('usage', `partitioner.class ${name} is a Java class that kt does not have`, {
    facts: [`kt has Kafka's default partitioner and ${ROUND_ROBIN}`],
  })
}

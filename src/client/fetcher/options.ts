import { KtError } from '../../base/errors.ts'
import { integerProperty } from '../property-values.ts'

/** Settings under Kafka's names, units last. Defaults are those of Kafka's consumer. */
export interface FetcherOptions {
  readonly isolation?: 'read_uncommitted' | 'read_committed'
  /** What to do when an offset is not there: `auto.offset.reset`. */
  readonly reset?: 'earliest' | 'latest' | 'none'
  readonly maxWaitMs?: number
  readonly minBytes?: number
  /** Of one answer. At most two answers per broker are held, so this bounds memory. */
  readonly maxBytes?: number
  readonly maxPartitionBytes?: number
  readonly checkCrcs?: boolean
  /** How often topics are looked at for new partitions. */
  readonly metadataMaxAgeMs?: number
  /** Ends the iteration when every partition has been read to where its end was at the first answer. */
  readonly stopAtEnd?: boolean
  readonly rackId?: string
}

export type ResolvedFetcherOptions = Required<FetcherOptions>

export function resolveFetcherOptions(options: FetcherOptions): ResolvedFetcherOptions {
  return {
    isolation: options.isolation ?? 'read_uncommitted',
    reset: options.reset ?? 'latest',
    maxWaitMs: options.maxWaitMs ?? 500,
    minBytes: options.minBytes ?? 1,
    maxBytes: options.maxBytes ?? 52_428_800,
    maxPartitionBytes: options.maxPartitionBytes ?? 1_048_576,
    checkCrcs: options.checkCrcs ?? true,
    metadataMaxAgeMs: options.metadataMaxAgeMs ?? 300_000,
    stopAtEnd: options.stopAtEnd ?? false,
    rackId: options.rackId ?? '',
  }
}

/** The keys of a Java properties file that `fetcherOptionsFromProperties` reads. */
export const FETCHER_PROPERTIES: ReadonlySet<string> = new Set([
  'isolation.level',
  'auto.offset.reset',
  'fetch.max.wait.ms',
  'fetch.min.bytes',
  'fetch.max.bytes',
  'max.partition.fetch.bytes',
  'check.crcs',
  'metadata.max.age.ms',
  'client.rack',
])

/** Translates Kafka's consumer properties. Throws a usage `KtError` for a value that cannot be. */
export function fetcherOptionsFromProperties(properties: ReadonlyMap<string, string>): FetcherOptions {
  const int = (key: string): number | undefined => integerProperty(properties, key)
  return {
    isolation: oneOf(properties, 'isolation.level', ['read_uncommitted', 'read_committed'] as const),
    reset: oneOf(properties, 'auto.offset.reset', ['earliest', 'latest', 'none'] as const),
    maxWaitMs: int('fetch.max.wait.ms'),
    minBytes: int('fetch.min.bytes'),
    maxBytes: int('fetch.max.bytes'),
    maxPartitionBytes: int('max.partition.fetch.bytes'),
    checkCrcs: oneOf(properties, 'check.crcs', ['true', 'false'] as const) !== 'false',
    metadataMaxAgeMs: int('metadata.max.age.ms'),
    rackId: properties.get('client.rack'),
  }
}

const DEFAULT_MAX_POLL_RECORDS = 500

/** `max.poll.records`: how many records a poll of Kafka's consumer gives at most. Throws a usage `KtError`. */
export function maxPollRecordsOf(properties: ReadonlyMap<string, string>): number {
  return integerProperty(properties, 'max.poll.records', { atLeast: 1 }) ?? DEFAULT_MAX_POLL_RECORDS
}

function oneOf<const T extends string>(
  properties: ReadonlyMap<string, string>,
  key: string,
  allowed: readonly T[],
): T | undefined {
  const text = properties.get(key)?.trim().toLowerCase()
  if (text === undefined) return undefined
  const found = allowed.find((value) => value === text)
  if (found !== undefined) return found
  throw new KtError('usage', `Invalid value ${text} for configuration ${key}`, {
    facts: [`it must be one of ${allowed.join(', ')}`],
  })
}

/** Topic configuration on top of the broker's: effective values, validation, and what the log floor takes of it. */
import type { LogConfig } from '../../log/types.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import { parseDefinedValue } from './definition.ts'
import type { NodeConfig, Properties } from './node-config.ts'
import { TOPIC_CONFIGS } from './tables/topic-configs.ts'
import { type ConfigValue, invalidValue } from './values.ts'

export { TOPIC_CONFIGS }

/** The broker configuration that is the default of a topic's (first of Kafka's synonyms). */
export const TOPIC_CONFIG_SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['segment.bytes', 'log.segment.bytes'],
  ['segment.ms', 'log.roll.ms'],
  ['segment.jitter.ms', 'log.roll.jitter.ms'],
  ['segment.index.bytes', 'log.index.size.max.bytes'],
  ['flush.messages', 'log.flush.interval.messages'],
  ['flush.ms', 'log.flush.interval.ms'],
  ['retention.bytes', 'log.retention.bytes'],
  ['retention.ms', 'log.retention.ms'],
  ['max.message.bytes', 'message.max.bytes'],
  ['index.interval.bytes', 'log.index.interval.bytes'],
  ['delete.retention.ms', 'log.cleaner.delete.retention.ms'],
  ['min.compaction.lag.ms', 'log.cleaner.min.compaction.lag.ms'],
  ['max.compaction.lag.ms', 'log.cleaner.max.compaction.lag.ms'],
  ['file.delete.delay.ms', 'log.segment.delete.delay.ms'],
  ['min.cleanable.dirty.ratio', 'log.cleaner.min.cleanable.ratio'],
  ['cleanup.policy', 'log.cleanup.policy'],
  ['unclean.leader.election.enable', 'unclean.leader.election.enable'],
  ['min.insync.replicas', 'min.insync.replicas'],
  ['compression.type', 'compression.type'],
  ['compression.gzip.level', 'compression.gzip.level'],
  ['compression.lz4.level', 'compression.lz4.level'],
  ['compression.zstd.level', 'compression.zstd.level'],
  ['preallocate', 'log.preallocate'],
  ['message.timestamp.type', 'log.message.timestamp.type'],
  ['message.timestamp.before.max.ms', 'log.message.timestamp.before.max.ms'],
  ['message.timestamp.after.max.ms', 'log.message.timestamp.after.max.ms'],
  ['local.retention.ms', 'log.local.retention.ms'],
  ['local.retention.bytes', 'log.local.retention.bytes'],
])

/** Effective, typed topic configuration. */
export type TopicConfig = ReadonlyMap<string, ConfigValue>

function brokerValue(node: NodeConfig, name: string, synonym: string): ConfigValue {
  switch (name) {
    case 'segment.ms':
      return node.logRollMs
    case 'segment.jitter.ms':
      return node.logRollJitterMs
    case 'flush.ms':
      return node.logFlushIntervalMs
    case 'retention.ms':
      return node.logRetentionMs
    default:
      return node.value(synonym)
  }
}

/** The topic's own values over the broker's. Throws `KafkaError` INVALID_CONFIG when one of its own is wrong. */
export function effectiveTopicConfig(node: NodeConfig, overrides: Properties): TopicConfig {
  const values = new Map<string, ConfigValue>()
  for (const [name, definition] of TOPIC_CONFIGS) {
    const text = overrides.get(name)
    const synonym = TOPIC_CONFIG_SYNONYMS.get(name)
    if (text !== undefined) values.set(name, parseDefinedValue(definition, text))
    else values.set(name, synonym === undefined ? definition.defaultValue : brokerValue(node, name, synonym))
  }
  return values
}

/** What a changed or new topic's configuration must satisfy; throws `KafkaError` INVALID_CONFIG with Kafka's text. */
export function validateTopicConfig(node: NodeConfig, overrides: Properties, previous: Properties = new Map()): void {
  for (const name of overrides.keys()) {
    if (!TOPIC_CONFIGS.has(name)) throw new KafkaError('INVALID_CONFIG', `Unknown topic config name: ${name}`)
  }
  const config = effectiveTopicConfig(node, overrides)
  const min = config.get('min.compaction.lag.ms') as bigint
  const max = config.get('max.compaction.lag.ms') as bigint
  if (min > max) {
    const message = `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`
    throw new KafkaError('INVALID_CONFIG', message)
  }
  validateRemoteStorage(node, config, previous)
}

const KEEP_REMOTE = 'remote.storage.enable=true,remote.log.copy.disable=true'
const DELETE_REMOTE = 'remote.storage.enable=false,remote.log.delete.on.disable=true'

function validateRemoteStorage(node: NodeConfig, config: TopicConfig, previous: Properties): void {
  if (config.get('remote.storage.enable') !== true) {
    const wasEnabled = previous.get('remote.storage.enable')?.toLowerCase() === 'true'
    if (wasEnabled && config.get('remote.log.delete.on.disable') !== true) {
      throw new KafkaError(
        'INVALID_CONFIG',
        `It is invalid to disable remote storage without deleting remote data. If you want to keep the remote data and turn to read only, please set \`${KEEP_REMOTE}\`. If you want to disable remote storage and delete all remote data, please set \`${DELETE_REMOTE}\`.`,
      )
    }
    return
  }
  if (!node.getBoolean('remote.log.storage.system.enable')) {
    const message =
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'
    throw new KafkaError('INVALID_CONFIG', message)
  }
  validateLocalRetention(config, 'bytes')
  validateLocalRetention(config, 'ms')
}

function validateLocalRetention(config: TopicConfig, unit: 'bytes' | 'ms'): void {
  const retention = config.get(`retention.${unit}`) as bigint
  const local = config.get(`local.retention.${unit}`) as bigint
  if (retention < 0n || local === -2n) return
  const name = `local.retention.${unit}`
  if (local === -1n)
    throw invalidValue(name, local, `Value must not be -1 as retention.${unit} value is set as ${retention}.`)
  if (local > retention) {
    throw invalidValue(name, local, `Value must not be more than retention.${unit} property value: ${retention}`)
  }
}

/** The part of a topic's configuration its logs are run with. */
export function toLogConfig(config: TopicConfig): LogConfig {
  const number = (name: string): number => Number(config.get(name))
  const policy = config.get('cleanup.policy') as readonly string[]
  return {
    segmentBytes: Number(config.get('internal.segment.bytes') ?? config.get('segment.bytes')),
    segmentMs: number('segment.ms'),
    segmentJitterMs: number('segment.jitter.ms'),
    segmentIndexBytes: number('segment.index.bytes'),
    indexIntervalBytes: number('index.interval.bytes'),
    retentionBytes: number('retention.bytes'),
    retentionMs: number('retention.ms'),
    maxMessageBytes: number('max.message.bytes'),
    cleanupDelete: policy.includes('delete'),
    cleanupCompact: policy.includes('compact'),
    flushMessages: number('flush.messages'),
    flushMs: number('flush.ms'),
    fileDeleteDelayMs: number('file.delete.delay.ms'),
    preallocate: config.get('preallocate') === true,
    messageTimestampType: config.get('message.timestamp.type') as LogConfig['messageTimestampType'],
    messageTimestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    messageTimestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    compressionType: config.get('compression.type') as LogConfig['compressionType'],
    compressionGzipLevel: number('compression.gzip.level'),
    compressionLz4Level: number('compression.lz4.level'),
    compressionZstdLevel: number('compression.zstd.level'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    deleteRetentionMs: number('delete.retention.ms'),
  }
}

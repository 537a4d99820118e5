import { describe, expect, it } from 'vitest'
import { NodeConfig } from '../../../src/metadata/config/node-config.ts'
import { effectiveTopicConfig, toLogConfig, validateTopicConfig } from '../../../src/metadata/config/topic-config.ts'

const node = (extra: Record<string, string> = {}): NodeConfig => new NodeConfig({ 'node.id': '1', ...extra })
const map = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries))

describe('topic configuration', () => {
  it('takes what the topic does not set from the broker', () => {
    const config = effectiveTopicConfig(node({ 'log.retention.hours': '1', 'num.partitions': '9' }), new Map())
    expect(config.get('retention.ms')).toBe(3_600_000n)
    expect(config.get('remote.storage.enable')).toBe(false)
    expect(effectiveTopicConfig(node(), map({ 'retention.ms': '5' })).get('retention.ms')).toBe(5n)
  })

  it('becomes the settings of a log', () => {
    const config = toLogConfig(
      effectiveTopicConfig(node(), map({ 'cleanup.policy': 'compact', 'compression.type': 'zstd', 'segment.ms': '7' })),
    )
    expect(config).toMatchObject({
      cleanupCompact: true,
      cleanupDelete: false,
      compressionType: 'zstd',
      segmentMs: 7,
      segmentBytes: 1_073_741_824,
      maxMessageBytes: 1_048_588,
      retentionBytes: -1,
      messageTimestampType: 'CreateTime',
      minCleanableDirtyRatio: 0.5,
    })
    expect(toLogConfig(effectiveTopicConfig(node(), map({ 'cleanup.policy': '' })))).toMatchObject({
      cleanupCompact: false,
      cleanupDelete: false,
    })
    expect(toLogConfig(effectiveTopicConfig(node(), map({ 'internal.segment.bytes': '512' }))).segmentBytes).toBe(512)
  })

  it.each([
    [{ foo: '1' }, 'Unknown topic config name: foo'],
    [{ 'retention.ms': 'abc' }, 'Invalid value abc for configuration retention.ms: Not a number of type LONG'],
    [{ 'segment.bytes': '10' }, 'Invalid value 10 for configuration segment.bytes: Value must be at least 1048576'],
    [
      { 'min.compaction.lag.ms': '10', 'max.compaction.lag.ms': '5' },
      'conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)',
    ],
    [
      { 'remote.storage.enable': 'true' },
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    ],
  ])('refuses %j', (overrides, message) => {
    expect(() => validateTopicConfig(node(), map(overrides as Record<string, string>))).toThrow(message)
  })

  it('compares local with whole retention where tiered storage is on', () => {
    const tiered = node({ 'remote.log.storage.system.enable': 'true' })
    const topic = { 'remote.storage.enable': 'true', 'retention.ms': '100' }
    expect(() => validateTopicConfig(tiered, map({ ...topic, 'local.retention.ms': '101' }))).toThrow(
      'Invalid value 101 for configuration local.retention.ms: Value must not be more than retention.ms property value: 100',
    )
    expect(() => validateTopicConfig(tiered, map({ ...topic, 'local.retention.ms': '-1' }))).toThrow(
      'Value must not be -1 as retention.ms value is set as 100.',
    )
    expect(() => validateTopicConfig(tiered, map({ ...topic, 'local.retention.ms': '-2' }))).not.toThrow()
  })

  it('does not lose tiered data by the way', () => {
    const before = map({ 'remote.storage.enable': 'true' })
    expect(() => validateTopicConfig(node(), new Map(), before)).toThrow('It is invalid to disable remote storage')
    expect(() => validateTopicConfig(node(), map({ 'remote.log.delete.on.disable': 'true' }), before)).not.toThrow()
  })
})

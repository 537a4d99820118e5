import { describe, expect, it } from 'vitest'
import {
  CONFIG_SOURCE,
  type DescribedConfig,
  describeBrokerConfig,
  describeBrokerDefaults,
  describeGroupConfig,
  describeTopicConfig,
} from '../../../src/metadata/config/describe.ts'
import { NodeConfig } from '../../../src/metadata/config/node-config.ts'

const map = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries))
const node = (extra: Record<string, string> = {}): NodeConfig => new NodeConfig({ 'node.id': '1', ...extra })
const find = (entries: readonly DescribedConfig[], name: string): DescribedConfig =>
  entries.find((entry) => entry.name === name)!
const NAMES = Object.fromEntries(Object.entries(CONFIG_SOURCE).map(([name, id]) => [id, name]))
/** As kafka-configs prints it. */
const line = (entry: DescribedConfig): string => {
  const synonyms = entry.synonyms.map((synonym) => `${NAMES[synonym.source]}:${synonym.name}=${synonym.value}`)
  return `${entry.name}=${entry.value} sensitive=${entry.isSensitive} synonyms={${synonyms.join(', ')}}`
}

describe('DescribeConfigs of a topic', () => {
  it('gives own value, broker’s value and default, in this order', () => {
    const broker = node({ 'log.segment.bytes': '2097152' })
    broker.updateDynamic(map({ 'log.segment.bytes': '3145728' }), map({ 'log.segment.bytes': '4194304' }))
    const entries = describeTopicConfig(broker, map({ 'segment.bytes': '5242880' }))
    expect(line(find(entries, 'segment.bytes'))).toBe(
      'segment.bytes=5242880 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:segment.bytes=5242880, ' +
        'DYNAMIC_BROKER_CONFIG:log.segment.bytes=4194304, DYNAMIC_DEFAULT_BROKER_CONFIG:log.segment.bytes=3145728, ' +
        'STATIC_BROKER_CONFIG:log.segment.bytes=2097152, DEFAULT_CONFIG:log.segment.bytes=1073741824}',
    )
    expect(find(entries, 'segment.bytes')).toMatchObject({ readOnly: false, configType: 3 })
  })

  it('drops synonyms before the name itself, so a static log.retention.hours shows as a default', () => {
    const entry = find(describeTopicConfig(node({ 'log.retention.hours': '1' }), new Map()), 'retention.ms')
    expect(line(entry)).toBe('retention.ms=3600000 sensitive=false synonyms={}')
    expect(entry.configSource).toBe(CONFIG_SOURCE.DEFAULT_CONFIG)
  })

  it('has no synonyms where the broker has no such setting', () => {
    const entry = find(describeTopicConfig(node(), new Map()), 'remote.storage.enable')
    expect(line(entry)).toBe('remote.storage.enable=false sensitive=false synonyms={}')
  })

  it('shows internal names only when they were set, and only the names asked for', () => {
    expect(find(describeTopicConfig(node(), new Map()), 'internal.segment.bytes')).toBeUndefined()
    expect(
      find(describeTopicConfig(node(), map({ 'internal.segment.bytes': '1' })), 'internal.segment.bytes'),
    ).toBeDefined()
    expect(describeTopicConfig(node(), new Map(), ['retention.ms', 'nonsense']).map(({ name }) => name)).toEqual([
      'retention.ms',
    ])
  })
})

describe('DescribeConfigs of a broker', () => {
  it('tells source, type, and what may be changed', () => {
    const entries = describeBrokerConfig(node({ 'num.io.threads': '4' }))
    expect(find(entries, 'num.io.threads')).toMatchObject({
      value: '4',
      readOnly: false,
      configSource: CONFIG_SOURCE.STATIC_BROKER_CONFIG,
    })
    expect(find(entries, 'num.partitions')).toMatchObject({
      readOnly: true,
      configSource: CONFIG_SOURCE.DEFAULT_CONFIG,
      configType: 3,
    })
    expect(find(entries, 'num.io.threads').documentation).toMatch(/threads/)
  })

  it('never tells a secret or what it does not know', () => {
    const entries = describeBrokerConfig(node({ 'ssl.keystore.password': 'hunter2', 'my.option': 'hunter2' }))
    expect(find(entries, 'ssl.keystore.password')).toMatchObject({ value: null, isSensitive: true })
    expect(find(entries, 'my.option')).toMatchObject({ value: null, isSensitive: true, configType: 0, readOnly: true })
    expect(entries.some((entry) => JSON.stringify(entry).includes('hunter2'))).toBe(false)
  })

  it('knows a listener’s override by its base name', () => {
    const entry = find(
      describeBrokerConfig(node({ 'listener.name.external.ssl.client.auth': 'required' })),
      'listener.name.external.ssl.client.auth',
    )
    expect(line(entry)).toBe(
      'listener.name.external.ssl.client.auth=required sensitive=false synonyms={' +
        'STATIC_BROKER_CONFIG:listener.name.external.ssl.client.auth=required, DEFAULT_CONFIG:ssl.client.auth=none}',
    )
  })

  it('gives all of the hours, minutes and milliseconds', () => {
    const entry = find(describeBrokerConfig(node({ 'log.retention.minutes': '5' })), 'log.retention.minutes')
    expect(line(entry)).toBe(
      'log.retention.minutes=5 sensitive=false synonyms={STATIC_BROKER_CONFIG:log.retention.minutes=5, ' +
        'DEFAULT_CONFIG:log.retention.hours=168}',
    )
  })

  it('describes the cluster’s defaults: what was set and nothing else', () => {
    const broker = node()
    broker.updateDynamic(map({ 'min.insync.replicas': '1' }), map({ 'num.io.threads': '3' }))
    expect(describeBrokerDefaults(broker).map(line)).toEqual([
      'min.insync.replicas=1 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:min.insync.replicas=1}',
    ])
    expect(describeBrokerDefaults(broker, ['num.io.threads'])).toEqual([])
  })
})

describe('DescribeConfigs of a group', () => {
  it('falls back on the broker, or on its own default', () => {
    const entries = describeGroupConfig(node(), map({ 'consumer.session.timeout.ms': '50000' }))
    expect(entries).toHaveLength(17)
    expect(line(find(entries, 'consumer.session.timeout.ms'))).toBe(
      'consumer.session.timeout.ms=50000 sensitive=false synonyms={DYNAMIC_GROUP_CONFIG:consumer.session.timeout.ms=50000, ' +
        'DEFAULT_CONFIG:group.consumer.session.timeout.ms=45000}',
    )
    expect(line(find(entries, 'share.auto.offset.reset'))).toBe(
      'share.auto.offset.reset=latest sensitive=false synonyms={DEFAULT_CONFIG:share.auto.offset.reset=latest}',
    )
    expect(describeGroupConfig(node(), new Map(), ['share.isolation.level'])).toHaveLength(1)
  })
})

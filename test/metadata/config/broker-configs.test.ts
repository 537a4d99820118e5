import { describe, expect, it } from 'vitest'
import {
  brokerConfigSynonyms,
  brokerDefinition,
  isDynamicBrokerConfig,
  isPerBrokerOnly,
  needsListenerPrefix,
  withoutListenerPrefix,
} from '../../../src/metadata/config/broker-configs.ts'

describe('names of broker configurations', () => {
  it.each([
    ['log.retention.minutes', ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours']],
    ['log.flush.interval.ms', ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms']],
    ['log.flush.scheduler.interval.ms', ['log.flush.scheduler.interval.ms']],
    ['listener.name.a.ssl.protocol', ['listener.name.a.ssl.protocol', 'ssl.protocol']],
    ['listener.name.a.plain.sasl.jaas.config', ['listener.name.a.plain.sasl.jaas.config', 'sasl.jaas.config']],
    ['num.io.threads', ['num.io.threads']],
  ])('%s goes by %j', (name, synonyms) => {
    expect(brokerConfigSynonyms(name)).toEqual(synonyms)
  })

  it('finds definitions through a listener’s prefix', () => {
    expect(brokerDefinition('listener.name.a.plain.sasl.jaas.config')?.type).toBe('PASSWORD')
    expect(brokerDefinition('leader.replication.throttled.rate')?.type).toBe('LONG')
    expect(brokerDefinition('listener.name.a.nothing')).toBeUndefined()
    expect(withoutListenerPrefix('listener.name.a.ssl.protocol')).toBe('ssl.protocol')
    expect(withoutListenerPrefix('ssl.protocol')).toBe('ssl.protocol')
  })

  it('tells what may change, and where', () => {
    expect(isDynamicBrokerConfig('log.cleaner.threads')).toBe(true)
    expect(isDynamicBrokerConfig('log.retention.hours')).toBe(false)
    expect(isPerBrokerOnly('listeners')).toBe(true)
    expect(isPerBrokerOnly('log.cleaner.threads')).toBe(false)
    expect(isPerBrokerOnly('listener.name.a.max.connections')).toBe(false)
    expect(needsListenerPrefix('ssl.truststore.location')).toBe(true)
    expect(needsListenerPrefix('ssl.protocol')).toBe(false)
    expect(needsListenerPrefix('ssl.keymanager.algorithm')).toBe(false)
  })
})

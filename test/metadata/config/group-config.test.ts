import { describe, expect, it } from 'vitest'
import {
  effectiveGroupConfig,
  groupBrokerSynonym,
  validateGroupConfig,
} from '../../../src/metadata/config/group-config.ts'
import { NodeConfig } from '../../../src/metadata/config/node-config.ts'

const node = (extra: Record<string, string> = {}): NodeConfig => new NodeConfig({ 'node.id': '1', ...extra })
const map = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries))

describe('group configuration', () => {
  it('takes defaults from the broker', () => {
    expect(groupBrokerSynonym('consumer.session.timeout.ms')).toBe('group.consumer.session.timeout.ms')
    expect(groupBrokerSynonym('share.auto.offset.reset')).toBeUndefined()
    const config = effectiveGroupConfig(node({ 'group.consumer.session.timeout.ms': '50000' }), new Map())
    expect(config.get('consumer.session.timeout.ms')).toBe(50_000)
    expect(config.get('share.auto.offset.reset')).toBe('latest')
  })

  it.each([
    [{ x: '1' }, 'Unknown group config name: x'],
    [
      { 'consumer.session.timeout.ms': '10' },
      'consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms',
    ],
    [
      { 'consumer.heartbeat.interval.ms': '16000' },
      'consumer.heartbeat.interval.ms must be less than or equal to group.consumer.max.heartbeat.interval.ms',
    ],
    [
      { 'streams.num.standby.replicas': '3' },
      'streams.num.standby.replicas must be less than or equal to group.streams.max.standby.replicas',
    ],
    [
      { 'share.partition.max.record.locks': '5000' },
      'share.partition.max.record.locks must be less than or equal to group.share.max.partition.max.record.locks',
    ],
  ])('refuses %j', (overrides, message) => {
    expect(() => validateGroupConfig(node(), map(overrides as Record<string, string>))).toThrow(message)
  })

  it('wants sessions longer than heartbeats', () => {
    const broker = node({
      'group.consumer.min.session.timeout.ms': '1',
      'group.consumer.min.heartbeat.interval.ms': '1',
    })
    const overrides = map({ 'consumer.session.timeout.ms': '5000', 'consumer.heartbeat.interval.ms': '5000' })
    expect(() => validateGroupConfig(broker, overrides)).toThrow(
      'consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms',
    )
  })

  it('takes a good one', () => {
    expect(() => validateGroupConfig(node(), map({ 'consumer.session.timeout.ms': '50000' }))).not.toThrow()
  })
})

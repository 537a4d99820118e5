import { describe, expect, it } from 'vitest'
import { NodeConfig } from '../../../src/metadata/config/node-config.ts'

const REQUIRED = { 'node.id': '1', 'process.roles': 'broker,controller', 'controller.listener.names': 'CONTROLLER' }
const node = (extra: Record<string, string> = {}): NodeConfig => new NodeConfig({ ...REQUIRED, ...extra })
const map = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries))

describe('NodeConfig', () => {
  it('reads server.properties with types and defaults', () => {
    const config = node({ 'num.partitions': '3', listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093' })
    expect(config.nodeId).toBe(1)
    expect(config.getInt('num.partitions')).toBe(3)
    expect(config.getList('listeners')).toEqual(['PLAINTEXT://:9092', 'CONTROLLER://:9093'])
    expect(config.getBoolean('auto.create.topics.enable')).toBe(true)
    expect(config.getString('broker.rack')).toBeNull()
    expect(config.getDouble('log.cleaner.min.cleanable.ratio')).toBe(0.5)
  })

  it('takes node.id for broker.id and the reverse', () => {
    expect(node().getInt('broker.id')).toBe(1)
    expect(new NodeConfig({ 'broker.id': '7' }).nodeId).toBe(7)
  })

  it('refuses a wrong value with Kafka’s text', () => {
    expect(() => node({ 'num.io.threads': 'many' })).toThrow(
      'Invalid value many for configuration num.io.threads: Not a number of type INT',
    )
    expect(() => node({ 'log.segment.bytes': '1' })).toThrow('Value must be at least 1048576')
  })

  it('refuses to answer for a name nobody defined', () => {
    expect(() => node().value('no.such.thing')).toThrow('no such broker configuration')
    expect(() => node().getInt('num.replica.alter.log.dirs.threads')).toThrow('has no value')
  })

  it('prefers milliseconds over minutes over hours', () => {
    expect(node().logRetentionMs).toBe(604_800_000n)
    expect(node({ 'log.retention.hours': '1' }).logRetentionMs).toBe(3_600_000n)
    expect(node({ 'log.retention.hours': '1', 'log.retention.minutes': '2' }).logRetentionMs).toBe(120_000n)
    expect(node({ 'log.retention.minutes': '2', 'log.retention.ms': '3' }).logRetentionMs).toBe(3n)
    expect(node({ 'log.retention.ms': '-5' }).logRetentionMs).toBe(-1n)
    expect(node({ 'log.roll.hours': '2' }).logRollMs).toBe(7_200_000n)
    expect(node({ 'log.roll.jitter.ms': '9' }).logRollJitterMs).toBe(9n)
    expect(node({ 'log.flush.scheduler.interval.ms': '77' }).logFlushIntervalMs).toBe(77n)
  })

  it('finds its log directories', () => {
    expect(node().logDirs).toEqual(['/tmp/kafka-logs'])
    expect(node({ 'log.dir': '/a' }).logDirs).toEqual(['/a'])
    expect(node({ 'log.dir': '/a', 'log.dirs': '/b,/c' }).logDirs).toEqual(['/b', '/c'])
  })

  it('overlays cluster defaults and this broker’s own values', () => {
    const config = node({ 'num.io.threads': '4' })
    config.updateDynamic(map({ 'num.io.threads': '5', 'message.max.bytes': '100' }), map({ 'num.io.threads': '6' }))
    expect(config.getInt('num.io.threads')).toBe(6)
    expect(config.getInt('message.max.bytes')).toBe(100)
    config.updateDynamic(new Map(), new Map())
    expect(config.getInt('num.io.threads')).toBe(4)
  })

  it('lets a dynamic log.retention.ms hide a static log.retention.hours', () => {
    const config = node({ 'log.retention.hours': '1' })
    config.updateDynamic(map({ 'log.retention.ms': '5' }), new Map())
    expect(config.logRetentionMs).toBe(5n)
    expect(config.originals.has('log.retention.hours')).toBe(false)
  })

  it('tells listeners what is different, once', () => {
    const config = node()
    const told: string[][] = []
    const stop = config.onChange((changed) => told.push([...changed]))
    config.updateDynamic(map({ 'num.io.threads': '9' }), new Map())
    config.updateDynamic(map({ 'num.io.threads': '9' }), new Map())
    config.updateDynamic(map({ 'num.io.threads': '9', 'log.cleanup.policy': 'compact' }), new Map())
    stop()
    config.updateDynamic(new Map(), new Map())
    expect(told).toEqual([['num.io.threads'], ['log.cleanup.policy']])
  })

  it('leaves out a stored dynamic value that no longer parses', () => {
    const config = node()
    config.updateDynamic(map({ 'num.io.threads': 'x', 'message.max.bytes': '100' }), new Map())
    expect(config.getInt('num.io.threads')).toBe(8)
    expect(config.dynamicDefaults.has('num.io.threads')).toBe(false)
    expect(config.getInt('message.max.bytes')).toBe(100)
  })

  it('keeps names it does not know, without giving them a meaning', () => {
    expect(node({ 'my.plugin.option': '1' }).originals.get('my.plugin.option')).toBe('1')
  })
})

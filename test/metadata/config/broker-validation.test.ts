import { describe, expect, it } from 'vitest'
import { validateBrokerConfig } from '../../../src/metadata/config/broker-validation.ts'
import { NodeConfig } from '../../../src/metadata/config/node-config.ts'
import type { KafkaError } from '../../../src/protocol/error-codes.ts'

function complaint(properties: Record<string, string>, perBroker: boolean): string | null {
  try {
    validateBrokerConfig(new Map(Object.entries(properties)), perBroker, new NodeConfig({ 'node.id': '1' }))
    return null
  } catch (error) {
    expect((error as KafkaError).errorName).toBe('INVALID_REQUEST')
    return (error as Error).message
  }
}

describe('a change of broker configuration', () => {
  it.each([
    [{ 'num.io.threads': '4' }, false, null],
    [
      { 'num.io.threads': '3' },
      false,
      'Dynamic thread count update validation failed for num.io.threads=3, value should be at least half the current value 8',
    ],
    [
      { 'background.threads': '21' },
      true,
      'Dynamic thread count update validation failed for background.threads=21, value should not be greater than double the current value 10',
    ],
    [{ 'log.cleaner.threads': '2' }, false, null],
    [{ 'log.cleaner.threads': '0' }, false, 'Log cleaner threads should be at least 1'],
    [
      { 'log.cleaner.threads': '3' },
      false,
      'Log cleaner threads cannot be increased to more than double the current value 1',
    ],
    [{ 'listener.name.x.ssl.keystore.type': 'JKS' }, true, null],
    [{ 'unknown.option': '1' }, false, null],
    [{ 'num.partitions': '3' }, true, 'Cannot update these configs dynamically: [num.partitions]'],
    [
      { 'ssl.keystore.type': 'JKS' },
      true,
      'These security configs can be dynamically updated only per-listener using the listener prefix: [ssl.keystore.type]',
    ],
    [{ 'num.io.threads': 'x' }, false, 'Invalid value x for configuration num.io.threads: Not a number of type INT'],
    [
      { listeners: 'PLAINTEXT://:1' },
      false,
      'Cannot update these configs at default cluster level, broker id must be specified: [listeners]',
    ],
    [
      { 'listener.name.x.ssl.keystore.type': 'JKS' },
      false,
      'Cannot update these configs at default cluster level, broker id must be specified: [listener.name.x.ssl.keystore.type]',
    ],
    [{ 'listener.name.x.max.connections': '5' }, false, null],
  ])('%j for one broker: %s', (properties, perBroker, expected) => {
    expect(complaint(properties as Record<string, string>, perBroker)).toBe(expected)
  })
})

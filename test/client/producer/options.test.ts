import { describe, expect, it } from 'vitest'
import { producerOptionsFromProperties, resolveProducerOptions } from '../../../src/client/producer/options.ts'

const from = (properties: Record<string, string>) => producerOptionsFromProperties(new Map(Object.entries(properties)))

describe('producer options', () => {
  it('have the defaults of Kafka 4', () => {
    expect(resolveProducerOptions({})).toMatchObject({
      acks: 'all',
      enableIdempotence: true,
      batchSizeBytes: 16_384,
      lingerMs: 5,
      bufferMemoryBytes: 33_554_432,
      maxBlockMs: 60_000,
      maxRequestSizeBytes: 1_048_576,
      maxInFlightPerBroker: 5,
      requestTimeoutMs: 30_000,
      deliveryTimeoutMs: 120_000,
      compression: 'none',
      partitioner: 'default',
    })
  })

  it.each([{ acks: 1 }, { acks: 0 }, { retries: 0 }, { maxInFlightPerBroker: 6 }] as const)(
    'give up idempotence by themselves with %j, but not when it was asked for',
    (options) => {
      expect(resolveProducerOptions(options).enableIdempotence).toBe(false)
      expect(() => resolveProducerOptions({ ...options, enableIdempotence: true })).toThrow(/idempotent producer/)
    },
  )

  it('want a delivery timeout that leaves room for lingering and one request', () => {
    const options = { deliveryTimeoutMs: 1_000, lingerMs: 10, requestTimeoutMs: 1_000 }
    expect(() => resolveProducerOptions(options)).toThrow('delivery.timeout.ms should be equal to or larger than')
    expect(resolveProducerOptions({ lingerMs: 100_000, requestTimeoutMs: 30_000 }).deliveryTimeoutMs).toBe(130_000)
  })

  it('are read from Java properties', () => {
    expect(
      from({
        acks: '-1',
        'enable.idempotence': 'FALSE',
        'batch.size': '100',
        'linger.ms': '7',
        retries: '3',
        'compression.type': 'zstd',
        'compression.zstd.level': '9',
        'partitioner.class': 'org.apache.kafka.clients.producer.RoundRobinPartitioner',
        'partitioner.ignore.keys': 'true',
      }),
    ).toMatchObject({
      acks: 'all',
      enableIdempotence: false,
      batchSizeBytes: 100,
      lingerMs: 7,
      retries: 3,
      compression: 'zstd',
      compressionLevel: 9,
      partitioner: 'round-robin',
      ignoreKeys: true,
    })
    expect(resolveProducerOptions(from({}))).toEqual(resolveProducerOptions({}))
  })

  it.each([
    [{ acks: 'some' }, 'Invalid value some for configuration acks'],
    [{ 'batch.size': '16k' }, 'Invalid value 16k for configuration batch.size'],
    [{ 'enable.idempotence': 'yes' }, 'Invalid value yes for configuration enable.idempotence'],
    [{ 'compression.type': 'brotli' }, 'Invalid value brotli for configuration compression.type'],
    [{ 'partitioner.class': 'com.example.Mine' }, 'com.example.Mine is a Java class that kt does not have'],
  ])('refuse %j', (properties, message) => {
    expect(() => from(properties as Record<string, string>)).toThrow(message)
  })
})

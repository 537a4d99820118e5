import { describe, expect, it } from 'vitest'
import { fetcherOptionsFromProperties, resolveFetcherOptions } from '../../../src/client/fetcher/options.ts'

const from = (properties: Record<string, string>) => fetcherOptionsFromProperties(new Map(Object.entries(properties)))

describe('fetcher options', () => {
  it('have the defaults of Kafka’s consumer', () => {
    expect(resolveFetcherOptions({})).toMatchObject({
      isolation: 'read_uncommitted',
      reset: 'latest',
      maxWaitMs: 500,
      minBytes: 1,
      maxBytes: 52_428_800,
      maxPartitionBytes: 1_048_576,
      checkCrcs: true,
      metadataMaxAgeMs: 300_000,
    })
  })

  it('are read from Java properties', () => {
    expect(
      from({
        'isolation.level': 'READ_COMMITTED',
        'auto.offset.reset': 'earliest',
        'fetch.max.wait.ms': '7',
        'max.partition.fetch.bytes': '100',
        'check.crcs': 'false',
        'client.rack': 'r1',
      }),
    ).toMatchObject({
      isolation: 'read_committed',
      reset: 'earliest',
      maxWaitMs: 7,
      maxPartitionBytes: 100,
      checkCrcs: false,
      rackId: 'r1',
    })
    expect(resolveFetcherOptions(from({}))).toEqual(resolveFetcherOptions({}))
  })

  it.each([
    [{ 'isolation.level': 'dirty' }, 'Invalid value dirty for configuration isolation.level'],
    [{ 'auto.offset.reset': 'smallest' }, 'Invalid value smallest for configuration auto.offset.reset'],
    [{ 'fetch.min.bytes': '-1' }, 'Invalid value -1 for configuration fetch.min.bytes'],
  ])('refuse %j', (properties, message) => {
    expect(() => from(properties as Record<string, string>)).toThrow(message)
  })
})

import { expect, it } from 'vitest'
import { ProducerCounters } from '../../../src/commands/producer-perf-test/counters.ts'

it('counts what became of batches, under the names of Kafka', () => {
  const counters = new ProducerCounters()
  const batch = { topic: 't', partition: 0, baseOffset: 0, appended: [] }
  counters.add({ ...batch, recordCount: 10, sizeInBytes: 1000, attempts: 1, error: null })
  counters.add({ ...batch, recordCount: 6, sizeInBytes: 600, attempts: 3, error: null })
  counters.add({ ...batch, recordCount: 4, sizeInBytes: 400, attempts: 0, error: new Error('expired') })
  expect(counters.failed).toBe(4)
  expect(counters.metrics('c', 't', 2000)).toMatchObject({
    'producer-metrics:batch-size-avg:{client-id=c}': 800,
    'producer-metrics:batch-size-max:{client-id=c}': 1000,
    'producer-metrics:record-error-total:{client-id=c}': 4,
    'producer-metrics:record-retry-total:{client-id=c}': 12,
    'producer-metrics:record-send-rate:{client-id=c}': 10,
    'producer-topic-metrics:byte-total:{client-id=c, topic=t}': 1600,
  })
})

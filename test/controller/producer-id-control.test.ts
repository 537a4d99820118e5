import { describe, expect, it } from 'vitest'
import { allocateProducerIds } from '../../src/controller/producer-id-control.ts'
import { carryOut, viewOf } from './support.ts'

describe('AllocateProducerIds', () => {
  it('hands out blocks of 1000, none twice', () => {
    const view = viewOf()
    const starts = Array.from({ length: 3 }, () => {
      const { records, response } = allocateProducerIds(view, { brokerId: 1, brokerEpoch: 11n })
      carryOut(view, records)
      expect(response.producerIdLen).toBe(1000)
      return response.producerIdStart
    })
    expect(starts).toEqual([0n, 1000n, 2000n])
    expect(view.image.nextProducerId).toBe(3000n)
  })

  it('refuses a broker of another epoch', () => {
    expect(() => allocateProducerIds(viewOf(), { brokerId: 1, brokerEpoch: 3n })).toThrow('Expected broker epoch 11')
  })

  it('ends with the numbers', () => {
    const nextProducerId = 2n ** 63n - 10n
    const view = viewOf({ records: [{ record: 'producerIdsRecord', body: { nextProducerId } }] })
    expect(() => allocateProducerIds(view, { brokerId: 1, brokerEpoch: 11n })).toThrow('Exhausted all producerIds')
  })
})

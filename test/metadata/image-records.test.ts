import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { imageRecords } from '../../src/metadata/image-records.ts'
import {
  brokerRecord,
  comparable,
  config,
  feature,
  imageOf,
  recordSequence,
  replay,
  topicRecords,
  uuidOf,
} from './support.ts'

describe('an image as records', () => {
  it('gives the same image again, for any history', () => {
    fc.assert(
      fc.property(recordSequence, (records) => {
        const image = imageOf(...records)
        const again = replay(EMPTY_IMAGE, [...imageRecords(image)], { offset: image.offset, epoch: image.epoch }).image
        expect(comparable(again)).toEqual(comparable(image))
      }),
      { numRuns: 200 },
    )
  })

  it('does not depend on how the history is cut into batches', () => {
    fc.assert(
      fc.property(recordSequence, fc.array(fc.nat(20)), (records, cuts) => {
        let image = EMPTY_IMAGE
        let rest = records
        for (const cut of cuts) {
          image = replay(image, rest.slice(0, cut)).image
          rest = rest.slice(cut)
        }
        image = replay(image, rest, { offset: records.length - 1, epoch: 1 }).image
        expect(comparable(image)).toEqual(comparable(imageOf(...records)))
      }),
    )
  })

  it('begins with metadata.version and keeps Kafka’s order of subjects', () => {
    const image = imageOf(
      config(2, 't', 'a', 'b'),
      ...topicRecords('t', uuidOf(1), [[1]]),
      brokerRecord(1),
      feature('group.version', 1),
      feature('metadata.version', 30),
      { record: 'producerIdsRecord', body: { nextProducerId: 1000n } },
    )
    const records = [...imageRecords(image)]
    expect(records.map(({ record }) => record)).toEqual([
      'featureLevelRecord',
      'featureLevelRecord',
      'registerBrokerRecord',
      'topicRecord',
      'partitionRecord',
      'configRecord',
      'producerIdsRecord',
    ])
    expect(records[0]!.body).toEqual({ name: 'metadata.version', featureLevel: 30 })
    expect(records.at(-1)!.body).toMatchObject({ brokerId: -1, brokerEpoch: -1n })
  })

  it('of nothing is nothing', () => {
    expect([...imageRecords(EMPTY_IMAGE)]).toEqual([])
  })
})

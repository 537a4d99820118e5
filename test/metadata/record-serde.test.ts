import { describe, expect, it } from 'vitest'
import { decodeMetadataRecord, encodeMetadataRecord, recordVersion } from '../../src/metadata/record-serde.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { brokerRecord, partitionOf, uuidOf } from './support.ts'

const hex = (record: MetadataRecordInput): string => encodeMetadataRecord(record).toString('hex')

describe('metadata records as bytes', () => {
  // Bytes as an Apache Kafka 4.3.1 controller wrote them.
  it.each([
    ['010c0011', { record: 'featureLevelRecord', body: { name: 'metadata.version', featureLevel: 30 } }],
    ['01140000', { record: 'noOpRecord', body: {} }],
    ['01180000', { record: 'endTransactionRecord', body: {} }],
    ['01020002', { record: 'topicRecord', body: { name: 't', topicId: uuidOf(1) } }],
  ] as const)('begin with frame version, type and version: %s', (prefix, record) => {
    expect(hex(record).startsWith(prefix)).toBe(true)
  })

  it('are byte for byte Kafka’s', () => {
    expect(hex({ record: 'featureLevelRecord', body: { name: 'metadata.version', featureLevel: 30 } })).toBe(
      '010c00116d657461646174612e76657273696f6e001e00',
    )
    const body = { resourceType: 4, resourceName: '', name: 'min.insync.replicas', value: '1' }
    expect(hex({ record: 'configRecord', body })).toBe(
      `010400040114${Buffer.from('min.insync.replicas').toString('hex')}023100`,
    )
  })

  it('are written in the versions of metadata.version 4.3-IV0', () => {
    const change = (body: object): number =>
      recordVersion({ record: 'brokerRegistrationChangeRecord', body: { brokerId: 1, brokerEpoch: 1n, ...body } })
    expect(recordVersion(brokerRecord(1))).toBe(4)
    expect(recordVersion(partitionOf(uuidOf(1), 0, [1]))).toBe(2)
    expect(change({ fenced: -1 })).toBe(0)
    expect(change({ inControlledShutdown: 1 })).toBe(1)
    expect(change({ logDirs: [uuidOf(1)] })).toBe(2)
    expect(change({ cordonedLogDirs: [] })).toBe(3)
    expect(recordVersion({ record: 'topicRecord', body: {} })).toBe(0)
  })

  it('come back with every default', () => {
    const record = decodeMetadataRecord(encodeMetadataRecord(partitionOf(uuidOf(1), 3, [1, 2])))
    expect(record).toMatchObject({
      record: 'partitionRecord',
      body: { partitionId: 3, replicas: [1, 2], eligibleLeaderReplicas: null, leaderRecoveryState: 0 },
    })
  })

  it.each([
    ['020c00', 'frame version 2'],
    ['017f00', 'unknown type 127'],
    ['010209', 'unknown version 9'],
    ['0114000000', '1 bytes after'],
    ['010c0011', '16 bytes wanted'],
    ['', '1 bytes wanted'],
  ])('refuse %s', (bytes, message) => {
    expect(() => decodeMetadataRecord(Buffer.from(bytes, 'hex'))).toThrow(message)
  })
})

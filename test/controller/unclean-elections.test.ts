import { describe, expect, it } from 'vitest'
import { electUncleanLeaders } from '../../src/controller/elections.ts'
import { uncleanElectionText } from '../../src/controller/unclean-elections.ts'
import { decodeMetadataRecord, encodeMetadataRecord } from '../../src/metadata/record-serde.ts'
import type { MetadataRecord, MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { config, topicRecords, uuidOf } from '../metadata/support.ts'
import { carryOut, viewOf } from './support.ts'

const decoded = (record: MetadataRecordInput): MetadataRecord => decodeMetadataRecord(encodeMetadataRecord(record))
const change = (body: object): MetadataRecord =>
  decoded({ record: 'partitionChangeRecord', body: { topicId: uuidOf(1), partitionId: 0, ...body } } as never)

/** Only broker 3 is left, and it is not in the ISR. */
function withoutEligible() {
  const brokers = { 1: { fenced: true }, 2: { fenced: true }, 3: {} }
  const view = viewOf({ brokers, records: [...topicRecords('t', uuidOf(1), [[1, 2, 3]])] })
  const [record] = [{ partitionId: 0, topicId: uuidOf(1), isr: [1], leader: -1, eligibleLeaderReplicas: [2] }]
  carryOut(view, [config(2, 't', 'unclean.leader.election.enable', 'true')])
  carryOut(view, [{ record: 'partitionChangeRecord', body: record! }])
  return view
}

describe('the log of an unclean election', () => {
  it('names who led, who was in sync, and who leads now', () => {
    const view = withoutEligible()
    const [record] = electUncleanLeaders(view).records
    expect(uncleanElectionText(view.image, decoded(record!))).toBe(
      `Setting new leader for topicId ${uuidOf(1)}, partition t-0 to 3 using an unclean election: records it does not ` +
        'have are lost. Previous partition: leader=-1, leaderEpoch=1, isr=[1], elr=[2], lastKnownElr=[]',
    )
  })

  it('says nothing of clean ones, of a recovery that ends, and of other records', () => {
    const { image } = withoutEligible()
    expect(uncleanElectionText(image, change({ leader: 1 }))).toBeNull()
    expect(uncleanElectionText(image, change({ leader: 3, leaderRecoveryState: 0 }))).toBeNull()
    expect(uncleanElectionText(image, change({ isr: [3], leaderRecoveryState: 1 }))).toBeNull()
    expect(uncleanElectionText(image, decoded({ record: 'noOpRecord', body: {} }))).toBeNull()
  })
})

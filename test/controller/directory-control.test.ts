import { describe, expect, it } from 'vitest'
import { assignReplicasToDirs, directoryRecords } from '../../src/controller/directory-control.ts'
import { LOST_DIRECTORY } from '../../src/controller/view.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { brokerRecord, uuidOf } from '../metadata/support.ts'
import { brief, carryOut, partitionIn, type TestView, TOPIC_ID, viewWithTopic } from './support.ts'

const [FIRST, SECOND] = [uuidOf(901), uuidOf(991)]
/** Broker 1 has two directories. */
const twoDirectories = {
  record: 'registerBrokerRecord',
  body: { ...brokerRecord(1).body, logDirs: [FIRST, SECOND] },
} as MetadataRecordInput

const viewOfTwo = (replicas: readonly number[][] = [[1, 2]]): TestView =>
  viewWithTopic(replicas, { records: [twoDirectories] })

function assign(view: TestView, assignments: [directory: string, topicId: string, partition: number][]): string[] {
  const directories = assignments.map(([id, topicId, partitionIndex]) => ({
    id,
    topics: [{ topicId, partitions: [{ partitionIndex }] }],
  }))
  const { records, response } = assignReplicasToDirs(view, { brokerId: 1, brokerEpoch: 11n, directories })
  carryOut(view, records)
  expect(response.directories!.map(({ id }) => id)).toEqual(assignments.map(([id]) => id))
  return response.directories!.map(({ topics }) => errorName(topics![0]!.partitions![0]!.errorCode!))
}

describe('AssignReplicasToDirs', () => {
  it('notes where replicas live', () => {
    const view = viewOfTwo([
      [1, 2],
      [2, 1],
      [2, 3],
    ])
    const answers = assign(view, [
      [SECOND, TOPIC_ID, 0],
      [FIRST, TOPIC_ID, 1],
      [SECOND, TOPIC_ID, 2],
      [SECOND, TOPIC_ID, 7],
      [SECOND, uuidOf(99), 0],
    ])
    expect(answers).toEqual([
      'NONE',
      'NONE',
      'NOT_LEADER_OR_FOLLOWER',
      'UNKNOWN_TOPIC_OR_PARTITION',
      'UNKNOWN_TOPIC_ID',
    ])
    expect(partitionIn(view)).toMatchObject({ directories: [SECOND, uuidOf(902)], leader: 1, leaderEpoch: 0 })
    expect(partitionIn(view, 1)).toMatchObject({ directories: [uuidOf(902), FIRST], partitionEpoch: 0 })
  })

  it.each([LOST_DIRECTORY, uuidOf(77)])(
    'takes the leadership from a replica in %s, which is not online',
    (directory) => {
      const view = viewOfTwo()
      expect(assign(view, [[directory, TOPIC_ID, 0]])).toEqual(['NONE'])
      expect(partitionIn(view)).toMatchObject({ directories: [directory, uuidOf(902)], leader: 2, isr: [2] })
    },
  )

  it('is for brokers that are registered', () => {
    const request = { brokerId: 1, brokerEpoch: 3n, directories: [] }
    expect(() => assignReplicasToDirs(viewOfTwo(), request)).toThrow('Expected broker epoch 11, but got broker epoch 3')
  })
})

describe('a heartbeat about directories', () => {
  const tell = (view: TestView, told: { offline?: string[]; cordoned?: string[] | null }): string[] => {
    const { offline = [], cordoned = null } = told
    const records = directoryRecords(view, view.image.brokers.get(1)!, {
      brokerId: 1,
      brokerEpoch: 11n,
      currentMetadataOffset: 1n,
      wantFence: false,
      wantShutDown: false,
      offlineLogDirs: offline,
      cordonedLogDirs: cordoned,
    })
    carryOut(view, records)
    return brief(records)
  }

  it('that one failed takes its replicas out of service, once', () => {
    const view = viewOfTwo([
      [1, 2],
      [3, 1],
    ])
    assign(view, [[SECOND, TOPIC_ID, 1]])
    expect(tell(view, { offline: [SECOND, uuidOf(5)] })).toHaveLength(2)
    expect(view.image.brokers.get(1)!.directories).toEqual([FIRST])
    expect(partitionIn(view, 0)).toMatchObject({ leader: 1, isr: [1, 2] })
    expect(partitionIn(view, 1)).toMatchObject({ leader: 3, isr: [3], leaderEpoch: 0 })
    expect(tell(view, { offline: [SECOND] })).toEqual([])
  })

  it('that take no new replicas is noted when it changes', () => {
    const view = viewOfTwo()
    expect(tell(view, { cordoned: null })).toEqual([])
    expect(tell(view, { cordoned: [] })).toHaveLength(1)
    expect(tell(view, { cordoned: [SECOND, FIRST] })).toHaveLength(1)
    expect(view.image.brokers.get(1)!.cordonedDirectories).toEqual([SECOND, FIRST])
    expect(tell(view, { cordoned: [FIRST, SECOND] })).toEqual([])
  })
})

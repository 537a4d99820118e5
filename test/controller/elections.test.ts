import { describe, expect, it } from 'vitest'
import {
  balanceLeaders,
  electLeaders,
  electLeadersFailure,
  electUncleanLeaders,
  MAX_ELECTIONS_PER_RUN,
} from '../../src/controller/elections.ts'
import { brokerFenced, brokerUnfenced } from '../../src/controller/replication-control.ts'
import { errorName, KafkaError } from '../../src/protocol/error-codes.ts'
import { config, topicRecords, uuidOf } from '../metadata/support.ts'
import { alterIsr, carryOut, changed, partitionIn, type TestView, viewOf, viewWithTopic } from './support.ts'

const [PREFERRED, UNCLEAN] = [0, 1]
const unclean = (topic = 't') => config(2, topic, 'unclean.leader.election.enable', 'true')

/** Carries the elections out; answers `partition error: text` for each partition. */
function elect(view: TestView, electionType: number, partitions: number[] | null, topic = 't'): string[] {
  const topicPartitions = partitions === null ? null : [{ topic, partitions }]
  const { records, response } = electLeaders(view, { electionType, topicPartitions, timeoutMs: 1 })
  carryOut(view, records)
  return response.replicaElectionResults!.flatMap(({ partitionResult }) =>
    partitionResult!.map(
      ({ partitionId, errorCode, errorMessage }) => `${partitionId} ${errorName(errorCode!)}: ${errorMessage}`,
    ),
  )
}

function fence(view: TestView, ...ids: number[]): void {
  for (const id of ids) carryOut(view, brokerFenced(view, id))
}
function unfence(view: TestView, ...ids: number[]): void {
  for (const id of ids) carryOut(view, brokerUnfenced(view, id, BigInt(10 + id)))
}

const NOT_NEEDED = 'ELECTION_NOT_NEEDED: Leader election not needed for topic partition.'
const NOT_PREFERRED = 'PREFERRED_LEADER_NOT_AVAILABLE: The preferred leader was not available.'
const NOT_ELIGIBLE = 'ELIGIBLE_LEADERS_NOT_AVAILABLE: Eligible topic partition leaders are not available.'

describe('a preferred election', () => {
  const threeOfThem = [
    [1, 2, 3],
    [2, 3, 4],
    [5, 2, 1],
  ]

  it('moves the leadership to the first replica that is in sync', () => {
    const view = viewWithTopic(threeOfThem)
    fence(view, 1)
    expect(elect(view, PREFERRED, [0, 1, 2])).toEqual([`0 ${NOT_PREFERRED}`, `1 ${NOT_NEEDED}`, `2 ${NOT_NEEDED}`])
    unfence(view, 1)
    expect(elect(view, PREFERRED, [0])).toEqual([`0 ${NOT_PREFERRED}`])
    alterIsr(view, [2, 3, 1])
    expect(elect(view, PREFERRED, [0])).toEqual(['0 NONE: null'])
    expect(partitionIn(view)).toMatchObject({ leader: 1, leaderEpoch: 2, isr: [2, 3, 1] })
  })

  it('says which topic or partition there is not', () => {
    const view = viewWithTopic()
    expect(elect(view, PREFERRED, [7])).toEqual(['7 UNKNOWN_TOPIC_OR_PARTITION: No such partition as t-7'])
    expect(elect(view, PREFERRED, [0], 'x')).toEqual(['0 UNKNOWN_TOPIC_OR_PARTITION: No such topic as x'])
  })

  it('of everything answers only where one was needed', () => {
    const view = viewWithTopic(threeOfThem)
    fence(view, 2)
    unfence(view, 2)
    expect(elect(view, PREFERRED, null)).toEqual([`1 ${NOT_PREFERRED}`])
  })

  it('never takes a replica that is not in sync, not even where that is allowed', () => {
    const view = viewWithTopic([[1, 2]], { elr: false, records: [changed({ isr: [1] })] })
    fence(view, 1)
    carryOut(view, [unclean()])
    expect(elect(view, PREFERRED, [0])).toEqual([`0 ${NOT_PREFERRED}`])
    expect(partitionIn(view)).toMatchObject({ leader: -1, isr: [1] })
  })

  it('gives a leaderless partition any leader that is in sync', () => {
    const view = viewWithTopic([[1, 2]], { records: [changed({ leader: -1, isr: [2] })] })
    expect(elect(view, PREFERRED, [0])).toEqual(['0 NONE: null'])
    expect(partitionIn(view)).toMatchObject({ leader: 2 })
  })
})

describe('an unclean election', () => {
  it('takes a replica out of sync when asked to, and says that the leader must recover', () => {
    const view = viewWithTopic(
      [
        [1, 2, 3],
        [2, 3, 4],
        [5, 2, 1],
      ],
      { elr: false },
    )
    fence(view, 2, 3, 1)
    expect(elect(view, UNCLEAN, [0, 1, 2])).toEqual([`0 ${NOT_ELIGIBLE}`, `1 ${NOT_NEEDED}`, `2 ${NOT_NEEDED}`])
    unfence(view, 2)
    expect(partitionIn(view)).toMatchObject({ leader: -1, isr: [1] })
    expect(elect(view, UNCLEAN, null)).toEqual(['0 NONE: null'])
    expect(partitionIn(view)).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })
    expect(partitionIn(view, 1)).toMatchObject({ leader: 4, isr: [4] })
  })

  it('prefers one that is eligible', () => {
    const records = [config(2, 't', 'min.insync.replicas', '2')]
    const view = viewWithTopic([[1, 2, 3]], { records })
    fence(view, 2, 3, 1)
    expect(partitionIn(view)).toMatchObject({ leader: -1, isr: [], lastKnownElr: [1] })
    // 3 left when two were still enough to acknowledge; 2 left before that.
    expect([...partitionIn(view).elr].sort()).toEqual([1, 3])
    unfence(view, 2)
    expect(partitionIn(view).leader).toBe(-1)
    unfence(view, 3)
    expect(partitionIn(view)).toMatchObject({ leader: 3, isr: [3], elr: [1], leaderRecoveryState: 0 })
  })

  it('loses what only eligible replicas had', () => {
    const records = [config(2, 't', 'min.insync.replicas', '2')]
    const view = viewWithTopic([[1, 2, 3]], { records })
    fence(view, 2, 3, 1)
    unfence(view, 2)
    expect(elect(view, UNCLEAN, [0])).toEqual(['0 NONE: null'])
    expect(partitionIn(view)).toMatchObject({ leader: 2, isr: [2], elr: [], lastKnownElr: [], leaderRecoveryState: 1 })
  })
})

describe('ElectLeaders as a whole', () => {
  it('knows two kinds of elections', () => {
    const request = { electionType: 2, topicPartitions: null, timeoutMs: 1 }
    expect(() => electLeaders(viewWithTopic(), request)).toThrow('Unknown election type 2')
  })

  it('is refused in each partition, and from version 1 also as a whole', () => {
    const request = { electionType: 0, topicPartitions: [{ topic: 't', partitions: [4] }], timeoutMs: 1 }
    const error = new KafkaError('NOT_CONTROLLER')
    const partitionResult = [{ partitionId: 4, errorCode: 41, errorMessage: error.message }]
    const replicaElectionResults = [{ topic: 't', partitionResult }]
    expect(electLeadersFailure(error, request, 2)).toEqual({ errorCode: 41, replicaElectionResults })
    expect(electLeadersFailure(error, request, 0)).toEqual({ replicaElectionResults })
    expect(electLeadersFailure(error, { ...request, topicPartitions: null }, 2).replicaElectionResults).toEqual([])
  })
})

describe('the periodic balance', () => {
  it('gives leaderships back to who should have them', () => {
    const view = viewWithTopic([
      [1, 2],
      [2, 1],
    ])
    expect(balanceLeaders(view)).toEqual({ records: [], more: false })
    fence(view, 1)
    unfence(view, 1)
    expect(balanceLeaders(view).records).toEqual([])
    alterIsr(view, [2, 1])
    const { records, more } = balanceLeaders(view)
    expect([records.length, more]).toEqual([1, false])
    carryOut(view, records)
    expect(partitionIn(view)).toMatchObject({ leader: 1, isr: [2, 1] })
  })

  it('does many of them in several runs', () => {
    const count = MAX_ELECTIONS_PER_RUN + 5
    const partitions = Array.from({ length: count }, () => [1, 2])
    const led = partitions.map((_, partitionId) => changed({ partitionId, leader: 2 }))
    const view = viewWithTopic(partitions, { records: led })
    const first = balanceLeaders(view)
    expect([first.records.length, first.more]).toEqual([MAX_ELECTIONS_PER_RUN, true])
    carryOut(view, first.records)
    const second = balanceLeaders(view)
    expect([second.records.length, second.more]).toEqual([5, false])
  })
})

describe('the periodic search for leaderless partitions', () => {
  it('elects only where the topic, or the whole cluster, allows it', () => {
    const records = [
      ...topicRecords('u', uuidOf(2), [[1, 2]]),
      unclean('u'),
      ...[uuidOf(1), uuidOf(2)].map((topicId) => ({
        record: 'partitionChangeRecord' as const,
        body: { topicId, partitionId: 0, isr: [1], leader: -1 },
      })),
    ]
    const view = viewWithTopic([[1, 2]], { elr: false, brokers: { 1: { fenced: true }, 2: {} }, records })
    const { records: elected } = electUncleanLeaders(view)
    expect(elected.map(({ body }) => (body as { topicId: string }).topicId)).toEqual([uuidOf(2)])
    carryOut(view, [config(4, '', 'unclean.leader.election.enable', 'true')])
    expect(electUncleanLeaders(view).records).toHaveLength(2)
  })

  it('leaves alone whom nobody can lead', () => {
    const view = viewOf({
      elr: false,
      brokers: { 1: { fenced: true }, 2: { fenced: true } },
      records: [...topicRecords('t', uuidOf(1), [[1, 2]]), unclean(), changed({ leader: -1 })],
    })
    expect(electUncleanLeaders(view)).toEqual({ records: [], more: false })
  })
})

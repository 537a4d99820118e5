import { describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import type { QuorumDescription, QuorumReplica } from '../../../src/client/admin-types.ts'
import {
  endpointText,
  quorumStatus,
  replicationCells,
  replicationFields,
  replicationRows,
  statusFields,
  statusText,
} from '../../../src/commands/metadata-quorum/quorum.ts'

const DIRECTORY = 'TyTicvzNTUGBF4oTeBNZ6A'

function replica(id: number, logEndOffset: number, more: Partial<QuorumReplica> = {}): QuorumReplica {
  return { id, logEndOffset, directoryId: DIRECTORY, lastFetchTimestampMs: 1000, lastCaughtUpTimestampMs: 900, ...more }
}

function quorumOf(more: Partial<QuorumDescription> = {}): QuorumDescription {
  return {
    leaderId: 2,
    leaderEpoch: 7,
    highWatermark: 90,
    voters: [replica(1, 80, { lastCaughtUpTimestampMs: 850 }), replica(2, 100, { lastCaughtUpTimestampMs: 1000 })],
    observers: [replica(9, 70, { directoryId: ZERO_UUID, lastFetchTimestampMs: null, lastCaughtUpTimestampMs: null })],
    endpoints: new Map([[2, [{ name: 'CONTROLLER', host: '::1', port: 9093 }]]]),
    ...more,
  }
}

describe('the replication of the quorum', () => {
  it('has the leader first, then voters, then observers, each with its lag', () => {
    const rows = replicationRows(quorumOf())
    expect(rows.map((row) => [row.replica.id, row.lag, row.status])).toEqual([
      [2, 0, 'Leader'],
      [1, 20, 'Follower'],
      [9, 30, 'Observer'],
    ])
  })

  it('shows timestamps, or how long ago they were, or -1', () => {
    const [leader, , observer] = replicationRows(quorumOf())
    expect(replicationCells(leader!, null)).toEqual(['2', DIRECTORY, '100', '0', '1000', '1000', 'Leader'])
    expect(replicationCells(leader!, 1500).slice(4, 6)).toEqual(['500 ms ago', '500 ms ago'])
    expect(replicationCells(observer!, 1500).slice(4, 6)).toEqual(['-1', '-1'])
  })

  it('does not guess when the clocks disagree', () => {
    const [leader] = replicationRows(quorumOf())
    expect(() => replicationCells(leader!, 999)).toThrow(
      'Error while computing relative time, possible drift in system clock.\n' +
        'Current timestamp is 999, last fetch timestamp is 1000',
    )
  })

  it('is a document without stand-ins for what is not known', () => {
    expect(replicationFields(replicationRows(quorumOf())[2]!)).toEqual({
      nodeId: 9,
      directoryId: null,
      logEndOffset: 70,
      lag: 30,
      lastFetchTimestamp: null,
      lastCaughtUpTimestamp: null,
      status: 'Observer',
    })
  })

  it('cannot be told without the leader', () => {
    expect(() => replicationRows(quorumOf({ leaderId: 5 }))).toThrow('node 5, is not among its voters')
  })
})

describe('the status of the quorum', () => {
  it('is about the slowest voter', () => {
    expect(quorumStatus('c', quorumOf())).toMatchObject({ maxFollowerLag: 20, maxFollowerLagTimeMs: 150 })
    const alone = quorumOf({ voters: [replica(2, 100, { lastCaughtUpTimestampMs: null })] })
    expect(quorumStatus('c', alone)).toMatchObject({ maxFollowerLag: 0, maxFollowerLagTimeMs: 0 })
    const silent = quorumOf({ voters: [replica(1, -1, { lastCaughtUpTimestampMs: null }), replica(2, 100)] })
    expect(quorumStatus('c', silent)).toMatchObject({ maxFollowerLag: 101, maxFollowerLagTimeMs: -1 })
  })

  it('is the script’s text', () => {
    expect(statusText(quorumStatus('cluster', quorumOf()))).toBe(
      `ClusterId:              cluster
LeaderId:               2
LeaderEpoch:            7
HighWatermark:          90
MaxFollowerLag:         20
MaxFollowerLagTimeMs:   150
CurrentVoters:          [{"id": 1, "directoryId": "${DIRECTORY}"}, {"id": 2, "directoryId": "${DIRECTORY}", "endpoints": ["CONTROLLER://[::1]:9093"]}]
CurrentObservers:       [{"id": 9}]
`,
    )
  })

  it('is a document', () => {
    expect(statusFields(quorumStatus('cluster', quorumOf()))).toEqual({
      clusterId: 'cluster',
      leaderId: 2,
      leaderEpoch: 7,
      highWatermark: 90,
      maxFollowerLag: 20,
      maxFollowerLagTimeMs: 150,
      voters: [
        { nodeId: 1, directoryId: DIRECTORY, endpoints: [] },
        { nodeId: 2, directoryId: DIRECTORY, endpoints: [{ listener: 'CONTROLLER', host: '::1', port: 9093 }] },
      ],
      observers: [{ nodeId: 9, directoryId: null, endpoints: [] }],
    })
  })
})

it('writes endpoints as addresses', () => {
  expect(endpointText({ name: 'A', host: 'h', port: 1 })).toBe('A://h:1')
  expect(endpointText({ name: 'A', host: 'fe80::1', port: 1 })).toBe('A://[fe80::1]:1')
})

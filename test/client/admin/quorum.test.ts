import { describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { createAdmin } from '../../../src/client/admin.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { describeQuorum } from '../../../src/protocol/messages/55-describe-quorum.ts'
import { addRaftVoter } from '../../../src/protocol/messages/80-add-raft-voter.ts'
import { removeRaftVoter } from '../../../src/protocol/messages/81-remove-raft-voter.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

const DIRECTORY = 'TyTicvzNTUGBF4oTeBNZ6A'

describe('the metadata quorum', () => {
  it('is described by its leader', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(describeQuorum, () => ({
      topics: [
        {
          topicName: '__cluster_metadata',
          partitions: [
            {
              partitionIndex: 0,
              leaderId: 3,
              leaderEpoch: 5,
              highWatermark: 40n,
              currentVoters: [
                { replicaId: 3, replicaDirectoryId: DIRECTORY, logEndOffset: 41n, lastFetchTimestamp: 8n },
              ],
              observers: [{ replicaId: 1, logEndOffset: -1n }],
            },
          ],
        },
      ],
      nodes: [{ nodeId: 3, listeners: [{ name: 'CONTROLLER', host: 'h', port: 9093 }] }],
    }))
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    expect(await admin.describeMetadataQuorum()).toEqual({
      leaderId: 3,
      leaderEpoch: 5,
      highWatermark: 40,
      voters: [
        {
          id: 3,
          directoryId: DIRECTORY,
          logEndOffset: 41,
          lastFetchTimestampMs: 8,
          lastCaughtUpTimestampMs: null,
        },
      ],
      observers: [
        {
          id: 1,
          directoryId: ZERO_UUID,
          logEndOffset: -1,
          lastFetchTimestampMs: null,
          lastCaughtUpTimestampMs: null,
        },
      ],
      endpoints: new Map([[3, [{ name: 'CONTROLLER', host: 'h', port: 9093 }]]]),
    })
    expect(broker.askedFor(describeQuorum)).toEqual([
      { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
    ])
    await admin.close()
  })

  it('that refuses, or answers for nothing, says so', async () => {
    await using broker = await ScriptedBroker.start()
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    broker.on(describeQuorum, () => ({
      errorCode: ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
      errorMessage: 'not you',
    }))
    await expect(admin.describeMetadataQuorum()).rejects.toMatchObject({ kind: 'authorization', message: 'not you' })
    broker.on(describeQuorum, () => ({ topics: [] }))
    await expect(admin.describeMetadataQuorum()).rejects.toMatchObject({
      message: 'The answer has no metadata partition',
    })
    const partitions = [{ partitionIndex: 0, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }]
    broker.on(describeQuorum, (_, { count }) =>
      count < 4
        ? { topics: [{ topicName: '__cluster_metadata', partitions }] }
        : { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0, leaderId: 4 }] }] },
    )
    expect(await admin.describeMetadataQuorum()).toMatchObject({ leaderId: 4 })
    await admin.close()
  })

  it('takes a voter in, and lets one go', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(addRaftVoter, ({ voterId }) =>
      voterId === 3 ? { errorCode: ErrorCode.DUPLICATE_VOTER, errorMessage: 'it votes already' } : {},
    )
    broker.on(removeRaftVoter, ({ voterId }) => (voterId === 3 ? {} : { errorCode: ErrorCode.VOTER_NOT_FOUND }))
    const admin = createAdmin({ bootstrapServers: [broker.address] })
    const endpoints = [{ name: 'CONTROLLER', host: 'h', port: 9093 }]
    await admin.addRaftVoter({ id: 4, directoryId: DIRECTORY, endpoints })
    await expect(admin.addRaftVoter({ id: 3, directoryId: DIRECTORY, endpoints })).rejects.toMatchObject({
      message: 'it votes already',
    })
    await admin.removeRaftVoter({ id: 3, directoryId: DIRECTORY })
    await expect(admin.removeRaftVoter({ id: 4, directoryId: DIRECTORY })).rejects.toMatchObject({ kind: 'kafka' })
    expect(broker.askedFor(addRaftVoter)[0]).toMatchObject({
      clusterId: null,
      voterId: 4,
      voterDirectoryId: DIRECTORY,
      listeners: endpoints,
    })
    await admin.close()
  })
})

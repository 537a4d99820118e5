import { afterEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../src/client/admin.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { describeQuorum } from '../../src/protocol/messages/55-describe-quorum.ts'
import { describeCluster } from '../../src/protocol/messages/60-describe-cluster.ts'
import { unregisterBroker } from '../../src/protocol/messages/64-unregister-broker.ts'
import { ScriptedBroker, Topology } from '../support/scripted-broker.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** Controllers 1..count; `leader` says who is active and may be changed. */
async function controllers(count: number): Promise<{ nodes: ScriptedBroker[]; quorum: { leader: number } }> {
  const topology = new Topology()
  const quorum = { leader: 1 }
  const nodes: ScriptedBroker[] = []
  for (let id = 1; id <= count; id++) {
    const node = await ScriptedBroker.start({ id, topology })
    open.push({ close: () => node[Symbol.asyncDispose]() })
    nodes.push(node)
    node.on(describeCluster, ({ endpointType }) => {
      if (endpointType !== 2) return { clusterId: '', errorCode: ErrorCode.MISMATCHED_ENDPOINT_TYPE }
      const brokers = [...topology.brokers].map(([brokerId, { host, port }]) => ({ brokerId, host, port }))
      return { clusterId: 'c', endpointType: 2, controllerId: quorum.leader, brokers }
    })
    node.on(unregisterBroker, () =>
      quorum.leader === id ? {} : { errorCode: ErrorCode.NOT_CONTROLLER, errorMessage: 'not me' },
    )
    node.ranges.set(3, null)
  }
  return { nodes, quorum }
}

function adminOf(...nodes: ScriptedBroker[]): Admin {
  const admin = createAdmin({ bootstrapServers: nodes.map(({ address }) => address), toControllers: true })
  open.push(admin)
  return admin
}

describe('a client of controllers', () => {
  it('asks for them without Metadata, which they do not serve', async () => {
    const { nodes } = await controllers(2)
    const found = await adminOf(nodes[0]!).describeCluster()
    expect(found).toMatchObject({ clusterId: 'c', controllerId: 1, brokers: [{ id: 1 }, { id: 2 }] })
  })

  it('sends requests to the active one, whichever it reaches first', async () => {
    const { nodes } = await controllers(3)
    await adminOf(nodes[2]!).unregisterBroker(9)
    expect(nodes.map((node) => node.askedFor(unregisterBroker).length)).toEqual([1, 0, 0])
  })

  it('follows the leadership', async () => {
    const { nodes, quorum } = await controllers(2)
    const admin = adminOf(nodes[0]!)
    await admin.unregisterBroker(9)
    quorum.leader = 2
    await admin.unregisterBroker(9)
    expect(nodes.map((node) => node.askedFor(unregisterBroker).length)).toEqual([1, 1])
  })

  it('waits for a leader by asking again', async () => {
    const { nodes, quorum } = await controllers(1)
    quorum.leader = -1
    nodes[0]!.on(describeQuorum, (_, { count }) => {
      if (count === 0) return { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }
      const state = { partitionIndex: 0, leaderId: 1, leaderEpoch: 7, highWatermark: 3n }
      return { topics: [{ topicName: '__cluster_metadata', partitions: [state] }] }
    })
    expect(await adminOf(nodes[0]!).describeMetadataQuorum()).toMatchObject({ leaderEpoch: 7 })
  })

  it('is told when the address is a broker’s', async () => {
    await using broker = await ScriptedBroker.start()
    const errorMessage = 'The request was sent to an endpoint of type BROKER, but we wanted CONTROLLER'
    broker.on(describeCluster, () => ({
      clusterId: '',
      errorCode: ErrorCode.MISMATCHED_ENDPOINT_TYPE,
      errorMessage,
    }))
    await expect(adminOf(broker).describeMetadataQuorum()).rejects.toMatchObject({
      kind: 'kafka',
      message: errorMessage,
    })
  })

  it('names a controller that is not there', async () => {
    const { nodes } = await controllers(1)
    await expect(adminOf(nodes[0]!).describeFeatures({ nodeId: 8 })).rejects.toMatchObject({
      message: 'Controller 8 is not part of the cluster or not alive',
    })
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { vote } from '../../src/protocol/messages/52-vote.ts'
import { beginQuorumEpoch } from '../../src/protocol/messages/53-begin-quorum-epoch.ts'
import { endQuorumEpoch } from '../../src/protocol/messages/54-end-quorum-epoch.ts'
import { CLUSTER_ID, directoryOf, TestCluster, voterOf } from './memory-network.ts'
import { values } from './support.ts'

let cluster: TestCluster
afterEach(() => cluster.closeAll())

const three = async () => {
  cluster = new TestCluster([1, 2, 3], { 9: { canVote: false } }).startAll()
  return cluster.elected()
}

const epochs = (): number[] => [1, 2, 3].map((id) => cluster.node(id).raft.epoch)

describe('three voters', () => {
  it('elect one of them, and everybody is told', async () => {
    const leader = await three()
    expect(new Set(epochs()).size).toBe(1)
    for (const { listener } of cluster.nodes.values()) {
      expect(listener.lines).toContain(`leader ${leader.id} epoch ${leader.raft.epoch}`)
    }
  })

  it('commit with one of them away, and nothing with two away', async () => {
    const leader = await three()
    const [one, other] = [1, 2, 3].filter((id) => id !== leader.id)
    cluster.node(one!).crash()
    await expect(Promise.all([leader.raft.append(values('a')).committed, cluster.run(50)])).resolves.toBeDefined()
    cluster.node(other!).crash()
    let fate = 'pending'
    leader.raft.append(values('b')).committed.then(
      () => (fate = 'committed'),
      () => (fate = 'failed'),
    )
    await cluster.run(2_500)
    expect([fate, leader.raft.isLeader]).toEqual(['pending', true])
    // Without a majority it does not go on to lead for ever.
    await cluster.run(1_000)
    expect([fate, leader.raft.isLeader, leader.raft.leaderId]).toEqual(['failed', false, null])
    expect(() => leader.raft.append(values('c'))).toThrow()
  })

  it('have another leader within fetch timeout and election when theirs dies, and lose nothing', async () => {
    const leader = await three()
    await Promise.all([leader.raft.append(values('kept')).committed, cluster.run(50)])
    leader.crash()
    const next = await cluster.elected()
    expect(next.id).not.toBe(leader.id)
    expect(next.raft.epoch).toBeGreaterThan(leader.raft.epoch)
    expect(next.listener.lines.join()).toContain('[kept]')
    leader.restart()
    await cluster.run(3_000)
    expect(leader.raft.leaderId).toBe(next.id)
    expect(leader.listener.lines.join()).toContain('[kept]')
  })

  it('are led on at once when their leader stops in order', async () => {
    const leader = await three()
    const { epoch } = leader.raft
    await Promise.all([leader.raft.close(), cluster.run(100)])
    cluster.down.add(leader.id)
    const next = [...cluster.nodes.values()].find(({ raft, id }) => id !== leader.id && raft.isLeader)
    expect(next?.raft.epoch).toBe(epoch + 1)
    expect(leader.listener.lines.join()).toContain(`leader none epoch ${epoch}`)
  })

  it('keep their epoch while one of them is cut off, and take it back without an election (KIP-996)', async () => {
    const leader = await three()
    const { epoch } = leader.raft
    const lonely = [1, 2, 3].find((id) => id !== leader.id)!
    cluster.isolated.add(lonely)
    await cluster.run(30_000)
    expect(cluster.node(lonely).raft.epoch).toBe(epoch)
    cluster.isolated.delete(lonely)
    await cluster.run(5_000)
    expect([leader.raft.isLeader, leader.raft.epoch]).toEqual([true, epoch])
    expect(cluster.node(lonely).raft.leaderId).toBe(leader.id)
  })

  it('depose a leader that is cut off, which then follows', async () => {
    const leader = await three()
    cluster.isolated.add(leader.id)
    const next = await cluster.elected()
    await cluster.run(3_000)
    expect(leader.raft.isLeader).toBe(false)
    let fate = 'none'
    expect(() => leader.raft.append(values('x'))).toThrow()
    cluster.isolated.delete(leader.id)
    next.raft.append(values('y')).committed.then(() => (fate = 'committed'))
    await cluster.run(5_000)
    expect([fate, leader.raft.leaderId]).toEqual(['committed', next.id])
    expect(leader.listener.lines.join()).toContain('[y]')
  })

  it('ask those who do not answer again and again, but ever more slowly', async () => {
    cluster = new TestCluster([1, 2, 3])
    cluster.node(1).start()
    cluster.down.add(2).add(3)
    await cluster.run(10_000)
    const votes = cluster.sent.filter(({ api }) => api === vote.name).length
    expect(votes).toBeGreaterThan(10)
    expect(votes).toBeLessThan(200)
    expect(cluster.node(1).raft.epoch).toBe(0)
  })
})

describe('requests', () => {
  const topics = <P extends object>(partition: P) => [
    { topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0, ...partition }] },
  ]
  const ballot = (epoch: number, preVote = false) =>
    topics({
      replicaEpoch: epoch,
      replicaId: 3,
      replicaDirectoryId: directoryOf(3),
      lastOffsetEpoch: 0,
      lastOffset: 0n,
      preVote,
    })

  it('of another cluster, or of another partition, are refused as a whole', async () => {
    await three()
    const foreign = await cluster.ask(1, vote, 2, { clusterId: 'another', topics: ballot(9) })
    expect(foreign.errorCode).toBe(ErrorCode.INCONSISTENT_CLUSTER_ID)
    const wrong = [{ topicName: 'orders', partitions: [{ partitionIndex: 0 }] }]
    expect((await cluster.ask(1, vote, 2, { topics: wrong })).errorCode).toBe(ErrorCode.INVALID_REQUEST)
    expect((await cluster.ask(1, beginQuorumEpoch, 1, { topics: wrong })).errorCode).toBe(ErrorCode.INVALID_REQUEST)
    expect((await cluster.ask(1, endQuorumEpoch, 1, { topics: [] })).errorCode).toBe(ErrorCode.INVALID_REQUEST)
  })

  it('of the past are told who leads, and where', async () => {
    const leader = await three()
    const answer = await cluster.ask(1, vote, 2, { clusterId: CLUSTER_ID, topics: ballot(0, true) })
    expect(answer.topics[0]!.partitions[0]).toMatchObject({
      errorCode: ErrorCode.FENCED_LEADER_EPOCH,
      leaderId: leader.id,
      leaderEpoch: leader.raft.epoch,
      voteGranted: false,
    })
    expect(answer.nodeEndpoints).toEqual([{ nodeId: leader.id, host: 'localhost', port: 9090 + leader.id }])
    const begin = await cluster.ask(1, beginQuorumEpoch, 1, { topics: topics({ leaderId: 2, leaderEpoch: 0 }) })
    expect(begin.topics[0]!.partitions[0]!.errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH)
    const end = await cluster.ask(1, endQuorumEpoch, 1, { topics: topics({ leaderId: 2, leaderEpoch: 0 }) })
    expect(end.topics[0]!.partitions[0]!.errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH)
  })

  it('for a replica whose disk was replaced are refused, though their epoch is believed', async () => {
    await three()
    const { epoch } = cluster.node(1).raft
    const meant = ballot(epoch + 5)
    const partitions = [{ ...meant[0]!.partitions[0]!, voterDirectoryId: directoryOf(7) }]
    const request = { voterId: 1, topics: [{ ...meant[0]!, partitions }] }
    const answer = await cluster.ask(1, vote, 2, request)
    expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(ErrorCode.INVALID_VOTER_KEY)
    expect(cluster.node(1).raft.epoch).toBe(epoch + 5)
  })

  it('with an impossible log are refused', async () => {
    await three()
    const [topic] = ballot(7)
    const partitions = [{ ...topic!.partitions[0]!, lastOffsetEpoch: 7 }]
    const answer = await cluster.ask(1, vote, 2, { topics: [{ ...topic!, partitions }] })
    expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(ErrorCode.INVALID_REQUEST)
  })

  it('from a leader we do not know make us follow it', async () => {
    cluster = new TestCluster([1, 2, 3])
    cluster.node(1).start()
    const request = { clusterId: CLUSTER_ID, voterId: 1, leaderEndpoints: voterOf(2).endpoints }
    const partition = { voterDirectoryId: directoryOf(1), leaderId: 2, leaderEpoch: 4 }
    const answer = await cluster.ask(1, beginQuorumEpoch, 1, { ...request, topics: topics(partition) })
    expect(answer.topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 2, leaderEpoch: 4 })
    expect([cluster.node(1).raft.leaderId, cluster.node(1).raft.epoch]).toEqual([2, 4])
  })
})

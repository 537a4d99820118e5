import { afterEach, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import { describeQuorum } from '../../src/protocol/messages/55-describe-quorum.ts'
import { addRaftVoter } from '../../src/protocol/messages/80-add-raft-voter.ts'
import { removeRaftVoter } from '../../src/protocol/messages/81-remove-raft-voter.ts'
import { updateRaftVoter } from '../../src/protocol/messages/82-update-raft-voter.ts'
import { addressOf, directoryOf, TestCluster, type TestNode, voterOf } from './memory-network.ts'
import { values } from './support.ts'

let cluster: TestCluster
afterEach(() => cluster.closeAll())

/** Long enough for every voter to have told the leader of itself, one after another. */
const TOLD_MS = 15_000

async function staticQuorum(options: Parameters<typeof TestCluster.ofStaticVoters>[1] = {}): Promise<TestNode> {
  cluster = TestCluster.ofStaticVoters([1, 2, 3], options).startAll()
  return cluster.elected()
}

function upgrade(leader: TestNode, level = 1, validateOnly = false): string {
  try {
    leader.raft.upgradeKraftVersion(leader.raft.epoch, level, validateOnly)
    return 'done'
  } catch (error) {
    return (error as Error).message
  }
}

const allVersions = (): number[] => [...cluster.nodes.values()].map(({ raft }) => raft.kraftVersion)
const directories = ({ raft }: TestNode): string[] => [...raft.voters.values()].map(({ directoryId }) => directoryId)
const lastCommit = ({ listener }: TestNode): string => listener.lines.findLast((line) => line.startsWith('commit'))!

const addRequest = (id: number) => ({
  clusterId: null,
  timeoutMs: 1_000,
  voterId: id,
  voterDirectoryId: directoryOf(id),
  listeners: voterOf(id).endpoints,
})

describe('configured voters', () => {
  it('agree without knowing each other’s directories', async () => {
    const leader = await staticQuorum()
    expect([leader.raft.kraftVersion, new Set(directories(leader))]).toEqual([0, new Set([ZERO_UUID])])
    await Promise.all([leader.raft.append(values('a')).committed, cluster.run(50)])
  })

  it('are neither added to nor taken from', async () => {
    const leader = await staticQuorum({ 4: {} })
    const added = await cluster.askAndRun(leader.id, addRaftVoter, 1, addRequest(4))
    const why = (what: string) => `Cluster doesn't support ${what} voter because the kraft.version feature is 0`
    expect([errorName(added.errorCode), added.errorMessage]).toEqual(['UNSUPPORTED_VERSION', why('adding')])
    const key = { clusterId: null, voterId: 2, voterDirectoryId: directoryOf(2) }
    const removed = await cluster.askAndRun(leader.id, removeRaftVoter, 0, key)
    expect([errorName(removed.errorCode), removed.errorMessage]).toEqual(['UNSUPPORTED_VERSION', why('removing')])
  })

  it('tell each new leader once who they are, and it writes none of it', async () => {
    const told = (): string[] =>
      cluster.sent.filter(({ api }) => api === updateRaftVoter.name).map(({ from, to }) => `${from} to ${to}`)
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    const { id, raft } = leader
    const followers = [1, 2, 3].filter((other) => other !== id)
    // Two at once are one too many: the later one is sent away and comes again.
    expect(new Set(told())).toEqual(new Set(followers.map((from) => `${from} to ${id}`)))
    expect(raft.logEndOffset).toBe(1)
    const before = told().length
    await cluster.run(TOLD_MS)
    expect(told()).toHaveLength(before)
    leader.crash()
    const next = await cluster.elected()
    await cluster.run(TOLD_MS)
    expect(told().slice(before)).toContain(`${followers.find((other) => other !== next.id)} to ${next.id}`)
  })
})

describe('raising kraft.version to 1', () => {
  it('writes the level and the voters in one batch, and everybody goes by them', async () => {
    const leader = await staticQuorum({ 9: { canVote: false } })
    await cluster.run(TOLD_MS)
    expect(upgrade(leader)).toBe('done')
    await cluster.run(100)
    expect(allVersions()).toEqual([1, 1, 1, 1])
    for (const node of cluster.nodes.values()) {
      expect(lastCommit(node)).toBe('commit 1-2 epoch 1 [<kraft-version> <voters>]')
      expect(directories(node)).toEqual([1, 2, 3].map(directoryOf))
    }
    await Promise.all([leader.raft.append(values('after')).committed, cluster.run(50)])
  })

  it('can be asked for again, and only looked at', async () => {
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    const { raft } = leader
    expect([upgrade(leader, 1, true), raft.logEndOffset, raft.kraftVersion]).toEqual(['done', 1, 0])
    // The second one finds it appended, though not committed.
    expect([upgrade(leader), upgrade(leader), raft.logEndOffset]).toEqual(['done', 'done', 3])
  })

  it('needs every voter to have told its versions and its directory', async () => {
    cluster = TestCluster.ofStaticVoters([1, 2, 3])
    for (const id of [1, 2]) cluster.node(id).start()
    cluster.down.add(3)
    const leader = await cluster.elected()
    await cluster.run(TOLD_MS)
    const refusal = 'Invalid upgrade of kraft.version to 1 because not all of the voters support it'
    expect([upgrade(leader), upgrade(leader, 1, true)]).toEqual([refusal, refusal])
    expect(leader.raft.logEndOffset).toBe(1)
    cluster.down.delete(3)
    cluster.node(3).start()
    await cluster.run(TOLD_MS)
    expect(upgrade(leader)).toBe('done')
  })

  it('is not done when a voter does not support it', async () => {
    cluster = TestCluster.ofStaticVoters([1, 2, 3])
    // What it says of itself and what it answers when asked must be the same, or it is not believed.
    for (const id of [1, 2, 3]) cluster.kraftVersions.set(id, { min: 0, max: 0 })
    const leader = await cluster.startAll().elected()
    await cluster.run(TOLD_MS)
    expect(upgrade(leader)).toContain('not all of the voters support it')
  })

  it('never goes back, and is the active controller’s alone', async () => {
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    const follower = cluster.node(leader.id === 1 ? 2 : 1)
    expect(() => follower.raft.upgradeKraftVersion(leader.raft.epoch, 1, false)).toThrow(/correct controller/)
    expect(() => leader.raft.upgradeKraftVersion(leader.raft.epoch - 1, 1, false)).toThrow(/correct controller/)
    upgrade(leader)
    expect(upgrade(leader, 0)).toBe(
      'Invalid upgrade of kraft.version from version 1 to 0 because the new version is a downgrade',
    )
    expect(upgrade(leader, 2)).toBe('Invalid upgrade of kraft.version from version 1 to 2')
    void leader.raft.close()
    expect(() => leader.raft.upgradeKraftVersion(leader.raft.epoch, 1, false)).toThrow(/correct controller/)
  })

  it('outlives restarts and elections, whatever the configuration says', async () => {
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    upgrade(leader)
    await cluster.run(600)
    for (const node of cluster.nodes.values()) node.crash()
    for (const node of cluster.nodes.values()) node.restart()
    const next = await cluster.elected()
    await cluster.run(1_000)
    expect(allVersions()).toEqual([1, 1, 1])
    expect(directories(next)).toEqual([1, 2, 3].map(directoryOf))
  })

  it('is lost with the leader when nobody else had it', async () => {
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    cluster.isolated.add(leader.id)
    upgrade(leader)
    expect(leader.raft.kraftVersion).toBe(1)
    const next = await cluster.elected()
    cluster.isolated.delete(leader.id)
    await cluster.run(TOLD_MS)
    expect([leader.raft.leaderId, allVersions()]).toEqual([next.id, [0, 0, 0]])
    expect(new Set(directories(leader))).toEqual(new Set([ZERO_UUID]))
    expect(upgrade(next)).toBe('done')
    await cluster.run(100)
    expect(allVersions()).toEqual([1, 1, 1])
  })

  it('lets voters be added and removed', async () => {
    const leader = await staticQuorum({ 4: {} })
    await cluster.run(TOLD_MS)
    upgrade(leader)
    await cluster.run(100)
    const added = await cluster.askAndRun(leader.id, addRaftVoter, 1, addRequest(4))
    expect([errorName(added.errorCode), added.errorMessage]).toEqual(['NONE', null])
    const gone = leader.id === 1 ? 2 : 1
    const key = { clusterId: null, voterId: gone, voterDirectoryId: directoryOf(gone) }
    expect((await cluster.askAndRun(leader.id, removeRaftVoter, 0, key)).errorCode).toBe(0)
    expect([...cluster.node(4).raft.voters.keys()].sort()).toEqual([1, 2, 3, 4].filter((id) => id !== gone))
  })

  it('shows in DescribeQuorum: directories, progress kept, listeners', async () => {
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]
    const voters = async () => (await cluster.ask(leader.id, describeQuorum, 2, { topics })).topics[0]!.partitions[0]!
    const others = async () => (await voters()).currentVoters.filter(({ replicaId }) => replicaId !== leader.id)
    expect((await others()).map(({ replicaDirectoryId }) => replicaDirectoryId)).toEqual([ZERO_UUID, ZERO_UUID])
    upgrade(leader)
    const after = await others()
    expect(after.map(({ replicaDirectoryId }) => replicaDirectoryId)).toEqual(
      after.map(({ replicaId }) => directoryOf(replicaId)),
    )
    // They go on as the replicas they were.
    expect(after.map(({ logEndOffset }) => logEndOffset)).toEqual([1n, 1n])
    const { nodes } = await cluster.ask(leader.id, describeQuorum, 2, { topics })
    expect(nodes.map(({ listeners }) => listeners[0]!.port)).toEqual([1, 2, 3].map((id) => addressOf(id).port))
  })

  it('counts no replica with a directory that is not the voter’s', async () => {
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    upgrade(leader)
    await cluster.run(100)
    const other = [1, 2, 3].find((id) => id !== leader.id)!
    const { endpoints, kraftVersions } = voterOf(other)
    const { min: minSupportedVersion, max: maxSupportedVersion } = kraftVersions
    const update = {
      clusterId: null,
      currentLeaderEpoch: leader.raft.epoch,
      voterId: other,
      voterDirectoryId: directoryOf(8),
      listeners: endpoints,
      kRaftVersionFeature: { minSupportedVersion, maxSupportedVersion },
    }
    const refused = await cluster.askAndRun(leader.id, updateRaftVoter, 0, update)
    expect(errorName(refused.errorCode)).toBe('VOTER_NOT_FOUND')
    const right = { ...update, voterDirectoryId: directoryOf(other) }
    expect(errorName((await cluster.askAndRun(leader.id, updateRaftVoter, 0, right)).errorCode)).toBe('NONE')
  })

  it('turns away an update of a voter until its own voters are committed', async () => {
    const leader = await staticQuorum()
    await cluster.run(TOLD_MS)
    const other = [1, 2, 3].find((id) => id !== leader.id)!
    const { endpoints } = voterOf(other)
    const request = {
      clusterId: null,
      currentLeaderEpoch: leader.raft.epoch,
      voterId: other,
      voterDirectoryId: directoryOf(other),
      listeners: endpoints,
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    }
    // Under way when kraft.version is raised: when its voter has answered nobody has the new voters yet.
    const early = cluster.ask(leader.id, updateRaftVoter, 0, request)
    upgrade(leader)
    const late = cluster.ask(leader.id, updateRaftVoter, 0, request)
    await cluster.run(2_500)
    const answers = [await early, await late].map(({ errorCode }) => errorName(errorCode))
    expect(answers).toEqual(['REQUEST_TIMED_OUT', 'REQUEST_TIMED_OUT'])
    expect(leader.raft.logEndOffset).toBe(3)
  })
})

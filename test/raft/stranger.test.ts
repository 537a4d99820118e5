import { afterEach, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import type { RaftOptions } from '../../src/raft/raft-options.ts'
import { directoryOf, TestCluster } from './memory-network.ts'

let cluster: TestCluster
afterEach(() => cluster.closeAll())

const STRANGER = 9
/** Two fetch timeouts: so long a leader of the past may be remembered. */
const PATIENCE_MS = 4_000

async function withStranger(options: Partial<RaftOptions>): Promise<void> {
  cluster = new TestCluster([1], { [STRANGER]: { canVote: false, ...options } }).startAll()
  await cluster.run(PATIENCE_MS - 500)
}

const fatal = (): unknown => cluster.node(STRANGER).fatal[0]

describe('a node that cannot belong to the quorum it asks', () => {
  it('ends when the quorum is another cluster’s, and says whose directory it has', async () => {
    await withStranger({ clusterId: 'elsewhere' })
    expect(fatal()).toBeUndefined()
    await cluster.run(2_000)
    expect(fatal()).toBeInstanceOf(KtError)
    expect(fatal()).toMatchObject({
      message: 'the controller at localhost:9091 belongs to another cluster',
      facts: ["this node's directory was formatted for cluster elsewhere"],
    })
  })

  it('ends when the leader has its id', async () => {
    await withStranger({ localId: 1, localDirectoryId: directoryOf(STRANGER), endpoints: [] })
    expect(fatal()).toBeUndefined()
    await cluster.run(2_000)
    expect(fatal()).toMatchObject({
      message: 'another node has the id 1 already: it leads the metadata quorum',
      facts: ['so says the controller at localhost:9091', 'every broker and every controller needs an id of its own'],
    })
  })

  it('ends once, and asks nobody any more', async () => {
    await withStranger({ clusterId: 'elsewhere' })
    await cluster.run(10_000)
    const asked = cluster.sent.length
    await cluster.run(60_000)
    expect(cluster.node(STRANGER).fatal).toHaveLength(1)
    expect(cluster.sent.length).toBe(asked)
  })

  it('goes on looking while nobody answers at all', async () => {
    cluster = new TestCluster([1], { [STRANGER]: { canVote: false, clusterId: 'elsewhere' } })
    cluster.isolated.add(STRANGER)
    cluster.startAll()
    await cluster.run(60_000)
    expect(fatal()).toBeUndefined()
  })

  it('is not a leader that comes back: the others still name it until they elect again', async () => {
    cluster = new TestCluster([1, 2, 3]).startAll()
    const leader = await cluster.elected()
    leader.crash()
    leader.restart()
    await cluster.run(30_000)
    expect([...cluster.nodes.values()].flatMap((node) => node.fatal)).toEqual([])
    await cluster.elected()
  })
})

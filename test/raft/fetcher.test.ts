import { afterEach, describe, expect, it } from 'vitest'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { batchHeaders } from '../../src/raft/batch-reader.ts'
import { dataBatch } from '../../src/raft/control-batches.ts'
import { settled } from '../support/manual-clock.ts'
import { TestCluster } from './memory-network.ts'
import { values } from './support.ts'

let cluster: TestCluster
afterEach(() => cluster.closeAll())

const fetches = (from: number): number =>
  cluster.sent.filter((sent) => sent.from === from && sent.api === fetch.name).length

/** What the listeners of a node have been told as committed. */
const committed = (id: number): string[] => cluster.node(id).listener.lines.filter((line) => line.startsWith('commit'))

async function withObserver(): Promise<void> {
  cluster = new TestCluster([1], { 9: { canVote: false } }).startAll()
  await cluster.run(50)
}

describe('an observer', () => {
  it('finds the leader by a bootstrap server and follows it', async () => {
    await withObserver()
    expect(committed(9)).toEqual(['commit 0-2 epoch 1 [<leader-change> <kraft-version> <voters>]'])
    expect(cluster.node(9).listener.lines).toContain('leader 1 epoch 1')
    const { raft } = cluster.node(9)
    expect([raft.isLeader, raft.leaderId, raft.leaderAddress()]).toEqual([false, 1, { host: 'localhost', port: 9091 }])
    expect(raft.voters.get(1)?.directoryId).toBe(cluster.node(1).raft.voters.get(1)?.directoryId)
  })

  it('has a commit with its high watermark in one answer, as soon as it is on the leader’s disk', async () => {
    await withObserver()
    await cluster.run(100)
    const before = fetches(9)
    const { flushes } = cluster.node(1).log
    cluster.node(1).raft.append(values('a', 'b'))
    await cluster.run(1)
    expect(committed(9).at(-1)).toBe('commit 3-4 epoch 1 [a b]')
    expect(cluster.node(1).log.flushes).toBe(flushes + 1)
    // The one that was answered, and the next.
    expect(fetches(9)).toBe(before + 1)
  })

  it('asks twice a second while nothing happens, and not more for records that nobody waits for', async () => {
    await withObserver()
    await cluster.run(500)
    const before = fetches(9)
    for (let i = 0; i < 10; i++) {
      cluster
        .node(1)
        .raft.append(values('no-op'), { urgent: false })
        .committed.catch(() => undefined)
      await cluster.run(500)
    }
    expect(fetches(9) - before).toBeLessThanOrEqual(11)
    expect(cluster.node(9).raft.logEndOffset).toBeGreaterThan(10)
  })

  it('stores exactly the leader’s bytes, flushes nothing, and goes on from there after a restart', async () => {
    await withObserver()
    for (const text of ['a', 'b', 'c']) {
      cluster.node(1).raft.append(values(text))
      await cluster.run(20)
    }
    const observer = cluster.node(9)
    expect(observer.log.stored.map((batch) => batch.toString('hex'))).toEqual(
      cluster.node(1).log.stored.map((batch) => batch.toString('hex')),
    )
    expect(observer.log.flushes).toBe(0)
    observer.log.flush()
    observer.crash()
    cluster.node(1).raft.append(values('d'))
    await cluster.run(20)
    observer.restart()
    await cluster.run(50)
    expect(committed(9).slice(-2)).toEqual(['commit 5-5 epoch 1 [c]', 'commit 6-6 epoch 1 [d]'])
  })

  it('never stands, however long nobody leads, and finds the leader again', async () => {
    await withObserver()
    cluster.node(1).log.flush()
    cluster.node(1).crash()
    await cluster.run(60_000)
    expect(cluster.node(9).raft.epoch).toBe(1)
    // Not a request every millisecond: the wait between attempts grows to ten retry backoffs.
    expect(fetches(9)).toBeLessThan(700)
    cluster.node(1).restart()
    await cluster.run(500)
    expect(cluster.node(9).raft.leaderId).toBe(1)
    expect(cluster.node(9).raft.epoch).toBe(2)
    expect(cluster.node(9).listener.lines.at(-1)).toMatch(/epoch 2/)
  })

  it('gives up what its leader lost, where that was never committed', async () => {
    await withObserver()
    const leader = cluster.node(1)
    leader.raft.append(values('lost'), { urgent: false }).committed.catch(() => undefined)
    await cluster.run(600)
    expect(cluster.node(9).raft.logEndOffset).toBe(4)
    leader.crash()
    leader.restart()
    await cluster.run(500)
    expect(committed(9).join()).not.toContain('lost')
    expect(cluster.node(9).raft.logEndOffset).toBe(leader.raft.logEndOffset)
    expect(cluster.node(9).log.stored.at(-1)).toEqual(leader.log.stored.at(-1))
    expect(cluster.node(9).fatal).toEqual([])
  })

  it('stops when a leader wants back what was committed', async () => {
    await withObserver()
    cluster.node(1).raft.append(values('a'))
    await cluster.run(20)
    const leader = cluster.node(1)
    // A disk that forgets what it was told to keep.
    leader.log.truncateTo(3)
    leader.log.flush()
    leader.crash()
    leader.restart()
    await cluster.run(500)
    expect(String(cluster.node(9).fatal[0])).toContain('asks to truncate to 3, but 4 is committed')
  })

  it('waits before it asks again for records that cannot be the next ones', async () => {
    await withObserver()
    const { log } = cluster.node(1)
    const read = log.read.bind(log)
    log.read = (offset, maxBytes) => {
      const data = read(offset, maxBytes)
      for (const { at } of batchHeaders(data.records)) data.records.writeBigInt64BE(77n, at)
      return data
    }
    cluster.node(1).raft.append(values('x'))
    const before = fetches(9)
    await cluster.run(1_000)
    expect(fetches(9) - before).toBeLessThan(20)
    expect(cluster.node(9).raft.logEndOffset).toBe(3)
    log.read = read
    await cluster.run(1_000)
    expect(committed(9).at(-1)).toBe('commit 3-3 epoch 1 [x]')
  })
})

describe('a voter that follows', () => {
  it('has on its disk what its next fetch says it has', async () => {
    cluster = new TestCluster([1, 2, 3]).startAll()
    const leader = await cluster.elected()
    const follower = cluster.node(leader.id === 1 ? 2 : 1)
    const { committed: done } = leader.raft.append(values('a'))
    await cluster.run(5)
    await done
    expect(follower.log.crash().logEndOffset).toBe(follower.log.logEndOffset)
    expect(follower.log.logEndOffset).toBe(leader.log.logEndOffset)
  })

  it('sends nothing and stores nothing once it is closed', async () => {
    cluster = new TestCluster([1], { 9: { canVote: false } }).startAll()
    await cluster.run(50)
    void cluster.node(9).raft.close()
    const before = cluster.sent.length
    cluster.node(1).raft.append(values('a'))
    await cluster.run(5_000)
    await settled()
    expect(cluster.sent.filter(({ from }) => from === 9).length).toBe(
      cluster.sent.slice(0, before).filter(({ from }) => from === 9).length,
    )
    expect(cluster.node(9).raft.logEndOffset).toBe(3)
  })
})

describe('a batch of a later epoch', () => {
  it('is left for the answer of that epoch’s leader', async () => {
    await withObserver()
    const { log } = cluster.node(9)
    const batch = dataBatch(values('x'), { baseOffset: 3, epoch: 9, timestampMs: 1 })
    log.appendAsFollower(batch, 1)
    expect(log.logEndOffset).toBe(3)
  })
})

import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { BOOTSTRAP_SNAPSHOT, listSnapshots, snapshotName, writeSnapshot } from '../../src/raft/snapshot-files.ts'
import type { SnapshotId } from '../../src/raft/types.ts'
import { failingFileSystem } from '../support/failing-file-system.ts'
import { settled } from '../support/manual-clock.ts'
import { DIRECTORY_ID, MemoryLog, makeRaft, scratchDirectory, values, voterSet } from './support.ts'

const quorumState = (log: MemoryLog): string => fs.readFileSync(`${log.directory}/quorum-state`, 'utf8')

function snapshotIn(
  directory: string,
  id: SnapshotId,
  texts: string[] = [],
  kraftVersion = 1,
  voters = voterSet(1),
): void {
  const content = { lastContainedLogTimestamp: 5, kraftVersion, voters, values: values(...texts), nowMs: 5 }
  writeSnapshot(nodeFileSystem, directory, id, content)
}

/** What became of a promise by now. */
async function fate(promise: Promise<unknown>): Promise<string> {
  return Promise.race([promise.then(() => 'done', String), settled().then(() => 'pending')])
}

describe('a quorum of one', () => {
  it('leads at once, after listeners have seen the leader change', () => {
    const { raft, listener, log } = makeRaft(new MemoryLog(scratchDirectory()))
    raft.start(listener)
    expect(listener.take()).toEqual(['commit 0-0 epoch 1 [<leader-change>]', 'leader 1 epoch 1'])
    expect(raft.isLeader).toBe(true)
    expect([raft.epoch, raft.leaderId, raft.highWatermark, raft.logEndOffset]).toEqual([1, 1, 1, 1])
    expect(log.highWatermark).toBe(1)
    expect(JSON.parse(quorumState(log))).toEqual({
      clusterId: '',
      leaderId: 1,
      leaderEpoch: 1,
      votedId: -1,
      appliedOffset: 0,
      currentVoters: [{ voterId: 1 }],
      data_version: 0,
    })
  })

  it('moves kraft.version and voters from the bootstrap snapshot to the log, once', () => {
    const directory = scratchDirectory()
    snapshotIn(directory, BOOTSTRAP_SNAPSHOT, [], 1, voterSet(1))
    const first = makeRaft(new MemoryLog(directory), { voters: new Map() })
    first.raft.start(first.listener)
    expect(first.listener.take()[0]).toBe('commit 0-2 epoch 1 [<leader-change> <kraft-version> <voters>]')
    expect(first.raft.kraftVersion).toBe(1)
    first.raft.close()
    const second = makeRaft(first.log.crash(), { voters: new Map() })
    expect(second.raft.voters.get(1)?.directoryId).toBe(DIRECTORY_ID)
    second.raft.start(second.listener)
    expect(second.listener.take().at(-2)).toBe('commit 3-3 epoch 2 [<leader-change>]')
  })

  it('commits what it appended, in order, with one flush for a turn', async () => {
    const { raft, listener, log, clock } = makeRaft(new MemoryLog(scratchDirectory()))
    raft.start(listener)
    listener.take()
    const flushes = log.flushes
    const one = raft.append(values('a', 'b'))
    const two = raft.append(values('c'))
    expect([one.firstOffset, one.lastOffset, two.firstOffset]).toEqual([1, 2, 3])
    expect(await fate(one.committed)).toBe('pending')
    expect(listener.take()).toEqual([])
    await clock.advance(1)
    expect(log.flushes).toBe(flushes + 1)
    expect([await fate(one.committed), await fate(two.committed)]).toEqual(['done', 'done'])
    expect(listener.take()).toEqual(['commit 1-2 epoch 1 [a b]', 'commit 3-3 epoch 1 [c]'])
  })

  it('keeps the disk quiet for records nobody waits for', async () => {
    const { raft, listener, log, clock } = makeRaft(new MemoryLog(scratchDirectory()))
    raft.start(listener)
    const flushes = log.flushes
    const lazy = raft.append(values('no-op'), { urgent: false })
    await clock.advance(4_000)
    expect([log.flushes, await fate(lazy.committed)]).toEqual([flushes, 'pending'])
    const urgent = raft.append(values('x'))
    await clock.advance(1)
    expect(log.flushes).toBe(flushes + 1)
    expect([await fate(lazy.committed), await fate(urgent.committed)]).toEqual(['done', 'done'])
    raft.append(values('no-op'), { urgent: false }).committed.catch(() => undefined)
    await clock.advance(5_000)
    expect(log.flushes).toBe(flushes + 2)
  })

  it('hands the whole log to listeners after a restart, then leads in the next epoch', async () => {
    const first = makeRaft(new MemoryLog(scratchDirectory()))
    first.raft.start(first.listener)
    await Promise.all([first.raft.append(values('a', 'b')).committed, first.clock.advance(1)])
    first.raft.close()
    const second = makeRaft(first.log.crash())
    second.raft.start(second.listener)
    expect(second.listener.take()).toEqual([
      'commit 0-0 epoch 1 [<leader-change>]',
      'commit 1-2 epoch 1 [a b]',
      'commit 3-3 epoch 2 [<leader-change>]',
      'leader 1 epoch 2',
    ])
  })

  it('loses nothing that was committed when the power fails', async () => {
    const { raft, log, clock, listener } = makeRaft(new MemoryLog(scratchDirectory()))
    raft.start(listener)
    await Promise.all([raft.append(values('kept')).committed, clock.advance(1)])
    raft.append(values('not yet')).committed.catch(() => undefined)
    const after = makeRaft(log.crash())
    after.raft.start(after.listener)
    expect(after.listener.take()).toContain('commit 1-1 epoch 1 [kept]')
    expect(after.listener.lines.join()).not.toContain('not yet')
  })

  it('begins with the newest snapshot and what the log has after it', async () => {
    const first = makeRaft(new MemoryLog(scratchDirectory()))
    first.raft.start(first.listener)
    await Promise.all([first.raft.append(values('a')).committed, first.clock.advance(1)])
    await Promise.all([first.raft.append(values('b')).committed, first.clock.advance(1)])
    first.raft.close()
    snapshotIn(first.log.directory, { endOffset: 1, epoch: 1 }, ['old'])
    snapshotIn(first.log.directory, { endOffset: 2, epoch: 1 }, ['A'])
    const second = makeRaft(first.log.crash())
    second.raft.start(second.listener)
    expect(second.listener.take()).toEqual([
      'snapshot 00000000000000000002-0000000001.checkpoint [A]',
      'commit 2-2 epoch 1 [b]',
      'commit 3-3 epoch 2 [<leader-change>]',
      'leader 1 epoch 2',
    ])
  })

  it('starts its log anew behind a snapshot that is ahead of it', () => {
    const directory = scratchDirectory()
    snapshotIn(directory, { endOffset: 50, epoch: 3 }, ['all'])
    const { raft, listener } = makeRaft(new MemoryLog(directory))
    raft.start(listener)
    expect(raft.epoch).toBe(4)
    expect(listener.take()).toEqual([
      'snapshot 00000000000000000050-0000000003.checkpoint [all]',
      'commit 50-50 epoch 4 [<leader-change>]',
      'leader 1 epoch 4',
    ])
  })

  it('removes what a crash left of a snapshot', () => {
    const directory = scratchDirectory()
    const part = `${directory}/${snapshotName({ endOffset: 9, epoch: 1 })}.part`
    fs.writeFileSync(part, 'half')
    fs.writeFileSync(`${directory}/notes.part`, 'mine')
    makeRaft(new MemoryLog(directory))
    expect(fs.readdirSync(directory)).toEqual(['notes.part'])
  })

  it('refuses appends it cannot take', async () => {
    const { raft, listener } = makeRaft(new MemoryLog(scratchDirectory()))
    expect(() => raft.append(values('early'))).toThrow()
    raft.start(listener)
    expect(() => raft.append([Buffer.alloc(9 * 1024 * 1024)])).toThrow('message batch larger')
    raft.close()
    expect(() => raft.append(values('late'))).toThrow()
  })

  it('commits or fails everything when it closes', async () => {
    const { raft, listener } = makeRaft(new MemoryLog(scratchDirectory()))
    raft.start(listener)
    listener.take()
    const { committed } = raft.append(values('a'))
    raft.close()
    raft.close()
    expect(await fate(committed)).toBe('done')
    expect(listener.take()).toEqual(['commit 1-1 epoch 1 [a]', 'leader none epoch 1'])
  })

  it('fails what waits and tells the node when the disk refuses', async () => {
    const { raft, listener, log, clock, fatal } = makeRaft(new MemoryLog(scratchDirectory()))
    raft.start(listener)
    const { committed } = raft.append(values('a'))
    const settled = committed.catch((error: Error) => error.message)
    log.failNextFlush = true
    await clock.advance(1)
    expect(await settled).toContain('Disk error')
    expect(fatal).toHaveLength(1)
    raft.close()
  })

  it('does nothing that was to follow an epoch or a vote which the disk refused', async () => {
    const files = failingFileSystem()
    const { raft, listener, log, clock, fatal } = makeRaft(new MemoryLog(scratchDirectory()), { files })
    files.fail({ operation: 'fsync', path: /quorum-state/ })
    raft.start(listener)
    expect(fatal).toEqual([expect.objectContaining({ code: 'EIO' })])
    expect([listener.take(), log.logEndOffset]).toEqual([[], 0])
    await clock.advance(60_000)
    expect(fatal).toHaveLength(1)
    expect(() => raft.append(values('a'))).toThrow(KafkaError)
  })

  it('tells the node when a listener cannot follow', () => {
    const { raft, listener, fatal } = makeRaft(new MemoryLog(scratchDirectory()))
    const broken = {
      onSnapshot() {},
      onLeaderChange() {},
      onCommit: () => {
        throw new Error('cannot')
      },
    }
    raft.start(broken, listener)
    expect(fatal).toEqual([new Error('cannot')])
    // The others get the batch; who leads does not matter any more to a node that ends.
    expect(listener.take()).toHaveLength(1)
  })

  it('cleans old snapshots and the log below what remains', async () => {
    const { raft, listener, log, clock } = makeRaft(new MemoryLog(scratchDirectory()))
    raft.start(listener)
    for (const text of ['a', 'b', 'c']) await Promise.all([raft.append(values(text)).committed, clock.advance(1)])
    for (const endOffset of [1, 2, 3]) snapshotIn(log.directory, { endOffset, epoch: 1 }, ['x'])
    raft.clean({ retentionBytes: -1, retentionMs: -1 })
    expect(listSnapshots(nodeFileSystem, log.directory)).toHaveLength(3)
    raft.clean({ retentionBytes: 0, retentionMs: -1 })
    expect(listSnapshots(nodeFileSystem, log.directory)).toEqual([{ endOffset: 3, epoch: 1 }])
    expect(log.logStartOffset).toBe(3)
  })
})

describe('more than one voter', () => {
  it('waits for an election it cannot win alone', async () => {
    const { raft, listener, clock } = makeRaft(new MemoryLog(scratchDirectory()), { voters: voterSet(1, 2, 3) })
    raft.start(listener)
    expect(raft.isLeader).toBe(false)
    await clock.advance(10_000)
    // Nobody said it would vote for us, so the epoch stays (KIP-996).
    expect([raft.isLeader, raft.epoch]).toEqual([false, 0])
    void raft.close()
  })
})

import * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import type { AppendContext } from '../../src/log/producer-entry.ts'
import { ProducerState } from '../../src/log/producer-state.ts'
import { readBatchHeader } from '../../src/protocol/records/record-batch.ts'
import { batchOf, markerOf, START_MS, scratchDirectory } from './support.ts'

const DAY_MS = 86_400_000
let directory: string
let state: ProducerState

beforeEach(() => {
  directory = scratchDirectory()
  state = open()
})

const open = (): ProducerState => new ProducerState(nodeFileSystem, silentLogger, directory, DAY_MS)
const warnings: string[] = []
const context = (origin: AppendContext['origin']): AppendContext => ({
  partition: 'orders-0',
  origin,
  transactionVersion: 0,
  warn: (message) => void warnings.push(message),
})

/** Appends as a log would. */
function append(batch: Buffer, origin: AppendContext['origin'] = 'replication'): void {
  const header = readBatchHeader(batch)
  const prepared = state.prepare(batch, [header], context(origin))
  state.commit(prepared)
  for (const ended of prepared.completed) state.completeTransaction(ended)
  state.mapEndOffset = header.lastOffset + 1
}

const data = (producerId: bigint, baseOffset: number, baseSequence = 0, transactional = false): Buffer =>
  batchOf({ producerId, producerEpoch: 0, baseSequence, baseOffset, transactional })
const end = (producerId: bigint, baseOffset: number): Buffer =>
  markerOf({ producerId, producerEpoch: 0, baseOffset, commit: false })
const snapshots = (): string[] => fs.readdirSync(directory).sort()

describe('ProducerState', () => {
  it('changes nothing until an append is committed', () => {
    const batch = data(1n, 0)
    state.prepare(batch, [readBatchHeader(batch)], context('client'))
    expect([state.count, state.firstUnstableOffset]).toEqual([0, null])
  })

  it('ignores batches without a producer', () => {
    append(batchOf())
    expect(state.empty).toBe(true)
  })

  it('warns of an old epoch instead of refusing it when it replicates', () => {
    append(batchOf({ producerId: 1n, producerEpoch: 5, baseSequence: 0 }))
    append(batchOf({ producerId: 1n, producerEpoch: 4, baseSequence: 0, baseOffset: 1 }))
    expect(warnings.at(-1)).toContain('which is < the last seen epoch 5')
  })

  it('lets a coordinator write any sequence, as its own records carry none', () => {
    append(data(1n, 0, 5), 'coordinator')
    append(data(1n, 1, 9), 'coordinator')
    expect(state.lastEntry(1n)!.lastSequence).toBe(9)
  })

  it('is unstable from the first open transaction, whatever order they end in', () => {
    append(data(1n, 10, 0, true))
    append(data(2n, 20, 0, true))
    append(data(3n, 30, 0, true))
    append(end(2n, 40))
    expect(state.firstUnstableOffset).toBe(10)
    append(end(1n, 50))
    expect(state.firstUnstableOffset).toBe(10)
    state.onHighWatermark(50)
    // The marker at 50 is not below the high watermark yet.
    expect(state.firstUnstableOffset).toBe(10)
    state.onHighWatermark(51)
    expect(state.firstUnstableOffset).toBe(30)
  })

  it('says what the last stable offset will be once a transaction has ended', () => {
    append(data(1n, 10, 0, true))
    append(data(2n, 20, 0, true))
    const ended = { producerId: 1n, firstOffset: 10, lastOffset: 30, aborted: true }
    expect(state.lastStableOffsetAfter(ended)).toBe(20)
    append(end(2n, 40))
    expect(state.lastStableOffsetAfter(ended)).toBe(31)
  })

  it('writes a snapshot once per offset and starts from the latest one', () => {
    append(data(1n, 0, 0, true))
    expect(state.takeSnapshot(false)).toMatch(/00000000000000000001\.snapshot$/)
    expect(state.takeSnapshot(false)).toBeNull()
    append(data(1n, 1, 1, true))
    state.takeSnapshot(true)
    expect(snapshots()).toEqual(['00000000000000000001.snapshot', '00000000000000000002.snapshot'])
    const again = open()
    again.truncateAndReload(0, 2, START_MS)
    expect(again.mapEndOffset).toBe(2)
    expect(again.lastEntry(1n)!.lastSequence).toBe(1)
    expect(again.firstUnstableOffset).toBe(0)
  })

  it('falls back to an older snapshot, removing the corrupt one', () => {
    append(data(1n, 0))
    state.takeSnapshot(false)
    append(data(1n, 1, 1))
    fs.writeFileSync(state.takeSnapshot(false)!, 'nonsense')
    const again = open()
    again.truncateAndReload(0, 2, START_MS)
    expect(again.mapEndOffset).toBe(1)
    expect(again.lastEntry(1n)!.lastSequence).toBe(0)
    expect(snapshots()).toEqual(['00000000000000000001.snapshot'])
  })

  it('drops snapshots that lie outside of the log', () => {
    for (const offset of [0, 1, 2, 3]) {
      append(data(1n, offset, offset))
      state.takeSnapshot(false)
    }
    state.truncateAndReload(1, 3, START_MS)
    expect(snapshots()).toEqual(['00000000000000000002.snapshot', '00000000000000000003.snapshot'])
    expect(state.mapEndOffset).toBe(3)
  })

  it('does not load producers that expired meanwhile, unless a transaction is open', () => {
    append(data(1n, 0))
    append(data(2n, 1, 0, true))
    state.takeSnapshot(false)
    const again = open()
    again.truncateAndReload(0, 2, START_MS + DAY_MS)
    expect([again.lastEntry(1n), again.lastEntry(2n)?.producerId]).toEqual([null, 2n])
    again.removeExpired(START_MS + 10 * DAY_MS)
    expect(again.count).toBe(1)
  })

  it('removes snapshots without a segment, but keeps the newest', () => {
    for (const offset of [0, 4, 9, 14]) {
      append(data(1n, offset, offset))
      state.takeSnapshot(false)
    }
    fs.copyFileSync(join(directory, '00000000000000000015.snapshot'), join(directory, '00000000000000000012.snapshot'))
    state.removeStraySnapshots([0, 5, 10])
    expect(state.snapshotOffsets).toEqual([5, 10, 15])
    state.removeStraySnapshots([0, 5, 20])
    expect(state.snapshotOffsets).toEqual([5])
  })

  it('takes a deleted segment’s snapshot out of use', () => {
    append(data(1n, 4))
    state.takeSnapshot(false)
    expect(state.markSnapshotDeleted(5, '.deleted')).toMatch(/5\.snapshot\.deleted$/)
    expect(state.markSnapshotDeleted(5, '.deleted')).toBeNull()
    expect(snapshots()).toEqual(['00000000000000000005.snapshot.deleted'])
  })

  it('forgets everything when the log starts anew', () => {
    append(data(1n, 0, 0, true))
    state.takeSnapshot(false)
    state.truncateFullyAndStartAt(100)
    expect([state.empty, state.firstUnstableOffset, state.mapEndOffset]).toEqual([true, null, 100])
    expect(snapshots()).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { type LoaderObserver, MetadataLoader } from '../../src/metadata/loader.ts'
import { encodeMetadataRecord } from '../../src/metadata/record-serde.ts'
import type { MetadataPublisher } from '../../src/metadata/types.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import type { CommittedBatch } from '../../src/raft/types.ts'
import { config, feature, topicRecords, uuidOf } from './support.ts'

function batch(baseOffset: number, records: readonly MetadataRecordInput[], epoch = 1): CommittedBatch {
  const values = records.map(encodeMetadataRecord)
  const lastOffset = baseOffset + Math.max(values.length, 1) - 1
  const sizeInBytes = values.reduce((sum, value) => sum + value.length, 61)
  return { baseOffset, lastOffset, epoch, appendTimestamp: 1_000 + baseOffset, sizeInBytes, values, control: [] }
}

const control = (baseOffset: number): CommittedBatch => ({
  ...batch(baseOffset, []),
  control: [{ type: 'leader-change', leaderId: 1 }],
})

function publisher(name = 'test'): MetadataPublisher & { lines: string[] } {
  const lines: string[] = []
  return {
    name,
    lines,
    onMetadataUpdate(delta, image) {
      const topics = [...delta.changedTopics].map((id) => image.topicsById.get(id)?.name)
      const deleted = [...delta.deletedTopics.values()].map((topic) => topic.name)
      lines.push(`${image.offset}: +[${topics}] -[${deleted}] configs [${[...delta.changedConfigs]}]`)
    },
  }
}

const begin: MetadataRecordInput = { record: 'beginTransactionRecord', body: { name: 'x' } }
const end: MetadataRecordInput = { record: 'endTransactionRecord', body: {} }
const abort: MetadataRecordInput = { record: 'abortTransactionRecord', body: { reason: 'r' } }

describe('MetadataLoader', () => {
  it('tells publishers of each step, in order', () => {
    const loader = new MetadataLoader(silentLogger)
    const first = publisher()
    loader.addPublisher(first)
    loader.onCommit([control(0), batch(1, topicRecords('a', uuidOf(1), [[1]]))])
    loader.onCommit([batch(3, [config(2, 'a', 'k', 'v')])])
    loader.onCommit([batch(4, [{ record: 'removeTopicRecord', body: { topicId: uuidOf(1) } }])])
    expect(first.lines).toEqual(['2: +[a] -[] configs []', '3: +[] -[] configs [2:a]', '4: +[] -[a] configs [2:a]'])
    expect(loader.image).toMatchObject({ offset: 4, epoch: 1 })
  })

  it('tells a late publisher everything at once', () => {
    const loader = new MetadataLoader(silentLogger)
    loader.onCommit([batch(0, [...topicRecords('a', uuidOf(1), [[1]]), config(4, '', 'k', 'v')])])
    const late = publisher()
    loader.addPublisher(late)
    expect(late.lines).toEqual(['2: +[a] -[] configs [4:]'])
    loader.removePublisher(late)
    loader.onCommit([batch(3, [feature('x', 1)])])
    expect(late.lines).toHaveLength(1)
  })

  it('does not let one publisher keep the others from the news', () => {
    const loader = new MetadataLoader(silentLogger)
    const good = publisher()
    loader.addPublisher({
      name: 'broken',
      onMetadataUpdate() {
        throw new Error('no')
      },
    })
    loader.addPublisher(good)
    loader.onCommit([batch(0, [feature('x', 1)])])
    expect(good.lines).toHaveLength(1)
  })

  it('lets a transaction take effect at its end', () => {
    const loader = new MetadataLoader(silentLogger)
    loader.onCommit([batch(0, [feature('before', 1), begin, feature('inside', 2)])])
    expect([...loader.image.features.keys()]).toEqual(['before'])
    expect([loader.image.offset, loader.transactionStartOffset]).toEqual([0, 1])
    loader.onCommit([batch(3, [feature('inside2', 3)])])
    expect(loader.image.features.size).toBe(1)
    loader.onCommit([batch(4, [end, feature('after', 1)])])
    expect([...loader.image.features.keys()]).toEqual(['before', 'inside', 'inside2', 'after'])
    expect([loader.image.offset, loader.transactionStartOffset]).toEqual([5, null])
  })

  it('forgets an aborted transaction', () => {
    const loader = new MetadataLoader(silentLogger)
    loader.onCommit([batch(0, [begin, feature('x', 1), abort, feature('y', 1)])])
    expect([...loader.image.features.keys()]).toEqual(['y'])
    expect(loader.image.offset).toBe(3)
  })

  it('starts from a snapshot, and drops what it does not hold', () => {
    const loader = new MetadataLoader(silentLogger)
    const told = publisher()
    loader.addPublisher(told)
    loader.onCommit([batch(0, [...topicRecords('old', uuidOf(1), [[1]]), begin])])
    loader.onSnapshot({ endOffset: 20, epoch: 3 }, [control(0), batch(1, topicRecords('new', uuidOf(2), [[1]]))])
    expect(told.lines.at(-1)).toBe('19: +[new] -[old] configs []')
    expect(loader.image).toMatchObject({ offset: 19, epoch: 3 })
    expect(loader.transactionStartOffset).toBeNull()
    loader.onCommit([batch(20, [feature('x', 1)])])
    expect(loader.image.offset).toBe(20)
  })

  it('tells how much was loaded', () => {
    const loaded: object[] = []
    const observer: LoaderObserver = {
      onLoaded: (image, what) => loaded.push({ offset: image.offset, ...what }),
      onSnapshotLoaded: (image) => loaded.push({ snapshot: image.offset }),
    }
    const loader = new MetadataLoader(silentLogger, observer)
    const one = batch(0, [feature('x', 1)])
    const two = batch(1, [feature('y', 1)])
    loader.onCommit([one, two])
    loader.onSnapshot({ endOffset: 9, epoch: 1 }, [])
    loader.onLeaderChange({ leaderId: 1, epoch: 2 })
    expect(loaded).toEqual([
      { offset: 1, sizeInBytes: one.sizeInBytes + two.sizeInBytes, lastTimestamp: 1_001 },
      { snapshot: 8 },
    ])
  })

  it('refuses a log that contradicts itself', () => {
    const loader = new MetadataLoader(silentLogger)
    const change: MetadataRecordInput = { record: 'removeTopicRecord', body: { topicId: uuidOf(5) } }
    expect(() => loader.onCommit([batch(0, [change])])).toThrow('unknown topic id')
  })
})

import { expect, it } from 'vitest'
import { partitionView } from '../../../src/commands/transact/log-view.ts'
import { answerOf, logOf } from './support.ts'

const PARTITION = { topic: 't', partition: 0 }

it('says of each offset how its transaction ended, and who gets it', () => {
  const log = logOf([[1n, ['a', 'b']], 'plain', [1n, 'abort'], [1n, ['c']], [2n, ['d']], [1n, 'commit'], 'late'])
  const uncommitted = answerOf(log, { highWatermark: 8, lastStableOffset: 5 })
  // The broker gives a reader of committed records what lies before the last stable offset, and who was aborted.
  const committed = answerOf(log.slice(0, 4), { lastStableOffset: 5, aborted: [{ producerId: 1n, firstOffset: 0n }] })
  const view = partitionView(PARTITION, 0, uncommitted, committed)
  expect(view).toMatchObject({ ...PARTITION, highWatermark: 8, lastStableOffset: 5, fromOffset: 0 })
  expect(
    view.entries.map((each) => [
      each.offset,
      each.kind,
      each.value,
      each.producerId,
      each.transaction,
      each.readCommitted,
    ]),
  ).toEqual([
    [0, 'record', 'a', 1n, 'aborted', false],
    [1, 'record', 'b', 1n, 'aborted', false],
    [2, 'record', 'plain', null, 'none', true],
    [3, 'abort', null, 1n, 'aborted', false],
    [4, 'record', 'c', 1n, 'committed', true],
    [5, 'record', 'd', 2n, 'open', false],
    [6, 'commit', null, 1n, 'committed', false],
    [7, 'record', 'late', null, 'none', false],
  ])
})

it('begins at the offset asked for, in the middle of a batch too', () => {
  const log = logOf([[1n, ['a', 'b', 'c']]])
  const view = partitionView(PARTITION, 1, answerOf(log, { highWatermark: 3 }), answerOf([]))
  expect(view.entries.map(({ offset }) => offset)).toEqual([1, 2])
})

it('takes what is whole of an answer that was cut', () => {
  const [first, second] = logOf([
    [1n, ['a']],
    [1n, 'commit'],
  ])
  const view = partitionView(PARTITION, 0, answerOf([first!, second!.subarray(0, 70)]), answerOf([first!]))
  expect(view.entries.map(({ offset, transaction }) => [offset, transaction])).toEqual([[0, 'open']])
})

it('an empty log has nothing', () => {
  expect(partitionView(PARTITION, 0, answerOf([]), answerOf([])).entries).toEqual([])
})

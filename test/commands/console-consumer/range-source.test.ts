import { describe, expect, it } from 'vitest'
import type { FetchStart } from '../../../src/client/fetcher.ts'
import type { ReadRange } from '../../../src/commands/console-consumer/range.ts'
import { boundsOf, isBounded } from '../../../src/commands/console-consumer/range-source.ts'

const ENDS = { earliest: 10, latest: 100 }
const bounds = (
  range: Partial<ReadRange>,
  start: FetchStart = 'latest',
  since: number | null = null,
  until: number | null = null,
): [number, number] => {
  const { from, to } = boundsOf(ENDS, { follow: false, exitAtEnd: false, ...range }, start, since, until)
  return [from, to]
}

describe('boundsOf', () => {
  it.each<[Partial<ReadRange>, FetchStart, [number, number]]>([
    [{ exitAtEnd: true }, 'latest', [10, 100]],
    [{ exitAtEnd: true }, { offset: 40 }, [40, 100]],
    [{}, 'latest', [100, 100]],
    [{}, 'earliest', [10, 100]],
    [{ startOffset: 30 }, 'latest', [30, 100]],
    [{ startOffset: 3 }, 'latest', [10, 100]],
    [{ startOffset: 300 }, 'latest', [100, 100]],
    [{ startOffset: -20 }, 'latest', [80, 100]],
    [{ startOffset: -200 }, 'latest', [10, 100]],
    [{ endOffset: 30 }, 'latest', [10, 30]],
    [{ endOffset: -20 }, 'latest', [10, 80]],
    [{ endOffset: 300 }, 'latest', [10, 100]],
    [{ endOffset: 30, startOffset: 20 }, 'latest', [20, 30]],
    [{ tail: 5 }, 'latest', [10, 100]],
    [{ key: { bytes: Buffer.from('k'), text: 'k', partitioner: 'murmur2' } }, 'latest', [10, 100]],
  ])('%j from %j', (range, start, expected) => {
    expect(bounds(range, start)).toEqual(expected)
  })

  it('looks at times', () => {
    expect(bounds({ sinceMs: 1 }, 'latest', 50)).toEqual([50, 100])
    expect(bounds({ sinceMs: 1 }, 'latest', -1)).toEqual([100, 100])
    expect(bounds({ untilMs: 1 }, 'latest', null, 60)).toEqual([10, 60])
    expect(bounds({ untilMs: 1 }, 'latest', null, -1)).toEqual([10, 100])
    expect(bounds({ sinceMs: 1, untilMs: 2 }, 'latest', 50, 60)).toEqual([50, 60])
  })
})

it('ends by itself where an end was asked for', () => {
  const range = { follow: false, exitAtEnd: false }
  expect(isBounded(range)).toBe(false)
  expect(
    [{ exitAtEnd: true }, { endOffset: 1 }, { untilMs: 1 }].every((more) => isBounded({ ...range, ...more })),
  ).toBe(true)
})

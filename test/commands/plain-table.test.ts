import { describe, expect, it } from 'vitest'
import { bytesText, plainTable, spanText } from '../../src/commands/plain-table.ts'

describe('plainTable', () => {
  it('aligns numbers to the right and words to the left', () => {
    const rows = [
      ['a', '1', '5m 2s'],
      ['longer', '-', '-'],
      ['b', '1000', '1d'],
    ]
    expect(plainTable(['NAME', 'LAG', 'TIME'], rows)).toBe(
      ['NAME     LAG  TIME', 'a          1  5m 2s', 'longer     -  -', 'b       1000  1d', ''].join('\n'),
    )
    expect(plainTable(['A', 'B'], [])).toBe('A  B\n')
  })
})

it('writes lengths of time in two units', () => {
  expect([0, 12, 999.6, 1000, 61_000, 3_600_000, 3_725_000, 90_000_000].map(spanText)).toEqual([
    ...['0ms', '12ms', '1000ms', '1s', '1m 1s', '1h', '1h 2m', '1d 1h'],
  ])
})

it('writes sizes', () => {
  expect([0, 1023, 1024, 1_572_864, 5 * 2 ** 40].map(bytesText)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 MiB',
    '5.0 TiB',
  ])
})

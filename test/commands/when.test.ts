import { describe, expect, it } from 'vitest'
import { parseSpan, parseWhen } from '../../src/commands/when.ts'

const NOW = Date.UTC(2026, 10, 21, 12)

describe('parseWhen', () => {
  it.each([
    ['now', NOW],
    ['-1h', NOW - 3_600_000],
    ['1h30m', NOW - 5_400_000],
    ['+5m', NOW + 300_000],
    ['-2d12h', NOW - 216_000_000],
    ['-1.5s', NOW - 1500],
    ['250ms', NOW - 250],
    ['1763726400000', 1_763_726_400_000],
    ['0', 0],
    ['2026-01-31', Date.UTC(2026, 0, 31)],
    ['2026-01-31T12:30', Date.UTC(2026, 0, 31, 12, 30)],
    ['2026-01-31 12:30:15Z', Date.UTC(2026, 0, 31, 12, 30, 15)],
    ['2026-01-31T12:30:15.5+02:00', Date.UTC(2026, 0, 31, 10, 30, 15, 500)],
    ['2026-01-31T12:30:15.123456-0130', Date.UTC(2026, 0, 31, 14, 0, 15, 123)],
  ])('reads %s', (text, expected) => {
    expect(parseWhen(text, NOW, 'since')).toBe(expected)
  })

  it.each(['', 'soon', '-1', '1w', '1h-', '2026-02-30', '2026-01-31T25:00', '2026-01-31T12:60', '2026-1-1'])(
    'refuses %j',
    (text) => {
      expect(() => parseWhen(text, NOW, 'since')).toThrow(`--since: '${text}' is no point in time`)
    },
  )
})

describe('parseSpan', () => {
  it('reads lengths of time', () => {
    expect(['500ms', '10s', '1h30m'].map((text) => parseSpan(text, 'watch'))).toEqual([500, 10_000, 5_400_000])
    expect(() => parseSpan('-1h', 'watch')).toThrow("--watch: '-1h' is no length of time")
    expect(() => parseSpan('now', 'watch')).toThrow(/no length of time/)
  })
})

import { describe, expect, it } from 'vitest'
import { parseDateTime, parseDuration } from '../../../src/commands/consumer-groups/reset-time.ts'

describe('parseDateTime', () => {
  it('is UTC without a zone', () => {
    expect(parseDateTime('2020-01-01T00:00:00.000')).toBe(1577836800000)
    expect(parseDateTime('2020-01-01T00:00:00.000Z')).toBe(1577836800000)
  })
  it('heeds a zone', () => {
    expect(parseDateTime('2020-01-01T01:00:00.000+01:00')).toBe(1577836800000)
    expect(parseDateTime('2019-12-31T22:30:00.000-01:30')).toBe(1577836800000)
    expect(parseDateTime('2020-01-01T02:00:00.000+02')).toBe(1577836800000)
  })
  it('reads milliseconds as a number, not as a fraction', () => {
    expect(parseDateTime('2020-01-01T00:00:00.5')).toBe(1577836800005)
  })
  it('reads years before 1000 as they are written', () => {
    expect(new Date(parseDateTime('0050-02-03T00:00:00.000')).getUTCFullYear()).toBe(50)
  })
  it.each([
    ['nope', "Error parsing timestamp. It does not contain a 'T' according to ISO8601 format"],
    ['2020-01-01', "Error parsing timestamp. It does not contain a 'T' according to ISO8601 format"],
    ['2020-12-01T00:00:00', 'Unparseable date: "2020-12-01T00:00:00Z"'],
    ['2020-13-01T00:00:00.000', 'Unparseable date: "2020-13-01T00:00:00.000Z"'],
    ['2020-02-30T00:00:00.000', 'Unparseable date: "2020-02-30T00:00:00.000Z"'],
    ['2020-01-01T24:00:00.000', 'Unparseable date: "2020-01-01T24:00:00.000Z"'],
    ['2020-01-01T00:60:00.000', 'Unparseable date: "2020-01-01T00:60:00.000Z"'],
  ])('refuses %s', (text, message) => {
    expect(() => parseDateTime(text)).toThrow(`java.text.ParseException: ${message}`)
  })
})

describe('parseDuration', () => {
  it.each([
    ['P1D', 86_400_000],
    ['PT1H', 3_600_000],
    ['P1DT2H3M4.5S', 93_784_500],
    ['pt1m', 60_000],
    ['P2DT-1H', 169_200_000],
    ['-PT10S', -10_000],
    ['PT-1.5S', -1_500],
    ['PT1,25S', 1_250],
    ['PT0S', 0],
  ])('%s is %i ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })
  it.each(['5x', '', 'P', 'PT', 'P1DT', '1D', 'P1H', 'PT1D', 'P1W', 'PT1.0123456789S'])('refuses %s', (text) => {
    expect(() => parseDuration(text)).toThrow('Text cannot be parsed to a Duration')
  })
})

import { describe, expect, it } from 'vitest'
import {
  double,
  flag,
  GivenOptions,
  integer,
  long,
  parseDouble,
  parseWhole,
  text,
  UsageError,
} from '../../src/cli/options.ts'

const table = {
  list: flag('List.'),
  topic: text('topic', 'The topic.'),
  time: text('time', 'The time.', { default: 'latest' }),
  partitions: integer('number', 'How many.'),
  offset: long('offset', 'Where.'),
  rate: double('rate', 'How fast.'),
}
const given = (values: Record<string, string[]>) => new GivenOptions(table, new Map(Object.entries(values)), [])

describe('GivenOptions', () => {
  it('tells a flag that was given from one that was not', () => {
    expect(given({ list: [] }).has('list')).toBe(true)
    expect(given({}).has('list')).toBe(false)
  })

  it('gives values by the kind that was declared', () => {
    const options = given({ topic: ['t'], partitions: ['3'], offset: ['-9007199254740991'], rate: ['1.5e3'] })
    expect(options.value('topic')).toBe('t')
    expect(options.value('partitions')).toBe(3)
    expect(options.value('offset')).toBe(-9007199254740991)
    expect(options.value('rate')).toBe(1500)
  })

  it('falls back to the default, which does not count as given', () => {
    expect(given({}).value('time')).toBe('latest')
    expect(given({}).has('time')).toBe(false)
    expect(given({ time: ['earliest'] }).value('time')).toBe('earliest')
    expect(given({}).value('topic')).toBeUndefined()
  })

  it('refuses a single value of an option that was repeated, and gives all of them', () => {
    const options = given({ topic: ['a', 'b'] })
    expect(() => options.value('topic')).toThrow(
      'Found multiple arguments for option topic, but you asked for only one',
    )
    expect(options.values('topic')).toEqual(['a', 'b'])
  })

  it('finds a bad number when it is asked for, not before', () => {
    const options = given({ partitions: ['abc'], topic: ['t'] })
    expect(options.value('topic')).toBe('t')
    expect(() => options.value('partitions')).toThrow(
      new UsageError("Cannot parse argument 'abc' of option partitions"),
    )
  })

  it('keeps an answered option in a copy', () => {
    const before = given({ list: [] })
    const after = before.with('topic', 'orders')
    expect(after.value('topic')).toBe('orders')
    expect(after.has('list')).toBe(true)
    expect(after.order).toEqual(['list', 'topic'])
    expect(before.has('topic')).toBe(false)
  })
})

describe('numbers as Java reads them', () => {
  it.each([
    ['0', 0],
    ['+7', 7],
    ['-7', -7],
    ['007', 7],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['2147483648', undefined],
    ['', undefined],
    ['1.0', undefined],
    ['1e3', undefined],
    [' 1', undefined],
    ['0x10', undefined],
    ['1_000', undefined],
    ['+', undefined],
  ])('int %j is %j', (value, expected) => {
    expect(parseWhole(value, 'int')).toBe(expected)
  })

  it('long goes to 2^63', () => {
    expect(parseWhole('1700000000000', 'long')).toBe(1700000000000)
    expect(parseWhole('9223372036854775807', 'long')).toBe(Number(2n ** 63n))
    expect(parseWhole('9223372036854775808', 'long')).toBeUndefined()
    expect(parseWhole('9'.repeat(1000), 'long')).toBeUndefined()
  })

  it('double takes what a number is and nothing else', () => {
    expect(parseDouble('0.5')).toBe(0.5)
    expect(parseDouble('-1e7')).toBe(-1e7)
    expect(parseDouble('')).toBeUndefined()
    expect(parseDouble('much')).toBeUndefined()
  })
})

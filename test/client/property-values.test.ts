import { expect, it } from 'vitest'
import { integerProperty, type NumberBounds } from '../../src/client/property-values.ts'

const read = (text: string, bounds?: NumberBounds) => integerProperty(new Map([['a.ms', text]]), 'a.ms', bounds)

it('reads whole numbers, blanks around them left out', () => {
  expect(read(' 30000 ')).toBe(30_000)
  expect(read('2147483647')).toBe(2 ** 31 - 1)
  expect(read('2147483648', { type: 'LONG' })).toBe(2 ** 31)
  expect(read('-7', { atLeast: -131_072 })).toBe(-7)
  expect(integerProperty(new Map(), 'a.ms')).toBeUndefined()
})

it.each<[string, NumberBounds | undefined, string]>([
  ['16k', undefined, 'Not a number of type INT'],
  ['', undefined, 'Not a number of type INT'],
  ['1.5', undefined, 'Not a number of type INT'],
  ['2147483648', undefined, 'Not a number of type INT'],
  ['99999999999999999999', { type: 'LONG' }, 'Not a number of type LONG'],
  ['-1', undefined, 'Value must be at least 0'],
  ['0', { atLeast: 1 }, 'Value must be at least 1'],
])('refuses %j in the words of Kafka', (text, bounds, why) => {
  expect(() => read(text, bounds)).toThrow(`Invalid value ${text} for configuration a.ms: ${why}`)
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConfigType, configText, parseConfigText } from '../../../src/metadata/config/values.ts'

const parse = (type: ConfigType, text: string | null) => parseConfigText('x', type, text)

describe('values of configurations', () => {
  it.each([
    ['INT', ' 42 ', 42],
    ['INT', '+7', 7],
    ['INT', '-2147483648', -2147483648],
    ['SHORT', '32767', 32767],
    ['LONG', '9223372036854775807', 9223372036854775807n],
    ['LONG', '-1', -1n],
    ['DOUBLE', '0.5', 0.5],
    ['DOUBLE', '1e3', 1000],
    ['DOUBLE', '.5d', 0.5],
    ['BOOLEAN', 'TRUE', true],
    ['BOOLEAN', ' false', false],
    ['STRING', '  a b ', 'a b'],
    ['PASSWORD', 'secret', 'secret'],
    ['LIST', '', []],
    ['LIST', 'a , b,c', ['a', 'b', 'c']],
    ['LIST', 'a,', ['a', '']],
  ] as const)('reads %s %j', (type, text, value) => {
    expect(parse(type, text)).toEqual(value)
  })

  it.each([
    ['INT', '2147483648', 'Not a number of type INT'],
    ['INT', '1.0', 'Not a number of type INT'],
    ['INT', '', 'Not a number of type INT'],
    ['SHORT', '32768', 'Not a number of type SHORT'],
    ['LONG', 'abc', 'Not a number of type LONG'],
    ['LONG', '9223372036854775808', 'Not a number of type LONG'],
    ['DOUBLE', 'half', 'Not a number of type DOUBLE'],
    ['BOOLEAN', 'yes', 'Expected value to be either true or false'],
  ] as const)('refuses %s %j', (type, text, why) => {
    expect(() => parse(type, text)).toThrow(`Invalid value ${text} for configuration x: ${why}`)
  })

  it('keeps null for no value', () => {
    expect(parse('INT', null)).toBeNull()
    expect(configText(null, 'INT')).toBeNull()
  })

  it.each([
    [0.5, '0.5'],
    [1, '1.0'],
    [0, '0.0'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [12_345_678, '1.2345678E7'],
    [Number.MAX_VALUE, '1.7976931348623157E308'],
  ])('shows the double %d as Java does', (value, text) => {
    expect(configText(value, 'DOUBLE')).toBe(text)
  })

  it('shows lists joined and integers plainly', () => {
    expect(configText(['compact', 'delete'], 'LIST')).toBe('compact,delete')
    expect(configText([], 'LIST')).toBe('')
    expect(configText(9223372036854775807n, 'LONG')).toBe('9223372036854775807')
    expect(configText(true, 'BOOLEAN')).toBe('true')
  })

  it('reads back every long it shows', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(parse('LONG', configText(value, 'LONG'))).toBe(value)
      }),
    )
  })

  it('reads back every double it shows', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const back = parse('DOUBLE', configText(value, 'DOUBLE')) as number
        expect(back === value).toBe(true)
      }),
    )
  })
})

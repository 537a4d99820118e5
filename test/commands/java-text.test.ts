import { describe, expect, it } from 'vitest'
import {
  hashMapCopyOrder,
  hashMapOrder,
  javaDouble,
  javaFixed,
  javaHashCode,
  javaParseInt,
  javaSplit,
} from '../../src/commands/java-text.ts'

describe('the habits of Java (seen by running Java)', () => {
  it('hashes text', () => {
    expect(javaHashCode('orders')).toBe(-1008770331)
    expect(javaHashCode('a-rather-long-topic-name')).toBe(996987977)
    expect(javaHashCode('')).toBe(0)
  })

  it('gives keys of a hash map back in this order', () => {
    const names = [...Array.from({ length: 20 }, (_, at) => `topic-${at * 7}`), 'a', 'zz', 'orders.events']
    const expected =
      'topic-133 zz orders.events topic-7 a topic-126 topic-91 topic-70 topic-112 topic-119 topic-0 topic-84 topic-63 topic-105 topic-42 topic-21 topic-98 topic-77 topic-56 topic-35 topic-14 topic-49 topic-28'
    expect(hashMapOrder(names).join(' ')).toBe(expected)
    expect(hashMapOrder(names, names.length).join(' ')).toBe(expected)
    expect(hashMapCopyOrder(hashMapOrder(names, names.length)).join(' ')).toBe(expected)
    expect(hashMapOrder(['orders', 'a', 'payments'], 3)).toEqual(['a', 'orders', 'payments'])
    expect(hashMapOrder([])).toEqual([])
  })

  it.each([
    [0, '0.0'],
    [1, '1.0'],
    [0.5, '0.5'],
    [1024, '1024.0'],
    [9999999, '9999999.0'],
    [1e7, '1.0E7'],
    [12345678901, '1.2345678901E10'],
    [99999999, '9.9999999E7'],
    [0.001, '0.001'],
    [0.00099, '9.9E-4'],
    [1e21, '1.0E21'],
    [-5, '-5.0'],
    [123456.789, '123456.789'],
    [1e-7, '1.0E-7'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NaN, 'NaN'],
  ])('writes the double %d as %s', (value, text) => {
    expect(javaDouble(value)).toBe(text)
  })

  it('drops empty parts at the end of a split', () => {
    expect(javaSplit('1,1,,', ',')).toEqual(['1', '1'])
    expect(javaSplit(',', ',')).toEqual([])
    expect(javaSplit('', ',')).toEqual([''])
    expect(javaSplit(',a', ',')).toEqual(['', 'a'])
    expect(javaSplit('a = b', /\s*=\s*/)).toEqual(['a', 'b'])
  })

  it('names what is no number', () => {
    expect(javaParseInt('-12')).toBe(-12)
    expect(() => javaParseInt('x')).toThrow('For input string: "x"')
    expect(() => javaParseInt('')).toThrow('For input string: ""')
  })

  it('rounds the digits that are seen, half up', () => {
    expect(javaFixed(1.005, 2)).toBe('1.01')
    expect(javaFixed(-1.005, 2)).toBe('-1.01')
    expect(javaFixed(0.125, 2)).toBe('0.13')
    expect(javaFixed(1e-7, 4)).toBe('0.0000')
    expect(javaFixed(1.5e21, 1)).toBe((1.5e21).toFixed(1))
    expect(javaFixed(123456.789, 0)).toBe('123457')
    expect([javaFixed(Number.NaN, 2), javaFixed(1 / 0, 2), javaFixed(-1 / 0, 2)]).toEqual([
      'NaN',
      'Infinity',
      '-Infinity',
    ])
  })
})

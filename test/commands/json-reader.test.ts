import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fieldsOf,
  intOf,
  itemsOf,
  type JsonNode,
  JsonNumber,
  JsonSyntaxError,
  jsonText,
  listOf,
  readJson,
  requiredField,
  textOf,
} from '../../src/commands/json-reader.ts'

/** As JSON.parse would have it, for comparison. */
function plain(node: JsonNode | undefined): unknown {
  if (node instanceof JsonNumber) return Number(node.text)
  if (Array.isArray(node)) return node.map(plain)
  if (node instanceof Map) return Object.fromEntries([...node].map(([name, value]) => [name, plain(value)]))
  return node
}

describe('reading JSON', () => {
  it('agrees with JSON.parse on everything JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        // -0 prints as 0.
        const text = JSON.stringify(value, undefined, indent)
        expect(JSON.stringify(plain(readJson(text)))).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  it('refuses what JSON.parse refuses, when nothing follows the first value', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:0123.-e\\ntrue '), maxLength: 12 }), (text) => {
        let expected: unknown
        try {
          expected = JSON.parse(text)
        } catch {
          return
        }
        expect(plain(readJson(text))).toEqual(expected)
      }),
    )
  })

  it('looks no further than the first value', () => {
    expect(readJson('[1] and more')).toEqual([1])
    expect(readJson('{"a":1}}')).toEqual(new Map([['a', 1]]))
  })

  it('finds nothing in nothing', () => {
    expect(readJson('')).toBeUndefined()
    expect(readJson(' \n\t')).toBeUndefined()
  })

  it('tells integers of 32 bits from other numbers', () => {
    expect(readJson('[2147483647, -2147483648]')).toEqual([2147483647, -2147483648])
    for (const text of ['2147483648', '-2147483649', '1.0', '1e3', '12345678901']) {
      expect(readJson(text)).toEqual(new JsonNumber(text))
    }
  })

  it('keeps the last of two equal fields', () => {
    expect(readJson('{"a":1,"a":2}')).toEqual(new Map([['a', 2]]))
  })

  it.each([
    ['{"a":', 'the end of the file where a value should be at line 1, column 6'],
    ['{"a" 1}', 'no colon after the field "a" at line 1, column 6'],
    ['{a: 1}', 'a field without a name in double quotes at line 1, column 2'],
    ['{"a":1', 'no } for the { at line 1, column 1'],
    ['[1,\n 2', 'no ] for the [ at line 1, column 1'],
    ['[1 2]', 'no comma or ] at line 1, column 4'],
    ['[1,]', '"]", which is no value, at line 1, column 4'],
    ['{\n  "x": nope\n}', '"nope", which is no value, at line 2, column 8'],
    ['"abc', 'a text without its closing quote at line 1, column 1'],
    ['["\\x"]', 'a text with a character or an escape that JSON does not have at line 1, column 2'],
    ['[01]', '"01", which is no value, at line 1, column 2'],
  ])('says where %j is wrong', (text, problem) => {
    expect(() => readJson(text)).toThrow(JsonSyntaxError)
    expect(() => readJson(text)).toThrow(`Not valid JSON: ${problem}`)
  })

  it('does not follow brackets for ever', () => {
    expect(() => readJson('['.repeat(100_000))).toThrow('more than 1000 levels')
  })
})

describe('values that are not what they should be', () => {
  it.each([
    [() => fieldsOf(readJson('[1, 2]')), 'Expected JSON object, received [1,2]'],
    [() => fieldsOf(undefined), 'Expected JSON object, received '],
    [() => itemsOf(readJson('{"a": {"b": null}}')), 'Expected JSON array, received {"a":{"b":null}}'],
    [() => listOf(1, intOf), 'Expected `JSON array` value, received 1'],
    [() => intOf('1'), 'Expected `Integer` value, received "1"'],
    [() => intOf(readJson('1.50')!), 'Expected `Integer` value, received 1.5'],
    [() => intOf(readJson('4294967296')!), 'Expected `Integer` value, received 4294967296'],
    [() => textOf(true), 'Expected `String` value, received true'],
    [() => requiredField(new Map(), 'topic'), 'No such field exists: `topic`'],
  ])('are shown as they are: %#', (read, message) => {
    expect(read).toThrow(message)
  })

  it('print without blanks', () => {
    expect(jsonText(readJson('{ "a" : [ 1 , "x\\ty" , 1e10, false ] }'))).toBe('{"a":[1,"x\\ty",1.0E10,false]}')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compactJson, isJson, prettyJson } from '../../../src/commands/console-consumer/json-text.ts'

describe('JSON text laid out anew', () => {
  it('reads as JSON.stringify writes it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space)
        expect(compactJson(text)).toBe(JSON.stringify(value))
        expect(prettyJson(text)).toBe(JSON.stringify(value, null, 2))
      }),
    )
  })

  it('keeps digits, double keys and escapes', () => {
    const text = '{ "n": 12345678901234567890.10, "n": 1e400, "s": "\\u00e9 {,} \\" " }'
    expect(compactJson(text)).toBe('{"n":12345678901234567890.10,"n":1e400,"s":"\\u00e9 {,} \\" "}')
    expect(prettyJson('{"a":[],"b":{},"c":[1]}')).toBe('{\n  "a": [],\n  "b": {},\n  "c": [\n    1\n  ]\n}')
  })

  it('knows what is JSON', () => {
    expect(['{}', '1', '"a"', ' [1] '].every(isJson)).toBe(true)
    expect(['', 'a', '{a:1}', '{}{}'].some(isJson)).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { forbidWith, parseKeyValues, requireOneOf, requireOptions } from '../../src/cli/check-options.ts'
import { flag, text, UsageError } from '../../src/cli/options.ts'
import { parseOptions } from '../../src/cli/parse-options.ts'

const table = { list: flag(''), create: flag(''), config: text('x', ''), topic: text('topic', '') }
const parse = (line: string) => parseOptions(line === '' ? [] : line.split(' '), table)

describe('the checks the scripts share', () => {
  it('requires options, and says which one could be asked for', () => {
    expect(() => requireOptions(parse('--topic t'), ['topic'])).not.toThrow()
    try {
      requireOptions(parse('--list'), ['topic', 'config'])
      expect.unreachable()
    } catch (error) {
      expect((error as UsageError).message).toBe('Missing required argument "[topic]"')
      expect((error as UsageError).missing).toBe('topic')
    }
  })

  it('forbids options beside another', () => {
    expect(() => forbidWith(parse('--list'), 'config', ['list'])).not.toThrow()
    expect(() => forbidWith(parse('--config a'), 'config', ['list'])).not.toThrow()
    expect(() => forbidWith(parse('--config a --create --list'), 'config', ['list', 'create'])).toThrow(
      'Option "[config]" can\'t be used with option "[list]"',
    )
  })

  it('requires exactly one of several', () => {
    expect(() => requireOneOf(parse('--list'), ['list', 'create'])).not.toThrow()
    const text = 'Exactly one of the following arguments is required: [list], [create]'
    expect(() => requireOneOf(parse(''), ['list', 'create'])).toThrow(text)
    expect(() => requireOneOf(parse('--list --create'), ['list', 'create'])).toThrow(text)
  })
})

describe('parseKeyValues', () => {
  it('splits at the first equals sign; the last of a key counts', () => {
    expect(parseKeyValues(['a=1', 'b=x=y', 'a=2'])).toEqual(
      new Map([
        ['a', '2'],
        ['b', 'x=y'],
      ]),
    )
  })

  it('takes a missing value for an empty one, or refuses it', () => {
    expect(parseKeyValues(['a', 'b='])).toEqual(
      new Map([
        ['a', ''],
        ['b', ''],
      ]),
    )
    expect(() => parseKeyValues(['a'], false)).toThrow(UsageError)
    expect(() => parseKeyValues(['b='], false)).toThrow(UsageError)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flag, integer, text, UsageError } from '../../src/cli/options.ts'
import { parseOptions } from '../../src/cli/parse-options.ts'

const table = {
  list: flag('List.'),
  describe: flag('Describe.'),
  topic: text('topic', 'The topic.'),
  partitions: integer('number', 'How many.'),
  'delete-config': text('key,...', 'Keys.', { separator: ',' }),
  a: flag('Short a.'),
  b: text('x', 'Short b.'),
}
const parse = (...args: string[]) => parseOptions(args, table)

describe('parseOptions', () => {
  it('reads flags, separate and attached arguments', () => {
    const given = parse('--list', '--topic', 'orders', '--partitions=3')
    expect(given.has('list')).toBe(true)
    expect(given.value('topic')).toBe('orders')
    expect(given.value('partitions')).toBe(3)
    expect(given.order).toEqual(['list', 'topic', 'partitions'])
  })

  it('splits at the first equals sign and keeps an empty argument', () => {
    expect(parse('--topic=a=b').value('topic')).toBe('a=b')
    expect(parse('--topic=').value('topic')).toBe('')
  })

  it('takes the next word as the argument whatever it looks like', () => {
    expect(parse('--topic', '--list').value('topic')).toBe('--list')
    expect(parse('--partitions', '-1').value('partitions')).toBe(-1)
  })

  it('collects repeated options, and splits arguments of lists', () => {
    expect(parse('--topic', 'a', '--topic=b').values('topic')).toEqual(['a', 'b'])
    expect(parse('--delete-config', 'x,y', '--delete-config', 'z').values('delete-config')).toEqual(['x', 'y', 'z'])
    expect(parse('--delete-config', ',').values('delete-config')).toEqual([','])
  })

  it('ignores what is attached to a flag', () => {
    expect(parse('--list=yes').has('list')).toBe(true)
  })

  it('keeps plain words, and everything after two dashes', () => {
    expect(parse('x', '--list', 'y', '-').words).toEqual(['x', 'y', '-'])
    const given = parse('--list', '--', '--topic', 'z')
    expect(given.words).toEqual(['--topic', 'z'])
    expect(given.has('topic')).toBe(false)
  })

  it('takes a long name after one dash, and letters together', () => {
    expect(parse('-list').has('list')).toBe(true)
    expect(parse('-topic=t').value('topic')).toBe('t')
    const letters = parse('-abrest')
    expect(letters.has('a')).toBe(true)
    expect(letters.value('b')).toBe('rest')
    expect(parse('-ab', 'next').value('b')).toBe('next')
  })

  it('knows no abbreviations, and names the nearest option', () => {
    const failure = caught(() => parse('--top', 'x'))
    expect(failure.message).toBe('top is not a recognized option')
    expect(failure.facts).toEqual(['Did you mean --topic?'])
    expect(caught(() => parse('--zzzzz')).facts).toEqual([])
  })

  it('complains about the first unknown letter after one dash', () => {
    expect(caught(() => parse('-topik')).message).toBe('t is not a recognized option')
    expect(caught(() => parse('-topik')).facts).toEqual(['Did you mean --topic?'])
    expect(caught(() => parse('-ax')).message).toBe('x is not a recognized option')
  })

  it('misses an argument at the end', () => {
    expect(caught(() => parse('--list', '--topic')).message).toBe('Option topic requires an argument')
    expect(caught(() => parse('-b')).message).toBe('Option b requires an argument')
  })

  it('does not take names of object properties for options', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(caught(() => parse(`--${name}`)).message).toBe(`${name} is not a recognized option`)
    }
  })

  it('reads any line or fails with a usage error', () => {
    const word = fc.oneof(
      fc.constantFrom('--list', '--topic', '--partitions=', '-ab', '--', '-', '--delete-config', '='),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(word), (words) => {
        try {
          parseOptions(words, table)
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      }),
    )
  })
})

function caught(work: () => unknown): UsageError {
  try {
    work()
  } catch (error) {
    if (error instanceof UsageError) return error
  }
  throw new Error('a usage error was expected')
}

it('takes a number for an argument that may be left out, a negative one too', () => {
  const size = { ...integer('bytes', '', { default: '7' }), optionalArgument: true }
  const value = (line: string) => parseOptions(line.split(' '), { size, other: flag('') }).value('size')
  expect(value('--size -1')).toBe(-1)
  expect(value('--size --other')).toBe(7)
  expect(value('--size')).toBe(7)
  expect(parseOptions(['--size', 'x'], { size }).words).toEqual(['x'])
})

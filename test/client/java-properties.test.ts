import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseProperties } from '../../src/client/java-properties.ts'

const parsed = (text: string): [string, string][] => [...parseProperties(text)]

describe('Java properties', () => {
  it.each([
    ['a=b', [['a', 'b']]],
    ['a:b', [['a', 'b']]],
    ['a b', [['a', 'b']]],
    ['a\tb', [['a', 'b']]],
    ['a = b', [['a', 'b']]],
    ['a  :  b', [['a', 'b']]],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['=b', [['', 'b']]],
    // One separator only: the second belongs to the value.
    ['a==b', [['a', '=b']]],
    ['a = = b', [['a', '= b']]],
    ['  a=b', [['a', 'b']]],
    // Blanks behind the value stay.
    ['a=b ', [['a', 'b ']]],
    ['a=b#c', [['a', 'b#c']]],
    ['a\\=b=c', [['a=b', 'c']]],
    ['a\\ b=c', [['a b', 'c']]],
    ['a\\:b:c', [['a:b', 'c']]],
    ['a=\\u00e9\\u20AC', [['a', 'é€']]],
    ['a=x\\ty\\nz\\f\\r', [['a', 'x\ty\nz\f\r']]],
    ['a=C:\\\\dir', [['a', 'C:\\dir']]],
    ['a=\\q', [['a', 'q']]],
    ['a=1\na=2', [['a', '2']]],
  ] as [string, [string, string][]][])('%j', (text, expected) => {
    expect(parsed(text)).toEqual(expected)
  })

  it('skips comments and blank lines, whatever ends a line', () => {
    expect(parsed('# one\r\n! two\r\r\n\n  # three\na=1\rb=2\r\nc=3')).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ])
  })

  it('joins lines that end in an odd number of backslashes, dropping leading blanks', () => {
    expect(parsed('list=a,\\\n     b,\\\n\tc\nnext=1')).toEqual([
      ['list', 'a,b,c'],
      ['next', '1'],
    ])
    expect(parsed('path=ends\\\\\nb=2')).toEqual([
      ['path', 'ends\\'],
      ['b', '2'],
    ])
  })

  it('does not continue comments, nor take a comment sign inside a continued line for one', () => {
    expect(parsed('# c \\\na=1')).toEqual([['a', '1']])
    expect(parsed('a=1\\\n#2')).toEqual([['a', '1#2']])
  })

  it('takes a file that ends in a continuation', () => {
    expect(parsed('a=1\\')).toEqual([['a', '1']])
  })

  it('refuses a broken unicode escape with the words of Java', () => {
    expect(() => parseProperties('a=\\u12')).toThrow('Malformed \\uxxxx encoding.')
  })

  it('reads back what Properties.store writes', () => {
    const text = fc.string({ unit: 'binary-ascii' })
    fc.assert(
      fc.property(fc.dictionary(text, text), (values) => {
        const file = Object.entries(values).map(([key, value]) => `${stored(key, true)}=${stored(value, false)}\n`)
        expect(new Map(parseProperties(file.join('')))).toEqual(new Map(Object.entries(values)))
      }),
    )
  })
})

/** The escapes of `Properties.store`. */
function stored(text: string, isKey: boolean): string {
  return [...text]
    .map((char, at) => {
      if (char === ' ') return isKey || at === 0 ? '\\ ' : ' '
      if (char === '\t') return '\\t'
      if (char === '\n') return '\\n'
      if (char === '\r') return '\\r'
      if (char === '\f') return '\\f'
      if ('=:#!\\'.includes(char)) return `\\${char}`
      const code = char.charCodeAt(0)
      return code < 0x20 || code > 0x7e ? `\\u${code.toString(16).padStart(4, '0')}` : char
    })
    .join('')
}

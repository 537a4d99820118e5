import { describe, expect, it } from 'vitest'
import { wrap } from '../../../src/commands/learn/wrap.ts'

const paint = (text: string) => `<${text}>`

describe('prose', () => {
  it('is broken where a word would not fit, whatever breaks it had', () => {
    expect(wrap('one two\nthree four', { width: 9 })).toBe('one two\nthree\nfour')
  })

  it('keeps its paragraphs apart, and loses blanks around', () => {
    expect(wrap('\none\n\n  two  \n', { width: 20 })).toBe('one\n\ntwo')
  })

  it('is indented, the first line otherwise if wanted, and that counts', () => {
    expect(wrap('aa bb cc', { width: 8, first: 'x: ', indent: '   ' })).toBe('x: aa bb\n   cc')
  })

  it('lets a word stand out that is longer than a line', () => {
    expect(wrap('a abcdefghij b', { width: 5 })).toBe('a\nabcdefghij\nb')
  })
})

describe('code', () => {
  it('keeps together, with what follows it without a blank', () => {
    expect(wrap('see `kt topics --list`, then go', { width: 24 })).toBe('see `kt topics --list`,\nthen go')
  })

  it('is painted without its backticks, and is as long as it looks', () => {
    expect(wrap('aa `bb cc`, dd', { width: 9, code: paint })).toBe('aa <bb cc>,\ndd')
  })

  it('that is longer than a line is broken as words are', () => {
    expect(wrap('`aaa bbb ccc`', { width: 8 })).toBe('`aaa bbb\nccc`')
    expect(wrap('`aaa bbb ccc`, so', { width: 8, code: paint })).toBe('<aaa> <bbb>\n<ccc>, so')
  })
})

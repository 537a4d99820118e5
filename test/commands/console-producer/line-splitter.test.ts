import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../../../src/commands/console-producer/line-splitter.ts'

/** Lines of a stream that arrives in these chunks, as latin1 text so that every byte shows. */
function split(chunks: readonly (string | Buffer)[]): string[] {
  const lines = new LineSplitter()
  const found: string[] = []
  const take = (): void => void found.push(lines.bytes.toString('latin1', lines.start, lines.end))
  for (const chunk of chunks) {
    lines.push(Buffer.from(chunk as string))
    while (lines.next()) take()
  }
  if (lines.last()) take()
  return found
}

/** What `BufferedReader.readLine` would give. */
function expected(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

describe('LineSplitter', () => {
  it('ends lines at \\n, \\r and \\r\\n', () => {
    expect(split(['one\ntwo\r\nthree\rfour\n\nlast'])).toEqual(['one', 'two', 'three', 'four', '', 'last'])
  })

  it('needs no terminator for the last line, and makes none of an ended one', () => {
    expect(split(['one\ntwo'])).toEqual(['one', 'two'])
    expect(split(['one\ntwo\n'])).toEqual(['one', 'two'])
    expect(split([''])).toEqual([])
    expect(split([])).toEqual([])
    expect(split(['\n'])).toEqual([''])
    expect(split(['\r\n\r\n'])).toEqual(['', ''])
  })

  it('joins a line that arrives in pieces', () => {
    expect(split(['o', 'n', 'e\ntw', 'o', '\nthree'])).toEqual(['one', 'two', 'three'])
  })

  it('counts \\r\\n once when the pieces part between the two', () => {
    expect(split(['one\r', '\ntwo\r', '\n'])).toEqual(['one', 'two'])
    expect(split(['one\r', '\r\n', '\nx'])).toEqual(['one', '', '', 'x'])
    expect(split(['one\r', '', '\ntwo'])).toEqual(['one', 'two'])
  })

  it('gives bytes through that are no text', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a, 0xc3, 0x28])
    expect(split([bytes])).toEqual(['\xff\xfe\x00\x80', '\xc3\x28'])
  })

  it('copies what is unfinished, so that a chunk may be used again', () => {
    const lines = new LineSplitter()
    const chunk = Buffer.from('abc')
    lines.push(chunk)
    expect(lines.next()).toBe(false)
    chunk.fill('x')
    lines.push(Buffer.from('d\n'))
    expect(lines.next()).toBe(true)
    expect(lines.bytes.toString('latin1', lines.start, lines.end)).toBe('abcd')
  })

  it('finds the same lines however the stream is cut', () => {
    const letters = fc.constantFrom('a', 'b', '\n', '\r', 'é')
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 60 }), fc.array(fc.nat(8), { maxLength: 30 }), (text, sizes) => {
        const bytes = Buffer.from(text.join(''), 'latin1')
        const chunks: Buffer[] = []
        let at = 0
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size))
          at += size
        }
        chunks.push(bytes.subarray(at))
        expect(split(chunks)).toEqual(expected(text.join('')))
      }),
    )
  })
})

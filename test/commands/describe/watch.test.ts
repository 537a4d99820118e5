import { describe, expect, it } from 'vitest'
import { clip, redraw } from '../../../src/commands/describe/watch.ts'

const screen = (rows?: number, columns = 80) => ({ rows, columns })
const frame = (text: string, footer = '') => ({ text, footer })
const lines = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at}\n`).join('')

describe('redraw', () => {
  it('goes home, overwrites line by line and clears what is left of the last picture', () => {
    expect(redraw(frame('a\nb\n'), false, screen(24))).toBe('\x1b[Ha\x1b[K\nb\x1b[K\n\x1b[J')
  })

  it('clears the screen the first time only', () => {
    expect(redraw(frame('a\n'), true, screen(24)).startsWith('\x1b[2J\x1b[H')).toBe(true)
  })

  it('cuts what would scroll the screen, and says how much', () => {
    const shown = redraw(frame(lines(10)), false, screen(5))
    expect(shown).toContain('line 2')
    expect(shown).not.toContain('line 3')
    expect(shown).toContain('... 7 more lines')
    expect(shown.split('\n')).toHaveLength(5)
    expect(redraw(frame(lines(10)), false, screen())).toContain('line 9')
  })

  it('keeps the footer in view', () => {
    const shown = redraw(frame(lines(10), '\nCHANGES\nnow\n'), false, screen(8))
    expect(shown).toContain('line 2\x1b[K\n... 7 more lines\x1b[K\n\x1b[K\nCHANGES\x1b[K\nnow\x1b[K\n')
    expect(shown.split('\n')).toHaveLength(8)
    expect(redraw(frame('a\n', 'b\n'), false, screen(8))).toContain('a\x1b[K\nb\x1b[K\n')
    // Of a screen that has no room for more, the footer is what is left.
    expect(redraw(frame(lines(10), 'b\nc\n'), false, screen(3))).toContain('... 10 more lines\x1b[K\nb')
  })

  it('cuts lines that would take two', () => {
    expect(redraw(frame('abcdef\n'), false, screen(5, 3))).toBe('\x1b[Habc\x1b[K\n\x1b[J')
  })
})

describe('clip', () => {
  it('counts what is seen, and never leaves a colour on', () => {
    expect(clip('\x1b[31mabc\x1b[39mdef', 4)).toBe('\x1b[31mabc\x1b[39md')
    expect(clip('\x1b[31mabcdef\x1b[39m', 2)).toBe('\x1b[31mab\x1b[39m')
    expect(clip('abc', 3)).toBe('abc')
    expect(clip('abc', 0)).toBe('')
    expect(clip('ab\x1b[', 5)).toBe('ab')
  })
})

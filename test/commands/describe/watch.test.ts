import { describe, expect, it } from 'vitest'
import { redraw } from '../../../src/commands/describe/watch.ts'

describe('redraw', () => {
  it('goes home, overwrites line by line and clears what is left of the last picture', () => {
    expect(redraw('a\nb\n', false, 24)).toBe('\x1b[Ha\x1b[K\nb\x1b[K\n\x1b[J')
  })

  it('clears the screen the first time only', () => {
    expect(redraw('a\n', true, 24).startsWith('\x1b[2J\x1b[H')).toBe(true)
  })

  it('cuts what would scroll the screen, and says how much', () => {
    const text = Array.from({ length: 10 }, (_, at) => `line ${at}\n`).join('')
    const shown = redraw(text, false, 5)
    expect(shown).toContain('line 2')
    expect(shown).not.toContain('line 3')
    expect(shown).toContain('... 7 more lines')
    expect(shown.split('\n')).toHaveLength(5)
    expect(redraw(text, false, undefined)).toContain('line 9')
  })
})

import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/cli/colour.ts'
import { answerText } from '../../../src/commands/explain/answer-text.ts'
import type { Meaning } from '../../../src/commands/explain/meaning.ts'
import type { Answer } from '../../../src/commands/explain/recognise.ts'
import { twoColumns, wrap } from '../../../src/commands/explain/wrap.ts'

const meaning: Meaning = {
  ...{ term: 'x.y', kind: 'setting', of: 'topic', title: 'topic setting', meaning: 'One two three four five six.' },
  sections: [
    { title: '', rows: [['type', 'int']] },
    { title: 'Nothing', texts: [] },
    {
      title: 'A title that is longer than a line',
      texts: ['Words and words and words.'],
      lines: ['kt a very long line that stays as it is'],
    },
  ],
  details: {},
}
const answer = (parts: Partial<Answer>): Answer => ({
  commands: [],
  mended: [],
  meanings: [],
  near: [],
  unknown: [],
  ...parts,
})

describe('an answer as text', () => {
  it('has a heading, sections within the columns, lines as they are, and why nothing is live', () => {
    expect(answerText(answer({ meanings: [meaning] }), 'nobody is there', 24, noColours)).toBe(
      [
        'x.y (topic setting)',
        '  One two three four',
        '  five six.',
        '    type  int',
        '  A title that is longer',
        '  than a line',
        '    Words and words and',
        '    words.',
        '    kt a very long line that stays as it is',
        '',
        'No live values: nobody',
        'is there.',
        '',
      ].join('\n'),
    )
  })

  it('of several is several, and says what was mended', () => {
    const text = answerText(answer({ meanings: [meaning, meaning], mended: ['a dash'] }), null, 80, noColours)
    expect(text.match(/^x\.y /gm)).toHaveLength(2)
    expect(text).toMatch(/^Note: a dash\.\n\n/)
  })
})

describe('columns', () => {
  it('break between words, and a long left side stands above', () => {
    expect(wrap('a bb ccc', 4, '  ', '- ')).toBe('- a bb\n  ccc')
    expect(wrap('unbreakable', 4, '  ', '')).toBe('unbreakable')
    const [short, long] = twoColumns(
      [
        ['a', 'b'],
        ['x'.repeat(50), 'c'],
      ],
      80,
    )
    expect(short).toBe(`  ${'a'.padEnd(38)}  b\n`)
    expect(long).toBe(`  ${'x'.repeat(50)}\n${' '.repeat(42)}c\n`)
    expect(twoColumns([], 80)).toEqual([])
  })
})

import { expect, it } from 'vitest'
import { LineHistory } from '../../../src/commands/metadata-shell/line-history.ts'

function historyOf(...lines: string[]): LineHistory {
  const history = new LineHistory()
  for (const line of lines) history.add(line)
  return history
}

it('keeps what was typed, without blanks at the end', () => {
  expect(historyOf('ls', 'pwd  ').lines).toEqual(['ls', 'pwd'])
})

it('leaves out empty lines, lines that begin with a blank, and the same line again', () => {
  expect(historyOf('ls', '', ' pwd', 'ls', 'pwd', 'ls').lines).toEqual(['ls', 'pwd', 'ls'])
})

it('forgets the oldest lines, whose numbers are not given again', () => {
  const history = historyOf(...Array.from({ length: 503 }, (_, index) => `ls ${index}`))
  expect(history.lines).toHaveLength(500)
  expect([history.first, history.lines[0]]).toEqual([3, 'ls 3'])
})

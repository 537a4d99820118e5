import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LineInput } from '../../../../src/commands/learn/screen/line-input.ts'

const WORDS = ['topics', 'transact', 'transactions']

let lines: string[]
let candidates: (readonly string[])[]
let input: LineInput
beforeEach(() => {
  lines = []
  candidates = []
  input = new LineInput({
    complete: async (line) => [WORDS.filter((word) => word.startsWith(line)), line],
    history: ['first', 'second'],
    onLine: (line) => lines.push(line),
    onCandidates: (found) => candidates.push(found),
    onChange: () => undefined,
  })
})
afterEach(() => input.close())

function type(text: string): void {
  for (const letter of text) input.key(letter, { name: letter, sequence: letter })
}
const press = (name: string, ctrl = false): void => input.key(undefined, { name, ctrl })
const tab = async (): Promise<void> => {
  input.key('\t', { name: 'tab' })
  await new Promise((resolve) => setImmediate(resolve))
}

describe('the line being typed', () => {
  it('is edited with the keys of kt shell', () => {
    type('topics list')
    press('w', true)
    expect(input.text).toBe('topics ')
    press('a', true)
    expect(input.cursor).toBe(0)
    press('e', true)
    press('backspace')
    expect(input.text).toBe('topics')
    press('return')
    expect(lines).toEqual(['topics'])
    expect(input.text).toBe('')
  })

  it('has what was typed before, the newest first', () => {
    type('third')
    press('return')
    press('up')
    expect(input.text).toBe('third')
    press('up')
    press('up')
    expect(input.text).toBe('first')
    input.clear()
    expect(input.text).toBe('')
  })

  it('keeps answers and the input of commands out of the history', () => {
    input.isCommandLine = false
    type('a secret')
    press('return')
    expect(lines).toEqual(['a secret'])
    input.isCommandLine = true
    press('up')
    expect(input.text).toBe('second')
  })

  it('completes as far as it is clear, then names what it may be', async () => {
    type('tr')
    await tab()
    expect(input.text).toBe('transact')
    expect(candidates).toEqual([])
    await tab()
    expect(candidates).toEqual([['transact', 'transactions']])
  })

  it('completes nothing that is no command line', async () => {
    input.isCommandLine = false
    type('tr')
    await tab()
    expect(input.text).toBe('tr')
  })
})

import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/program.ts'
import { errorAdvice } from '../../src/commands/error-advice.ts'
import { explain } from '../../src/commands/explain/explanation.ts'
import { ErrorCode, type ErrorName } from '../../src/protocol/error-codes.ts'

describe('advice on errors', () => {
  it('is there for every error, with who sends it', () => {
    const advice = errorAdvice()
    expect([...advice.keys()]).toEqual(Object.keys(ErrorCode) as ErrorName[])
    for (const [name, { sender, advice: text }] of advice) {
      expect([name, sender]).toEqual([name, expect.stringMatching(/^(the|any|a) /)])
      expect(text.length, name).toBeGreaterThan(5)
    }
  })

  it('names commands that exist with options that they have', async () => {
    for (const [name, { advice }] of errorAdvice()) {
      for (const [line] of advice.matchAll(/\bkt [a-z-]+ [^.;:()]*[\w-]/g)) {
        const { commands } = await explain(line, COMMANDS)
        expect([name, line, commands[0]!.command]).not.toContain(null)
        const unknown = commands[0]!.parts.filter(({ status, option }) => status === 'unknown' && option !== undefined)
        expect([name, line, unknown]).toEqual([name, line, []])
      }
    }
  })
})

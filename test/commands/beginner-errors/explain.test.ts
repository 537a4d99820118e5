import { describe, expect, it } from 'vitest'
import { answer, answerText, connectOf, LOOK_MS, stepText } from '../../../src/commands/beginner-errors/explain.ts'
import { Look } from '../../../src/commands/beginner-errors/look.ts'
import { Said } from '../../../src/commands/beginner-errors/said.ts'
import type { BeginnerError } from '../../../src/commands/beginner-errors/types.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const clock = new ManualClock()
const look = new Look({ live: async () => null, env: {}, now: () => 0 })
const row: BeginnerError = {
  id: 'x',
  title: 'x',
  texts: ['x'],
  when: [/x/],
  why: 'in general',
  next: [{ run: 'kt topics --describe --topic TOPIC', does: 'look' }, { does: 'think of TOPIC' }],
  where: 'here',
}
const said = new Said({ text: 'x', args: ['--topic', 'orders', '--bootstrap-server', 'b:9092'] })

describe('an answer', () => {
  it('puts in the names that are known', async () => {
    const { why, facts, next } = await answer({ row, said }, look, clock)
    expect({ why, facts }).toEqual({ why: 'in general', facts: [] })
    expect(next.map(({ run }) => run)).toEqual(['kt topics --describe --topic orders', undefined])
  })

  it('prefers what was seen', async () => {
    const observe: BeginnerError['observe'] = async (_said, _look, found) => {
      found.fact('one')
      found.fact('one')
      found.because('just now')
      found.do({ run: 'kt describe' })
    }
    const seen = await answer({ row: { ...row, observe }, said }, look, clock)
    expect(seen).toEqual({ why: 'just now', facts: ['one'], next: [{ run: 'kt describe' }] })
  })

  it('tells what has been seen when the time is up, and when looking fails', async () => {
    const waits: BeginnerError['observe'] = async (_said, _look, found) => {
      found.fact('first')
      await new Promise(() => undefined)
    }
    const waiting = answer({ row: { ...row, observe: waits }, said }, look, clock)
    clock.advance(LOOK_MS)
    expect((await waiting).facts).toEqual(['first'])
    const fails: BeginnerError['observe'] = async (_said, _look, found) => {
      found.fact('first')
      throw new Error('no')
    }
    expect((await answer({ row: { ...row, observe: fails }, said }, look, clock)).facts).toEqual(['first'])
  })
})

describe('its text', () => {
  const given = { why: 'because', facts: ['seen', 'told'], next: [{ run: 'kt a', does: 'one' }, { run: 'kt b' }] }

  it('stands below the message, with the next command last', () => {
    expect(answerText(given, '', '')).toEqual({
      before: '  why: because\n  seen\n  told\n',
      after: '  next: kt a   # one\n    or: kt b\n',
    })
  })

  it('says nothing twice, and comes around a next command that is there', () => {
    expect(answerText(given, 'it was told\n  next: kt b\n', '')).toEqual({
      before: '  why: because\n  seen\n',
      after: '    or: kt a   # one\n',
    })
  })

  it('connects where the failed line did', () => {
    expect(stepText({ run: 'kt describe' }, connectOf(said))).toBe('kt describe --bootstrap-server b:9092')
    expect(stepText({ run: 'kt transactions list' }, ' --bootstrap-server b:9092')).toBe(
      'kt transactions --bootstrap-server b:9092 list',
    )
    expect(stepText({ run: 'kt cluster start' }, connectOf(said))).toBe('kt cluster start')
    expect(stepText({ run: 'kt x --bootstrap-server c:1' }, connectOf(said))).toBe('kt x --bootstrap-server c:1')
    expect(connectOf(new Said({ text: 'x', args: ['--bootstrap-server', 'a b'] }))).toBe('')
  })
})

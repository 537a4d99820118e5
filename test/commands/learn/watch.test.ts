import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { noColours } from '../../../src/cli/colour.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import type { Seeing, Sitting } from '../../../src/commands/learn/sitting.ts'
import { turned, watchLesson } from '../../../src/commands/learn/watch.ts'
import { cannot, seen, type Verdict } from '../../../src/learn/verdict.ts'
import { KeptOutput } from '../../support/run-command.ts'

const page = { width: 80, colours: noColours, code: undefined }
const open = (more = {}) => seen(false, { expected: 'e', observed: 'o', show: 's', ...more })
const done = seen(true, { expected: 'e', observed: 'o', show: 's' })

function seeing(verdicts: Verdict[], more: Partial<Seeing> = {}): Seeing {
  const goals = verdicts.map((verdict, at) => ({ name: `goal ${at}`, verdict }))
  const isPassed = verdicts.every(({ state }) => state === 'done')
  return {
    at: 1,
    look: undefined as never,
    goals,
    events: [],
    isPassed,
    after: isPassed ? 'why' : null,
    isNewlyPassed: false,
    ...more,
  }
}

describe('what is printed again', () => {
  it('is a goal that turned, waits for something else, or cannot be looked at', () => {
    const names = (before: Verdict, now: Verdict) => turned(seeing([before]), seeing([now])).length
    expect(names(open(), open({ observed: 'other' }))).toBe(0)
    expect(names(open(), done)).toBe(1)
    expect(names(done, open())).toBe(1)
    expect(names(open(), open({ waitingFor: 'the ISR' }))).toBe(1)
    expect(names(done, seen(true, { expected: 'e', observed: 'other', show: 's' }))).toBe(0)
    expect(names(open(), cannot('no', 'x'))).toBe(1)
    expect(names(cannot('no', 'x'), cannot('not that either', 'x'))).toBe(1)
  })
})

describe('watching', () => {
  /** A sitting that sees these one after the other, then ends as asked. */
  async function watched(seeings: Seeing[], end: 'interrupt' | 'moved') {
    const ending = new AbortController()
    const stdout = new KeptOutput(true)
    const left = [...seeings]
    const told: Seeing[] = []
    const sitting = {
      isCurrent: () => left.length > 0 || end === 'interrupt',
      look: async () => {
        if (left.length === 1 && end === 'interrupt') setTimeout(() => ending.abort('SIGINT'), 5)
        return left.length > 1 ? left.shift()! : (left.pop() ?? seeings.at(-1)!)
      },
    } as unknown as Sitting
    const context = { clock: systemClock, signal: ending.signal, stdout } as unknown as CommandContext
    const parts = {
      sitting,
      page,
      intervalMs: 1,
      seen: seeing([open(), open()]),
      onPassed: (now: Seeing) => void told.push(now),
    }
    const result = await watchLesson(parts, context)
    return { result, text: stdout.text, told }
  }

  it('tells what turned and what happened, and what it means once', async () => {
    const event = { kind: 'broker', id: 2, change: 'gone', at: 0, after: 0 } as const
    const quiet = { kind: 'end', partition: 'o-0', from: 0, to: 1, at: 0, after: 0 } as const
    const { text, told, result } = await watched(
      [seeing([done, open()], { events: [event, quiet] }), seeing([done, done]), seeing([done, done])],
      'interrupt',
    )
    expect(result).toBe('ended')
    expect(text.split('\n').map((line) => line.trim().replace(/^\d\d:\d\d:\d\d/, 'TIME'))).toEqual([
      'TIME  broker 2 is out of service',
      'done     goal 0',
      'observed  o',
      'done     goal 1',
      'observed  o',
      '',
    ])
    expect(told.length).toBe(1)
  })

  it('ends when another lesson was opened', async () => {
    expect((await watched([seeing([open(), open()])], 'moved')).result).toBe('moved')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answered,
  attempted,
  forgotten,
  hinted,
  NEW_PROGRESS,
  opened,
  parseProgress,
  passed,
  progressOf,
  solutionSeen,
} from '../../src/learn/progress.ts'

describe('progress', () => {
  const open = opened(NEW_PROGRESS, 3, 100)

  it('knows nothing of a lesson that was never opened', () => {
    expect(progressOf(NEW_PROGRESS, 3)).toBeNull()
    expect(passed(NEW_PROGRESS, 3, 5)).toEqual(NEW_PROGRESS)
  })

  it('counts from the first opening', () => {
    expect(opened(opened(open, 4, 200), 3, 300)).toMatchObject({ current: 3, lessons: { 3: { startedAt: 100 } } })
  })

  it('keeps when a lesson was passed first', () => {
    expect(progressOf(passed(passed(open, 3, 150), 3, 250), 3)?.passedAt).toBe(150)
  })

  it('gives three hints of a goal at most', () => {
    let progress = open
    for (let count = 0; count < 5; count++) progress = hinted(progress, 3, 'a goal')
    expect(progressOf(progress, 3)?.hints).toEqual({ 'a goal': 3 })
  })

  it('counts attempts, keeps answers and that the solution was seen', () => {
    const later = solutionSeen(answered(attempted(open, 3), 3, 'which', 'broker 2'), 3)
    expect(progressOf(later, 3)).toMatchObject({ attempts: 1, answers: { which: 'broker 2' }, solutionShown: true })
    // Who looks after having passed compares.
    expect(progressOf(solutionSeen(passed(open, 3, 200), 3), 3)).toMatchObject({ solutionShown: false })
  })

  it('forgets one lesson and stays at it', () => {
    const two = opened(opened(NEW_PROGRESS, 4, 1), 3, 2)
    expect(forgotten(two, 3)).toMatchObject({ current: 3, lessons: { 4: {} } })
    expect(progressOf(forgotten(two, 3), 3)).toBeNull()
  })
})

describe('parseProgress', () => {
  it('takes back what was written', () => {
    const progress = hinted(opened(NEW_PROGRESS, 7, 1), 7, 'x')
    expect(parseProgress(JSON.stringify(progress), 'file')).toEqual(progress)
  })

  it.each([
    ['not JSON', '{', 'it is not JSON'],
    ['no object', '[]', 'it is not an object'],
    ['another version', '{"version":2}', 'its version is 2'],
    ['no lessons', '{"version":1,"current":0}', 'current or lessons are missing'],
    ['a wrong lesson', '{"version":1,"current":0,"lessons":{"4":{}}}', 'lesson 4 is not as it was written'],
  ])('says what is wrong: %s', (_name, text, says) => {
    expect(() => parseProgress(text, 'progress.json')).toThrow(says)
  })

  it('takes nothing else, and never fails in another way', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          parseProgress(text, 'f')
        } catch (error) {
          expect((error as Error).message).toContain('is no progress of kt learn')
        }
      }),
    )
  })
})

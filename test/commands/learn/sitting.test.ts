import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { type Records, Sitting } from '../../../src/commands/learn/sitting.ts'
import type { Lesson } from '../../../src/learn/lesson.ts'
import { opened, type Progress, progressOf, restored } from '../../../src/learn/progress.ts'
import { LearnStore } from '../../../src/learn/store.ts'
import { fakeLesson, teacherOf } from '../../support/learn-fakes.ts'
import { ok, topicOf } from '../../support/memory-admin.ts'

const TOPIC = 'kt-05-orders'

let home: string
let store: LearnStore
let has: boolean
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-sitting-'))
  store = new LearnStore(home)
  has = false
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const records: Records = {
  get store() {
    return store
  },
  get progress() {
    return store.readProgress()
  },
  update(change) {
    const progress = change(store.readProgress())
    store.writeProgress(progress)
    return progress
  },
}
const change = (how: (progress: Progress) => Progress) => records.update(how)

function sit(more: Partial<Lesson> = {}): Sitting {
  change((progress) => opened(progress, 5, 100))
  const { teacher, journal } = teacherOf(fakeLesson(more), {
    listTopics: async () => (has ? [{ name: TOPIC, isInternal: false }] : []) as never,
    describeTopics: async () => new Map(has ? [[TOPIC, ok(topicOf(TOPIC, ['1:1:1']))]] : []) as never,
    listOffsets: async (asked) => asked.map(() => ok({ offset: 0 } as never)),
    describeCluster: async () => ({ brokers: [{ id: 1 }] }) as never,
  })
  return new Sitting(records, teacher, journal, systemClock)
}
const known = () => progressOf(store.readProgress(), 5)!

describe('a look', () => {
  it('keeps the journal and, once, that the lesson is passed, with what was told', async () => {
    const sitting = sit()
    expect(await sitting.look()).toMatchObject({ isPassed: false, after: null, isNewlyPassed: false })
    expect(store.readJournal(5).last).not.toBeNull()
    has = true
    expect(await sitting.look()).toMatchObject({ isPassed: true, after: 'It is there.', isNewlyPassed: true })
    expect(await sitting.look()).toMatchObject({ isPassed: true, isNewlyPassed: false })
    expect(known()).toMatchObject({ after: 'It is there.' })
    expect(store.readJournal(5).events).toMatchObject([{ kind: 'partition', change: 'made' }])
  })

  it('passes all the same when what to tell cannot be found out', async () => {
    has = true
    const sitting = sit({ after: () => Promise.reject(new Error('gone')) })
    expect(await sitting.look()).toMatchObject({ isPassed: true, after: '' })
  })

  it('counts as an attempt when it is a check', async () => {
    const sitting = sit()
    await sitting.look()
    expect(known().attempts).toBe(0)
    await sitting.check()
    expect(known().attempts).toBe(1)
  })

  it('writes nothing back of a lesson that was reset meanwhile', async () => {
    has = true
    const sitting = sit({
      after: async () => {
        change((progress) => ({ ...progress, lessons: {} }))
        return 'told'
      },
    })
    expect(await sitting.look()).toMatchObject({ isPassed: true, isNewlyPassed: false })
    expect(store.readProgress().lessons).toEqual({})
    expect(sitting.isCurrent()).toBe(false)
    await expect(sitting.look()).rejects.toThrow('Lesson 5 was reset meanwhile')
  })
})

describe('which lesson is current', () => {
  it('is told when another one was opened, or this one begun anew', () => {
    const sitting = sit()
    expect(sitting.isCurrent()).toBe(true)
    change((progress) => opened(progress, 6, 200))
    expect(sitting.isCurrent()).toBe(false)
    change((progress) => opened({ ...progress, lessons: {} }, 5, 300))
    expect(sitting.isCurrent()).toBe(false)
  })
})

describe('a cluster that was put back to a snapshot', () => {
  it('has its lesson opened anew', () => {
    const sitting = sit()
    change((progress) => restored(progress, 5, 300))
    expect(sitting.isCurrent()).toBe(false)
    expect(sit().isCurrent()).toBe(true)
  })
})

describe('attempts', () => {
  it('are those of this lesson since it began', () => {
    const sitting = sit()
    for (const [lesson, at] of [
      [5, 50],
      [6, 150],
      [5, 150],
    ] as const) {
      store.addAttempt({ lesson, at, line: `kt ${lesson} ${at}`, exitCode: 1, error: '' })
    }
    expect(sitting.attempts().map(({ line }) => line)).toEqual(['kt 5 150'])
    expect(sitting.lastFailure()?.line).toBe('kt 5 150')
    store.addAttempt({ lesson: 5, at: 160, line: 'kt ok', exitCode: 0, error: '' })
    expect(sitting.lastFailure()).toBeNull()
  })

  it('of any terminal open the solution', async () => {
    const sitting = sit({ solution: [{ line: 'x', lineOf: async () => 'cluster kill 2' }] })
    const { look } = await sitting.look()
    expect(await sitting.solution(look)).toBeNull()
    store.addAttempt({ lesson: 5, at: 150, line: 'kt x', exitCode: 0, error: '' })
    expect(await sitting.solution(look)).toMatchObject([{ line: 'cluster kill 2' }])
    expect(known().solutionShown).toBe(true)
  })

  it('get the line as it was written where the cluster does not tell more', async () => {
    const sitting = sit({ solution: [{ line: 'cluster kill LEADER', lineOf: () => Promise.reject(new Error('?')) }] })
    const { look } = await sitting.check()
    expect(await sitting.solution(look)).toMatchObject([{ line: 'cluster kill LEADER' }])
  })
})

describe('hints', () => {
  it('go on where they were, goal by goal', async () => {
    const sitting = sit()
    const view = await sitting.look()
    expect([sitting.hint(view)?.text, sitting.hint(view)?.text]).toEqual(['nudge', 'idea'])
    expect(known().hints).toEqual({ 'there is a topic': 2 })
  })
})

describe('answers', () => {
  const choices = ['not at all', 'a second or two', 'for ever']
  const question = {
    name: 'how-long',
    ask: 'How long?',
    choices,
    answer: async () => 'a second or two',
    because: 'So it is.',
  }

  it.each(['b', 'B', 'b)', '2', 'a second or two', ' A second  or two. '])('%j is the second one', async (words) => {
    const sitting = sit({ questions: [question] })
    const { look } = await sitting.look()
    expect(await sitting.answer('how-long', words, look)).toMatchObject({ answer: choices[1], isRight: true })
    expect(known()).toMatchObject({ answers: { 'how-long': choices[1] }, right: { 'how-long': choices[1] } })
  })

  it('may be wrong, which is kept with what is right', async () => {
    const sitting = sit({ questions: [question] })
    const { look } = await sitting.look()
    expect(await sitting.answer('1', 'a', look)).toMatchObject({
      answer: choices[0],
      isRight: false,
      right: choices[1],
    })
  })

  it('that are none of the choices are told what there is', async () => {
    const sitting = sit({ questions: [question] })
    const { look } = await sitting.look()
    for (const words of ['d', '0', '4', 'never']) {
      await expect(sitting.answer('how-long', words, look)).rejects.toThrow('is none of the answers')
    }
    await expect(sitting.answer('how-long', ' ', look)).rejects.toThrow('There is no answer')
    await expect(sitting.answer('who', 'a', look)).rejects.toThrow("has no question 'who'")
  })

  it('are any text where there are no choices, and right by what the cluster says, if it does', async () => {
    const { choices: _, ...open } = question
    const sitting = sit({ questions: [open, { ...open, name: 'unknown', answer: async () => null }] })
    const { look } = await sitting.look()
    expect(await sitting.answer('how-long', 'a Second or two', look)).toMatchObject({ isRight: true })
    expect(await sitting.answer('unknown', 'x', look)).toMatchObject({ isRight: null, right: null })
  })
})

/** The course as a learner walks it: `kt learn` on a pseudo-terminal of 80x24, one sitting, lesson after lesson. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Desk } from '../../src/commands/learn/desk.ts'
import type { Lesson } from '../../src/learn/lesson.ts'
import { COURSE } from '../../src/learn/lessons/index.ts'
import { Walker } from '../lessons/walker.ts'
import { LessonWorld } from '../lessons/world.ts'
import { hasPty } from '../support/pty-terminal.ts'

/** So many take half a minute; all of them with `KT_LONG=1`. */
const SHORT_WALK = 10
const isLong = process.env.KT_LONG === '1'
const LESSON_LIMIT_MS = 300_000
/** What the cluster of lesson 0 has not got, and another one beside it can have. */
const ADVICE = /next: kt (cluster start --name (\S+) --controllers \d+) && KT_CLUSTER=/
const SIZE = { columns: 80, rows: 24 }

const lessons = await Promise.all(COURSE.slice(0, isLong ? undefined : SHORT_WALK).map(({ load }) => load()))
const rows = lessons.map((lesson) => [lesson.number, lesson.title, lesson] as const)

describe.skipIf(!hasPty())('the course in one sitting', () => {
  let world: LessonWorld
  let desk: Desk
  let walker: Walker
  /** Lessons that were passed, of which the notebook must tell. */
  const passed: Lesson[] = []
  let isLost = false
  /** Terminals for other clusters. */
  const others: Walker[] = []
  beforeAll(async () => {
    world = await LessonWorld.bundled()
    desk = await world.desk()
    walker = new Walker({ world, desk, size: SIZE })
  }, 60_000)
  afterAll(async () => {
    for (const each of [walker, ...others]) each?.[Symbol.dispose]()
    await desk?.close()
    await world?.[Symbol.asyncDispose]()
  })

  /** Opens the lesson; null where this cluster cannot serve it, and its text has said so. */
  async function opens(lesson: Lesson, wasLost: boolean): Promise<Walker | null> {
    if (lesson === lessons[0]) {
      await walker.sees(lesson)
      return walker
    }
    const cannot = await (wasLost ? walker.recovers(lesson) : walker.goesOn(lesson))
    if (cannot === null) return walker
    // A line that is longer than the screen goes on in the next one.
    const [, line, name] = ADVICE.exec(walker.terminal.text.replaceAll('\n', '')) ?? []
    await walker.isRefused(lesson)
    if (line === undefined || name === undefined) return null
    await walker.runs(`${line} --port 0`)
    const more = { KT_CLUSTER: name }
    const other = new Walker({ world, desk: await world.desk(more), size: SIZE, words: String(lesson.number), more })
    others.push(other)
    await other.sees(lesson)
    return other
  }

  it.each(rows)(
    'lesson %i: %s',
    async (_number, _title, lesson) => {
      const wasLost = isLost
      isLost = true
      const learner = await opens(lesson, wasLost)
      if (learner !== null) {
        await learner.solves(lesson)
        const told = await learner.reads(lesson)
        expect(told).toMatch(/Nothing moves on by itself|This was the last lesson/)
        passed.push(lesson)
      } else expect(lesson.needs ?? []).not.toEqual([])
      isLost = false
    },
    LESSON_LIMIT_MS,
  )

  it('is over when all is passed, and the notebook tells of it', { timeout: LESSON_LIMIT_MS }, async () => {
    if (isLong) {
      await walker.runs('next')
      expect(walker.terminal.text).toContain('That was the last lesson')
    }
    await walker.runs('list')
    expect(await walker.leaves()).toBe(0)
    const { output } = await world.kt('learn notes')
    for (const { number, title } of passed) expect(output).toContain(`## ${number}. ${title}`)
    expect(passed.length).toBeGreaterThan(0)
  })
})

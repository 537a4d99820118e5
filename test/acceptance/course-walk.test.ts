/** The course as a learner walks it: `kt learn` on a pseudo-terminal of 80x24, one sitting, lesson after lesson. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Desk } from '../../src/commands/learn/desk.ts'
import type { Lesson } from '../../src/learn/lesson.ts'
import { COURSE } from '../../src/learn/lessons/index.ts'
import { Walker } from '../lessons/walker.ts'
import { LessonWorld } from '../lessons/world.ts'
import { hasPty } from '../support/pty-terminal.ts'

/** So many take half a minute; all of them with `KT_LONG=1`. */
const SHORT_WALK = 6
const isLong = process.env.KT_LONG === '1'
const LESSON_LIMIT_MS = 300_000
/** What the cluster that lesson 0 starts has not got, and a bundled cluster can have. */
const ADVICE = /^ {2}next: kt cluster reset && kt cluster start --controllers (\d+)$/m

const lessons = await Promise.all(COURSE.slice(0, isLong ? undefined : SHORT_WALK).map(({ load }) => load()))
const rows = lessons.map((lesson) => [lesson.number, lesson.title, lesson] as const)

describe.skipIf(!hasPty())('the course in one sitting', () => {
  let world: LessonWorld
  let desk: Desk
  let walker: Walker
  /** Lessons that were passed, of which the notebook must tell. */
  const passed: Lesson[] = []
  let isLost = false
  beforeAll(async () => {
    world = await LessonWorld.bundled()
    desk = await world.desk()
    walker = new Walker({ world, desk, size: { columns: 80, rows: 24 } })
  }, 60_000)
  afterAll(async () => {
    walker?.[Symbol.dispose]()
    await desk?.close()
    await world?.[Symbol.asyncDispose]()
  })

  /** Opens the lesson; false where this cluster cannot serve it, and its text has said so. */
  async function opens(lesson: Lesson, wasLost: boolean): Promise<boolean> {
    if (lesson === lessons[0]) {
      await walker.sees(lesson)
      return true
    }
    const cannot = await (wasLost ? walker.recovers(lesson) : walker.goesOn(lesson))
    const advice = ADVICE.exec(walker.terminal.text)?.[1]
    if (cannot === null) return true
    await walker.isRefused(lesson)
    if (advice === undefined) return false
    await walker.runs('cluster reset --yes')
    await walker.runs(`cluster start --controllers ${advice} --port 0`)
    await walker.sees(lesson)
    return true
  }

  it.each(rows)(
    'lesson %i: %s',
    async (_number, _title, lesson) => {
      const wasLost = isLost
      isLost = true
      if (await opens(lesson, wasLost)) {
        await walker.solves(lesson)
        const told = await walker.reads(lesson)
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

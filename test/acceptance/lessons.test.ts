/** The course on a bundled cluster: every lesson fails unsolved, passes with its solution, and is undone by `reset`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COURSE } from '../../src/learn/lessons/index.ts'
import { byControllers } from '../lessons/by-controllers.ts'
import { prove } from '../lessons/prove.ts'
import { LessonWorld } from '../lessons/world.ts'

/** A lesson whose goals are never reached gives up before that, and says which. */
const LESSON_LIMIT_MS = 240_000

/** They wait ten seconds and more for groups and clocks: with `KT_LONG=1`, and with `npm run lessons`. */
const SLOW = new Set([4, 21, 24, 26, 27, 30, 39, 42])
const isLong = process.env.KT_LONG === '1'

const worlds = [...(await byControllers(COURSE.filter(({ number }) => isLong || !SLOW.has(number))))]

describe.each(worlds)('the lessons with so many controllers: %i', (controllers, entries) => {
  let world: LessonWorld
  beforeAll(async () => {
    world = await LessonWorld.bundled(controllers)
  }, 60_000)
  afterAll(() => world[Symbol.asyncDispose]())

  // One after the other: they share a cluster, and some of them kill its brokers.
  it.each(entries.map((entry) => [entry.number, entry.title, entry] as const))(
    '%i. %s',
    async (_number, _title, entry) => {
      const { failures } = await prove(entry, world)
      expect(failures.join('\n')).toBe('')
    },
    LESSON_LIMIT_MS,
  )
})

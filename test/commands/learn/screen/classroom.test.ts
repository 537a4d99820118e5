import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../src/base/clock.ts'
import { KtError } from '../../../../src/base/errors.ts'
import type { Desk } from '../../../../src/commands/learn/desk.ts'
import { Classroom } from '../../../../src/commands/learn/screen/classroom.ts'
import { courseOf, deskOf, type FakeWorld, fakeWorld, TOPIC } from '../../../support/learn-desk.ts'

let home: string
let world: FakeWorld
let told: string[]
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-classroom-'))
  world = fakeWorld()
  told = []
})
afterEach(() => fs.rmSync(home, { recursive: true }))

function roomOf(desk: Desk): Classroom {
  return new Classroom({
    desk,
    clock: systemClock,
    onOpened: ({ number }, opening, why) =>
      void told.push(`opened ${number}: ${why?.message ?? opening?.cannot?.why ?? 'well'}`),
    onStays: ({ number }) => void told.push(`stays, not ${number}`),
    onPassed: ({ lesson }) => void told.push(`passed ${lesson.number}`),
    onTrouble: ({ message }) => void told.push(`trouble: ${message}`),
    onChange: () => undefined,
  })
}

describe('the lesson that is open', () => {
  it('is looked at; what is new is told as such, that it is passed once', async () => {
    const desk = await deskOf(home, world)
    const room = roomOf(desk)
    await room.open(desk.entry('5'))
    expect(room.goals).toMatchObject([{ name: 'there is a topic', verdict: null }])
    expect(await room.look()).toBe(true)
    expect(room.goals[0]!.verdict).toMatchObject({ state: 'not-yet' })
    expect(await room.look()).toBe(false)
    world.topics.push(TOPIC)
    expect(await room.look()).toBe(true)
    await room.look()
    expect(room.goals[0]!.verdict).toMatchObject({ state: 'done' })
    expect(room.picture?.topics.map(({ name }) => name)).toEqual([TOPIC])
    expect(room.events.join('\n')).toContain(`${TOPIC}-0 is there`)
    expect(told).toEqual(['opened 5: well', 'passed 5'])
  })

  it('tells trouble once, until a look succeeds', async () => {
    const desk = await deskOf(home, world)
    const room = roomOf(desk)
    await room.open(desk.entry('5'))
    await room.look()
    await desk.reset(desk.entry('5'))
    world.failure = new KtError('unreachable', 'nobody there')
    await room.look()
    await room.look()
    expect(told).toEqual(['opened 5: well', 'opened 5: nobody there'])
    expect(room.isImpossible).toBe(true)
    expect(room.picture).toBeNull()
  })
})

describe('a lesson that cannot be opened', () => {
  const course = () => courseOf({ needs: [{ kind: 'brokers', atLeast: 3 }] })
  const why = 'it needs 3 brokers, and this cluster has 1'

  it('is told once, and again when it is asked for again; it has no picture of another lesson', async () => {
    const desk = await deskOf(home, world, course())
    const room = roomOf(desk)
    await room.open(desk.entry('5'))
    await room.look()
    expect(room.picture).not.toBeNull()
    await room.open(desk.entry('6'))
    expect(room).toMatchObject({ isImpossible: true, sitting: null, picture: null, goals: [] })
    await room.retry()
    await room.retry()
    expect(told).toEqual(['opened 5: well', `opened 6: ${why}`])
    await room.open(desk.entry('6'))
    expect(told.slice(2)).toEqual([`opened 6: ${why}`])
    expect(await room.look()).toBe(false)
    expect(desk.current.number).toBe(5)
  })

  it('is opened as soon as it can be', async () => {
    const entries = course()
    const desk = await deskOf(home, world, entries)
    const room = roomOf(desk)
    world.failure = new KtError('unreachable', 'nobody there')
    await room.open(desk.entry('5'))
    world.failure = null
    await room.retry()
    expect(told).toEqual(['opened 5: nobody there', 'opened 5: well'])
    expect(room.isImpossible).toBe(false)
    // There is nothing to try again.
    await room.retry()
    expect(told).toHaveLength(2)
  })
})

describe('another terminal', () => {
  it('is followed on the same cluster', async () => {
    const [here, there] = [await deskOf(home, world), await deskOf(home, world)]
    const room = roomOf(here)
    await room.open(here.entry('5'))
    await there.open(there.entry('6'))
    expect(await room.look()).toBe(true)
    expect(room.entry?.number).toBe(6)
    await there.reset(there.entry('6'))
    await there.open(there.entry('5'))
    await room.look()
    expect(told).toEqual(['opened 5: well', 'opened 6: well', 'opened 5: well'])
  })

  it('is not called back when it has gone on meanwhile', async () => {
    const desk = await deskOf(home, world)
    await desk.open(desk.entry('5'))
    await desk.open(desk.entry('6'))
    await desk.open(desk.entry('5'), { isFollower: true })
    expect(desk.current.number).toBe(6)
    expect(desk.store.readOpen()?.lesson).toBe(6)
  })

  it('is left alone on another cluster, which is told once; words then mean the lesson on the screen', async () => {
    const [here, there] = [await deskOf(home, world), await deskOf(home, fakeWorld('c2'))]
    const room = roomOf(here)
    await room.open(here.entry('5'))
    await there.open(there.entry('6'))
    await room.look()
    world.topics.push(TOPIC)
    await room.look()
    expect(room.entry?.number).toBe(5)
    expect(room.goals[0]!.verdict).toMatchObject({ state: 'done' })
    expect(here.current.number).toBe(6)
    await room.claim()
    expect(here.current.number).toBe(5)
    expect(told).toEqual(['opened 5: well', 'stays, not 6', 'passed 5'])
  })
})

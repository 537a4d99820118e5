import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../../src/base/clock.ts'
import { cacheFile, liveNames, WAIT_MS, writeNames } from '../../../src/commands/complete/live-names.ts'

/** Time that passes when somebody waits. */
class SteppingClock implements Pick<Clock, 'now' | 'setTimer'> {
  time = 1_000_000
  onTick: () => void = () => undefined
  now(): number {
    return this.time
  }
  setTimer(delayMs: number, callback: () => void): never {
    this.time += delayMs
    this.onTick()
    queueMicrotask(callback)
    return undefined as never
  }
}

const NAMES = { topics: ['orders'], groups: ['billing'], brokers: ['1'] }
let home: string
let clock: SteppingClock
let file: string
let asked: number
const ask = () => void asked++
const names = () => liveNames(file, ask, clock as unknown as Clock)

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-names-'))
  clock = new SteppingClock()
  file = cacheFile(home, ['b:9092'])
  asked = 0
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

describe('live names', () => {
  it('come from the file while it is new, and nobody is asked', async () => {
    writeNames(file, NAMES, clock as unknown as Clock)
    clock.time += 9_000
    expect(await names()).toMatchObject(NAMES)
    expect(asked).toBe(0)
  })

  it('are asked for once, and taken when they come in time', async () => {
    clock.onTick = () => {
      if (clock.time === 1_000_050) writeNames(file, NAMES, clock as unknown as Clock)
    }
    expect(await names()).toMatchObject(NAMES)
    expect({ asked, waited: clock.time - 1_000_000 }).toEqual({ asked: 1, waited: 50 })
  })

  it('are not waited for any longer than that', async () => {
    const before = clock.time
    expect(await names()).toBeNull()
    expect(clock.time - before).toBe(WAIT_MS)
  })

  it('are better old than missing, but not for ever', async () => {
    writeNames(file, NAMES, clock as unknown as Clock)
    clock.time += 60_000
    expect(await names()).toMatchObject(NAMES)
    clock.time += 25 * 3_600_000
    expect(await names()).toBeNull()
  })

  it('are asked for by one process at a time', async () => {
    await names()
    await names()
    expect(asked).toBe(1)
    clock.time += 6_000
    await names()
    expect(asked).toBe(2)
  })

  it('are cut where nobody could choose, and readable only by their owner', () => {
    const many = Array.from({ length: 6_000 }, (_, at) => `t${at}`)
    writeNames(file, { ...NAMES, topics: many }, clock as unknown as Clock)
    expect(JSON.parse(fs.readFileSync(file, 'utf8')).topics).toHaveLength(5_000)
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  })

  it('do without a home that cannot be written, and without a file that is none', async () => {
    fs.writeFileSync(path.join(home, 'completion'), 'a file')
    expect(await names()).toBeNull()
    expect(asked).toBe(0)
    fs.rmSync(path.join(home, 'completion'))
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, '{"at":')
    expect(await names()).toBeNull()
  })

  it('have a file for each cluster', () => {
    expect(cacheFile(home, ['a', 'bc'])).not.toBe(cacheFile(home, ['ab', 'c']))
  })
})

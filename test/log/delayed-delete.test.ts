import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { DelayedDelete } from '../../src/log/delayed-delete.ts'
import { scratchDirectory, TestClock } from './support.ts'

function setUp(count: number) {
  const directory = scratchDirectory()
  const paths = Array.from({ length: count }, (_, i) => join(directory, `f${i}`))
  for (const path of paths) fs.writeFileSync(path, 'x')
  const clock = new TestClock()
  const deletes = new DelayedDelete(nodeFileSystem, clock, silentLogger)
  return { directory, paths, clock, deletes, left: () => fs.readdirSync(directory).length }
}

describe('DelayedDelete', () => {
  it('removes each path when its delay has passed', () => {
    const { paths, clock, deletes, left } = setUp(3)
    deletes.add(paths.slice(0, 1), 100)
    clock.advance(50)
    deletes.add(paths.slice(1), 100)
    clock.advance(49)
    expect(left()).toBe(3)
    clock.advance(1)
    expect(left()).toBe(2)
    clock.advance(50)
    expect([left(), deletes.pending]).toEqual([0, 0])
  })

  it('removes a bounded number at a time, and all in the end', () => {
    const { paths, clock, deletes, left } = setUp(200)
    deletes.add(paths, 10)
    clock.advance(10)
    expect(left()).toBe(0)
  })

  it('removes directories, passes over what is gone', () => {
    const { directory, clock, deletes } = setUp(0)
    fs.mkdirSync(join(directory, 'd/e'), { recursive: true })
    deletes.add([join(directory, 'gone'), join(directory, 'd')], 0)
    clock.advance(0)
    expect(fs.readdirSync(directory)).toEqual([])
  })

  it('removes the rest at close, and nothing afterwards', () => {
    const { paths, clock, deletes, left } = setUp(5)
    deletes.add(paths, 1000)
    deletes.close()
    expect(left()).toBe(0)
    fs.writeFileSync(paths[0]!, 'new')
    clock.advance(5000)
    expect(left()).toBe(1)
  })
})

import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { machineMs, noTimeline } from '../../src/base/timeline.ts'

it('has one clock for all processes of a machine', () => {
  const before = machineMs()
  const script = 'const [s, n] = process.hrtime(); console.log(s * 1000 + n / 1e6)'
  const other = Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout)
  expect(other).toBeGreaterThan(before)
  expect(other).toBeLessThan(machineMs())
})

it('costs nothing where nobody listens', () => {
  expect(noTimeline.isWatched).toBe(false)
  noTimeline.tell({ type: 'quorum', leaderId: 1, epoch: 1 })
})

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startLock } from '../../src/cluster/start-lock.ts'

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-lock-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

it('lets one in at a time, in the end all of them', async () => {
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      const release = await startLock(directory)
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside -= 1
      release()
    }),
  )
  expect(most).toBe(1)
  expect(fs.readdirSync(directory)).toEqual([])
})

it('takes over the lock of a process that has gone', async () => {
  fs.writeFileSync(path.join(directory, 'starting.lock'), String(2 ** 22 + 7))
  const release = await startLock(directory)
  expect(fs.readFileSync(path.join(directory, 'starting.lock'), 'utf8')).toBe(String(process.pid))
  release()
})

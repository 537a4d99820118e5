/** Two commands that start or change the cluster at once: the second waits for the first. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'

const POLL_MS = 25
const TIMEOUT_MS = 60_000
/** A lock without a pid yet is believed for so long. */
const UNWRITTEN_MS = 1_000

/** Resolves with what releases the lock; rejects with `KtError` of kind conflict when it is held for too long. */
export async function startLock(directory: string): Promise<() => void> {
  const file = path.join(directory, 'starting.lock')
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => fs.rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (!holderLives(file)) fs.rmSync(file, { force: true })
    else if (waitedMs > TIMEOUT_MS) {
      throw new KtError('conflict', `another kt has been starting this cluster for ${TIMEOUT_MS / 1000} s (${file})`)
    } else await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function holderLives(file: string): boolean {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'))
    // Just created and not written yet: give its writer the benefit of the doubt.
    if (pid === 0) return Date.now() - fs.statSync(file).mtimeMs < UNWRITTEN_MS
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

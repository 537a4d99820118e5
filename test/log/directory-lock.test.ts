import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { DirectoryLock, type Processes, systemProcesses } from '../../src/log/directory-lock.ts'
import { scratchDirectory } from './support.ts'

let directory: string
beforeEach(() => {
  directory = scratchDirectory()
})

/** Processes by pid, with what tells them apart. */
const processes = (self: number, alive: Record<number, string>): Processes => ({
  self,
  identity: (pid) => alive[pid] ?? null,
})

const acquire = (of: Processes): DirectoryLock => DirectoryLock.acquire(nodeFileSystem, directory, of)
const content = (): string => fs.readFileSync(join(directory, '.lock'), 'utf8')

describe('DirectoryLock', () => {
  it('names its holder while held, and stays empty afterwards', () => {
    const lock = acquire(processes(10, { 10: 'a' }))
    expect(content()).toBe('10 a\n')
    lock.release()
    expect(content()).toBe('')
    acquire(processes(11, { 11: 'b' })).release()
  })

  it('is refused while the holder lives', () => {
    acquire(processes(10, { 10: 'a' }))
    expect(() => acquire(processes(11, { 10: 'a', 11: 'b' }))).toThrow(KtError)
    expect(content()).toBe('10 a\n')
  })

  it('is taken over from a dead process, also when its pid was given away', () => {
    acquire(processes(10, { 10: 'a' }))
    acquire(processes(11, { 11: 'b' }))
    expect(content()).toBe('11 b\n')
    acquire(processes(12, { 11: 'somebody else', 12: 'c' }))
    expect(content()).toBe('12 c\n')
  })

  it('is refused to the same process twice, but not to a new process with the same pid', () => {
    acquire(processes(10, { 10: 'a' }))
    expect(() => acquire(processes(10, { 10: 'a' }))).toThrow('Failed to acquire lock')
    acquire(processes(10, { 10: 'reborn' }))
  })

  it('takes over the empty file of Apache Kafka', () => {
    fs.writeFileSync(join(directory, '.lock'), '')
    acquire(processes(10, { 10: 'a' })).release()
  })

  it.runIf(fs.existsSync('/proc/self/stat'))(
    'counts a killed process as dead before its parent has noticed',
    async () => {
      // The shell becomes a program that never asks after the child it had.
      const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
      try {
        const pid = Number(String((await once(parent.stdout, 'data'))[0]))
        const isZombie = (): boolean => / Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
        await expect.poll(isZombie).toBe(true)
        expect(systemProcesses.identity(pid)).toBeNull()
      } finally {
        parent.kill('SIGKILL')
      }
    },
  )

  it('tells living processes from dead ones', () => {
    expect(systemProcesses.identity(process.pid)).not.toBeNull()
    expect(systemProcesses.identity(process.pid)).toBe(systemProcesses.identity(process.pid))
    expect(systemProcesses.identity(2 ** 30)).toBeNull()
  })
})

import * as fs from 'node:fs'
import { join } from 'node:path'
import { KtError } from '../base/errors.ts'
import type { FileSystem } from '../base/file-system.ts'
import { LOCK_FILE } from './file-names.ts'

/** Which processes live: a pid alone may have been given to another one since. */
export interface Processes {
  readonly self: number
  /** Something that differs between two processes with the same pid; null when no such process lives. */
  identity(pid: number): string | null
}

export const systemProcesses: Processes = {
  self: process.pid,
  identity(pid) {
    try {
      process.kill(pid, 0)
    } catch (error) {
      // EPERM: it lives and belongs to somebody else.
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null
    }
    return identityOf(pid)
  },
}

const STATE = 0
const START_TIME = 19

/**
 * Start time of /proc/PID/stat; where there is no /proc the pid has to do. A zombie holds nothing any more: it was killed,
 * and its parent (in a container often a first process that never asks) has not taken notice.
 */
function identityOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[STATE] === 'Z' ? null : (fields[START_TIME] ?? '')
  } catch {
    return ''
  }
}

/** Directories locked by this process. */
const held = new Set<string>()

/** `.lock`: says which process uses a log directory. A lock whose process is gone is taken over. */
export class DirectoryLock {
  private readonly files: FileSystem
  private readonly path: string

  private constructor(files: FileSystem, path: string) {
    this.files = files
    this.path = path
  }

  /** Throws `KtError` of kind conflict when a living process holds the directory. */
  static acquire(files: FileSystem, directory: string, processes: Processes = systemProcesses): DirectoryLock {
    const path = join(directory, LOCK_FILE)
    const holder = readHolder(files, path)
    const ours = holder?.pid === processes.self && holder.identity === processes.identity(processes.self)
    const alive = holder !== null && processes.identity(holder.pid) === holder.identity
    if (ours ? held.has(path) : alive) {
      throw new KtError('conflict', `Failed to acquire lock on file ${LOCK_FILE} in ${directory}.`, {
        facts: [`The process ${holder!.pid} is using this directory.`],
        next: `Stop it first, or choose another directory (log.dirs).`,
      })
    }
    claim(
      files,
      path,
      holder !== null || files.exists(path),
      `${processes.self} ${processes.identity(processes.self)}\n`,
    )
    held.add(path)
    return new DirectoryLock(files, path)
  }

  release(): void {
    held.delete(this.path)
    if (this.files.exists(this.path)) this.files.writeFile(this.path, '')
  }
}

function readHolder(files: FileSystem, path: string): { pid: number; identity: string } | null {
  if (!files.exists(path)) return null
  const match = /^(\d+) (\S*)/.exec(files.readFile(path).toString('utf8'))
  return match === null ? null : { pid: Number(match[1]), identity: match[2]! }
}

/** Of two processes that start at the same moment only one gets to create the file. */
function claim(files: FileSystem, path: string, replace: boolean, content: string): void {
  if (replace) files.remove(path)
  let fd: number
  try {
    fd = files.open(path, 'wx+')
  } catch (error) {
    throw new KtError('conflict', `Failed to acquire lock on file ${path}: another process took it just now.`, {
      cause: error,
    })
  }
  try {
    const bytes = Buffer.from(content)
    files.write(fd, bytes, 0, bytes.length, 0)
  } finally {
    files.close(fd)
  }
}

/**
 * A file system that fails on purpose: the nth write, fsync or rename, a full disk, a write cut short, or the whole
 * process dying in the middle of a write. What happened before stays in the files, as it does after a kill -9.
 */
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'

export type Operation = 'write' | 'fsync' | 'rename' | 'truncate' | 'open' | 'read' | 'writeFile'

export interface Fault {
  readonly operation: Operation
  /** Fails the nth call from now on, 1 being the next one. */
  readonly nth?: number
  /** Only calls on paths that match. */
  readonly path?: RegExp
  readonly code?: string
  /** Bytes of a failing write that still reach the file. */
  readonly partialBytes?: number
  /** Every later matching call fails, too: a full disk stays full. */
  readonly sticky?: boolean
}

function ioError(code: string, operation: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected failure, ${operation} '${path}'`), { code })
}

export interface FailingFileSystem extends FileSystem {
  /** Arms a fault; several may wait at once. */
  fail(fault: Fault): void
  /** No fault is armed any more. */
  heal(): void
  /** Every later operation throws, as if the process were gone. */
  crash(): void
  /** Operations so far, for tests that fail each in turn. */
  count(operation: Operation): number
  /** Paths synced to the disk, in order. */
  readonly synced: string[]
}

interface Armed extends Fault {
  left: number
}

class Faults {
  readonly counts = new Map<Operation, number>()
  readonly paths = new Map<number, string>()
  readonly synced: string[] = []
  armed: Armed[] = []
  crashed = false

  /** The fault that hits this call, if any. */
  check(operation: Operation, path: string): Armed | null {
    if (this.crashed) throw ioError('EIO', operation, `${path} (the process is dead)`)
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + 1)
    for (const fault of this.armed) {
      if (fault.operation !== operation || (fault.path !== undefined && !fault.path.test(path))) continue
      fault.left--
      if (fault.left > 0) continue
      if (!fault.sticky) this.armed = this.armed.filter((other) => other !== fault)
      return fault
    }
    return null
  }

  throwIf(operation: Operation, path: string): void {
    const fault = this.check(operation, path)
    if (fault !== null) throw ioError(fault.code ?? 'EIO', operation, path)
  }

  pathOf(fd: number): string {
    return this.paths.get(fd) ?? `fd ${fd}`
  }
}

export function failingFileSystem(real: FileSystem = nodeFileSystem): FailingFileSystem {
  const faults = new Faults()
  return {
    ...real,
    fsyncLater: undefined,
    ...failingFiles(real, faults),
    writeFile(path, data) {
      faults.throwIf('writeFile', path)
      real.writeFile(path, data)
    },
    rename(from, to) {
      faults.throwIf('rename', from)
      real.rename(from, to)
    },
    fail: (fault) => void faults.armed.push({ ...fault, left: fault.nth ?? 1 }),
    heal() {
      faults.armed = []
    },
    crash() {
      faults.crashed = true
    },
    count: (operation) => faults.counts.get(operation) ?? 0,
    synced: faults.synced,
  }
}

function failingFiles(real: FileSystem, faults: Faults) {
  const files: Pick<FileSystem, 'open' | 'read' | 'write' | 'truncate' | 'fsync'> = {
    open(path, flags) {
      faults.throwIf('open', path)
      const fd = real.open(path, flags)
      faults.paths.set(fd, path)
      return fd
    },
    read(fd, target, offset, length, position) {
      faults.throwIf('read', faults.pathOf(fd))
      return real.read(fd, target, offset, length, position)
    },
    write(fd, source, offset, length, position) {
      const fault = faults.check('write', faults.pathOf(fd))
      if (fault === null) return real.write(fd, source, offset, length, position)
      const partial = Math.min(fault.partialBytes ?? 0, length)
      if (partial > 0) real.write(fd, source, offset, partial, position)
      throw ioError(fault.code ?? 'EIO', 'write', faults.pathOf(fd))
    },
    truncate(fd, size) {
      faults.throwIf('truncate', faults.pathOf(fd))
      real.truncate(fd, size)
    },
    fsync(fd) {
      faults.throwIf('fsync', faults.pathOf(fd))
      faults.synced.push(faults.pathOf(fd))
      real.fsync(fd)
    },
  }
  return files
}

/** Writes come through a few bytes at a time, as a disk or a signal may have it. */
export function shortWrites(maxBytes: number, real: FileSystem = nodeFileSystem): FileSystem {
  return {
    ...real,
    fsyncLater: undefined,
    write: (fd, source, offset, length, position) =>
      real.write(fd, source, offset, Math.min(length, maxBytes), position),
  }
}

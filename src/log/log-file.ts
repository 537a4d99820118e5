import type { FileSystem } from '../base/file-system.ts'

/**
 * Descriptors that log files may keep open at once, over all logs of a process. Well under the usual limit of 1,024 a
 * process may start with; reopening a file costs some microseconds.
 */
export const MAX_OPEN_FILES = 512

/** Closes the least recently used file when too many are open. */
export class OpenFiles {
  private readonly limit: number
  /** In order of last use, the oldest first. */
  private readonly open = new Set<LogFile>()
  private newest: LogFile | null = null

  constructor(limit: number = MAX_OPEN_FILES) {
    this.limit = limit
  }

  get count(): number {
    return this.open.size
  }

  used(file: LogFile): void {
    if (this.newest === file) return
    this.open.delete(file)
    this.open.add(file)
    this.newest = file
    if (this.open.size <= this.limit) return
    const [oldest] = this.open
    oldest!.closeHandle()
  }

  closed(file: LogFile): void {
    this.open.delete(file)
    if (this.newest === file) this.newest = null
  }
}

/** The `.log` file of a segment: opened when it is first needed, closed when others need the descriptor. */
export class LogFile {
  path: string
  /** Bytes that belong to the log; the file may be longer when it is preallocated. */
  size: number
  private readonly files: FileSystem
  private readonly openFiles: OpenFiles
  private handle: number | null = null

  constructor(files: FileSystem, openFiles: OpenFiles, path: string, size: number) {
    this.files = files
    this.openFiles = openFiles
    this.path = path
    this.size = size
  }

  /** Reads up to `length` bytes, fewer only where the file ends. */
  read(target: Buffer, targetOffset: number, length: number, position: number): number {
    const fd = this.fd()
    let done = 0
    while (done < length) {
      const read = this.files.read(fd, target, targetOffset + done, length - done, position + done)
      if (read <= 0) break
      done += read
    }
    return done
  }

  /** Appends all of `source` or throws; what a failed write left behind is cut off again if the disk lets us. */
  append(source: Buffer): void {
    const fd = this.fd()
    try {
      for (let done = 0; done < source.length; ) {
        const written = this.files.write(fd, source, done, source.length - done, this.size + done)
        if (written <= 0) throw new Error(`nothing could be written to ${this.path}`)
        done += written
      }
    } catch (error) {
      this.cutQuietly(fd)
      throw error
    }
    this.size += source.length
  }

  private cutQuietly(fd: number): void {
    try {
      this.files.truncate(fd, this.size)
    } catch {
      // Recovery cuts it off; in memory the log ends before it.
    }
  }

  /** Grows the file to `bytes` without making them part of the log. */
  preallocate(bytes: number): void {
    this.files.truncate(this.fd(), bytes)
  }

  truncate(size: number): void {
    this.files.truncate(this.fd(), size)
    this.size = size
  }

  /** Gives preallocated bytes back. */
  trim(): void {
    if (this.files.stat(this.path).size !== this.size) this.files.truncate(this.fd(), this.size)
  }

  sync(): void {
    this.files.fsync(this.fd())
  }

  closeHandle(): void {
    if (this.handle === null) return
    const fd = this.handle
    this.handle = null
    this.openFiles.closed(this)
    this.files.close(fd)
  }

  private fd(): number {
    this.handle ??= this.files.open(this.path, 'r+')
    this.openFiles.used(this)
    return this.handle
  }
}

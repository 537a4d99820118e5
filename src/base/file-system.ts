import * as fs from 'node:fs'

/**
 * The file operations the log floor uses, all synchronous: an append is one write to the page cache, and a structure
 * that is changed in one synchronous step has no half-way state to guard. Tests hand in one that fails on purpose.
 */
export interface FileSystem {
  open(path: string, flags: 'r' | 'r+' | 'w' | 'w+' | 'a+' | 'wx+'): number
  close(fd: number): void
  read(fd: number, target: Uint8Array, offset: number, length: number, position: number): number
  write(fd: number, source: Uint8Array, offset: number, length: number, position: number): number
  writev(fd: number, sources: readonly Uint8Array[], position: number): number
  truncate(fd: number, size: number): void
  fsync(fd: number): void
  /** As `fsync`, but without making the caller wait; a file system without it is asked to `fsync` instead. */
  fsyncLater?(fd: number, done: (error: Error | null) => void): void
  size(fd: number): number
  exists(path: string): boolean
  stat(path: string): { size: number; mtimeMs: number; isDirectory: boolean }
  list(directory: string): string[]
  makeDirectory(path: string): void
  readFile(path: string): Buffer
  /** Writes a new file or replaces an existing one; not atomic (see `writeAtomically`). */
  writeFile(path: string, data: Uint8Array | string): void
  rename(from: string, to: string): void
  remove(path: string): void
  removeTree(path: string): void
  /** Makes a rename or a new file in `path` durable. */
  syncDirectory(path: string): void
}

export const nodeFileSystem: FileSystem = {
  open: (path, flags) => fs.openSync(path, flags),
  close: (fd) => fs.closeSync(fd),
  read: (fd, target, offset, length, position) => fs.readSync(fd, target, offset, length, position),
  write: (fd, source, offset, length, position) => fs.writeSync(fd, source, offset, length, position),
  writev: (fd, sources, position) => fs.writevSync(fd, sources, position),
  truncate: (fd, size) => fs.ftruncateSync(fd, size),
  fsync: (fd) => fs.fsyncSync(fd),
  fsyncLater: (fd, done) => fs.fsync(fd, done),
  size: (fd) => fs.fstatSync(fd).size,
  exists: (path) => fs.existsSync(path),
  stat(path) {
    const stat = fs.statSync(path)
    return { size: stat.size, mtimeMs: stat.mtimeMs, isDirectory: stat.isDirectory() }
  },
  list: (directory) => fs.readdirSync(directory),
  makeDirectory: (path) => void fs.mkdirSync(path, { recursive: true }),
  readFile: (path) => fs.readFileSync(path),
  writeFile: (path, data) => fs.writeFileSync(path, data),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.unlinkSync(path),
  removeTree: (path) => fs.rmSync(path, { recursive: true, force: true }),
  syncDirectory(path) {
    const fd = fs.openSync(path, 'r')
    try {
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  },
}

/** Writes `path.tmp`, fsyncs it, renames it over `path` and fsyncs the directory: old content or new, never a mix. */
export function writeAtomically(files: FileSystem, directory: string, path: string, data: Uint8Array | string): void {
  const temporary = `${path}.tmp`
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  const fd = files.open(temporary, 'w')
  try {
    for (let at = 0; at < bytes.length; ) at += files.write(fd, bytes, at, bytes.length - at, at)
    files.fsync(fd)
  } finally {
    files.close(fd)
  }
  files.rename(temporary, path)
  files.syncDirectory(directory)
}

/** A process's file system: its descriptors on the machine's disk, with the faults that are armed for it. */
import type { FileSystem } from '../../../src/base/file-system.ts'
import type { Dice } from './dice.ts'
import { DiskDirectory, type DiskFile } from './disk-node.ts'
import type { Scheduler } from './scheduler.ts'
import { type DiskFaultInjector, type DiskOperation, diskError, type SimDisk } from './sim-disk.ts'
import { ProcessDeadError, type SimProcess } from './sim-process.ts'

interface OpenFile {
  readonly file: DiskFile
  readonly path: string
  readonly append: boolean
}

/** How long a background fsync takes, on the mean; a busy disk lets what was written later get there earlier. */
const FSYNC_MEANS_MS = [4, 4, 600]

export interface SimFilesOptions {
  readonly disk: SimDisk
  readonly process: SimProcess
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly inject?: DiskFaultInjector
}

export class SimFiles implements FileSystem {
  /** Replaced while faults are armed. */
  inject: DiskFaultInjector
  private readonly disk: SimDisk
  private readonly process: SimProcess
  private readonly scheduler: Scheduler
  private readonly dice: Dice
  private readonly fsyncMeanMs: number
  private readonly handles = new Map<number, OpenFile>()
  private nextFd = 3

  constructor(options: SimFilesOptions) {
    this.disk = options.disk
    this.process = options.process
    this.scheduler = options.scheduler
    this.dice = options.dice
    this.inject = options.inject ?? (() => null)
    this.fsyncMeanMs = options.dice.child('fsync').pick(FSYNC_MEANS_MS)
  }

  open(path: string, flags: 'r' | 'r+' | 'w' | 'w+' | 'a+' | 'wx+'): number {
    this.check('open', path)
    let file = this.existing(path, flags)
    if (file === null) file = this.disk.create(path)
    else if (flags === 'w' || flags === 'w+') {
      file.truncate(0)
      this.disk.watcher.onTruncate?.(path, file, 0)
    }
    const fd = this.nextFd++
    this.handles.set(fd, { file, path, append: flags === 'a+' })
    return fd
  }

  private existing(path: string, flags: string): DiskFile | null {
    const found = this.disk.find(path)
    if (found === null) {
      if (flags.startsWith('r')) throw diskError('ENOENT', 'open', path)
      return null
    }
    if (flags === 'wx+') throw diskError('EEXIST', 'open', path)
    if (found instanceof DiskDirectory) throw diskError('EISDIR', 'open', path)
    return found
  }

  close(fd: number): void {
    this.handle(fd, 'close')
    this.handles.delete(fd)
  }

  read(fd: number, target: Uint8Array, offset: number, length: number, position: number): number {
    const { file, path } = this.handle(fd, 'read')
    this.check('read', path, length)
    return file.read(target, offset, length, position)
  }

  write(fd: number, source: Uint8Array, offset: number, length: number, position: number): number {
    const handle = this.handle(fd, 'write')
    this.writeBytes(handle, source.subarray(offset, offset + length), position)
    return length
  }

  writev(fd: number, sources: readonly Uint8Array[], position: number): number {
    const handle = this.handle(fd, 'write')
    let written = 0
    for (const source of sources) {
      this.writeBytes(handle, source, position + written)
      written += source.length
    }
    return written
  }

  private writeBytes({ file, path, append }: OpenFile, source: Uint8Array, position: number): void {
    const at = append ? file.size : position
    const fault = this.fault('write', path, source.length)
    const bytes = fault === null ? source : source.subarray(0, fault.partialBytes)
    file.write(bytes, at)
    file.mtimeMs = this.disk.nowMs()
    this.disk.watcher.onWrite?.(path, file, at, bytes.length)
    if (fault !== null) throw diskError(fault.code, 'write', path)
    this.assertAlive('write')
  }

  truncate(fd: number, size: number): void {
    const { file, path } = this.handle(fd, 'truncate')
    this.check('truncate', path, size)
    file.truncate(size)
    this.disk.watcher.onTruncate?.(path, file, size)
  }

  fsync(fd: number): void {
    const { file, path } = this.handle(fd, 'fsync')
    this.check('fsync', path)
    file.sync()
  }

  fsyncLater(fd: number, done: (error: Error | null) => void): void {
    const { file, path } = this.handle(fd, 'fsync')
    const fault = this.fault('fsync', path, 0)
    const mark = file.mark()
    this.scheduler.after(this.dice.exponential(this.fsyncMeanMs), this.process, () => {
      if (fault === null) file.sync(mark)
      done(fault === null ? null : diskError(fault.code, 'fsync', path))
    })
  }

  size(fd: number): number {
    return this.handle(fd, 'fstat').file.size
  }

  exists(path: string): boolean {
    this.assertAlive('stat')
    return this.disk.find(path) !== null
  }

  stat(path: string): { size: number; mtimeMs: number; isDirectory: boolean } {
    this.assertAlive('stat')
    const found = this.disk.find(path)
    if (found === null) throw diskError('ENOENT', 'stat', path)
    const isDirectory = found instanceof DiskDirectory
    return { size: isDirectory ? 0 : found.size, mtimeMs: found.mtimeMs, isDirectory }
  }

  list(directory: string): string[] {
    this.assertAlive('list')
    return [...this.disk.directory(directory, 'scandir').entries.keys()].sort()
  }

  makeDirectory(path: string): void {
    this.assertAlive('mkdir')
    this.disk.makeDirectory(path)
  }

  readFile(path: string): Buffer {
    this.check('read', path)
    return Buffer.from(this.disk.file(path, 'open').view())
  }

  writeFile(path: string, data: Uint8Array | string): void {
    const fd = this.open(path, 'w')
    try {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data
      this.write(fd, bytes, 0, bytes.length, 0)
    } finally {
      if (this.process.alive) this.close(fd)
    }
  }

  rename(from: string, to: string): void {
    this.check('rename', from)
    this.disk.rename(from, to)
  }

  remove(path: string): void {
    this.check('remove', path)
    this.disk.remove(path)
  }

  removeTree(path: string): void {
    this.check('remove', path)
    this.disk.removeTree(path)
  }

  syncDirectory(path: string): void {
    this.check('syncDirectory', path)
    this.disk.syncDirectory(path)
  }

  private handle(fd: number, operation: string): OpenFile {
    this.assertAlive(operation)
    const handle = this.handles.get(fd)
    if (handle === undefined) throw diskError('EBADF', operation, `fd ${fd}`)
    return handle
  }

  private assertAlive(operation: string): void {
    if (!this.process.alive) throw new ProcessDeadError(this.process, operation)
  }

  private fault(operation: DiskOperation, path: string, length: number) {
    this.assertAlive(operation)
    return path.endsWith('.lock') ? null : this.inject(operation, path, length)
  }

  private check(operation: DiskOperation, path: string, length = 0): void {
    const fault = this.fault(operation, path, length)
    if (fault !== null) throw diskError(fault.code, operation, path)
    this.assertAlive(operation)
  }
}

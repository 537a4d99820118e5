/** A file system that can be told to refuse writes, as a full or broken disk does. */
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'

export class FullDisk {
  /** Paths that contain this refuse writes; null: none do. */
  full: string | null = null
  readonly files: FileSystem
  private readonly paths = new Map<number, string>()

  constructor(inner: FileSystem = nodeFileSystem) {
    const refuse = (path: string): void => {
      if (this.full === null || !path.includes(this.full)) return
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    }
    const refuseFd = (fd: number): void => refuse(this.paths.get(fd) ?? '')
    this.files = {
      ...inner,
      open: (path, flags) => {
        if (flags !== 'r') refuse(path)
        const fd = inner.open(path, flags)
        this.paths.set(fd, path)
        return fd
      },
      write: (fd, source, offset, length, position) => {
        refuseFd(fd)
        return inner.write(fd, source, offset, length, position)
      },
      writev: (fd, sources, position) => {
        refuseFd(fd)
        return inner.writev(fd, sources, position)
      },
      fsync: (fd) => {
        refuseFd(fd)
        inner.fsync(fd)
      },
      writeFile: (path, data) => {
        refuse(path)
        inner.writeFile(path, data)
      },
      makeDirectory: (path) => {
        refuse(path)
        inner.makeDirectory(path)
      },
    }
  }
}

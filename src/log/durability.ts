/**
 * Getting bytes to the disk without stopping the node. A rename replaces a file in one step for every reader and for a
 * killed process; only a power failure needs the fsync, which may come later and in the background.
 */
import type { FileSystem } from '../base/file-system.ts'

/** Replaces `path` in one step. Safe against the process dying; durable once something syncs the file. */
export function replaceFile(files: FileSystem, path: string, data: string | Uint8Array): void {
  const temporary = `${path}.tmp`
  files.writeFile(temporary, data)
  files.rename(temporary, path)
}

/** Forces the content of a file to the disk now. */
export function syncFile(files: FileSystem, path: string): void {
  const fd = files.open(path, 'r+')
  try {
    files.fsync(fd)
  } finally {
    files.close(fd)
  }
}

/**
 * Forces files to the disk one after the other, without blocking where the file system can do that. Each is opened
 * for the purpose: the fsync of one descriptor covers what was written through any other.
 */
export function syncFilesLater(files: FileSystem, paths: readonly string[], done: (error: unknown) => void): void {
  const step = (index: number): void => {
    const path = paths[index]
    if (path === undefined) {
      done(null)
      return
    }
    let fd: number
    try {
      fd = files.open(path, 'r+')
    } catch (error) {
      // Deleted in the meantime: nothing to keep.
      if (files.exists(path)) done(error)
      else step(index + 1)
      return
    }
    fsyncLater(files, fd, (error) => {
      files.close(fd)
      if (error === null) step(index + 1)
      else done(error)
    })
  }
  step(0)
}

function fsyncLater(files: FileSystem, fd: number, done: (error: unknown) => void): void {
  if (files.fsyncLater !== undefined) {
    files.fsyncLater(fd, done)
    return
  }
  let failure: unknown = null
  try {
    files.fsync(fd)
  } catch (error) {
    failure = error
  }
  done(failure)
}

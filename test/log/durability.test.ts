import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'
import { replaceFile, syncFile, syncFilesLater } from '../../src/log/durability.ts'
import { failingFileSystem } from '../support/failing-file-system.ts'
import { scratchDirectory } from './support.ts'

function threeFiles(): string[] {
  const directory = scratchDirectory()
  return ['a', 'b', 'c'].map((name) => {
    fs.writeFileSync(join(directory, name), name)
    return join(directory, name)
  })
}

const later = (files: FileSystem, paths: readonly string[]): Promise<unknown> =>
  new Promise((resolve) => syncFilesLater(files, paths, resolve))

describe('replaceFile', () => {
  it('puts the new content in place of the old', () => {
    const [path] = threeFiles()
    replaceFile(nodeFileSystem, path!, 'new')
    expect(fs.readFileSync(path!, 'utf8')).toBe('new')
    expect(fs.existsSync(`${path}.tmp`)).toBe(false)
  })

  it.each(['writeFile', 'rename'] as const)('keeps the old content when %s fails', (operation) => {
    const [path] = threeFiles()
    const files = failingFileSystem()
    files.fail({ operation })
    expect(() => replaceFile(files, path!, 'new')).toThrow('injected')
    expect(fs.readFileSync(path!, 'utf8')).toBe('a')
  })
})

describe('syncFilesLater', () => {
  it('syncs one file after the other, without blocking where it can', async () => {
    const paths = threeFiles()
    const opened = new Map<number, string>()
    const order: string[] = []
    const files: FileSystem = {
      ...nodeFileSystem,
      open(path, flags) {
        const fd = nodeFileSystem.open(path, flags)
        opened.set(fd, path)
        return fd
      },
      close(fd) {
        nodeFileSystem.close(fd)
        opened.delete(fd)
      },
      fsyncLater(fd, done) {
        order.push(opened.get(fd)!)
        expect(opened.size).toBe(1)
        nodeFileSystem.fsyncLater!(fd, done)
      },
    }
    expect(await later(files, paths)).toBeNull()
    expect(order).toEqual(paths)
    expect(opened.size).toBe(0)
  })

  it('syncs at once on a file system without background syncs', () => {
    const paths = threeFiles()
    const files = failingFileSystem()
    let result: unknown = 'not yet'
    syncFilesLater(files, paths, (error) => {
      result = error
    })
    expect(result).toBeNull()
    expect(files.synced).toEqual(paths)
  })

  it('passes over files that are gone', async () => {
    const paths = threeFiles()
    fs.rmSync(paths[1]!)
    expect(await later(nodeFileSystem, paths)).toBeNull()
    expect(await later(nodeFileSystem, [])).toBeNull()
  })

  it('ends with the first error', async () => {
    const paths = threeFiles()
    const files = failingFileSystem()
    files.fail({ operation: 'fsync', nth: 2 })
    expect(await later(files, paths)).toMatchObject({ code: 'EIO' })
    expect(files.synced).toEqual([paths[0]])
    files.fail({ operation: 'open' })
    expect(await later(files, paths)).toMatchObject({ code: 'EIO' })
  })

  it('leaves no descriptor behind when a sync fails', () => {
    const [path] = threeFiles()
    const files = failingFileSystem()
    files.fail({ operation: 'fsync' })
    expect(() => syncFile(files, path!)).toThrow('EIO')
    syncFile(files, path!)
    expect(files.synced).toEqual([path])
  })
})

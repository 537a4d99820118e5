import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { LogFile, OpenFiles } from '../../src/log/log-file.ts'
import { failingFileSystem } from '../support/failing-file-system.ts'
import { scratchDirectory } from './support.ts'

function fileIn(directory: string, name: string, openFiles: OpenFiles): LogFile {
  fs.writeFileSync(join(directory, name), '')
  return new LogFile(nodeFileSystem, openFiles, join(directory, name), 0)
}

const text = (file: LogFile): string => {
  const buffer = Buffer.alloc(file.size)
  file.read(buffer, 0, file.size, 0)
  return buffer.toString()
}

describe('OpenFiles', () => {
  it('closes the file that was used longest ago, and files open again by themselves', () => {
    const directory = scratchDirectory()
    const openFiles = new OpenFiles(3)
    const files = Array.from({ length: 10 }, (_, i) => fileIn(directory, `f${i}`, openFiles))
    expect(openFiles.count).toBe(0)
    for (let round = 0; round < 3; round++) {
      for (const file of files) {
        file.append(Buffer.from(`${round}`))
        expect(openFiles.count).toBeLessThanOrEqual(3)
      }
    }
    expect(files.map(text)).toEqual(files.map(() => '012'))
    for (const file of files) file.closeHandle()
    expect(openFiles.count).toBe(0)
  })

  it('keeps what is in use', () => {
    const directory = scratchDirectory()
    const openFiles = new OpenFiles(2)
    const [hot, ...others] = Array.from({ length: 5 }, (_, i) => fileIn(directory, `f${i}`, openFiles))
    const fs = failingFileSystem()
    const counted = new LogFile(fs, openFiles, hot!.path, 0)
    for (const other of others) {
      counted.append(Buffer.from('x'))
      other.append(Buffer.from('y'))
    }
    expect(fs.count('open')).toBe(1)
    counted.closeHandle()
    for (const other of others) other.closeHandle()
  })
})

describe('LogFile', () => {
  it('appends at its size, reads no further than the file', () => {
    const file = fileIn(scratchDirectory(), 'f', new OpenFiles())
    file.append(Buffer.from('hello '))
    file.append(Buffer.from('world'))
    const buffer = Buffer.alloc(20)
    expect(file.read(buffer, 3, 17, 6)).toBe(5)
    expect(buffer.toString('utf8', 3, 8)).toBe('world')
    file.truncate(5)
    expect([file.size, text(file)]).toEqual([5, 'hello'])
    file.closeHandle()
  })

  it('keeps its size when a write fails half-way, and cuts the half off', () => {
    const path = join(scratchDirectory(), 'f')
    fs.writeFileSync(path, '')
    const files = failingFileSystem()
    const file = new LogFile(files, new OpenFiles(), path, 0)
    file.append(Buffer.from('good'))
    files.fail({ operation: 'write', partialBytes: 2, code: 'ENOSPC' })
    expect(() => file.append(Buffer.from('bad'))).toThrow('ENOSPC')
    expect([file.size, fs.readFileSync(path, 'utf8')]).toEqual([4, 'good'])
    file.append(Buffer.from('again'))
    expect(fs.readFileSync(path, 'utf8')).toBe('goodagain')
    file.closeHandle()
  })

  it('reserves bytes and gives them back', () => {
    const file = fileIn(scratchDirectory(), 'f', new OpenFiles())
    file.preallocate(1000)
    file.append(Buffer.from('abc'))
    expect([file.size, fs.statSync(file.path).size]).toEqual([3, 1000])
    file.trim()
    expect(fs.statSync(file.path).size).toBe(3)
    file.closeHandle()
    file.closeHandle()
  })
})

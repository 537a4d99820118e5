import * as fs from 'node:fs'
import * as os from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileSystem, nodeFileSystem, writeAtomically } from '../../../src/base/file-system.ts'
import { Dice } from './dice.ts'
import { Scheduler } from './scheduler.ts'
import { SimDisk } from './sim-disk.ts'
import { SimFiles } from './sim-files.ts'
import { ProcessDeadError, SimProcess } from './sim-process.ts'

function machine(seed = 1) {
  const scheduler = new Scheduler()
  const disk = new SimDisk('disk', () => 1_000)
  const start = (): { files: SimFiles; process: SimProcess } => {
    const process = new SimProcess('node')
    return { process, files: new SimFiles({ disk, process, scheduler, dice: new Dice(seed) }) }
  }
  return { scheduler, disk, start, ...start() }
}

function append(files: FileSystem, path: string, text: string): void {
  const fd = files.open(path, files.exists(path) ? 'r+' : 'w+')
  const bytes = Buffer.from(text)
  files.write(fd, bytes, 0, bytes.length, files.size(fd))
  files.close(fd)
}

function sync(files: FileSystem, path: string): void {
  const fd = files.open(path, 'r+')
  files.fsync(fd)
  files.close(fd)
}

const code = (action: () => unknown): string | undefined => {
  try {
    action()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
  return undefined
}

/** One random step over a handful of names, done the same way on any file system. */
function apply(files: FileSystem, root: string, [kind, a, b, size]: [number, number, number, number]): string {
  const path = (n: number): string => join(root, ['x', 'y', 'd/x', 'd/y', 'e'][n]!)
  const outcome = (action: () => unknown): string => {
    try {
      return JSON.stringify(action() ?? null)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'thrown'
    }
  }
  const withFile = (flags: 'r' | 'r+' | 'w' | 'w+' | 'a+' | 'wx+', action: (fd: number) => unknown): string =>
    outcome(() => {
      const fd = files.open(path(a), flags)
      try {
        return action(fd)
      } finally {
        files.close(fd)
      }
    })
  const bytes = Buffer.alloc(size, 65 + b)
  const steps: (() => string)[] = [
    () => withFile('w', (fd) => files.write(fd, bytes, 0, size, b * 3)),
    () => withFile('r+', (fd) => files.write(fd, bytes, 0, size, b * 7)),
    () => withFile('a+', (fd) => files.write(fd, bytes, 0, size, 0)),
    () => withFile('wx+', (fd) => files.writev(fd, [bytes, bytes], 0)),
    () => withFile('r+', (fd) => files.truncate(fd, size * 2)),
    () => withFile('r', (fd) => [files.size(fd), files.read(fd, Buffer.alloc(40), 0, 40, b)]),
    () => outcome(() => files.rename(path(a), path(b))),
    () => outcome(() => files.remove(path(a))),
    () => outcome(() => files.makeDirectory(join(root, 'd'))),
    () => outcome(() => files.removeTree(join(root, ['d', 'e'][b % 2]!))),
    () => outcome(() => files.list(join(root, ['', 'd', 'x'][b % 3]!)).sort()),
    () => outcome(() => files.readFile(path(a)).toString('latin1')),
    () => outcome(() => [files.exists(path(a)), files.stat(path(a)).size, files.stat(path(a)).isDirectory]),
    () => outcome(() => files.writeFile(path(a), bytes)),
    () => withFile('w+', (fd) => files.fsync(fd)),
  ]
  const at = kind % steps.length
  return `${at} ${path(a).slice(root.length)} ${steps[at]!()}`
}

describe('SimFiles', () => {
  it('answers as the real file system does', () => {
    const step = fc.tuple(fc.nat(1000), fc.nat(4), fc.nat(4), fc.nat(30))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const root = fs.mkdtempSync(join(os.tmpdir(), 'kt-disk-'))
        try {
          const { files } = machine()
          files.makeDirectory('/r')
          for (const each of steps) {
            // A directory's size is the real file system's own affair.
            const real = apply(nodeFileSystem, root, each).replace(/(true,)\d+(,true)/, '$10$2')
            expect(apply(files, '/r', each)).toBe(real)
          }
        } finally {
          fs.rmSync(root, { recursive: true })
        }
      }),
      { numRuns: 150 },
    )
  })

  it('survives a kill with all that was written, and frees the lock', () => {
    const { files, process, disk, start } = machine()
    files.makeDirectory('/logs')
    append(files, '/logs/a', 'never synced')
    append(files, '/logs/.lock', '1 2')
    process.kill()
    disk.releaseLocks()
    const next = start().files
    expect(next.readFile('/logs/a').toString()).toBe('never synced')
    expect(next.list('/logs')).toEqual(['a'])
  })

  it('gives a dead process nothing', () => {
    const { files, process } = machine()
    append(files, '/a', 'x')
    const fd = files.open('/a', 'r+')
    process.kill()
    expect(() => files.readFile('/a')).toThrow(ProcessDeadError)
    expect(() => files.write(fd, Buffer.from('y'), 0, 1, 0)).toThrow(ProcessDeadError)
    expect(() => files.exists('/a')).toThrow(ProcessDeadError)
  })

  it('fails what it is told to fail, with what still got through', () => {
    const { files } = machine()
    append(files, '/a', 'abc')
    let writes = 0
    files.inject = (operation) => (operation === 'write' && ++writes === 2 ? { code: 'ENOSPC', partialBytes: 2 } : null)
    append(files, '/a', 'def')
    expect(code(() => append(files, '/a', 'ghi'))).toBe('ENOSPC')
    files.inject = () => null
    expect(files.readFile('/a').toString()).toBe('abcdefgh')
  })

  it('lets a process be killed in the middle of a write', () => {
    const { files, process, disk } = machine()
    append(files, '/a', 'abc')
    files.inject = () => {
      process.kill()
      return { code: 'EIO', partialBytes: 1 }
    }
    const fd = (() => {
      files.inject = () => null
      return files.open('/a', 'r+')
    })()
    files.inject = (operation) => {
      if (operation !== 'write') return null
      process.kill()
      return { code: 'EIO', partialBytes: 1 }
    }
    expect(() => files.write(fd, Buffer.from('xyz'), 0, 3, 3)).toThrow()
    expect(() => files.truncate(fd, 3)).toThrow(ProcessDeadError)
    expect(disk.file('/a', 'look').view().toString()).toBe('abcx')
  })

  it('syncs later, and only what was there when it was asked', async () => {
    const { files, disk, scheduler } = machine()
    append(files, '/a', 'abc')
    files.syncDirectory('/')
    const fd = files.open('/a', 'r+')
    const done: (Error | null)[] = []
    files.fsyncLater(fd, (error) => done.push(error))
    append(files, '/a', 'def')
    expect(done).toEqual([])
    await scheduler.runUntil(
      Number.POSITIVE_INFINITY,
      () => false,
      () => undefined,
    )
    expect(done).toEqual([null])
    expect(disk.file('/a', 'look').hasUnsynced).toBe(true)
  })
})

describe('a power failure', () => {
  const outcomes = (prepare: (files: SimFiles) => void, look: (files: SimFiles) => string): Set<string> => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const { files, process, disk, start } = machine(seed)
      prepare(files)
      process.kill()
      disk.losePower(new Dice(seed))
      seen.add(look(start().files))
    }
    return seen
  }

  it('leaves what was synced, and any prefix, torn piece or hole of what was not', () => {
    const seen = outcomes(
      (files) => {
        append(files, '/a', 'synced;')
        sync(files, '/a')
        files.syncDirectory('/')
        append(files, '/a', 'one;')
        append(files, '/a', 'two;')
      },
      (files) => files.readFile('/a').toString(),
    )
    for (const text of seen) expect(text.startsWith('synced;')).toBe(true)
    expect(seen).toContain('synced;')
    expect(seen).toContain('synced;one;')
    expect(seen).toContain('synced;one;two;')
    expect(seen).toContain('synced;o')
    expect([...seen].some((text) => text.includes('\0'))).toBe(true)
  })

  it('brings back what was overwritten or cut off', () => {
    const seen = outcomes(
      (files) => {
        append(files, '/a', 'abcdef')
        sync(files, '/a')
        files.syncDirectory('/')
        const fd = files.open('/a', 'r+')
        files.truncate(fd, 2)
        files.write(fd, Buffer.from('XY'), 0, 2, 1)
        files.close(fd)
      },
      (files) => files.readFile('/a').toString(),
    )
    expect(seen).toContain('abcdef')
    expect(seen).toContain('ab')
    expect(seen).toContain('aXY')
    expect([...seen].every((text) => ['abcdef', 'ab', 'aX', 'aXY', 'a\0\0', 'aX\0', 'ab\0', 'aX'].includes(text))).toBe(
      true,
    )
  })

  it('may take a name whose directory was not synced, and never one that was', () => {
    const seen = outcomes(
      (files) => {
        append(files, '/kept', 'k')
        sync(files, '/kept')
        files.syncDirectory('/')
        append(files, '/new', 'n')
        sync(files, '/new')
      },
      (files) => files.list('/').join(),
    )
    expect(seen).toEqual(new Set(['kept', 'kept,new']))
  })

  it('keeps the way to a directory that was synced, and what was there before it does not come back', () => {
    const seen = outcomes(
      (files) => {
        files.makeDirectory('/logs/orders-0')
        append(files, '/logs/orders-0/old', 'o')
        files.syncDirectory('/logs/orders-0')
        files.rename('/logs/orders-0', '/logs/orders-0.deleted')
        files.makeDirectory('/logs/orders-0')
        append(files, '/logs/orders-0/new', 'n')
        files.syncDirectory('/logs/orders-0')
        append(files, '/logs/other', 'o')
      },
      (files) => `${files.list('/logs').join()}:${files.list('/logs/orders-0').join()}`,
    )
    expect(seen).toEqual(new Set(['orders-0,orders-0.deleted:new', 'orders-0,orders-0.deleted,other:new']))
  })

  it('leaves the old name or the new one of a rename, and after writeAtomically nothing else', () => {
    const renamed = outcomes(
      (files) => {
        append(files, '/a', 'old')
        append(files, '/b', 'new')
        for (const path of ['/a', '/b']) sync(files, path)
        files.syncDirectory('/')
        files.rename('/b', '/a')
      },
      (files) => `${files.list('/').join()}:${files.readFile('/a')}`,
    )
    expect(renamed).toEqual(new Set(['a,b:old', 'a:new']))
    const replaced = outcomes(
      (files) => {
        writeAtomically(files, '/', '/a', 'old')
        writeAtomically(files, '/', '/a', 'new')
      },
      (files) => files.readFile('/a').toString(),
    )
    expect(replaced).toEqual(new Set(['new']))
  })

  it('is the same for the same seed', () => {
    const run = (): string => {
      const { files, process, disk } = machine()
      for (let i = 0; i < 20; i++) append(files, `/f${i % 3}`, `text ${i};`)
      process.kill()
      disk.losePower(new Dice(99))
      return [...disk.files()].map(({ path, file }) => `${path}=${file.view()}`).join('|')
    }
    expect(run()).toBe(run())
  })
})

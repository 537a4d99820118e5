import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProfileStore } from '../../src/cli/profiles.ts'

let home: string
let store: ProfileStore
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-profiles-'))
  store = new ProfileStore({ KT_HOME: home })
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const mode = (file: string): number => fs.statSync(file).mode & 0o777

describe('saved profiles', () => {
  it('are for their owner alone', () => {
    store.write('prod', new Map([['a', 'b']]))
    expect(mode(store.file('prod'))).toBe(0o600)
    expect(mode(path.dirname(store.file('prod')))).toBe(0o700)
    expect(store.exposure('prod')).toBeNull()
    fs.chmodSync(store.file('prod'), 0o640)
    expect(store.exposure('prod')).toContain('mode 640')
    // Saved again, they are as they should be.
    store.write('prod', new Map([['a', 'c']]))
    expect(mode(store.file('prod'))).toBe(0o600)
    expect(fs.readdirSync(path.dirname(store.file('prod')))).toEqual(['prod.properties'])
  })

  it('come back as they were, whatever is in them', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => !key.includes('\0'))
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.string({ unit: 'binary' }))), (pairs) => {
        const settings = new Map(pairs)
        store.write('any', settings)
        expect(store.read('any')).toEqual(settings)
      }),
      { numRuns: 30 },
    )
  })

  it('are written so that Java reads them, byte by byte', () => {
    store.write('java', new Map([['password', 'ключ €😀']]))
    const bytes = fs.readFileSync(store.file('java'))
    expect(bytes.every((byte) => byte < 0x80)).toBe(true)
    expect(bytes.toString('latin1')).toContain('password=\\u043a\\u043b\\u044e\\u0447 \\u20ac\\ud83d\\ude00\n')
  })

  it('keep a link that somebody has put in their place', () => {
    store.write('linked', new Map([['a', 'b']]))
    const elsewhere = path.join(home, 'elsewhere')
    fs.renameSync(store.file('linked'), elsewhere)
    fs.symlinkSync(elsewhere, store.file('linked'))
    store.write('linked', new Map([['a', 'c']]))
    expect(fs.lstatSync(store.file('linked')).isSymbolicLink()).toBe(true)
    expect(fs.readFileSync(elsewhere, 'utf8')).toContain('a=c')
    expect(mode(elsewhere)).toBe(0o600)
  })

  it('leave nothing behind when they cannot be written, nor take over what was left', () => {
    store.write('a', new Map([['x', 'y']]))
    const left = `${store.file('a')}.${process.pid}.tmp`
    fs.writeFileSync(left, 'half', { mode: 0o666 })
    store.write('a', new Map([['x', 'z']]))
    expect(mode(store.file('a'))).toBe(0o600)
    fs.mkdirSync(store.file('directory'))
    expect(() => store.write('directory', new Map([['x', 'y']]))).toThrow('Cannot write')
    expect(fs.readdirSync(path.dirname(left)).filter((file) => file.endsWith('.tmp'))).toEqual([])
  })

  it('are listed by name', () => {
    expect(store.list()).toEqual([])
    for (const name of ['b', 'a', 'c.d']) store.write(name, new Map([['x', 'y']]))
    store.use('b')
    fs.writeFileSync(path.join(path.dirname(store.file('a')), 'not a name.properties'), '')
    expect(store.list()).toEqual(['a', 'b', 'c.d'])
  })

  it('that are not there are not found, and near ones named', () => {
    store.write('production', new Map([['x', 'y']]))
    for (const act of [() => store.read('producton'), () => store.use('producton'), () => store.remove('producton')]) {
      expect(act).toThrow('There is no profile producton')
    }
    try {
      store.read('producton')
    } catch (error) {
      expect(error).toMatchObject({ kind: 'not-found', facts: ['Did you mean production?'] })
    }
  })

  it.each(['', '..', '.hidden', '-x', 'a/b', 'a b', 'x'.repeat(65)])('are not called %j', (name) => {
    expect(() => store.has(name)).toThrow('cannot name a profile')
  })

  it('are in use until they are removed', () => {
    store.write('a', new Map([['x', 'y']]))
    expect(store.inUse()).toBeNull()
    store.use('a')
    expect(store.inUse()).toBe('a')
    store.remove('a')
    expect([store.inUse(), store.list()]).toEqual([null, []])
    store.use(null)
  })
})

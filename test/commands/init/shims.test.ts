import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownProgram, shims } from '../../../src/commands/init/shims.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-shims-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const load = async () => {
  throw new Error('a shim needs no module')
}
const table = {
  topics: { summary: '', script: 'kafka-topics.sh', load },
  cluster: { summary: '', verbsOf: 'kafka-cluster.sh', load },
  describe: { summary: '', load },
}

/** A program that shows what it was given, and a shim that calls it. */
function run(program: string, env: Record<string, string> = {}): string {
  const shim = path.join(home, 'shim')
  fs.writeFileSync(shim, shims(table, program).get('bin/kafka-topics.sh')!, { mode: 0o755 })
  return spawnSync(shim, ['--topic', 'a b'], { encoding: 'utf8', env: { ...process.env, ...env } }).stdout
}
function program(name: string): string {
  const file = path.join(home, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, '#!/bin/sh\nprintf "[%s]" "$@"\n', { mode: 0o755 })
  return file
}

describe('shims', () => {
  it('are made for scripts and for verbs of scripts', () => {
    expect([...shims(table, '/kt').keys()]).toEqual(['bin/kt', 'bin/kafka-topics.sh', 'bin/kafka-cluster.sh'])
  })
  it('hand over their words as they are, from a directory with any name', () => {
    expect(run(program("it's here/kt"))).toBe('[kafka-topics.sh][--topic][a b]')
  })
  it('look on the PATH when the installation has moved', () => {
    const directory = path.dirname(program('elsewhere/kt'))
    expect(run('/gone/kt', { PATH: `${directory}:${process.env.PATH}` })).toBe('[kafka-topics.sh][--topic][a b]')
  })
  it('call the kt of this installation', () => {
    expect(ownProgram()).toBe(path.resolve(import.meta.dirname, '../../../bin/kt'))
  })
})

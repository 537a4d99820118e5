import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/program.ts'
import { runCommand } from '../support/run-command.ts'

let home: string
beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-init-')))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

describe('kt init', () => {
  it('makes bin and config, and says what is next', async () => {
    const directory = path.join(home, 'kafka')
    const { code, stdout, stderr } = await runCommand(['init', directory, '--port', '19092'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`cd ${directory}`)
    expect(stdout).toContain('bin/kafka-server-start.sh config/server.properties')
    expect(stdout).toContain('--bootstrap-server localhost:19092')
    const properties = fs.readFileSync(path.join(directory, 'config/server.properties'), 'utf8')
    expect(properties).toContain('listeners=PLAINTEXT://localhost:19092,CONTROLLER://localhost:19093\n')
    expect(properties).toContain(`log.dirs=${directory}/data/server\n`)
  })

  it('has a shim for every script that kt knows', async () => {
    await runCommand(['init', home])
    const scripts = Object.values(COMMANDS).flatMap(({ script, verbsOf }) => script ?? verbsOf ?? [])
    expect(fs.readdirSync(path.join(home, 'bin')).sort()).toEqual(['kt', ...scripts].sort())
  })

  it('makes shims that run this kt, wherever they are called from', async () => {
    await runCommand(['init', home])
    const { stdout, status } = spawnSync(path.join(home, 'bin/kafka-storage.sh'), ['random-uuid'], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^[\w-]{22}\n$/) })
  })

  it('overwrites nothing and then writes nothing', async () => {
    fs.mkdirSync(path.join(home, 'config'))
    fs.writeFileSync(path.join(home, 'config/server.properties'), 'mine')
    const { code, stdout, stderr } = await runCommand(['init', home])
    expect({ code, stdout }).toEqual({ code: 9, stdout: '' })
    expect(stderr).toContain('config/server.properties')
    expect(stderr).toContain('next: kt init ')
    expect(fs.readdirSync(home)).toEqual(['config'])
    expect(fs.readFileSync(path.join(home, 'config/server.properties'), 'utf8')).toBe('mine')
  })

  it('lists what it has made as a document', async () => {
    const { stdout } = await runCommand(['init', home, '--format', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'WorkspaceCreated', directory: home, port: 9092 })
    expect(JSON.parse(stdout).files).toContain('bin/kafka-topics.sh')
  })

  it.each(['0', '65535', '9092x'])('refuses port %s', async (port) => {
    expect(await runCommand(['init', home, '--port', port])).toMatchObject({ code: 2, stdout: '' })
  })

  it('wants a directory and a known format', async () => {
    expect((await runCommand(['init'])).code).toBe(2)
    expect((await runCommand(['init', home, '--format', 'xml'])).stderr).toContain("Unknown format 'xml'")
    expect(fs.readdirSync(home)).toEqual([])
  })
})

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FOREIGN } from '../../src/commands/foreign.ts'
import { runCommand } from '../support/run-command.ts'

describe.each(Object.entries(FOREIGN))('%s', (name, { script, why }) => {
  it('says in a line where it stands, and fails', async () => {
    const { code, stdout, stderr } = await runCommand([script, 'config/some.properties', '--help'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(`${script}: ${why}`)
  })
  it('is known by its command’s name and left out of the list of commands', async () => {
    expect((await runCommand([name])).code).toBe(1)
    expect((await runCommand(['--help'])).stdout).not.toContain(`  ${name} `)
  })
})

describe('with an Apache Kafka in KAFKA_HOME', () => {
  const kafka = (script: string): string => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-kafka-home-'))
    onTestFinished(() => fs.rmSync(home, { recursive: true }))
    for (const directory of ['bin', 'libs']) fs.mkdirSync(path.join(home, directory))
    fs.writeFileSync(path.join(home, 'bin/connect-standalone.sh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return home
  }

  it('runs its script of Connect, with the words, the output and the exit code of it', async () => {
    const KAFKA_HOME = kafka('echo "ran $*"; echo said >&2; exit 3')
    const { code, stdout, stderr } = await runCommand(['connect-standalone', 'worker.properties', '--x'], {
      env: { KAFKA_HOME },
    })
    expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: 'ran worker.properties --x\n', stderr: 'said\n' })
  })

  it('says which script is not there', async () => {
    const KAFKA_HOME = kafka('exit 0')
    const { code, stderr } = await runCommand(['connect-mirror-maker', 'mm2.properties'], { env: { KAFKA_HOME } })
    expect(code).toBe(1)
    expect(stderr).toContain(`KAFKA_HOME is ${KAFKA_HOME}, and no Apache Kafka with bin/connect-mirror-maker.sh`)
  })

  it('is not taken in by a directory with scripts and no jars, as that of kt itself is', async () => {
    const KAFKA_HOME = kafka('echo never')
    fs.rmdirSync(path.join(KAFKA_HOME, 'libs'))
    const { code, stdout } = await runCommand(['connect-standalone'], { env: { KAFKA_HOME } })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })

  it('has nothing to do with scripts that Apache Kafka is not asked for', async () => {
    expect((await runCommand(['jmx'], { env: { KAFKA_HOME: kafka('exit 0') } })).code).toBe(1)
  })
})

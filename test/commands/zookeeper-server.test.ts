import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../support/run-command.ts'

let home: string
const config = (name: string) => path.join(home, 'config', name)
beforeEach(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-zookeeper-')))
  await runCommand(['init', home])
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const start = (file: string) => runCommand(['zookeeper-server-start.sh', file])

describe('zookeeper-server-start', () => {
  it('teaches, makes the node ready that the notes start next, and succeeds', async () => {
    const { code, stdout, stderr } = await start(config('zookeeper.properties'))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^There is no ZooKeeper any more/)
    expect(stdout).toMatch(/bin\/kafka-storage.sh format -t [\w-]{22} -c .*server.properties --standalone\n/)
    expect(stdout).toContain(`next: bin/kafka-server-start.sh ${config('server.properties')}`)
    expect(fs.readFileSync(path.join(home, 'data/server/meta.properties'), 'utf8')).toContain('node.id=1')
  })

  it('leaves a node alone that is formatted', async () => {
    await start(config('zookeeper.properties'))
    const before = fs.readFileSync(path.join(home, 'data/server/meta.properties'), 'utf8')
    const { code, stdout } = await start(config('zookeeper.properties'))
    expect(code).toBe(0)
    expect(stdout).not.toContain('format -t')
    expect(fs.readFileSync(path.join(home, 'data/server/meta.properties'), 'utf8')).toBe(before)
  })

  it('formats a node with fixed voters as such', async () => {
    const { stdout } = await start(config('kraft/zookeeper.properties'))
    expect(stdout).not.toContain('--standalone')
    expect(fs.existsSync(path.join(home, 'data/kraft/meta.properties'))).toBe(true)
  })

  it('formats nothing where no node is, and none of the time before KRaft', async () => {
    expect((await start(path.join(home, 'zookeeper.properties'))).stdout).toContain('next: kt cluster start')
    fs.writeFileSync(path.join(home, 'server.properties'), `broker.id=0\nlog.dirs=${home}/old\n`)
    expect(await start(path.join(home, 'zookeeper.properties'))).toMatchObject({ code: 0 })
    expect(fs.existsSync(path.join(home, 'old'))).toBe(false)
  })
})

describe('zookeeper-server-stop', () => {
  it('says that there is nothing to stop', async () => {
    expect(await runCommand(['zookeeper-server-stop.sh'])).toMatchObject({ code: 0, stderr: '' })
  })
})

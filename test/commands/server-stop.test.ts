import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serverFile, serversDirectory } from '../../src/cluster/server-registry.ts'
import { runCommand } from '../support/run-command.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-server-stop-'))
})
afterEach(() => fs.rmSync(home, { recursive: true }))
const stop = (args: string[], program = 'server-stop') => runCommand([program, ...args], { env: { KT_HOME: home } })

/** A process that ends with SIGTERM, registered as a node is. */
async function startNode(nodeId: number): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const pid = child.pid!
  const startTicks = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]!
  const what = { nodeId, roles: 'broker', pid, startTicks, startedAtMs: 0, host: 'h', port: 1, controllerPort: null }
  fs.mkdirSync(serversDirectory({ KT_HOME: home }), { recursive: true })
  fs.writeFileSync(serverFile({ KT_HOME: home }, pid), JSON.stringify({ ...what, ready: true }))
  return pid
}

it('has a document where nothing runs, with the same exit code', async () => {
  const { code, stdout, stderr } = await stop(['--format', 'json'])
  expect([code, JSON.parse(stdout)]).toEqual([1, { apiVersion: 'kt/v1', kind: 'ServersStopped', nodes: [] }])
  expect(stderr).toContain('No kafka server to stop\n')
  expect(await stop([])).toMatchObject({ code: 1, stdout: 'No kafka server to stop\n' })
})

it('names the nodes that were stopped, and talks on stderr', async () => {
  const pid = await startNode(7)
  const { code, stdout, stderr } = await stop(['--node-id=7', '--process-role=broker', '--format=json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout).nodes).toEqual([{ nodeId: 7, roles: 'broker', pid, isStopped: true }])
  expect(stderr).toContain('the value for node-id will take precedence')
})

it('has no such option under the script’s name, and no other format', async () => {
  const script = await stop(['--format', 'json'], 'kafka-server-stop.sh')
  expect([script.code === 0, script.stdout]).toEqual([false, ''])
  expect(script.stderr).toContain('--format is not an option of server-stop')
  expect(await stop(['--format', 'xml'])).toMatchObject({ code: 1, stdout: '' })
})

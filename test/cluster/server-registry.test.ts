import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type NodeProcess, recordProcess, startTicks } from '../../src/cluster/node-process.ts'
import { registeredServers, serverFile, serversDirectory } from '../../src/cluster/server-registry.ts'

let env: { KT_HOME: string }
beforeEach(() => {
  env = { KT_HOME: fs.mkdtempSync(path.join(os.tmpdir(), 'kt-registry-')) }
})
afterEach(() => fs.rmSync(env.KT_HOME, { recursive: true, force: true }))

function register(pid: number, ticks: string): NodeProcess {
  const node: NodeProcess = {
    ...{ nodeId: 1, roles: 'broker', pid, startTicks: ticks, startedAtMs: 0 },
    ...{ host: '127.0.0.1', port: 9092, controllerPort: null, ready: true },
  }
  fs.mkdirSync(serversDirectory(env), { recursive: true })
  recordProcess({ process: serverFile(env, pid) }, node)
  return node
}

it('finds those that live and clears away the rest', () => {
  expect(registeredServers(env)).toEqual([])
  const alive = register(process.pid, startTicks(process.pid))
  register(2 ** 22 + 7, '1')
  fs.writeFileSync(path.join(serversDirectory(env), '99.json'), '{')
  fs.writeFileSync(path.join(serversDirectory(env), 'kafkaServer.out'), 'a log, no node')
  expect(registeredServers(env)).toEqual([{ file: serverFile(env, process.pid), node: alive }])
  expect(fs.readdirSync(serversDirectory(env)).sort()).toEqual([`${process.pid}.json`, 'kafkaServer.out'].sort())
})

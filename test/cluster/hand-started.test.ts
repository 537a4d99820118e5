import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findHandStarted } from '../../src/cluster/hand-started.ts'
import { startTicks } from '../../src/cluster/node-process.ts'
import { serverFile } from '../../src/cluster/server-registry.ts'

let env: { KT_HOME: string }
beforeEach(() => {
  env = { KT_HOME: fs.mkdtempSync(path.join(os.tmpdir(), 'kt-hand-')) }
})
afterEach(() => fs.rmSync(env.KT_HOME, { recursive: true, force: true }))

/** A server under this test's own process id, or that of one that is gone. */
function register(server: Record<string, unknown>, pid = process.pid): void {
  const file = serverFile(env, pid)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const running = { nodeId: 1, roles: 'broker', pid, startTicks: startTicks(process.pid), startedAtMs: 0 }
  fs.writeFileSync(
    file,
    JSON.stringify({ ...running, host: 'localhost', controllerPort: null, ready: true, ...server }),
  )
}

describe('brokers started by hand', () => {
  it('are found by where clients connect', () => {
    register({ port: 9092 })
    expect(findHandStarted(env)).toBe('localhost:9092')
  })
  it('do not count before they are in service, as controllers, or when they are gone', () => {
    expect(findHandStarted(env)).toBeNull()
    register({ port: 9092, ready: false })
    expect(findHandStarted(env)).toBeNull()
    register({ port: null })
    expect(findHandStarted(env)).toBeNull()
    register({ port: 9092, startTicks: 'another' })
    expect(findHandStarted(env)).toBeNull()
  })
})

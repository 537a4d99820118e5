import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodePaths } from '../../src/cluster/cluster-directory.ts'
import {
  lastLines,
  type NodeProcess,
  residentBytes,
  runningProcess,
  startTicks,
  stopNode,
} from '../../src/cluster/node-process.ts'

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-process-'))
  fs.mkdirSync(path.join(home, 'node-1'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

function record(process: Partial<NodeProcess>): void {
  const full = { nodeId: 1, pid: 0, startTicks: '', startedAtMs: 0, host: '127.0.0.1', port: 1, ...process }
  fs.writeFileSync(nodePaths(home, 1).process, JSON.stringify(full))
}

describe('runningProcess', () => {
  it('believes a pid only together with its start time', () => {
    record({ pid: process.pid, startTicks: startTicks(process.pid) })
    expect(runningProcess(nodePaths(home, 1))?.pid).toBe(process.pid)
    record({ pid: process.pid, startTicks: 'another life' })
    expect(runningProcess(nodePaths(home, 1))).toBeNull()
  })
  it('is null without a record, with a damaged one, and for a dead process', () => {
    expect(runningProcess(nodePaths(home, 1))).toBeNull()
    fs.writeFileSync(nodePaths(home, 1).process, '{"pid":')
    expect(runningProcess(nodePaths(home, 1))).toBeNull()
    record({ pid: 2 ** 22 + 7, startTicks: '1' })
    expect(runningProcess(nodePaths(home, 1))).toBeNull()
  })
})

describe('stopNode', () => {
  it('ends the process and forgets it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await new Promise((resolve) => child.once('spawn', resolve))
    record({ pid: child.pid!, startTicks: startTicks(child.pid!) })
    const paths = nodePaths(home, 1)
    expect(await stopNode(runningProcess(paths)!, paths)).toBe('stopped')
    expect(runningProcess(paths)).toBeNull()
    expect(fs.existsSync(paths.process)).toBe(false)
  })
})

describe('lastLines', () => {
  it('reads the end of a large file', () => {
    const file = path.join(home, 'log')
    fs.writeFileSync(file, Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''))
    expect(lastLines(file, 2)).toEqual(['line 19998', 'line 19999'])
    expect(lastLines(path.join(home, 'none'), 2)).toEqual([])
  })
})

it('residentBytes tells memory, null for nobody', () => {
  expect(residentBytes(process.pid)).toBeGreaterThan(1e6)
  expect(residentBytes(2 ** 22 + 7)).toBeNull()
})

import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  appliedVersion,
  forgetFaults,
  readFaultFile,
  writeAppliedVersion,
  writeFaultFile,
} from '../../src/cluster/fault-files.ts'

let home: string
let paths: { faults: string; faultsApplied: string }
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-faults-'))
  paths = { faults: path.join(home, 'faults.json'), faultsApplied: path.join(home, 'faults.applied') }
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

it('reads what was written, and leaves nothing else behind', () => {
  const content = { version: 3, blockedPeers: ['127.0.0.1:9093', '*'], blocksClients: true }
  writeFaultFile(paths.faults, content)
  expect(readFaultFile(paths.faults)).toEqual(content)
  expect(fs.readdirSync(home)).toEqual(['faults.json'])
})

it('takes no file, or half of one, for none', () => {
  expect(readFaultFile(paths.faults)).toBeNull()
  fs.writeFileSync(paths.faults, '{"version":')
  expect(readFaultFile(paths.faults)).toBeNull()
})

it('knows the version a node confirmed', () => {
  expect(appliedVersion(paths.faultsApplied)).toBe(0)
  writeAppliedVersion(paths.faultsApplied, 12)
  expect(appliedVersion(paths.faultsApplied)).toBe(12)
  fs.writeFileSync(paths.faultsApplied, 'x')
  expect(appliedVersion(paths.faultsApplied)).toBe(0)
})

it('forgets both', () => {
  writeFaultFile(paths.faults, { version: 1, blockedPeers: [], blocksClients: true })
  writeAppliedVersion(paths.faultsApplied, 1)
  forgetFaults(paths)
  forgetFaults(paths)
  expect(fs.readdirSync(home)).toEqual([])
})

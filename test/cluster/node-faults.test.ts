import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { appliedVersion, writeFaultFile } from '../../src/cluster/fault-files.ts'
import { faultyNodeNetwork } from '../../src/cluster/node-faults.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-node-faults-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

const PEER = { host: '127.0.0.1', port: 1 }
const SHORT_MS = 30

async function failureOf(network: ReturnType<typeof faultyNodeNetwork>): Promise<string> {
  const channel = network.peers.open(PEER, 'broker-1-fetcher-0')
  const error = await channel.send(metadata, 12, { topics: null }, SHORT_MS).then(
    () => null,
    (caught: Error) => caught,
  )
  channel.close()
  return (error as Error & { errorName: string }).errorName
}

it('obeys the file it finds, confirms it, and obeys each that replaces it', async () => {
  const write = (version: number, blockedPeers: string[]): void =>
    writeFaultFile(path.join(directory, 'faults.json'), { version, blockedPeers, blocksClients: false })
  const confirmed = (): number => appliedVersion(path.join(directory, 'faults.applied'))
  write(1, ['127.0.0.1:1'])
  const network = faultyNodeNetwork(directory, silentLogger)
  expect(confirmed()).toBe(1)
  // Lost without an error, where nobody listens on the port and the system would say so at once.
  expect(await failureOf(network)).toBe('REQUEST_TIMED_OUT')
  write(2, [])
  await vi.waitFor(() => expect(confirmed()).toBe(2))
  expect(await failureOf(network)).toBe('NETWORK_EXCEPTION')
  write(3, ['*'])
  await vi.waitFor(() => expect(confirmed()).toBe(3))
  expect(await failureOf(network)).toBe('REQUEST_TIMED_OUT')
})

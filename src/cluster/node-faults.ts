/** A local cluster's node obeys its `faults.json`: read at the start, again whenever it changes. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { systemClock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { tcpNetwork } from '../broker/tcp-peers.ts'
import { NetworkFaults, NO_FAULTS } from '../network/faults.ts'
import { faultyNetwork } from '../network/faulty-network.ts'
import type { NodeNetwork } from '../network/node-network.ts'
import { readFaultFile, writeAppliedVersion } from './fault-files.ts'

const FAULTS = 'faults.json'
const APPLIED = 'faults.applied'

/** The machine's network behind the switch in `directory`. */
export function faultyNodeNetwork(directory: string, logger: Logger): NodeNetwork {
  const faults = new NetworkFaults()
  const obey = (): void => apply(directory, faults, logger)
  obey()
  // The directory is watched: the file comes, goes, and is replaced rather than written to.
  const watcher = fs.watch(directory, { persistent: false }, (_event, name) => {
    if (name === FAULTS) obey()
  })
  watcher.on('error', (error) => logger.warn('the fault switch cannot be watched any longer', error))
  return faultyNetwork(tcpNetwork(systemClock), faults, systemClock)
}

function apply(directory: string, faults: NetworkFaults, logger: Logger): void {
  const asked = readFaultFile(path.join(directory, FAULTS))
  const { blockedPeers, blocksClients } = asked ?? NO_FAULTS
  const before = faults.current
  if (blocksClients !== before.blocksClients || blockedPeers.join() !== before.blockedPeers.join()) {
    faults.change({ blockedPeers, blocksClients })
    const peers = blockedPeers.length === 0 ? 'no node' : blockedPeers.join(', ').replace('*', 'every other node')
    logger.warn(`fault switch: cut off from ${peers}, clients ${blocksClients ? 'cut off' : 'served'}`)
  }
  if (asked !== null) writeAppliedVersion(path.join(directory, APPLIED), asked.version)
}

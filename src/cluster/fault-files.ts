/** The fault switch between `kt cluster isolate` and the nodes: two small files per node. */
import * as fs from 'node:fs'
import type { FaultSettings } from '../network/faults.ts'

/** `faults.json`: what is to be cut. The node answers with the same version in `faults.applied`. */
export interface FaultFile extends FaultSettings {
  readonly version: number
}

/** What a node's file asks for; null when there is none, or half of one. */
export function readFaultFile(file: string): FaultFile | null {
  try {
    const { version, blockedPeers, blocksClients } = JSON.parse(fs.readFileSync(file, 'utf8')) as FaultFile
    return { version, blockedPeers, blocksClients }
  } catch {
    return null
  }
}

/** Replaces the file in one step. */
export function writeFaultFile(file: string, content: FaultFile): void {
  fs.writeFileSync(`${file}.part`, `${JSON.stringify(content)}\n`)
  fs.renameSync(`${file}.part`, file)
}

/** Version a node says is in force; 0 when it has said nothing. */
export function appliedVersion(file: string): number {
  try {
    return Number(fs.readFileSync(file, 'utf8')) || 0
  } catch {
    return 0
  }
}

/** What a node writes when the version is in force. */
export function writeAppliedVersion(file: string, version: number): void {
  fs.writeFileSync(file, `${version}\n`)
}

/** The node is connected again, without anybody to confirm it: for nodes that do not run. */
export function forgetFaults({
  faults,
  faultsApplied,
}: {
  readonly faults: string
  readonly faultsApplied: string
}): void {
  fs.rmSync(faults, { force: true })
  fs.rmSync(faultsApplied, { force: true })
}

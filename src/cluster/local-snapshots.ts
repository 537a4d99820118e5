/** Copies of a local cluster's files: taken before an experiment, put back after it. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { clusterDirectory, clusterName, ktHome, readMarker } from './cluster-directory.ts'
import { type ClusterReference, runningNodes, startNodes, stopLocalCluster } from './local-cluster.ts'
import { configuredNodes } from './local-topology.ts'
import { startLock } from './start-lock.ts'

export interface SnapshotReference extends ClusterReference {
  /** What the snapshot is called. */
  readonly label: string
}

export interface Snapshot {
  readonly label: string
  readonly directory: string
  /** When it was taken, in ms since 1970. */
  readonly takenAt: number
  readonly sizeBytes: number
}

/** What belongs to processes, not to the data. */
const NOT_KEPT = new Set(['process.json', 'starting.lock', 'faults.json', 'faults.applied'])

/**
 * Copies the files of the cluster as it is between a stop and a start: nodes that run are stopped in order, and started
 * again. A snapshot of the same label is replaced. Rejects with `KtError`: not-found, usage, storage.
 */
export async function takeSnapshot(reference: SnapshotReference): Promise<Snapshot> {
  const directory = existing(reference)
  const target = snapshotDirectory(reference)
  await whileStopped(reference, directory, () => replace(directory, target))
  return snapshotAt(target)
}

/** Puts the files back as they were; what the cluster has now is gone. Nodes run afterwards if any ran before. */
export async function restoreSnapshot(reference: SnapshotReference): Promise<Snapshot> {
  const source = snapshotDirectory(reference)
  if (readMarker(source) === null) throw notThere(reference)
  const directory = clusterDirectory(reference.env, reference.name)
  if (fs.existsSync(directory)) existing(reference)
  const found = snapshotAt(source)
  await whileStopped(reference, directory, () => replace(source, directory))
  return found
}

/** Oldest first. */
export function listSnapshots({ env, name = clusterName(env) }: ClusterReference): Snapshot[] {
  const parent = path.join(ktHome(env), 'snapshots', name)
  if (!fs.existsSync(parent)) return []
  return fs
    .readdirSync(parent)
    .map((label) => path.join(parent, label))
    .filter((directory) => readMarker(directory) !== null)
    .map(snapshotAt)
    .sort((a, b) => a.takenAt - b.takenAt)
}

function snapshotDirectory({ env, name = clusterName(env), label }: SnapshotReference): string {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(label)) {
    throw new KtError('usage', `'${label}' cannot name a snapshot`, {
      facts: ['letters, digits, dot, dash and underscore, at most 64'],
    })
  }
  return path.join(ktHome(env), 'snapshots', name, label)
}

function existing({ env, name = clusterName(env) }: ClusterReference): string {
  const directory = clusterDirectory(env, name)
  if (readMarker(directory) !== null) return directory
  throw new KtError('not-found', `There is no cluster '${name}'`, { next: 'kt cluster start' })
}

function notThere(reference: SnapshotReference): KtError {
  const labels = listSnapshots(reference).map(({ label }) => label)
  return new KtError('not-found', `There is no snapshot '${reference.label}'`, {
    facts: [labels.length === 0 ? 'none has been taken' : `there are: ${labels.join(', ')}`],
    next: 'kt cluster snapshot',
  })
}

/** The same nodes run afterwards as before, as far as they are still there. */
async function whileStopped(reference: ClusterReference, directory: string, work: () => void): Promise<void> {
  const ran = runningNodes(directory).map(({ nodeId }) => nodeId)
  await stopLocalCluster(reference)
  work()
  if (ran.length === 0) return
  const release = await startLock(directory)
  try {
    const nodes = configuredNodes(directory)
    const wanted = nodes.filter(({ nodeId }) => ran.includes(nodeId))
    await startNodes(directory, wanted.length === 0 ? nodes : wanted)
  } finally {
    release()
  }
}

/** A copy takes the other's place as a whole: what was there goes when the copy is complete. */
function replace(source: string, target: string): void {
  const coming = `${target}.coming`
  try {
    fs.rmSync(coming, { recursive: true, force: true })
    fs.mkdirSync(path.dirname(coming), { recursive: true })
    fs.cpSync(source, coming, { recursive: true, filter: isKept, mode: fs.constants.COPYFILE_FICLONE })
  } catch (error) {
    fs.rmSync(coming, { recursive: true, force: true })
    throw new KtError('storage', `${source} cannot be copied`, { facts: [(error as Error).message], cause: error })
  }
  fs.rmSync(target, { recursive: true, force: true })
  fs.renameSync(coming, target)
}

function isKept(file: string): boolean {
  const kind = fs.lstatSync(file)
  return (kind.isFile() || kind.isDirectory()) && !NOT_KEPT.has(path.basename(file))
}

function snapshotAt(directory: string): Snapshot {
  const { mtimeMs } = fs.statSync(directory)
  return { label: path.basename(directory), directory, takenAt: Math.round(mtimeMs), sizeBytes: sizeOf(directory) }
}

function sizeOf(directory: string): number {
  const files = fs.readdirSync(directory, { recursive: true, withFileTypes: true })
  const sizes = files
    .filter((file) => file.isFile())
    .map((file) => fs.statSync(path.join(file.parentPath, file.name)).size)
  return sizes.reduce((sum, size) => sum + size, 0)
}

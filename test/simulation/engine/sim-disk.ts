/**
 * A machine's disk. Writes reach the page cache; `fsync` makes a file's content durable and `syncDirectory` the names in
 * a directory. A killed process leaves the page cache as it is; a power failure takes what was not synced, all of it or
 * a part, as the dice have it.
 */
import { basename, dirname, normalize } from 'node:path'
import type { Dice } from './dice.ts'
import { DirectoryChange, DiskDirectory, DiskFile, type DiskNode, type Survival } from './disk-node.ts'

export type DiskOperation = 'write' | 'fsync' | 'rename' | 'truncate' | 'open' | 'read' | 'remove' | 'syncDirectory'

/** What a fault does to one operation. */
export interface DiskFault {
  /** `EIO`, `ENOSPC`. */
  readonly code: string
  /** Bytes of a write that still get through. */
  readonly partialBytes: number
}

/** Asked before every operation; null lets it through. May also kill the process that asks. */
export type DiskFaultInjector = (operation: DiskOperation, path: string, length: number) => DiskFault | null

/** Told of what has happened to files: the invariants follow the logs through it. */
export interface DiskWatcher {
  onCreate?(path: string): void
  onWrite?(path: string, file: DiskFile, position: number, length: number): void
  onTruncate?(path: string, file: DiskFile, size: number): void
  onRename?(from: string, to: string): void
  onRemove?(path: string): void
  /** Anything may have changed. */
  onPowerFailure?(): void
}

/** File that a living process holds; its death frees it, as it frees a real lock. */
const LOCK_FILE = '.lock'

const SURVIVALS: readonly Survival[] = ['none', 'none', 'prefix', 'prefix', 'torn', 'torn', 'holes', 'all']

export function diskError(code: string, operation: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${operation} '${path}'`), { code })
}

export class SimDisk {
  readonly name: string
  /** Set by the world; the invariants' eyes. */
  watcher: DiskWatcher = {}
  private readonly root = new DiskDirectory(0)
  private unsynced: DirectoryChange[] = []
  readonly nowMs: () => number

  constructor(name: string, nowMs: () => number) {
    this.name = name
    this.nowMs = nowMs
  }

  /** null where nothing is. */
  find(path: string): DiskNode | null {
    let at: DiskNode = this.root
    for (const part of parts(path)) {
      if (!(at instanceof DiskDirectory)) return null
      const next = at.entries.get(part)
      if (next === undefined) return null
      at = next
    }
    return at
  }

  file(path: string, operation: string): DiskFile {
    const found = this.find(path)
    if (found === null) throw diskError('ENOENT', operation, path)
    if (found instanceof DiskDirectory) throw diskError('EISDIR', operation, path)
    return found
  }

  directory(path: string, operation: string): DiskDirectory {
    const found = this.find(path)
    if (found === null) throw diskError('ENOENT', operation, path)
    if (found instanceof DiskFile) throw diskError('ENOTDIR', operation, path)
    return found
  }

  create(path: string): DiskFile {
    const file = new DiskFile(this.nowMs())
    this.link(this.directory(dirname(path), 'open'), basename(path), file)
    this.watcher.onCreate?.(path)
    return file
  }

  makeDirectory(path: string): void {
    let at = this.root
    for (const part of parts(path)) {
      let next = at.entries.get(part)
      if (next === undefined) {
        next = new DiskDirectory(this.nowMs())
        this.link(at, part, next)
      }
      if (next instanceof DiskFile) throw diskError('EEXIST', 'mkdir', path)
      at = next
    }
  }

  private link(directory: DiskDirectory, name: string, node: DiskNode): void {
    this.unsynced.push(new DirectoryChange(directory, name, directory.entries.get(name) ?? null, node))
    directory.entries.set(name, node)
    directory.mtimeMs = this.nowMs()
  }

  rename(from: string, to: string): void {
    const source = this.directory(dirname(from), 'rename')
    const target = this.directory(dirname(to), 'rename')
    const node = source.entries.get(basename(from))
    if (node === undefined) throw diskError('ENOENT', 'rename', from)
    const replaced = target.entries.get(basename(to)) ?? null
    if (replaced instanceof DiskDirectory && replaced.entries.size > 0) throw diskError('ENOTEMPTY', 'rename', to)
    const origin = { directory: source, name: basename(from) }
    this.unsynced.push(new DirectoryChange(target, basename(to), replaced, node, origin))
    source.entries.delete(basename(from))
    target.entries.set(basename(to), node)
    this.watcher.onRename?.(from, to)
  }

  remove(path: string): void {
    const directory = this.directory(dirname(path), 'unlink')
    const node = directory.entries.get(basename(path))
    if (node === undefined) throw diskError('ENOENT', 'unlink', path)
    this.unsynced.push(new DirectoryChange(directory, basename(path), node, null))
    directory.entries.delete(basename(path))
    this.watcher.onRemove?.(path)
  }

  /** Nothing there is fine. */
  removeTree(path: string): void {
    const node = this.find(path)
    if (node === null) return
    if (node instanceof DiskDirectory) for (const name of [...node.entries.keys()]) this.removeTree(`${path}/${name}`)
    this.remove(path)
  }

  /**
   * Names in the directory survive, and the way to it with all that was done on that way before: file systems keep a
   * journal, and do not lose the directory of what they were told to keep.
   */
  syncDirectory(path: string): void {
    const directory = this.directory(path, 'fsync')
    const way = this.way(path)
    /** Directories whose changes up to here are durable, seen from the newest change on. */
    const durable = new Set<DiskDirectory>([directory])
    const kept: DirectoryChange[] = []
    for (const change of this.unsynced.reverse()) {
      if (change.after !== null && way.has(change.after)) durable.add(change.directory)
      if (![...durable].some((each) => change.touches(each))) kept.push(change)
    }
    this.unsynced = kept.reverse()
  }

  /** The directories from the root to `path`, itself included. */
  private way(path: string): Set<DiskNode> {
    const found = new Set<DiskNode>()
    let at: DiskNode = this.root
    for (const part of parts(path)) {
      at = (at as DiskDirectory).entries.get(part)!
      found.add(at)
    }
    return found
  }

  /** All that is there is durable, as on a machine that has been up for long. */
  syncAll(): void {
    this.unsynced = []
    this.eachFile(this.root, (file) => file.sync())
  }

  /** The process that used the disk is gone. */
  releaseLocks(node: DiskNode = this.root): void {
    if (!(node instanceof DiskDirectory)) return
    node.entries.delete(LOCK_FILE)
    for (const child of node.entries.values()) this.releaseLocks(child)
  }

  /** Power is lost: of what was not synced the dice leave all, nothing, or a part. */
  losePower(dice: Dice): void {
    this.loseNames(dice)
    this.releaseLocks()
    this.eachFile(this.root, (file) => file.losePower(dice.pick(SURVIVALS), dice))
    this.watcher.onPowerFailure?.()
  }

  /** Per directory a prefix of its changes survives; what was made later cannot without what was made before. */
  private loseNames(dice: Dice): void {
    const kept = new Map<DiskDirectory, number>()
    const lost: DirectoryChange[] = []
    for (const change of this.unsynced) {
      const { directory } = change
      if (!kept.has(directory)) {
        const count = this.unsynced.filter((other) => other.directory === directory).length
        kept.set(directory, dice.chance(0.3) ? count : dice.int(count + 1))
      }
      const left = kept.get(directory)!
      if (left === 0) lost.push(change)
      else kept.set(directory, left - 1)
    }
    for (const change of lost.reverse()) change.undo()
    this.unsynced = []
  }

  private eachFile(directory: DiskDirectory, visit: (file: DiskFile) => void): void {
    for (const node of directory.entries.values()) {
      if (node instanceof DiskDirectory) this.eachFile(node, visit)
      else visit(node)
    }
  }

  /** Every file and its content, in order of the names: two runs of one seed have the same. */
  *files(path = '', node: DiskNode = this.root): Generator<{ readonly path: string; readonly file: DiskFile }> {
    if (node instanceof DiskFile) {
      yield { path, file: node }
      return
    }
    for (const name of [...node.entries.keys()].sort()) yield* this.files(`${path}/${name}`, node.entries.get(name)!)
  }
}

function parts(path: string): string[] {
  return normalize(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.')
}

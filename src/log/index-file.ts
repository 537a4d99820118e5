import type { FileSystem } from '../base/file-system.ts'
import { CorruptFileError } from './errors.ts'

/** First size of a mirror; it doubles from there, so an idle partition costs next to nothing. */
const INITIAL_MIRROR_BYTES = 512

/**
 * A file of fixed-size, ascending entries. While its segment is active all entries are mirrored in memory: appends touch
 * no file and lookups read none. New entries reach the file on `write()`, that is on roll, flush, close and the log
 * manager's tick; until then they may be lost, because recovery rebuilds the indexes of every segment that was not
 * flushed. A frozen index keeps nothing in memory and is searched in the file.
 *
 * Unlike Kafka's the file is never preallocated: what is in it is always valid.
 */
export class IndexFile {
  private readonly files: FileSystem
  path: string
  private readonly entryBytes: number
  private mirror: Buffer | null = null
  /** Entries counted; -1 until the file was looked at. */
  private count = -1
  private writtenCount = 0
  /** Something was written that may not have reached the disk. */
  private unsynced = false

  constructor(files: FileSystem, path: string, entryBytes: number) {
    this.files = files
    this.path = path
    this.entryBytes = entryBytes
  }

  get length(): number {
    if (this.count < 0) {
      this.count = this.files.exists(this.path) ? Math.floor(this.files.stat(this.path).size / this.entryBytes) : 0
      this.writtenCount = this.count
    }
    return this.count
  }

  /** Throws `CorruptFileError` when the file does not hold whole entries. */
  checkSize(): void {
    const { size } = this.files.stat(this.path)
    if (size % this.entryBytes === 0) return
    throw new CorruptFileError(`${this.path} has ${size} bytes, not a multiple of ${this.entryBytes}`)
  }

  /** Creates an empty file, or empties an existing one. */
  create(): void {
    this.files.writeFile(this.path, '')
    this.mirror = null
    this.count = 0
    this.writtenCount = 0
    this.unsynced = true
  }

  /** Reserves the next entry and returns where to fill it in. */
  append(): { readonly buffer: Buffer; readonly at: number } {
    const buffer = this.mirrorFor(this.length + 1)
    const at = this.count * this.entryBytes
    this.count++
    return { buffer, at }
  }

  /** A buffer that holds entry `slot` and its position there; valid until the next call. */
  entry(slot: number): { readonly buffer: Buffer; readonly at: number } {
    if (this.mirror !== null) return { buffer: this.mirror, at: slot * this.entryBytes }
    return this.withFile((fd) => ({ buffer: this.readEntry(fd, slot), at: 0 }))
  }

  /** Largest slot whose key is not above `target`, -1 when there is none. */
  floorSlot(target: number, keyOf: (buffer: Buffer, at: number) => number): number {
    const { length, mirror } = this
    if (length === 0) return -1
    if (mirror !== null) return this.search(target, (slot) => keyOf(mirror, slot * this.entryBytes))
    return this.withFile((fd) => this.search(target, (slot) => keyOf(this.readEntry(fd, slot), 0)))
  }

  private search(target: number, keyAt: (slot: number) => number): number {
    let low = 0
    let high = this.length - 1
    // Most lookups are near the end of the log.
    if (keyAt(high) <= target) return high
    while (low <= high) {
      const middle = (low + high) >>> 1
      if (keyAt(middle) <= target) low = middle + 1
      else high = middle - 1
    }
    return high
  }

  /** Keeps the first `count` entries. */
  truncate(count: number): void {
    if (count >= this.length) return
    this.count = count
    if (this.writtenCount <= count) return
    this.withFile((fd) => this.files.truncate(fd, count * this.entryBytes), 'r+')
    this.writtenCount = count
    this.unsynced = true
  }

  /** Brings the file up to date with the mirror. */
  write(): void {
    if (this.mirror === null || this.writtenCount === this.count) return
    const { mirror, entryBytes } = this
    this.withFile((fd) => {
      const end = this.count * entryBytes
      for (let at = this.writtenCount * entryBytes; at < end; ) {
        const written = this.files.write(fd, mirror, at, end - at, at)
        if (written <= 0) throw new Error(`nothing could be written to ${this.path}`)
        at += written
      }
    }, 'r+')
    this.writtenCount = this.count
    this.unsynced = true
  }

  /** Writes what is pending and forces it to the disk. */
  sync(): void {
    this.write()
    if (!this.unsynced) return
    this.withFile((fd) => this.files.fsync(fd), 'r+')
    this.unsynced = false
  }

  /** Writes what is pending and lets go of the memory. */
  freeze(): void {
    this.write()
    this.mirror = null
  }

  private mirrorFor(count: number): Buffer {
    const needed = count * this.entryBytes
    if (this.mirror !== null && this.mirror.length >= needed) return this.mirror
    const size = Math.max(INITIAL_MIRROR_BYTES, needed, (this.mirror?.length ?? 0) * 2)
    const grown = Buffer.alloc(size)
    if (this.mirror !== null) this.mirror.copy(grown)
    else if (this.count > 0) this.files.readFile(this.path).copy(grown, 0, 0, this.count * this.entryBytes)
    this.mirror = grown
    return grown
  }

  private readEntry(fd: number, slot: number): Buffer {
    const entry = Buffer.allocUnsafe(this.entryBytes)
    const read = this.files.read(fd, entry, 0, this.entryBytes, slot * this.entryBytes)
    if (read !== this.entryBytes) throw new CorruptFileError(`${this.path} ends inside entry ${slot}`)
    return entry
  }

  private withFile<T>(use: (fd: number) => T, flags: 'r' | 'r+' = 'r'): T {
    const fd = this.files.open(this.path, flags)
    try {
      return use(fd)
    } finally {
      this.files.close(fd)
    }
  }
}

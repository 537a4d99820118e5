/** What lies on a simulated disk: files with a page cache above them, and directories. */

/** A change to a file since its last fsync, with what it takes to undo it. */
interface FileChange {
  readonly position: number
  /** Bytes written; 0 for a change of the size only. */
  readonly length: number
  readonly sizeBefore: number
  /** What lay where this change wrote or cut. */
  readonly overwritten: Buffer | null
}

/** How much of the changes since the last fsync a power failure leaves. */
export type Survival = 'all' | 'none' | 'prefix' | 'torn' | 'holes'

/** What the throws decide about a file in a power failure. */
export interface PowerFailureDice {
  int(end: number): number
  chance(probability: number): boolean
}

/** Unit in which a page cache is written back. */
const PAGE_BYTES = 4096
const EMPTY = Buffer.alloc(0)

export class DiskFile {
  mtimeMs: number
  private content: Buffer = EMPTY
  private length = 0
  private unsynced: FileChange[] = []
  /** Changes made before those, ever. */
  private syncedCount = 0

  constructor(nowMs: number) {
    this.mtimeMs = nowMs
  }

  get size(): number {
    return this.length
  }

  get hasUnsynced(): boolean {
    return this.unsynced.length > 0
  }

  read(target: Uint8Array, offset: number, length: number, position: number): number {
    const end = Math.min(this.length, position + length)
    if (end <= position) return 0
    target.set(this.content.subarray(position, end), offset)
    return end - position
  }

  /** The bytes themselves, valid until the next write. */
  view(start = 0, end = this.length): Buffer {
    return this.content.subarray(start, Math.min(end, this.length))
  }

  write(source: Uint8Array, position: number): void {
    if (source.length === 0) return
    this.remember(position, source.length, Math.min(this.length, position + source.length))
    this.reserve(position + source.length)
    if (position > this.length) this.content.fill(0, this.length, position)
    this.content.set(source, position)
    this.length = Math.max(this.length, position + source.length)
  }

  truncate(size: number): void {
    if (size === this.length) return
    this.remember(size, 0, this.length)
    this.reserve(size)
    if (size > this.length) this.content.fill(0, this.length, size)
    this.length = size
  }

  /** Changes so far: what an fsync that starts now covers. */
  mark(): number {
    return this.syncedCount + this.unsynced.length
  }

  sync(mark: number = this.mark()): void {
    const count = mark - this.syncedCount
    if (count <= 0) return
    this.unsynced.splice(0, count)
    this.syncedCount = mark
  }

  /** Only what `survival` leaves of the changes since the last fsync is there afterwards, and that is durable. */
  losePower(survival: Survival, dice: PowerFailureDice): void {
    const changes = this.unsynced
    if (changes.length === 0) return
    const keep =
      survival === 'none' ? 0 : survival === 'prefix' || survival === 'torn' ? dice.int(changes.length) : changes.length
    const torn = survival === 'torn' ? this.tearable(changes[keep]) : null
    if (survival === 'holes') this.punchHoles(changes, dice)
    for (let i = changes.length - 1; i >= keep; i--) this.undo(changes[i]!)
    if (torn !== null) this.write(torn.subarray(0, dice.int(torn.length)), changes[keep]!.position)
    this.sync()
  }

  /** A copy of what a change wrote, before it is undone. */
  private tearable(change: FileChange | undefined): Buffer | null {
    if (change === undefined || change.length === 0) return null
    return Buffer.from(this.content.subarray(change.position, change.position + change.length))
  }

  /** The size reached the disk, some pages of the new bytes did not. */
  private punchHoles(changes: readonly FileChange[], dice: PowerFailureDice): void {
    for (const { position, length, sizeBefore } of changes) {
      const start = Math.max(position, sizeBefore)
      for (let at = start; at < Math.min(position + length, this.length); ) {
        const pageEnd = Math.min((Math.floor(at / PAGE_BYTES) + 1) * PAGE_BYTES, position + length, this.length)
        if (dice.chance(0.5)) this.content.fill(0, at, pageEnd)
        at = pageEnd
      }
    }
  }

  private undo({ position, sizeBefore, overwritten }: FileChange): void {
    this.reserve(sizeBefore)
    if (overwritten !== null) this.content.set(overwritten, position)
    this.length = sizeBefore
  }

  private remember(position: number, length: number, overwrittenEnd: number): void {
    const overwritten = overwrittenEnd > position ? Buffer.from(this.content.subarray(position, overwrittenEnd)) : null
    this.unsynced.push({ position, length, sizeBefore: this.length, overwritten })
  }

  private reserve(size: number): void {
    if (size <= this.content.length) return
    const grown = Buffer.alloc(Math.max(size, this.content.length * 2, 256))
    this.content.copy(grown, 0, 0, this.length)
    this.content = grown
  }
}

export class DiskDirectory {
  readonly entries = new Map<string, DiskNode>()
  mtimeMs: number

  constructor(nowMs: number) {
    this.mtimeMs = nowMs
  }
}

export type DiskNode = DiskFile | DiskDirectory

/** A change to a directory that has not been synced. */
export class DirectoryChange {
  readonly directory: DiskDirectory
  readonly name: string
  readonly before: DiskNode | null
  readonly after: DiskNode | null
  /** The other end of a rename. Both survive or neither. */
  readonly from: { readonly directory: DiskDirectory; readonly name: string } | null

  constructor(
    directory: DiskDirectory,
    name: string,
    before: DiskNode | null,
    after: DiskNode | null,
    from: DirectoryChange['from'] = null,
  ) {
    this.directory = directory
    this.name = name
    this.before = before
    this.after = after
    this.from = from
  }

  touches(directory: DiskDirectory): boolean {
    return this.directory === directory || this.from?.directory === directory
  }

  undo(): void {
    const { entries } = this.directory
    if ((entries.get(this.name) ?? null) === this.after) {
      if (this.before === null) entries.delete(this.name)
      else entries.set(this.name, this.before)
    }
    if (this.from !== null && !this.from.directory.entries.has(this.from.name)) {
      this.from.directory.entries.set(this.from.name, this.after!)
    }
  }
}

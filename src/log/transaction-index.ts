import type { FileSystem } from '../base/file-system.ts'
import { syncFile } from './durability.ts'
import { CorruptFileError } from './errors.ts'
import { ABORTED_TXN_AT } from './file-layouts.ts'

const AT = ABORTED_TXN_AT.at
export const ABORTED_TRANSACTION_BYTES = ABORTED_TXN_AT.size
const VERSION = 0

/** One aborted transaction as a read-committed fetch needs it (KIP-98). */
export interface AbortedTransactionEntry {
  readonly producerId: bigint
  readonly firstOffset: number
  /** Offset of the abort marker. */
  readonly lastOffset: number
  /** Last stable offset right after the marker was appended. */
  readonly lastStableOffset: number
}

export interface AbortedSearch {
  readonly aborted: readonly AbortedTransactionEntry[]
  /** No later segment can hold another one for the asked range. */
  readonly complete: boolean
}

export function parseAbortedTransactions(bytes: Buffer, path: string): AbortedTransactionEntry[] {
  const entries: AbortedTransactionEntry[] = []
  for (let at = 0; at + ABORTED_TRANSACTION_BYTES <= bytes.length; at += ABORTED_TRANSACTION_BYTES) {
    const version = bytes.readInt16BE(at + AT.version)
    if (version !== VERSION) {
      throw new CorruptFileError(`Unexpected aborted transaction version ${version} in transaction index ${path}`)
    }
    entries.push({
      producerId: bytes.readBigInt64BE(at + AT.producerId),
      firstOffset: Number(bytes.readBigInt64BE(at + AT.firstOffset)),
      lastOffset: Number(bytes.readBigInt64BE(at + AT.lastOffset)),
      lastStableOffset: Number(bytes.readBigInt64BE(at + AT.lastStableOffset)),
    })
  }
  return entries
}

function serialize(entry: AbortedTransactionEntry): Buffer {
  const bytes = Buffer.alloc(ABORTED_TRANSACTION_BYTES)
  bytes.writeInt16BE(VERSION, AT.version)
  bytes.writeBigInt64BE(entry.producerId, AT.producerId)
  bytes.writeBigInt64BE(BigInt(entry.firstOffset), AT.firstOffset)
  bytes.writeBigInt64BE(BigInt(entry.lastOffset), AT.lastOffset)
  bytes.writeBigInt64BE(BigInt(entry.lastStableOffset), AT.lastStableOffset)
  return bytes
}

/** `.txnindex` (KAFKA `TransactionIndex`): the file is absent until the first abort. Read once, then kept in memory. */
export class TransactionIndex {
  private readonly files: FileSystem
  path: string
  private readonly baseOffset: number
  private entries: AbortedTransactionEntry[] | null = null
  private unsynced = false

  constructor(files: FileSystem, path: string, baseOffset: number) {
    this.files = files
    this.path = path
    this.baseOffset = baseOffset
  }

  all(): readonly AbortedTransactionEntry[] {
    return this.loaded()
  }

  append(entry: AbortedTransactionEntry): void {
    const entries = this.loaded()
    const fd = this.files.open(this.path, this.files.exists(this.path) ? 'r+' : 'w+')
    try {
      const bytes = serialize(entry)
      const at = entries.length * ABORTED_TRANSACTION_BYTES
      const written = this.files.write(fd, bytes, 0, bytes.length, at)
      if (written !== bytes.length) throw new Error(`${written} of ${bytes.length} bytes written to ${this.path}`)
    } finally {
      this.files.close(fd)
    }
    entries.push(entry)
    this.unsynced = true
  }

  /** Forces what was written to the disk. */
  sync(): void {
    if (!this.unsynced) return
    syncFile(this.files, this.path)
    this.unsynced = false
  }

  /** Aborted transactions that overlap [fetchOffset, upperBoundOffset). */
  search(fetchOffset: number, upperBoundOffset: number): AbortedSearch {
    const aborted: AbortedTransactionEntry[] = []
    for (const entry of this.loaded()) {
      if (entry.lastOffset >= fetchOffset && entry.firstOffset < upperBoundOffset) aborted.push(entry)
      if (entry.lastStableOffset >= upperBoundOffset) return { aborted, complete: true }
    }
    return { aborted, complete: false }
  }

  /** Removes transactions that ended at or after `offset`. */
  truncateTo(offset: number): void {
    const entries = this.loaded()
    const keep = entries.findIndex((entry) => entry.lastOffset >= offset)
    if (keep < 0) return
    const fd = this.files.open(this.path, 'r+')
    try {
      this.files.truncate(fd, keep * ABORTED_TRANSACTION_BYTES)
    } finally {
      this.files.close(fd)
    }
    entries.length = keep
    this.unsynced = true
  }

  /** Empties the index; an absent file stays absent. */
  reset(): void {
    if (this.files.exists(this.path)) this.files.writeFile(this.path, '')
    this.entries = []
  }

  sanityCheck(): void {
    for (const entry of this.loaded()) {
      if (entry.lastOffset < this.baseOffset) {
        throw new CorruptFileError(`an aborted transaction ends at ${entry.lastOffset}, before ${this.baseOffset}`)
      }
    }
  }

  private loaded(): AbortedTransactionEntry[] {
    this.entries ??= this.files.exists(this.path)
      ? parseAbortedTransactions(this.files.readFile(this.path), this.path)
      : []
    return this.entries
  }
}

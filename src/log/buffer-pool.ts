/** Smallest buffer handed out; smaller ones are not worth keeping apart. */
const MIN_BUFFER_BYTES = 4096
/** Largest buffer that is kept: a default fetch is 1 MiB a partition, 50 MiB in all. */
const MAX_KEPT_BUFFER_BYTES = 8 * 2 ** 20
/** Memory that may lie idle in the pool. */
export const MAX_IDLE_BYTES = 32 * 2 ** 20

/**
 * Buffers for reads, reused because touching fresh memory costs several times the read itself. Sizes are powers of
 * two. The pool never refuses; it only limits what it keeps for later.
 */
export class BufferPool {
  private readonly maxIdleBytes: number
  private readonly idle = new Map<number, Buffer[]>()
  private idleTotal = 0

  constructor(maxIdleBytes: number = MAX_IDLE_BYTES) {
    this.maxIdleBytes = maxIdleBytes
  }

  get idleBytes(): number {
    return this.idleTotal
  }

  /** A buffer of at least `bytes`, its content undefined. */
  take(bytes: number): Buffer {
    const size = sizeClass(bytes)
    const buffer = this.idle.get(size)?.pop()
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size)
    this.idleTotal -= size
    return buffer
  }

  /** Takes back a buffer that nobody uses any more. */
  give(buffer: Buffer): void {
    const size = buffer.length
    if (size > MAX_KEPT_BUFFER_BYTES || this.idleTotal + size > this.maxIdleBytes) return
    const same = this.idle.get(size)
    if (same === undefined) this.idle.set(size, [buffer])
    else same.push(buffer)
    this.idleTotal += size
  }

  /** Gives idle memory back to the system. */
  clear(): void {
    this.idle.clear()
    this.idleTotal = 0
  }
}

function sizeClass(bytes: number): number {
  let size = MIN_BUFFER_BYTES
  while (size < bytes) size *= 2
  return size
}

/** What the decompressors share: a growing output that ends at a limit, and the two copies of LZ compression. */
import { KafkaError } from '../error-codes.ts'

/** Below this many bytes a loop is faster than a call that copies. */
const COPY_LOOP_BYTES = 32

/** Copies `source[start, end)` to `target` at `at`. The caller has checked that it fits. */
export function copyRange(source: Buffer, start: number, end: number, target: Buffer, at: number): void {
  if (end - start > COPY_LOOP_BYTES) target.set(source.subarray(start, end), at)
  else for (let from = start, to = at; from < end; from++, to++) target[to] = source[from]!
}

/** Repeats what stands `distance` before `at` for `length` bytes; the two may overlap. */
export function copyMatch(bytes: Buffer, at: number, distance: number, length: number): void {
  const from = at - distance
  if (length > COPY_LOOP_BYTES && distance >= length) bytes.copyWithin(at, from, from + length)
  else for (let i = 0; i < length; i++) bytes[at + i] = bytes[from + i]!
}

/** KIP-74's sense: the batch may be small, what is in it is not. */
export function tooLarge(maxBytes: number): KafkaError {
  return new KafkaError('MESSAGE_TOO_LARGE', `The records of a compressed batch take more than ${maxBytes} bytes`)
}

/** Bytes of unknown length, at most `maxBytes`: memory grows with what was really produced, not with what was claimed. */
export class Output {
  bytes: Buffer
  position = 0
  readonly maxBytes: number

  constructor(initialBytes: number, maxBytes: number) {
    this.maxBytes = maxBytes
    this.bytes = Buffer.allocUnsafe(Math.min(initialBytes, maxBytes))
  }

  /** Makes room for `length` more bytes, as far as the limit allows. */
  ensure(length: number): void {
    const wanted = Math.min(this.position + length, this.maxBytes)
    if (wanted <= this.bytes.length) return
    const next = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(wanted, this.bytes.length * 2)))
    this.bytes.copy(next, 0, 0, this.position)
    this.bytes = next
  }

  append(source: Buffer, start: number, end: number): void {
    if (end - start > this.maxBytes - this.position) throw tooLarge(this.maxBytes)
    this.ensure(end - start)
    copyRange(source, start, end, this.bytes, this.position)
    this.position += end - start
  }

  finish(): Buffer {
    return this.bytes.subarray(0, this.position)
  }
}

/** Runs one of node:zlib's decompressors, which know a limit of their own, and turns its failures into ours. */
export function inflateWithin(maxBytes: number, name: string, inflate: (maxOutputLength: number) => Buffer): Buffer {
  let output: Buffer
  try {
    // zlib takes no limit of 0.
    output = inflate(Math.max(1, maxBytes))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new KafkaError('INVALID_RECORD', `${name}: ${(error as Error).message}`)
  }
  if (output.length > maxBytes) throw tooLarge(maxBytes)
  return output
}

/**
 * Decodes a message while its bytes come, and holds no more of it than a person wants to see: of `records` the headers of
 * batches (`records/summary.ts`), of long byte fields their length, of what is endless its beginning and the count.
 * For who passes messages on and tells what they are; who serves a message decodes it with `codec.ts`.
 */
import { MAX_STRING_BYTES, Reader } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import { defaultOf, type FieldLayout, fixedBytes, layoutOf, type StructLayout } from './layout.ts'
import { RecordsScanner, type RecordsSummary } from './records/summary.ts'
import type { Schema } from './schema.ts'

/** Byte fields up to this size are kept as they are; of longer ones the length. */
export const MAX_BYTES_KEPT = 64 * 1024
/** Elements of arrays that are kept, all arrays of a message together. */
export const MAX_ELEMENTS_KEPT = 20_000

/** Bytes of text and byte fields that are kept, of a message as a whole. */
const MAX_MESSAGE_BYTES_KEPT = 8 * 1024 * 1024

/** A field of bytes that is too long to be kept. */
export class LongBytes {
  readonly byteLength: number

  constructor(byteLength: number) {
    this.byteLength = byteLength
  }
}

/** How many elements a decoded array had: some of a very long one may not have been kept. */
export function elementCount(array: readonly unknown[]): number {
  return (array as { readonly total?: number }).total ?? array.length
}

/** Yields where the next bytes are not there yet. */
export type Steps<T> = Generator<void, T, void>

/** Told where a message's data ends, as a position in the frame: addresses of brokers or the tag section begin there (KIP-951). */
export type TailObserver = (position: number) => void

/** The field behind the data of answers that name new leaders. */
export const TAIL_FIELD = 'nodeEndpoints'

const EMPTY = Buffer.alloc(0)

/** Bytes of one frame as they come, with what is left of the frame: no length is believed that does not fit in there. */
export class StreamInput {
  #reader = new Reader(EMPTY)
  /** Bytes of the frame that were read. */
  position = 0
  readonly #frameBytes: number

  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes
  }

  get left(): number {
    return this.#frameBytes - this.position
  }

  /** Adds the next piece; what was not read of the ones before is a part of one value at most. */
  append(piece: Buffer): void {
    const { buffer, position, remaining } = this.#reader
    this.#reader = new Reader(remaining === 0 ? piece : Buffer.concat([buffer.subarray(position), piece]))
  }

  /** Waits until `length` bytes are here, and gives a reader that stands before them and is used for these alone. */
  *take(length: number): Steps<Reader> {
    if (length > this.left) throw new ProtocolError(`${length} bytes wanted, ${this.left} left`)
    while (this.#reader.remaining < length) yield
    this.position += length
    return this.#reader
  }

  /** The next two bytes, which are read again afterwards. */
  *peekInt16(): Steps<number> {
    const reader = yield* this.take(2)
    this.position -= 2
    return reader.buffer.readInt16BE(reader.position)
  }

  *uvarint(): Steps<number> {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = (yield* this.take(1)).int8()
      value += (byte & 0x7f) * 2 ** shift
      if (byte >= 0) return value
    }
    throw new ProtocolError('a varint longer than 5 bytes')
  }

  /** Hands the next `length` bytes out in pieces, as they come. */
  *pieces(length: number, onPiece: (piece: Buffer) => void): Steps<void> {
    if (length > this.left) throw new ProtocolError(`${length} bytes wanted, ${this.left} left`)
    let wanted = length
    while (wanted > 0) {
      const here = Math.min(wanted, this.#reader.remaining)
      if (here === 0) {
        yield
        continue
      }
      onPiece(this.#reader.slice(here))
      this.position += here
      wanted -= here
    }
  }
}

/** The steps that decode one side of a message at the input's position. Throws `ProtocolError` for what cannot be. */
export function decodeSteps(
  input: StreamInput,
  schema: Schema,
  version: number,
  onTail?: TailObserver,
): Steps<unknown> {
  return new Decoder(input, onTail).message(layoutOf(schema, version))
}

/** One message that is decoded as it comes: what it was as far as it could be read. */
export class MessageStream<T> {
  /** Null until the message was read, and where it cannot be. */
  value: T | null = null
  /** Why it cannot be read. */
  problem: string | null = null
  readonly input: StreamInput
  #steps: Steps<T> | null

  constructor(frameBytes: number, steps: (input: StreamInput) => Steps<T>) {
    this.input = new StreamInput(frameBytes)
    this.#steps = steps(this.input)
  }

  /** Takes the next bytes; those behind the message, and behind what could not be read, are ignored. Never throws. */
  push(piece: Buffer): void {
    if (this.#steps === null) return
    this.input.append(piece)
    this.#run(this.#steps)
  }

  #run(steps: Steps<T>): void {
    try {
      const { done, value } = steps.next()
      if (done !== true) return
      this.value = value as T
    } catch (error) {
      this.problem = (error as Error).message
    }
    this.#steps = null
  }

  /** All bytes of the frame were pushed. */
  finish(): void {
    // A message may take no bytes at all.
    if (this.#steps !== null) this.#run(this.#steps)
    if (this.#steps !== null) this.problem = 'it ends before it is complete'
    this.#steps = null
  }
}

class Decoder {
  readonly #input: StreamInput
  #onTail: TailObserver | undefined
  #kept = 0
  #keptBytes = 0

  constructor(input: StreamInput, onTail: TailObserver | undefined) {
    this.#input = input
    this.#onTail = onTail
  }

  message(layout: StructLayout): Steps<Record<string, unknown>> {
    return this.#struct(layout, true)
  }

  #tellTail(): void {
    this.#onTail?.(this.#input.position)
    this.#onTail = undefined
  }

  *#struct(layout: StructLayout, isMessage = false): Steps<Record<string, unknown>> {
    const result: Record<string, unknown> = {}
    for (const field of layout.fields) {
      if (isMessage && field.name === TAIL_FIELD && field.placement === 'body') this.#tellTail()
      result[field.name] = field.placement === 'body' ? yield* this.#value(field, false) : defaultOf(field.field)
    }
    if (isMessage) this.#tellTail()
    if (layout.flexible) yield* this.#tags(layout, result)
    return result
  }

  *#tags(layout: StructLayout, result: Record<string, unknown>): Steps<void> {
    const count = yield* this.#input.uvarint()
    for (let i = 0; i < count; i++) {
      const tag = yield* this.#input.uvarint()
      const size = yield* this.#input.uvarint()
      const end = this.#input.position + size
      const field = layout.tagged.find((known) => known.tag === tag)
      if (field !== undefined) result[field.name] = yield* this.#value(field, true)
      else yield* this.#input.pieces(size, () => undefined)
      if (this.#input.position !== end) throw new ProtocolError(`tag ${tag} does not take the ${size} bytes it claims`)
    }
  }

  *#value(field: FieldLayout, isTagged: boolean): Steps<unknown> {
    const fixed = fixedBytes(field.kind)
    if (fixed !== undefined) {
      const reader = yield* this.#input.take(fixed)
      return reader[field.kind as 'int32']()
    }
    if (field.kind === 'array') return yield* this.#array(field)
    if (field.kind === 'struct') {
      if (field.nullable && !(yield* this.#isPresent(isTagged))) return null
      return yield* this.#struct(field.struct!)
    }
    const length = yield* this.#length(field)
    if (length < 0) return null
    if (field.kind === 'string') return yield* this.#string(length)
    return field.kind === 'records' ? yield* this.#records(length) : yield* this.#bytes(length)
  }

  *#isPresent(isTagged: boolean): Steps<boolean> {
    if (isTagged) return (yield* this.#input.uvarint()) !== 0
    return (yield* this.#input.take(1)).int8() >= 0
  }

  *#length({ kind, compact }: FieldLayout): Steps<number> {
    if (compact) return (yield* this.#input.uvarint()) - 1
    return kind === 'string' ? (yield* this.#input.take(2)).int16() : (yield* this.#input.take(4)).int32()
  }

  *#string(length: number): Steps<string> {
    if (length > MAX_STRING_BYTES) throw new ProtocolError(`a string of ${length} bytes`)
    this.#keptBytes += length
    return (yield* this.#input.take(length)).string(length)
  }

  *#bytes(length: number): Steps<Buffer | LongBytes> {
    if (length <= MAX_BYTES_KEPT) {
      this.#keptBytes += length
      return Buffer.from((yield* this.#input.take(length)).slice(length))
    }
    yield* this.#input.pieces(length, () => undefined)
    return new LongBytes(length)
  }

  *#records(length: number): Steps<RecordsSummary> {
    const scanner = new RecordsScanner()
    yield* this.#input.pieces(length, (piece) => scanner.push(piece))
    return scanner.finish()
  }

  *#array(field: FieldLayout): Steps<unknown[] | null> {
    const element = field.element!
    const count = yield* this.#length(field)
    if (count < 0) return null
    if (count * Math.max(1, element.minBytes) > this.#input.left) {
      throw new ProtocolError(`an array of ${count} elements cannot fit in ${this.#input.left} bytes`)
    }
    const result: unknown[] = []
    for (let i = 0; i < count; i++) {
      const value = yield* this.#value(element, false)
      if (this.#kept >= MAX_ELEMENTS_KEPT || this.#keptBytes > MAX_MESSAGE_BYTES_KEPT) continue
      this.#kept++
      result.push(value)
    }
    if (result.length < count) Object.defineProperty(result, 'total', { value: count })
    return result
  }
}

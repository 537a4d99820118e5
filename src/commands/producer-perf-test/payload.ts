import * as fs from 'node:fs'
import { KtError } from '../../base/errors.ts'
import type { Random } from '../../base/random.ts'
import { UsageError } from '../../cli/options.ts'

/** Values of records as ranges of buffers: `next` moves on, then the value is `bytes[start, end)`. */
export interface PayloadSource {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  next(): void
}

const LETTER_A = 65
const LETTERS = 26
/** More than the largest batch, so that a batch holds nothing twice that a codec could find. */
const POOL_BYTES = 2 * 1024 * 1024

/**
 * Random capital letters, each value another piece of a pool that was drawn once: drawing a hundred letters for every
 * record would measure the drawing. A new round through the pool begins elsewhere.
 */
export class RandomPayload implements PayloadSource {
  readonly bytes: Buffer
  start = 0
  end = 0
  readonly #size: number
  readonly #random: Random

  constructor(size: number, random: Random) {
    this.#size = size
    this.#random = random
    this.bytes = letters(Math.max(POOL_BYTES, 2 * size), random)
  }

  next(): void {
    this.start = this.end
    this.end += this.#size
    if (this.end <= this.bytes.length) return
    this.start = Math.floor(this.#random.next() * this.#size)
    this.end = this.start + this.#size
  }
}

/** Two letters from each drawn number: the pool costs a few milliseconds. */
function letters(size: number, random: Random): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  for (let at = 0; at < size; at += 4) {
    let drawn = Math.floor(random.next() * LETTERS ** 4)
    for (let i = at; i < at + 4 && i < size; i++) {
      bytes[i] = LETTER_A + (drawn % LETTERS)
      drawn = Math.floor(drawn / LETTERS)
    }
  }
  return bytes
}

/** 0, 1, 2 ... as text. */
export class MonotonicPayload implements PayloadSource {
  readonly bytes = Buffer.alloc(24)
  readonly start = 0
  end = 0
  #next = 0

  next(): void {
    this.end = this.bytes.write(String(this.#next++), 'latin1')
  }
}

/** Lines of a file, drawn at random. */
export class FilePayload implements PayloadSource {
  bytes: Buffer
  readonly start = 0
  end = 0
  readonly #values: readonly Buffer[]
  readonly #random: Random

  constructor(values: readonly Buffer[], random: Random) {
    this.#values = values
    this.#random = random
    this.bytes = values[0]!
  }

  next(): void {
    this.bytes = this.#values[Math.floor(this.#random.next() * this.#values.length)]!
    this.end = this.bytes.length
  }
}

/**
 * The values of a payload file, cut at a delimiter that is a regular expression. As Java's scanner does it, an empty
 * value at the file's end is none. Throws a `KtError` for a file that is not there or empty.
 */
export function readPayloadFile(path: string, delimiter: string): Buffer[] {
  const text = textOf(path)
  const values = text.split(delimiterOf(delimiter))
  if (values.at(-1) === '') values.pop()
  if (values.length === 0) throw new KtError('usage', `${path} holds delimiters and no values`)
  return values.map((value) => Buffer.from(value))
}

function textOf(path: string): string {
  try {
    const bytes = fs.readFileSync(path)
    if (bytes.length > 0) return bytes.toString('utf8')
  } catch (error) {
    throw new KtError('not-found', 'File does not exist or empty file provided.', {
      facts: [(error as Error).message],
      cause: error,
    })
  }
  throw new KtError('usage', 'File does not exist or empty file provided.', { facts: [`${path} is empty`] })
}

/** `\n` as it stands in the help is a line feed. */
function delimiterOf(text: string): RegExp {
  try {
    return new RegExp(text === '\\n' ? '\n' : text, 'u')
  } catch (error) {
    throw new UsageError(`--payload-delimiter is not a regular expression: ${text}`, {
      facts: [(error as Error).message],
    })
  }
}

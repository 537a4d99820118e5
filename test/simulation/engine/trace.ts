/** What happened, newest last, and a fingerprint of all of it: two runs of one seed have the same. */
import { crc32c } from '../../../src/base/crc32c.ts'

/** Lines kept for the moment something goes wrong. */
const KEPT_LINES = 4_000

interface Line {
  readonly timeMs: number
  readonly step: number
  /** Most lines are never read. */
  readonly text: string | (() => string)
}

const PRIME_A = 0x01000193
const PRIME_B = 0x85ebca6b

export class Trace {
  /** Set to see lines as they come. */
  onLine: ((line: string) => void) | null = null
  private readonly lines: Line[] = []
  private next = 0
  private count = 0
  private hashA = 0x811c9dc5
  private hashB = 0x2545f491
  private readonly time = new Float64Array(1)
  private readonly timeBits = new Uint32Array(this.time.buffer)
  private readonly clock: () => { now: number; steps: number }

  constructor(clock: () => { now: number; steps: number }) {
    this.clock = clock
  }

  /** Lines ever written. */
  get length(): number {
    return this.count
  }

  note(text: string): void {
    this.mix(crc32c(Buffer.from(text)))
    this.add(text)
  }

  /** `describe` runs only when somebody reads the line; `bytes` stand for it in the fingerprint. */
  frame(bytes: Buffer, describe: () => string): void {
    this.mix(crc32c(bytes))
    this.add(describe)
  }

  private add(text: Line['text']): void {
    const { now, steps } = this.clock()
    this.time[0] = now
    this.mix(this.timeBits[0]!)
    this.mix(this.timeBits[1]!)
    const line = { timeMs: now, step: steps, text }
    this.lines[this.next] = line
    this.next = (this.next + 1) % KEPT_LINES
    this.count++
    this.onLine?.(format(line))
  }

  private mix(value: number): void {
    this.hashA = Math.imul(this.hashA ^ value, PRIME_A) >>> 0
    this.hashB = (Math.imul(this.hashB ^ value, PRIME_B) + this.hashA) >>> 0
  }

  /** Of everything so far. */
  get hash(): string {
    return this.hashA.toString(16).padStart(8, '0') + this.hashB.toString(16).padStart(8, '0')
  }

  /** The newest `count` lines. */
  tail(count: number): string[] {
    const ordered = [...this.lines.slice(this.next), ...this.lines.slice(0, this.next)]
    return ordered.slice(-count).map(format)
  }
}

function format({ timeMs, step, text }: Line): string {
  return `${(timeMs / 1000).toFixed(4).padStart(9)} #${step} ${typeof text === 'string' ? text : text()}`
}

import type { Output } from './context.ts'

/** An output over another one: everything goes on to it, and is heard on its way. */
export abstract class PassingOutput implements Output {
  protected readonly to: Output

  constructor(to: Output) {
    this.to = to
  }

  /** Called with each piece before it goes on; bytes may be changed by their owner afterwards. */
  protected abstract hear(data: string | Uint8Array): void

  get isTerminal(): boolean {
    return this.to.isTerminal
  }
  get columns(): number {
    return this.to.columns
  }
  get rows(): number | undefined {
    return this.to.rows
  }
  write(data: string | Uint8Array): boolean {
    this.hear(data)
    return this.to.write(data)
  }
  drain(): Promise<void> {
    return this.to.drain()
  }
}

/** The beginning of a piece as text; of bytes so many, of which each is at most a character. */
export function beginningOf(data: string | Uint8Array, length: number): string {
  const text = typeof data === 'string' ? data : Buffer.from(data.subarray(0, length)).toString('utf8')
  return text.slice(0, length)
}

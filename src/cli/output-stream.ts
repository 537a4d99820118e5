import { Writable } from 'node:stream'
import type { Output } from './context.ts'

/** An `Output` as the stream that node's readline draws on. */
export class OutputStream extends Writable {
  readonly #output: Output

  constructor(output: Output) {
    super({ decodeStrings: false })
    this.#output = output
  }

  get columns(): number {
    return this.#output.columns
  }

  override _write(chunk: string | Uint8Array, _encoding: string, done: () => void): void {
    this.#output.write(chunk)
    done()
  }
}

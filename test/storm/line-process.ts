/** A client in a process of its own that says what happened in lines of JSON. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { createInterface } from 'node:readline'

export interface LineProcessOptions {
  /** File for its stderr, kept for whoever looks into a failure. */
  readonly errorsTo: string
  readonly onLine: (told: unknown) => void
}

export class LineProcess {
  private readonly child: ChildProcess
  private readonly ended: Promise<void>

  constructor(command: string, args: readonly string[], { errorsTo, onLine }: LineProcessOptions) {
    const errors = fs.openSync(errorsTo, 'a')
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', errors] })
    fs.closeSync(errors)
    const lines = createInterface({ input: this.child.stdout! })
    lines.on('line', (line) => {
      if (line.startsWith('{')) onLine(JSON.parse(line))
    })
    // The last lines come after the exit.
    this.ended = new Promise((resolve) => lines.once('close', resolve))
    this.child.on('error', () => lines.close())
  }

  /** Tells it to end by ending its input, and waits for its last line. */
  endInput(): Promise<void> {
    this.child.stdin!.end()
    return this.ended
  }

  /** SIGTERM, and waits for its last line. */
  terminate(): Promise<void> {
    this.child.kill('SIGTERM')
    return this.ended
  }

  /** SIGKILL. */
  kill(): void {
    this.child.kill('SIGKILL')
  }
}

/**
 * A program on a pseudo-terminal, and a terminal that shows what it draws: `script` of util-linux gives the one, xterm's
 * emulator without a window the other. Nothing is timed: a test waits for what must appear.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import headless from '@xterm/headless'

export interface PtyOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly columns: number
  readonly rows: number
}

const PATIENCE_MS = 60_000

/** True where `script` can run a command with a size of its own. */
export function hasPty(): boolean {
  try {
    return /util-linux/.test(execFileSync('script', ['--version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
}

export class PtyTerminal {
  /** The program's exit code. */
  readonly ended: Promise<number>
  readonly #child: ChildProcess
  readonly #terminal: InstanceType<typeof headless.Terminal>
  #changed: () => void = () => undefined
  #tty = ''

  /** `command` is a line of `sh`. */
  constructor(command: string, { env, columns, rows }: PtyOptions) {
    this.#terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true })
    const inside = `tty; stty rows ${rows} cols ${columns}; ${command}`
    this.#child = spawn('script', ['-qfec', inside, '/dev/null'], {
      env: { ...env, SHELL: '/bin/sh' } as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      this.#tty ||= /\/dev\/\S+/.exec(chunk.toString())?.[0] ?? ''
      this.#terminal.write(chunk, () => this.#changed())
    })
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => resolve(code ?? -1))
    })
  }

  /** What a person sees: a line for each row, without blanks at its end. */
  get lines(): string[] {
    const { active } = this.#terminal.buffer
    return Array.from({ length: this.#terminal.rows }, (_, row) => {
      return active.getLine(active.baseY + row)?.translateToString(true) ?? ''
    })
  }

  get text(): string {
    return this.lines.join('\n')
  }

  /** True while a program has the terminal's second page. */
  get isOnSecondPage(): boolean {
    return this.#terminal.buffer.active.type === 'alternate'
  }

  type(keys: string): void {
    this.#child.stdin!.write(keys)
  }

  /** Another size, as when somebody pulls at a window. */
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows)
    execFileSync('stty', ['-F', this.#tty, 'rows', String(rows), 'cols', String(columns)])
  }

  /** Waits until the screen is as wanted; `name` says what that is. */
  async until(
    what: RegExp | ((terminal: this) => boolean),
    { name = String(what), patienceMs = PATIENCE_MS }: { name?: string; patienceMs?: number } = {},
  ): Promise<void> {
    const isThere = (): boolean => (what instanceof RegExp ? what.test(this.text) : what(this))
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`${name} did not come to be; the screen is:\n${this.text}`))
      }, patienceMs)
      this.#changed = () => {
        if (!isThere()) return
        clearTimeout(late)
        this.#changed = () => undefined
        resolve()
      }
      this.#changed()
    })
  }

  kill(): void {
    this.#child.stdin!.destroy()
    this.#child.kill('SIGHUP')
  }
}

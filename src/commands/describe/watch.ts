import type { Clock } from '../../base/clock.ts'
import type { Output } from '../../cli/context.ts'

export interface WatchOptions {
  readonly intervalMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly output: Output
  /** The next picture as text; it may not throw. */
  frame(): Promise<string>
}

const HOME = '\x1b[H'
const CLEAR_SCREEN = '\x1b[2J'
const CLEAR_TO_LINE_END = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'

/** Shows frame after frame until the signal: over each other on a terminal, one after the other elsewhere. */
export async function watch(options: WatchOptions): Promise<void> {
  const { clock, signal, output, intervalMs } = options
  for (let first = true; !signal.aborted; first = false) {
    const text = await options.frame()
    if (signal.aborted) return
    output.write(output.isTerminal ? redraw(text, first, output.rows) : text)
    await output.drain()
    await pause(clock, intervalMs, signal)
  }
}

/** Text over what stands on the screen, without the flicker of clearing it first; what does not fit is counted. */
export function redraw(text: string, first: boolean, rows: number | undefined): string {
  const lines = text.replace(/\n$/, '').split('\n')
  const space = rows === undefined || rows < 2 ? lines.length : rows - 1
  const shown =
    lines.length <= space ? lines : [...lines.slice(0, space - 1), `... ${lines.length - space + 1} more lines`]
  const body = shown.map((line) => `${line}${CLEAR_TO_LINE_END}\n`).join('')
  return `${first ? CLEAR_SCREEN : ''}${HOME}${body}${CLEAR_BELOW}`
}

/** Waits, or ends at once when the signal comes. */
function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(delayMs, end)
    signal.addEventListener('abort', end, { once: true })
  })
}

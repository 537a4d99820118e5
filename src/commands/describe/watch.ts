import type { Clock } from '../../base/clock.ts'
import type { Output } from '../../cli/context.ts'

export interface WatchOptions {
  readonly intervalMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly output: Output
  /** The next picture; it may not throw. */
  frame(): Promise<Frame>
}

/** A picture as text, and what stays in view below it however long it is. */
export interface Frame {
  readonly text: string
  readonly footer: string
}

const HOME = '\x1b[H'
const CLEAR_SCREEN = '\x1b[2J'
const CLEAR_TO_LINE_END = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'

/** Shows frame after frame until the signal: over each other on a terminal, one after the other elsewhere. */
export async function watch(options: WatchOptions): Promise<void> {
  const { clock, signal, output, intervalMs } = options
  for (let first = true; !signal.aborted; first = false) {
    const frame = await options.frame()
    if (signal.aborted) return
    output.write(output.isTerminal ? redraw(frame, first, output) : `${frame.text}${frame.footer}`)
    await output.drain()
    await pause(clock, intervalMs, signal)
  }
}

/** A frame over what stands on the screen, without the flicker of clearing it first; what does not fit is counted. */
export function redraw(frame: Frame, first: boolean, screen: Pick<Output, 'rows' | 'columns'>): string {
  const lines = linesOf(frame.text)
  const footer = linesOf(frame.footer)
  const space =
    screen.rows === undefined || screen.rows < 2 ? Number.POSITIVE_INFINITY : screen.rows - 1 - footer.length
  const kept = Math.max(0, Math.min(lines.length, space) - (lines.length > space ? 1 : 0))
  const more = lines.length > kept ? [`... ${lines.length - kept} more lines`] : []
  const shown = [...lines.slice(0, kept), ...more, ...footer]
  const body = shown.map((line) => `${clip(line, screen.columns)}${CLEAR_TO_LINE_END}\n`).join('')
  return `${first ? CLEAR_SCREEN : ''}${HOME}${body}${CLEAR_BELOW}`
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

const ESCAPE = '\x1b'

/** A line that is wider than the screen would take two and push the picture up; colours are not counted, nor cut. */
export function clip(line: string, columns: number): string {
  let shown = 0
  let clipped = ''
  for (let at = 0; at < line.length; ) {
    if (line[at] === ESCAPE) {
      const end = line.indexOf('m', at) + 1
      if (end === 0) break
      clipped += line.slice(at, end)
      at = end
      continue
    }
    if (shown < columns) clipped += line[at]
    shown++
    at++
  }
  return clipped
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

/** `kt learn` on a terminal: the lesson, its goals, a picture of the cluster and a prompt, all on one screen. */
import * as path from 'node:path'
import type { CommandTable } from '../../../cli/command.ts'
import type { CommandContext } from '../../../cli/context.ts'
import { exitCodeForReason, OK } from '../../../cli/exit-codes.ts'
import type { LessonEntry } from '../../../learn/lessons/index.ts'
import { ownProgram } from '../../init/shims.ts'
import type { Desk } from '../desk.ts'
import { type LearnFlags, withDesk } from '../with-desk.ts'
import { Screen } from './screen.ts'
import { type Keyboard, ScreenTerminal } from './terminal.ts'

/** Smaller ones have no room for more than lines. */
const MIN_COLUMNS = 40
const MIN_ROWS = 10

/** Whether the full screen can be shown: two terminals that are large enough and can more than lines. */
export function canShowScreen({ interactive, stdout, stdin, env }: CommandContext): boolean {
  if (!interactive || !('setRawMode' in stdin)) return false
  if (env.TERM === undefined || env.TERM === '' || env.TERM === 'dumb') return false
  return stdout.columns >= MIN_COLUMNS && (stdout.rows ?? 0) >= MIN_ROWS
}

/** Shows the lesson that `choose` names, and whatever is opened after it, until the person leaves. */
export async function runScreen(
  choose: (desk: Desk) => LessonEntry,
  flags: LearnFlags,
  context: CommandContext,
  commands: CommandTable,
): Promise<number> {
  const [{ mount }, colours] = await Promise.all([import('./app.ts'), context.colours()])
  const left = new AbortController()
  const leave = (): void => left.abort()
  const screen = new Screen({
    ...{ context, commands, colours },
    binDirectory: path.dirname(ownProgram()),
    onLeave: leave,
    onSuspend: () => void suspend(),
    onAnew: () => redraw(),
  })
  const terminal = new ScreenTerminal({
    output: context.stdout,
    keyboard: context.stdin as Keyboard,
    reader: screen.input.reader,
    onKey: screen.key,
    onAnew: () => redraw(),
    onGone: leave,
  })
  const suspend = (): Promise<void> => {
    screen.pause()
    return terminal.suspend()
  }
  terminal.enter()
  const draw = () => mount(screen, terminal.stream as never, context.stdin as never)
  let drawn = draw()
  const redraw = (): void => {
    // ink takes what it has drawn once for what stands there: it has to begin anew.
    drawn.unmount()
    terminal.wipe()
    screen.anew()
    drawn = draw()
  }
  context.signal.addEventListener('abort', leave, { once: true })
  try {
    await withDesk(flags, screen.context, async (desk) => {
      await orLeft(screen.begin(desk, choose(desk)), left.signal)
      await orLeft(new Promise(() => undefined), left.signal)
      // No look begins while the desk is being closed.
      screen.stopLooking()
    })
  } finally {
    context.signal.removeEventListener('abort', leave)
    screen.end()
    drawn.unmount()
    await terminal.leave()
  }
  if (context.signal.aborted) return exitCodeForReason(context.signal.reason)
  context.stderr.write('The lesson stays open; kt learn goes on with it.\n')
  return OK
}

/** What is still going on when the person leaves, ends with the process. */
function orLeft(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.resolve()
  return Promise.race([work, new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))])
}

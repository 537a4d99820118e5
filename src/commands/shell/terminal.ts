/** The prompt of the shell: line after line, each interruptible. */
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import type { LineEditor } from '../../cli/shell/line-editor.ts'
import { readShellLine } from '../../cli/shell/read-line.ts'
import type { ShellSession } from '../../cli/shell/session.ts'
import type { HistoryFile } from './history.ts'

const CONTINUED = '> '

/** Prompt after prompt until the person leaves; resolves to the last exit code, or that of `exit`. */
export async function runAtTerminal(
  terminal: LineEditor,
  session: ShellSession,
  history: HistoryFile,
  context: CommandContext,
): Promise<number> {
  const { signal } = context
  const close = (): void => terminal.close()
  signal.addEventListener('abort', close, { once: true })
  // For as long as the shell lives: a Ctrl-C that is told when the line it was for has ended is not one for the shell.
  const running: Running = { interrupt: () => undefined }
  const release = context.holdInterrupts(() => running.interrupt())
  try {
    while (!session.leaving && !signal.aborted) {
      const line = await wholeLine(terminal, await promptOf(session, context))
      if (line === null) break
      history.add(line)
      await runInterruptibly(line, session, context, running)
    }
  } finally {
    release()
    signal.removeEventListener('abort', close)
    terminal.close()
  }
  return session.lastExitCode
}

async function promptOf(session: ShellSession, { stdout, colours }: CommandContext): Promise<string> {
  await stdout.drain()
  const { name, bad } = await colours()
  const failed = session.lastExitCode === OK ? '' : ` ${bad(`(exit ${session.lastExitCode})`)}`
  return `kt ${name(session.place)}${failed}> `
}

/** One line, or several that belong together; Ctrl-C in the middle of it begins anew. */
async function wholeLine(terminal: LineEditor, prompt: string): Promise<string | null> {
  let text = ''
  for (;;) {
    const line = await terminal.next(text === '' ? prompt : CONTINUED, () => {
      text = ''
      return prompt
    })
    if (line === null) return null
    text = text === '' ? line : `${text}\n${line}`
    if (readShellLine(text).kind !== 'open') return text
  }
}

/** Whom Ctrl-C is for: the line that runs, or nobody between lines. */
interface Running {
  interrupt: () => void
}

/** Ctrl-C ends the line that runs, not the shell. */
async function runInterruptibly(
  line: string,
  session: ShellSession,
  context: CommandContext,
  running: Running,
): Promise<void> {
  const ending = new AbortController()
  const end = (): void => ending.abort(context.signal.reason)
  context.signal.addEventListener('abort', end, { once: true })
  running.interrupt = () => {
    // The terminal has written ^C behind whatever stood there.
    if (!ending.signal.aborted) context.stdout.write('\n')
    ending.abort('SIGINT')
  }
  try {
    await session.run(line, ending.signal)
  } finally {
    running.interrupt = () => undefined
    context.signal.removeEventListener('abort', end)
  }
}

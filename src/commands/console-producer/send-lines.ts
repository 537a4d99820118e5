import type { CommandContext } from '../../cli/context.ts'
import type { ParsedLine } from './line-reader.ts'
import { LineSplitter } from './line-splitter.ts'
import { type Pace, unhurried } from './pace.ts'
import { type RecordSender, type SendJob, senderOf } from './senders.ts'

/** Sends every line of standard input. Ends at the end of input, on an interruption, or at a line that cannot be read. */
export async function sendLines(job: SendJob, context: CommandContext, pace: Pace = unhurried): Promise<void> {
  const { stdin, signal, clock } = context
  const lines = new LineSplitter()
  const sender = senderOf(job)
  // Connecting and reading begin together; a topic that cannot be found ends it before a line was taken.
  const opening = sender.open()
  opening.catch(() => undefined)
  const prompt = prompter(context)
  const stop = (): void => void (stdin as NodeJS.ReadableStream & { destroy?(): void }).destroy?.()
  signal.addEventListener('abort', stop, { once: true })
  try {
    prompt()
    for await (const chunk of stdin) {
      await opening
      sender.readAt?.(clock.now())
      lines.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
      while (lines.next()) {
        if (pace !== unhurried) {
          await pace()
          sender.readAt?.(clock.now())
        }
        if (!takeLine(lines, job, sender)) await sender.finish()
        prompt()
      }
      if (signal.aborted) return
    }
    await opening
    if (lines.last() && !takeLine(lines, job, sender)) await sender.finish()
    await sender.end()
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    job.failures.summary()
  }
}

function prompter({ stdin, stdout }: CommandContext): () => void {
  return stdin.isTerminal && stdout.isTerminal ? () => void stdout.write('>') : () => undefined
}

function takeLine({ bytes, start, end }: LineSplitter, { reader }: SendJob, sender: RecordSender): boolean {
  if (sender.takePlain !== undefined) return sender.takePlain(bytes, start, end)
  const line = reader.parse(bytes, start, end)
  return line === null || sender.take(line)
}

/** Sends `count` made-up lines; `count` may be infinite: then an interruption ends it. */
export async function sendGenerated(
  job: SendJob,
  generate: (index: number) => Buffer,
  count: number,
  context: CommandContext,
  pace: Pace,
): Promise<void> {
  const sender = senderOf(job)
  try {
    await sender.open()
    for (let index = 0; index < count && !context.signal.aborted; index++) {
      await pace()
      sender.readAt?.(context.clock.now())
      const bytes = generate(index)
      const line: ParsedLine | null = job.reader.parse(bytes, 0, bytes.length)
      if (line !== null && !sender.take(line)) await sender.finish()
    }
    await sender.end()
  } catch (error) {
    if (!context.signal.aborted) throw error
  } finally {
    job.failures.summary()
  }
}

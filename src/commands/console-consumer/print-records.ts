import type { CommandContext } from '../../cli/context.ts'
import type { FetchedBatch } from '../../client/fetcher.ts'
import type { BatchPrinter } from './batch-printer.ts'

/** Where batches come from: a fetcher, or a member of a group. */
export interface RecordSource {
  /** The next batch; null when there will be none. */
  next(): Promise<FetchedBatch | null> | FetchedBatch | null
  /** The records up to this offset have been printed. */
  printed(batch: FetchedBatch, nextOffset: number): void
  /** Ends reading; a member commits what was printed and leaves its group. */
  close(): Promise<void>
}

export interface PrintLimits {
  /** Infinity for all. */
  readonly maxMessages: number
  /** Ends when no record came for this long; null waits for ever. */
  readonly idleTimeoutMs: number | null
}

/** Output gathers up to this size before it is written, as long as there is more to print. */
const GATHER_BYTES = 256 * 1024

type Ended = 'end' | 'idle' | 'interrupted'

/** Prints what the source gives until a limit, an interruption or a closed output. */
export async function printRecords(
  source: RecordSource,
  printer: BatchPrinter,
  limits: PrintLimits,
  context: CommandContext,
): Promise<Ended> {
  try {
    while (printer.count < limits.maxMessages) {
      const next = source.next()
      const batch = next instanceof Promise ? await waitFor(next, printer, limits, context) : next
      if (batch === 'idle' || batch === 'interrupted') return batch
      if (batch === null) return context.signal.aborted ? 'interrupted' : 'end'
      printBatch(batch, source, printer, limits)
      if (printer.pendingBytes >= GATHER_BYTES) await write(printer, context)
      if (context.signal.aborted) return 'interrupted'
    }
    return 'end'
  } finally {
    await write(printer, context)
  }
}

function printBatch(batch: FetchedBatch, source: RecordSource, printer: BatchPrinter, limits: PrintLimits): void {
  const limit = limits.maxMessages - printer.count
  printer.print(batch, limit)
  source.printed(batch, printer.count >= limits.maxMessages ? printer.nextOffset : batch.header.lastOffset + 1)
}

/** Nothing is there: what has gathered is shown before the waiting begins. */
async function waitFor(
  next: Promise<FetchedBatch | null>,
  printer: BatchPrinter,
  { idleTimeoutMs }: PrintLimits,
  context: CommandContext,
): Promise<FetchedBatch | null | 'idle' | 'interrupted'> {
  // Its failure is looked at below; until then it must not count as unhandled.
  next.catch(() => undefined)
  await write(printer, context)
  const { signal, clock } = context
  if (signal.aborted) return 'interrupted'
  return new Promise((resolve, reject) => {
    const interrupted = (): void => settle(() => resolve('interrupted'))
    const timer = idleTimeoutMs === null ? null : clock.setTimer(idleTimeoutMs, () => settle(() => resolve('idle')))
    const settle = (how: () => void): void => {
      timer?.cancel()
      signal.removeEventListener('abort', interrupted)
      how()
    }
    signal.addEventListener('abort', interrupted, { once: true })
    next.then(
      (batch) => settle(() => resolve(batch)),
      (error: unknown) => settle(() => reject(error)),
    )
  })
}

async function write(printer: BatchPrinter, { stdout }: CommandContext): Promise<void> {
  for (const piece of printer.take()) stdout.write(piece)
  // Buffers are filled again: what was written must have left.
  await stdout.drain()
}

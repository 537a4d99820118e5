/** Producer snapshots and transaction indexes. */
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import type { CommandContext } from '../../cli/context.ts'
import { CorruptFileError } from '../../log/errors.ts'
import { firstSequenceOf, type ProducerEntry } from '../../log/producer-entry.ts'
import { parseProducerSnapshot } from '../../log/producer-snapshot.ts'
import { parseAbortedTransactions } from '../../log/transaction-index.ts'
import { baseOffsetOf } from './segment-name.ts'

/** Prints a `.snapshot` file; one that is damaged is told on stderr, as in the script. */
export function dumpProducerSnapshot(file: string, files: FileSystem, context: CommandContext): void {
  try {
    for (const entry of parseProducerSnapshot(read(file, files))) context.stdout.write(`${producerLine(entry)}\n`)
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error
    context.stderr.write(`${error.message}\n`)
  }
}

function producerLine(entry: ProducerEntry): string {
  const first = entry.transactionFirstOffset
  const parts = [
    `producerId: ${entry.producerId}`,
    `producerEpoch: ${entry.producerEpoch}`,
    `coordinatorEpoch: ${entry.coordinatorEpoch}`,
    `currentTxnFirstOffset: ${first === null ? 'OptionalLong.empty' : `OptionalLong[${first}]`}`,
    `lastTimestamp: ${entry.lastTimestamp}`,
  ]
  const batch = entry.batches[0]
  if (batch !== undefined) {
    parts.push(
      `firstSequence: ${firstSequenceOf(batch)}`,
      `lastSequence: ${batch.lastSequence}`,
      `lastOffset: ${batch.lastOffset}`,
      `offsetDelta: ${batch.offsetDelta}`,
      `timestamp: ${batch.timestamp}`,
    )
  }
  return parts.join(' ')
}

/** Prints a `.txnindex` file. Throws a `storage` KtError when it is none. */
export function dumpTransactionIndex(file: string, files: FileSystem, context: CommandContext): void {
  baseOffsetOf(file)
  try {
    for (const entry of parseAbortedTransactions(read(file, files), file)) {
      const { producerId, firstOffset, lastOffset, lastStableOffset } = entry
      const offsets = `firstOffset: ${firstOffset} lastOffset: ${lastOffset} lastStableOffset: ${lastStableOffset}`
      context.stdout.write(`version: 0 producerId: ${producerId} ${offsets}\n`)
    }
  } catch (error) {
    if (!(error instanceof CorruptFileError)) throw error
    throw new KtError('storage', error.message, { cause: error })
  }
}

function read(file: string, files: FileSystem): Buffer {
  try {
    return files.readFile(file)
  } catch (error) {
    throw new KtError('not-found', `Cannot read ${file}`, { facts: [(error as Error).message], cause: error })
  }
}

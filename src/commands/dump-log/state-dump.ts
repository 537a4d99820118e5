/** Producer snapshots and transaction indexes. */
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { Structure } from '../../cli/format.ts'
import { CorruptFileError } from '../../log/errors.ts'
import { firstSequenceOf, type ProducerEntry } from '../../log/producer-entry.ts'
import { parseProducerSnapshot } from '../../log/producer-snapshot.ts'
import { parseAbortedTransactions } from '../../log/transaction-index.ts'
import type { DumpOutput } from './dump-output.ts'
import { baseOffsetOf } from './segment-name.ts'

/** Prints a `.snapshot` file; one that is damaged is told on stderr, as in the script. */
export function dumpProducerSnapshot(
  file: string,
  files: FileSystem,
  output: DumpOutput,
  context: CommandContext,
): void {
  try {
    for (const entry of parseProducerSnapshot(read(file, files))) {
      output.row('ProducerState', producerLine(entry), () => producerFields(entry))
    }
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

function producerFields(entry: ProducerEntry): Record<string, Structure> {
  const batch = entry.batches[0]
  return {
    producerId: entry.producerId,
    producerEpoch: entry.producerEpoch,
    coordinatorEpoch: entry.coordinatorEpoch,
    currentTxnFirstOffset: entry.transactionFirstOffset,
    lastTimestamp: entry.lastTimestamp,
    lastBatch: batch === undefined ? null : { firstSequence: firstSequenceOf(batch), ...batch },
  }
}

/** Prints a `.txnindex` file. Throws a `storage` KtError when it is none. */
export function dumpTransactionIndex(file: string, files: FileSystem, output: DumpOutput): void {
  baseOffsetOf(file)
  try {
    for (const entry of parseAbortedTransactions(read(file, files), file)) {
      const { producerId, firstOffset, lastOffset, lastStableOffset } = entry
      const offsets = `firstOffset: ${firstOffset} lastOffset: ${lastOffset} lastStableOffset: ${lastStableOffset}`
      output.row('AbortedTransaction', `version: 0 producerId: ${producerId} ${offsets}`, () => ({ ...entry }))
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

import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import type { CommandContext } from '../../cli/context.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import { forEachRecord } from '../../protocol/records/record.ts'
import { isControlBatch } from '../../protocol/records/record-batch.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { loadCodecOf } from './batch-codec.ts'
import { BatchFile, type FileBatch } from './batch-file.ts'
import { batchLine, recordLine } from './batch-text.ts'
import { decoderOf, type RecordDecoder } from './decoders.ts'
import type { Findings } from './findings.ts'
import { type GivenDumpLog, type LogDumpSettings, logDumpSettings } from './options.ts'
import { baseOffsetOf, snapshotIdOf } from './segment-name.ts'

/** No limit was given: only then does a rest that is no batch mean something. */
const NO_LIMIT_BYTES = 2 ** 31 - 1
const BOOTSTRAP_CHECKPOINT = 'bootstrap.checkpoint'

/** Prints a `.log` file or a snapshot of the metadata log: its batches and, when asked, their records. */
export async function dumpLogFile(
  file: string,
  {
    given,
    context,
    files,
    findings,
  }: { given: GivenDumpLog; context: CommandContext; files: FileSystem; findings: Findings },
): Promise<void> {
  const settings = logDumpSettings(given)
  const decoder = decoderOf(given)
  context.stdout.write(`${headline(file)}\n`)
  const log = new BatchFile(files, file, settings.maxBytes)
  try {
    const records = new RecordPrinter(path.resolve(file), settings, decoder, findings)
    let validBytes = 0
    for (const batch of log.batches()) {
      await loadCodecOf(batch)
      await write(context, records, batch)
      validBytes += batch.header.sizeInBytes
      if (context.signal.aborted) return
    }
    if (log.sizeInBytes > validBytes && settings.maxBytes === NO_LIMIT_BYTES) {
      context.stdout.write(`Found ${log.sizeInBytes - validBytes} invalid bytes at the end of ${path.basename(file)}\n`)
    }
  } finally {
    log.close()
  }
}

function headline(file: string): string {
  const name = path.basename(file)
  if (name.endsWith('.log')) return `Log starting offset: ${baseOffsetOf(file)}`
  if (name === BOOTSTRAP_CHECKPOINT) return 'KRaft bootstrap snapshot'
  const { offset, epoch } = snapshotIdOf(file)
  return `Snapshot end offset: ${offset}, epoch: ${epoch}`
}

/** What was printed before a record that cannot be read stays printed. */
async function write(context: CommandContext, records: RecordPrinter, batch: FileBatch): Promise<void> {
  try {
    records.batch(batch)
  } catch (error) {
    context.stdout.write(records.take())
    if (!(error instanceof KafkaError)) throw error
    throw new KtError('storage', `The batch at position ${batch.position} cannot be read: ${error.message}`)
  }
  if (!context.stdout.write(records.take())) await context.stdout.drain()
}

class RecordPrinter {
  readonly #file: string
  readonly #settings: LogDumpSettings
  readonly #decoder: RecordDecoder
  readonly #findings: Findings
  #lastOffset = -1
  #text = ''

  constructor(file: string, settings: LogDumpSettings, decoder: RecordDecoder, findings: Findings) {
    this.#file = file
    this.#settings = settings
    this.#decoder = decoder
    this.#findings = findings
  }

  /** Text since the last call. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  batch(batch: FileBatch): void {
    this.#text += `${batchLine(batch)}\n`
    if (!this.#settings.deep) return
    forEachRecord(batch.buffer, batch.at, (record, offset, timestamp) => this.#record(batch, record, offset, timestamp))
  }

  #record(batch: FileBatch, record: RecordCursor, offset: number, timestamp: number): void {
    if (offset !== this.#lastOffset + 1) this.#findings.gap(this.#file, this.#lastOffset, offset)
    this.#lastOffset = offset
    const { skipRecordMetadata, printContents } = this.#settings
    if (!skipRecordMetadata) this.#text += recordLine(record, batch.header, offset, timestamp)
    if (printContents && !isControlBatch(batch.header.attributes)) {
      const { key, value } = this.#decoder(record.key(), record.value(), offset)
      const parts = [...(key === null ? [] : [`key: ${key}`]), ...(value === null ? [] : [`payload: ${value}`])]
      if (parts.length > 0) this.#text += `${skipRecordMetadata ? '|' : ''} ${parts.join(' ')}`
    }
    this.#text += '\n'
  }
}

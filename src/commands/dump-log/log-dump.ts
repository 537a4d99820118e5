import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { Structure } from '../../cli/format.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import { forEachRecord } from '../../protocol/records/record.ts'
import { isControlBatch } from '../../protocol/records/record-batch.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { loadCodecOf } from './batch-codec.ts'
import { BatchFile, type FileBatch } from './batch-file.ts'
import { batchFields, batchLine, recordFields, recordLine } from './batch-text.ts'
import type { DecodedRecord, RecordDecoder } from './decoders.ts'
import type { DumpOutput } from './dump-output.ts'
import type { Findings } from './findings.ts'
import { type GivenDumpLog, type LogDumpSettings, logDumpSettings } from './options.ts'
import { baseOffsetOf, snapshotIdOf } from './segment-name.ts'

/** No limit was given: only then does a rest that is no batch mean something. */
const NO_LIMIT_BYTES = 2 ** 31 - 1
const BOOTSTRAP_CHECKPOINT = 'bootstrap.checkpoint'

export interface LogDump {
  readonly given: GivenDumpLog
  readonly context: CommandContext
  readonly files: FileSystem
  readonly findings: Findings
  readonly output: DumpOutput
}

/** Prints a `.log` file or a snapshot of the metadata log: its batches and, when asked, their records. */
export async function dumpLogFile(file: string, { given, context, files, findings, output }: LogDump): Promise<void> {
  const settings = logDumpSettings(given)
  // The schemas of Kafka's own records are most of what there is to load.
  const decoder = settings.printContents ? (await import('./decoders.ts')).decoderOf(given) : null
  output.note(headline(file))
  const log = new BatchFile(files, file, settings.maxBytes)
  try {
    const records = new RecordPrinter(path.resolve(file), { settings, decoder, findings, output })
    let validBytes = 0
    for (const batch of log.batches()) {
      await loadCodecOf(batch)
      await write(records, batch, output)
      validBytes += batch.header.sizeInBytes
      if (context.signal.aborted) return
    }
    if (log.sizeInBytes > validBytes && settings.maxBytes === NO_LIMIT_BYTES) {
      output.note(`Found ${log.sizeInBytes - validBytes} invalid bytes at the end of ${path.basename(file)}`)
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
async function write(records: RecordPrinter, batch: FileBatch, output: DumpOutput): Promise<void> {
  try {
    records.batch(batch)
  } catch (error) {
    await output.write(records.take())
    if (!(error instanceof KafkaError)) throw error
    throw new KtError('storage', `The batch at position ${batch.position} cannot be read: ${error.message}`)
  }
  await output.write(records.take())
}

interface RecordPrinterParts {
  readonly settings: LogDumpSettings
  /** null where no contents are printed. */
  readonly decoder: RecordDecoder | null
  readonly findings: Findings
  readonly output: DumpOutput
}

class RecordPrinter {
  readonly #file: string
  readonly #parts: RecordPrinterParts
  #lastOffset = -1
  #text = ''

  constructor(file: string, parts: RecordPrinterParts) {
    this.#file = file
    this.#parts = parts
  }

  /** Text since the last call. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  batch(batch: FileBatch): void {
    const { output, settings } = this.#parts
    this.#text += output.text('RecordBatch', `${batchLine(batch)}\n`, () => batchFields(batch))
    if (!settings.deep) return
    forEachRecord(batch.buffer, batch.at, (record, offset, timestamp) => this.#record(batch, record, offset, timestamp))
  }

  #record(batch: FileBatch, record: RecordCursor, offset: number, timestamp: number): void {
    const { findings, settings, output } = this.#parts
    if (offset !== this.#lastOffset + 1) findings.gap(this.#file, this.#lastOffset, offset)
    this.#lastOffset = offset
    const metadata = settings.skipRecordMetadata ? '' : recordLine(record, batch.header, offset, timestamp)
    let contents: DecodedRecord | null
    try {
      contents = this.#contents(batch, record, offset)
    } catch (error) {
      const fields = (): Record<string, Structure> => recordFields(record, batch.header, offset, timestamp)
      this.#text += output.text('LogRecord', `${metadata}\n`, fields)
      throw error
    }
    if (output.isText) {
      this.#text += contents === null ? `${metadata}\n` : `${metadata}${contentsText(contents, settings)}\n`
      return
    }
    const fields = { ...recordFields(record, batch.header, offset, timestamp), ...contents }
    this.#text += output.text('LogRecord', '', () => fields)
  }

  /** Key and value where they were asked for; a control record has none of its own. */
  #contents(batch: FileBatch, record: RecordCursor, offset: number): DecodedRecord | null {
    const { decoder } = this.#parts
    if (decoder === null || isControlBatch(batch.header.attributes)) return null
    return decoder(record.key(), record.value(), offset)
  }
}

function contentsText(contents: DecodedRecord | null, { skipRecordMetadata }: LogDumpSettings): string {
  const parts: string[] = []
  if (contents !== null && contents.key !== null) parts.push(`key: ${contents.key}`)
  if (contents !== null && contents.value !== null) parts.push(`payload: ${contents.value}`)
  return parts.length === 0 ? '' : `${skipRecordMetadata ? '|' : ''} ${parts.join(' ')}`
}

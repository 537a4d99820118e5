/** What is in one file or directory of a data directory: read, never changed, and no more of it than a moment allows. */
import * as path from 'node:path'
import { nodeFileSystem as disk } from '../../../base/file-system.ts'
import { plural } from '../../describe/text.ts'
import type { Reader } from './files.ts'
import { timeOf } from './time-of.ts'

/** Rows of what was found, and how much there is. */
export interface Contents {
  readonly sizeBytes: number
  readonly rows: readonly (readonly [string, string])[]
}

/** Text files and checkpoints are small; what is larger is no such file. */
const MAX_TEXT_BYTES = 1024 * 1024
const MAX_INDEX_BYTES = 64 * 1024 * 1024
const MAX_LINES = 12
const MAX_ENTRIES = 10_000

/** Whatever is broken in the file is a row. Throws where it cannot be read at all. */
export async function contentsOf(file: string, reader: Reader | null): Promise<Contents> {
  const { size, isDirectory } = disk.stat(file)
  if (isDirectory) return reader === 'partition' ? partitionContents(file) : directoryContents(file)
  const read = reader === null ? undefined : READERS[reader]
  const limit =
    reader === 'batches' ? Number.POSITIVE_INFINITY : reader?.endsWith('index') ? MAX_INDEX_BYTES : MAX_TEXT_BYTES
  const rows =
    read === undefined || size === 0 ? [] : size > limit ? [tooLarge(size)] : await guarded(() => read(file, size))
  return { sizeBytes: size, rows: [['size', size === 0 ? 'empty' : plural(size, 'byte')], ...rows] }
}

type Row = readonly [string, string]
type Read = (file: string, size: number) => Row[] | Promise<Row[]>

const tooLarge = (size: number): Row => ['not read', `${size} bytes are more than such a file has`]

async function guarded(read: () => Row[] | Promise<Row[]>): Promise<Row[]> {
  try {
    return await read()
  } catch (error) {
    return [['broken', (error as Error).message]]
  }
}

const READERS: Partial<Record<Reader, Read>> = {
  batches: async (file, size) => (await import('./batches.ts')).batchRows(file, size),
  'offset-index': offsetIndexRows,
  'time-index': timeIndexRows,
  'transaction-index': transactionRows,
  producers: producerRows,
  checkpoint: checkpointRows,
  text: textRows,
}

/** Entries that are there, and where a preallocated file is still zeros. */
function entryRow(count: number, size: number, entryBytes: number): Row {
  const used = count * entryBytes
  return ['entries', size > used ? `${count}, then ${size - used} bytes of zeros (preallocated)` : String(count)]
}

async function offsetIndexRows(file: string, size: number): Promise<Row[]> {
  const { readOffsetIndexEntries } = await import('../../../log/dump/index.ts')
  const entries = readOffsetIndexEntries(disk, file).filter(({ position }, at) => at > 0 || position > 0)
  const [first, last] = [entries[0], entries.at(-1)]
  const rows: Row[] = [entryRow(entries.length, size, 8)]
  if (first !== undefined) rows.push(['first', `offset ${first.offset} at byte ${first.position}`])
  if (last !== undefined && last !== first) rows.push(['last', `offset ${last.offset} at byte ${last.position}`])
  return rows
}

async function timeIndexRows(file: string, size: number): Promise<Row[]> {
  const { readTimeIndexEntries } = await import('../../../log/dump/index.ts')
  const entries = readTimeIndexEntries(disk, file)
  const rows: Row[] = [entryRow(entries.length, size, 12)]
  const text = ({ timestamp, offset }: { timestamp: number; offset: number }): string =>
    `${timeOf(timestamp)} at offset ${offset}`
  if (entries[0] !== undefined) rows.push(['first', text(entries[0])])
  if (entries.length > 1) rows.push(['last', text(entries.at(-1)!)])
  return rows
}

async function transactionRows(file: string): Promise<Row[]> {
  const { readTransactionIndex } = await import('../../../log/dump/index.ts')
  const entries = readTransactionIndex(disk, file)
  const shown = entries
    .slice(0, MAX_LINES)
    .map(
      ({ producerId, firstOffset, lastOffset }): Row => [
        'aborted',
        `offsets ${firstOffset} to ${lastOffset} of producer ${producerId}`,
      ],
    )
  return [['entries', String(entries.length)], ...shown]
}

async function producerRows(file: string): Promise<Row[]> {
  const { readProducerSnapshot } = await import('../../../log/dump/index.ts')
  const entries = readProducerSnapshot(disk, file)
  const shown = entries
    .slice(0, MAX_LINES)
    .map(
      ({ producerId, producerEpoch, lastSequence, transactionFirstOffset }): Row => [
        `producer ${producerId}`,
        `epoch ${producerEpoch}, last sequence ${lastSequence}${transactionFirstOffset === null ? '' : `, a transaction is open from offset ${transactionFirstOffset}`}`,
      ],
    )
  return [['producers', String(entries.length)], ...shown]
}

async function checkpointRows(file: string): Promise<Row[]> {
  const { readCheckpointLines } = await import('../../../log/dump/index.ts')
  const lines = readCheckpointLines(disk, file)
  const isEpochs = path.basename(file).startsWith('leader-epoch')
  const shown = lines.slice(0, MAX_LINES).map((line): Row => {
    const words = line.split(' ')
    return isEpochs ? [`epoch ${words[0]}`, `from offset ${words[1]}`] : [`${words[0]}-${words[1]}`, words[2] ?? '']
  })
  return [['entries', String(lines.length)], ...shown, ...more(lines.length)]
}

const more = (count: number): Row[] => (count > MAX_LINES ? [['...', `${count - MAX_LINES} more`]] : [])

function textRows(file: string): Row[] {
  const lines = disk.readFile(file).toString('utf8').split(/\r?\n/)
  const told = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  return told.slice(0, MAX_LINES).map((line): Row => {
    const [, name, value] = /^([\w.]+)(?:=|: ?)(.*)$/.exec(line) ?? []
    return name === undefined ? ['content', line.slice(0, 500)] : [name, value!]
  })
}

/** One replica: its segments. */
function partitionContents(directory: string): Contents {
  const names = disk.list(directory).slice(0, MAX_ENTRIES)
  const segments = names.filter((name) => /^\d{20}\.log$/.test(name)).sort()
  const sizeBytes = sumOf(directory, segments)
  const snapshots = names.filter((name) => /^\d{20}-\d{10}\.checkpoint$/.test(name))
  const rows: Row[] = [['segments', `${segments.length}, ${plural(sizeBytes, 'byte')}`]]
  const [first, last] = [segments[0], segments.at(-1)]
  if (first !== undefined) rows.push(['first', `${first}: begins with offset ${Number.parseInt(first, 10)}`])
  if (last !== undefined && last !== first)
    rows.push(['active', `${last}: begins with offset ${Number.parseInt(last, 10)}`])
  if (snapshots.length > 0) rows.push(['snapshots', `${snapshots.length}, the newest ${snapshots.sort().at(-1)}`])
  return { sizeBytes, rows }
}

function directoryContents(directory: string): Contents {
  const names = disk.list(directory).slice(0, MAX_ENTRIES)
  const partitions = names.filter((name) => /-\d+$/.test(name))
  const onTheWay = names.filter((name) => /-(delete|future|stray)$/.test(name))
  const sizeBytes = sumOf(directory, names)
  if (partitions.length + onTheWay.length === 0) {
    return { sizeBytes, rows: [['files', `${names.length}, ${plural(sizeBytes, 'byte')}`]] }
  }
  const rows: Row[] = [['replicas', String(partitions.length)]]
  if (onTheWay.length > 0) rows.push(['on their way', onTheWay.slice(0, MAX_LINES).join(', ')])
  if (names.includes('.kafka_cleanshutdown')) rows.push(['stopped', 'in order'])
  return { sizeBytes, rows }
}

function sumOf(directory: string, names: readonly string[]): number {
  let sum = 0
  for (const name of names) {
    try {
      const { size, isDirectory } = disk.stat(path.join(directory, name))
      if (!isDirectory) sum += size
    } catch {
      // Retention may have removed it meanwhile.
    }
  }
  return sum
}

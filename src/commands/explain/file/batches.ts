/** A segment or a snapshot of the metadata in a few rows: offsets, records, times, codecs, how it ends. */
import * as path from 'node:path'
import { nodeFileSystem as disk } from '../../../base/file-system.ts'
import { type BrokenTail, readBatches, readOffsetIndexEntries } from '../../../log/dump/index.ts'
import {
  compressionOf,
  isControlBatch,
  isTransactional,
  type RecordBatchHeader,
} from '../../../protocol/records/record-batch.ts'
import { timeOf } from './time-of.ts'

/** Beyond it only the beginning and the end are read. */
const MAX_BYTES = 64 * 1024 * 1024
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

class Tally {
  first: RecordBatchHeader | null = null
  last: RecordBatchHeader | null = null
  batches = 0
  records = 0
  control = 0
  transactional = 0
  damaged = 0
  maxTimestamp = -1
  readonly codecs = new Set<string>()
  readonly epochs = new Set<number>()

  add(header: RecordBatchHeader, valid: boolean): void {
    this.first ??= header
    this.last = header
    this.batches++
    this.records += header.recordCount
    if (!valid) this.damaged++
    if (isControlBatch(header.attributes)) this.control++
    else if (isTransactional(header.attributes)) this.transactional++
    this.maxTimestamp = Math.max(this.maxTimestamp, header.maxTimestamp)
    this.codecs.add(CODECS[compressionOf(header.attributes)] ?? 'unknown')
    this.epochs.add(header.partitionLeaderEpoch)
  }
}

/** Rows for a file of `size` bytes. */
export function batchRows(file: string, size: number): (readonly [string, string])[] {
  const tally = new Tally()
  let tail = walk(file, tally, 0)
  const isLarge = size > MAX_BYTES
  if (isLarge) tail = walkEnd(file, size, tally, tail?.position ?? size)
  const { first, last } = tally
  if (first === null || last === null) return [['batches', `none: ${tail?.reason ?? 'there is nothing in it'}`]]
  const rows: (readonly [string, string])[] = [
    ['offsets', `${first.baseOffset} to ${last.lastOffset}`],
    ['batches', `${tally.batches}${isLarge ? ' in what was read: the beginning and the end' : ''}`],
    [
      'records',
      `${tally.records}${tally.control === 0 ? '' : `, ${tally.control} control ${tally.control === 1 ? 'batch' : 'batches'} among them`}`,
    ],
    ['times', `${timeOf(first.baseTimestamp)} to ${timeOf(tally.maxTimestamp)}`],
    ['compression', [...tally.codecs].join(', ')],
    ['leader epochs', [...tally.epochs].join(', ')],
  ]
  if (tally.transactional > 0) rows.push(['transactional', batchCount(tally.transactional)])
  if (tally.damaged > 0) rows.push(['damaged', `${batchCount(tally.damaged)} whose checksum does not fit`])
  if (tail !== null) {
    rows.push([
      'end',
      `${tail.bytes} bytes from byte ${tail.position} on are no whole batch: ${tail.reason}; one is being written, or a crash tore it`,
    ])
  }
  return rows
}

const batchCount = (count: number): string => `${count} ${count === 1 ? 'batch' : 'batches'}`

function walk(file: string, tally: Tally, from: number): BrokenTail | null {
  const batches = readBatches(disk, file, { from, maxBytes: MAX_BYTES })
  for (let next = batches.next(); ; next = batches.next()) {
    if (next.done === true) return next.value
    tally.add(next.value.header, next.value.valid)
  }
}

/** From the last place that the index knows behind `walked`; where there is none near, the beginning has to do. */
function walkEnd(file: string, size: number, tally: Tally, walked: number): BrokenTail | null {
  const index = path.join(path.dirname(file), path.basename(file).replace(/\.log$/, '.index'))
  const known = disk.exists(index) ? (readOffsetIndexEntries(disk, index).at(-1)?.position ?? 0) : 0
  const from = Math.max(known, walked)
  return size - from > MAX_BYTES ? null : walk(file, tally, from)
}

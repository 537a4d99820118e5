/** What our options add to every record: partition, timestamp, headers, tombstones, keys of a template. */
import type { RecordHeader } from '../../protocol/records/record-header.ts'
import { type KeyPartitioner, partitionOfKey } from '../key-partition.ts'
import type { ParsedLine } from './line-reader.ts'

export interface ShapeOptions {
  readonly partition?: number | undefined
  readonly timestamp?: number | undefined
  /** Behind those of the line. */
  readonly headers: readonly RecordHeader[]
  /** Lines are keys of records to be deleted. */
  readonly tombstone: boolean
  /** Where keys go; left out: by murmur2, which the producer does itself. */
  readonly keyPartitioner?: KeyPartitioner | undefined
  /** The key of each record, where it is not in the line. */
  readonly nextKey?: (() => Buffer) | undefined
}

/** A record as it is sent; `partitionCount` is the topic's. */
export type Shape = (line: ParsedLine, partitionCount: number) => ParsedLine

/** null when nothing is added: lines can be handed on without looking at them. */
export function shapeOf(options: ShapeOptions): Shape | null {
  const { partition, timestamp, headers, tombstone, keyPartitioner, nextKey } = options
  const adds = [partition, timestamp, keyPartitioner, nextKey].some((each) => each !== undefined)
  if (!adds && headers.length === 0 && !tombstone) return null
  return (line, partitionCount) => {
    const key = nextKey?.() ?? line.key ?? (tombstone ? line.value : null)
    const byKey =
      keyPartitioner !== undefined && key !== null ? partitionOfKey(keyPartitioner, key, partitionCount) : undefined
    return {
      key,
      value: tombstone ? null : line.value,
      headers: headers.length === 0 ? line.headers : [...line.headers, ...headers],
      partition: partition ?? line.partition ?? byKey,
      timestamp: timestamp ?? line.timestamp,
    }
  }
}

/** Replicas on disk, after the cluster has been stopped: the same bytes everywhere, and who has a certain record. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { readOffsetCheckpoint } from '../../src/log/checkpoint-file.ts'
import { decodeRecords, loadCodecsFor } from '../../src/protocol/records/record.ts'
import { batchSizeAt, readBatchHeader } from '../../src/protocol/records/record-batch.ts'
import type { PartitionKey } from './ledger.ts'
import type { Violation } from './verify.ts'

const PARTITION_DIRECTORY = /^(?!__cluster_metadata).+-\d+$/

/** Data directory of each broker. */
export type DataDirectories = ReadonlyMap<number, string>

/** Every batch of a replica one after the other, wherever its segments begin. */
export function readReplica(directory: string): Buffer {
  const segments = fs.readdirSync(directory).filter((name) => name.endsWith('.log'))
  return Buffer.concat(segments.sort().map((name) => fs.readFileSync(path.join(directory, name))))
}

/** The bytes of batches that lie wholly below `offset`. */
function below(bytes: Buffer, offset: number): Buffer {
  let at = 0
  while (at < bytes.length && readBatchHeader(bytes, at).lastOffset < offset) at += batchSizeAt(bytes, at)
  return bytes.subarray(0, at)
}

/** Compares what lies below the lowest high watermark that the brokers left in their checkpoints. */
export function compareReplicas(directories: DataDirectories): { compared: number; violations: Violation[] } {
  const watermarks = new Map(
    [...directories].map(([id, directory]) => [
      id,
      readOffsetCheckpoint(nodeFileSystem, path.join(directory, 'replication-offset-checkpoint')),
    ]),
  )
  const violations: Violation[] = []
  const partitions = partitionsOf(directories)
  for (const [partition, brokers] of partitions) {
    const highWatermark = Math.min(...brokers.map((id) => watermarks.get(id)!.get(partition) ?? 0))
    const replicas = brokers.map((id) => below(readReplica(path.join(directories.get(id)!, partition)), highWatermark))
    for (const [index, bytes] of replicas.entries()) {
      if (bytes.equals(replicas[0]!)) continue
      const offset = firstDifference(replicas[0]!, bytes)
      const text = `${partition}: brokers ${brokers[0]} and ${brokers[index]} differ from offset ${offset} on, high watermark ${highWatermark}`
      violations.push({ kind: 'replicas-differ', text, partition, offset })
    }
  }
  return { compared: partitions.size, violations }
}

function partitionsOf(directories: DataDirectories): Map<PartitionKey, number[]> {
  const partitions = new Map<PartitionKey, number[]>()
  for (const [id, directory] of directories) {
    for (const name of fs.readdirSync(directory).filter((entry) => PARTITION_DIRECTORY.test(entry))) {
      partitions.set(name, [...(partitions.get(name) ?? []), id])
    }
  }
  return partitions
}

/** Base offset of the first batch that is not the same in both. */
function firstDifference(left: Buffer, right: Buffer): number {
  let at = 0
  while (at < left.length && at < right.length) {
    const size = batchSizeAt(left, at)
    if (!left.subarray(at, at + size).equals(right.subarray(at, at + size))) break
    at += size
  }
  const longer = left.length > right.length ? left : right
  return at < longer.length ? Number(longer.readBigInt64BE(at)) : -1
}

/** Where each broker's log has a record, for whoever looks into a failure: `broker 1: offset 7, epoch 3`. */
export async function whereIs(directories: DataDirectories, partition: PartitionKey, value: string): Promise<string[]> {
  const lines: string[] = []
  for (const [id, directory] of directories) {
    const folder = path.join(directory, partition)
    const found = fs.existsSync(folder) ? await findValue(readReplica(folder), value) : ['it has no such replica']
    lines.push(`broker ${id}: ${found.length === 0 ? 'not in its log' : found.join('; ')}`)
  }
  return lines
}

async function findValue(bytes: Buffer, value: string): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
    const batch = bytes.subarray(at, at + batchSizeAt(bytes, at))
    await loadCodecsFor(batch)
    const { partitionLeaderEpoch, producerId, producerEpoch, baseSequence } = readBatchHeader(batch)
    for (const record of decodeRecords(batch)) {
      if (record.value?.toString() !== value) continue
      const producer = `producer id ${producerId} epoch ${producerEpoch} base sequence ${baseSequence}`
      found.push(`offset ${record.offset}, leader epoch ${partitionLeaderEpoch}, ${producer}`)
    }
  }
  return found
}

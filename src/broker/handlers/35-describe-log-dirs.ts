/**
 * API key 35, DescribeLogDirs, versions 1-5.
 *
 * Behaviour:
 * - Size of each hosted log and how far it is behind; null topics are all.
 *
 * Version notes:
 * - v3: top-level error. v4: total and usable bytes of the volume (KIP-827). v5: cordoned directories, which there are none.
 */
import { statfsSync } from 'node:fs'
import { ErrorCode } from '../../protocol/error-codes.ts'
import {
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponseInput,
  describeLogDirs,
} from '../../protocol/messages/35-describe-log-dirs.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'
import type { Partition } from '../partition.ts'

type Result = NonNullable<DescribeLogDirsResponseInput['results']>[number]
type TopicResult = NonNullable<Result['topics']>[number]

function wanted(request: DescribeLogDirsRequest): (partition: Partition) => boolean {
  if (request.topics === null) return () => true
  const named = new Set(
    request.topics.flatMap(({ topic, partitions }) => partitions.map((index) => `${topic}-${index}`)),
  )
  return ({ topic, index }) => named.has(`${topic}-${index}`)
}

function topicsOf(partitions: Iterable<Partition>, isWanted: (partition: Partition) => boolean): TopicResult[] {
  const topics = new Map<string, NonNullable<TopicResult['partitions']>[number][]>()
  for (const partition of partitions) {
    if (!isWanted(partition)) continue
    const rows = topics.get(partition.topic) ?? []
    topics.set(partition.topic, rows)
    rows.push({
      partitionIndex: partition.index,
      partitionSize: BigInt(partition.log.size),
      offsetLag: BigInt(Math.max(0, partition.log.highWatermark - partition.log.logEndOffset)),
      isFutureKey: false,
    })
  }
  return [...topics].map(([name, rows]) => ({ name, partitions: rows }))
}

/** Bytes of the volume a directory lies on. */
function volumeOf(directory: string): { totalBytes: bigint; usableBytes: bigint } {
  const { blocks, bavail, bsize } = statfsSync(directory, { bigint: true })
  return { totalBytes: blocks * bsize, usableBytes: bavail * bsize }
}

export function describeLogDirsHandler(broker: BrokerServices): Handler<typeof describeLogDirs> {
  return defineHandler(describeLogDirs, { min: 1, max: 5 }, (request) => {
    const results = broker.logDirs.map((logDir) => {
      try {
        const topics = topicsOf(broker.replicaManager.partitions(), wanted(request))
        return { errorCode: ErrorCode.NONE, logDir, topics, ...volumeOf(logDir) }
      } catch (error) {
        broker.logger.warn(`Unable to describe replica dirs for ${logDir}`, error)
        return { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, logDir }
      }
    })
    return { response: { errorCode: ErrorCode.NONE, results } }
  })
}

/** What the script prints of log directories, and our documents: pure functions. */
import type { Structure } from '../../cli/format.ts'
import type { LogDirDescription, LogDirReplica } from '../../client/admin-types.ts'
import { errorInfo } from '../../protocol/error-codes.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import { hashMapOrderBy, javaHashCode } from '../java-text.ts'

export interface BrokerLogDirs {
  readonly broker: number
  readonly directories: readonly LogDirDescription[]
}

/** One line of JSON, with Java's order of keys, directories and partitions. */
export function logDirsJson(brokers: readonly BrokerLogDirs[]): string {
  return JSON.stringify({
    brokers: brokers.map(({ broker, directories }) => ({
      broker,
      // The client's map has room for as many directories as there are, and grows once.
      logDirs: hashMapOrderBy(directories, ({ path }) => javaHashCode(path), directories.length).map(directoryJson),
    })),
    version: 1,
  })
}

function directoryJson({ path, error, replicas }: LogDirDescription) {
  const exception = error === null ? null : (errorInfo(error.code).exception ?? error.name)
  return {
    partitions: partitionsInHashOrder(replicas).map(replicaJson),
    error: exception === null ? null : `org.apache.kafka.common.errors.${exception}`,
    logDir: path,
  }
}

function replicaJson({ topic, partition, sizeBytes, offsetLag, isFuture }: LogDirReplica) {
  return { partition: `${topic}-${partition}`, size: sizeBytes, offsetLag, isFuture }
}

/** Replicas by name and number. */
export function sortedReplicas(replicas: readonly LogDirReplica[]): LogDirReplica[] {
  return [...replicas].sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
}

/** `LogDirList`'s `brokers`. */
export function logDirsFields(brokers: readonly BrokerLogDirs[]): Structure[] {
  // Before version 4 of the request nobody tells how large a directory is.
  const known = (bytes: number): number | null => (bytes < 0 ? null : bytes)
  return brokers.map(({ broker, directories }) => ({
    broker,
    logDirs: directories.map(({ path, error, totalBytes, usableBytes, replicas }) => ({
      path,
      error: error?.name ?? null,
      totalBytes: known(totalBytes),
      usableBytes: known(usableBytes),
      replicas: sortedReplicas(replicas).map(({ topic, partition, sizeBytes, offsetLag, isFuture }) => ({
        topic,
        partition,
        sizeBytes,
        offsetLag,
        isFuture,
      })),
    })),
  }))
}

/** A cluster of several processes for a test that breaks it: `await using cluster = await runningCluster({ brokers: 3 })`. */
import { ProcessCluster, type ProcessClusterOptions } from '../storm/process-cluster.ts'

export type RunningCluster = ProcessCluster

/** Resolves when every node is in service, on free ports and in a home of its own. */
export function runningCluster(options: ProcessClusterOptions = {}): Promise<RunningCluster> {
  return ProcessCluster.start(options)
}

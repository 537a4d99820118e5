/** The package's public face: a Kafka cluster inside a Node process. */
export { KtError } from './base/errors.ts'
export { startCluster } from './cluster/start-cluster.ts'
export type { ClusterNode, LocalCluster, StartClusterOptions } from './cluster/types.ts'

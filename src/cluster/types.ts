/** The public face of the bundled cluster, exported from the package: `import { startCluster } from 'kafka-toolkit'`. */

export interface StartClusterOptions {
  /** Brokers to start. One combined node today. */
  readonly brokers?: number
  /** Port of the first broker; 0, the default, takes free ones. */
  readonly port?: number
  /** Address to listen on; loopback unless told otherwise. */
  readonly host?: string
  /** Where data is kept. Left out: a temporary directory that `close()` removes. */
  readonly dataDirectory?: string
  /** Kafka's broker properties, for example `{ 'auto.create.topics.enable': 'false' }`. */
  readonly config?: Readonly<Record<string, string>>
  /** Lines of the node's log; silent when left out. */
  readonly log?: (line: string) => void
}

/** A running cluster inside this process. `await using cluster = await startCluster()` closes it at the end of the block. */
export interface LocalCluster extends AsyncDisposable {
  /** `127.0.0.1:49153`, to hand to any Kafka client. */
  readonly bootstrapServers: string
  readonly clusterId: string
  readonly dataDirectory: string
  /** Stops every node as a controlled shutdown does; removes the temporary directory if there is one. */
  close(): Promise<void>
}

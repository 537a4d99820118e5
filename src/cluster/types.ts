/** The public face of the bundled cluster, exported from the package: `import { startCluster } from 'kafka-toolkit'`. */

export interface StartClusterOptions {
  /** Brokers to start, with ids 1 and up; 1 when left out. */
  readonly brokers?: number
  /**
   * Controllers to start: 1 (the default), 3 or 5. One broker with one controller is one combined node; otherwise
   * controllers are nodes of their own, with ids 100 and up.
   */
  readonly controllers?: number
  /** Port of the first broker, the others follow; 0, the default, takes free ones. */
  readonly port?: number
  /** Address to listen on; loopback unless told otherwise. */
  readonly host?: string
  /** Where data is kept. Left out: a temporary directory that `close()` removes. */
  readonly dataDirectory?: string
  /** Kafka's broker properties, for example `{ 'auto.create.topics.enable': 'false' }`; every node gets them. */
  readonly config?: Readonly<Record<string, string>>
  /** Lines of the nodes' logs; silent when left out. */
  readonly log?: (line: string) => void
}

/** One node of a cluster in this process. */
export interface ClusterNode {
  readonly nodeId: number
  readonly roles: 'broker' | 'controller' | 'broker,controller'
  /** `127.0.0.1:49153` for clients; null for a mere controller. */
  readonly address: string | null
  /** Where the other nodes find its controller; null for a mere broker. */
  readonly controllerAddress: string | null
  readonly dataDirectory: string
  readonly running: boolean
}

/** A running cluster inside this process. `await using cluster = await startCluster()` closes it at the end of the block. */
export interface LocalCluster extends AsyncDisposable {
  /** `127.0.0.1:49153`, to hand to any Kafka client; every broker of the cluster, whether it runs or not. */
  readonly bootstrapServers: string
  readonly clusterId: string
  readonly dataDirectory: string
  readonly nodes: readonly ClusterNode[]
  /** Controlled shutdown of one node: its leaderships move first. */
  stop(nodeId: number): Promise<void>
  /**
   * What a crash of the process is to the others: connections end, nobody is told. On disk it leaves what had been
   * written; only a process of its own (`kt cluster kill`) also loses what was still in memory.
   */
  kill(nodeId: number): Promise<void>
  /** Starts a node again on its data and its ports; resolves when it is in service. A running one is stopped first. */
  restart(nodeId: number): Promise<void>
  /** Stops every node as a controlled shutdown does; removes the temporary directory if there is one. */
  close(): Promise<void>
}

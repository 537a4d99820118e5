import type { Uuid } from '../base/uuid.ts'
import type {
  BrokerRegistration,
  Endpoint,
  MetadataImage,
  PartitionRegistration,
  TopicImage,
} from '../metadata/types.ts'
import type { ReplicaBrokers } from './leader-state.ts'

export interface BrokerNode {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The newest image this broker has replayed, and the questions its handlers ask of it. */
export class MetadataCache implements ReplicaBrokers {
  private current: MetadataImage

  constructor(image: MetadataImage) {
    this.current = image
  }

  get image(): MetadataImage {
    return this.current
  }

  set(image: MetadataImage): void {
    this.current = image
  }

  topic(name: string): TopicImage | undefined {
    return this.current.topicsByName.get(name)
  }

  topicById(id: Uuid): TopicImage | undefined {
    return this.current.topicsById.get(id)
  }

  partition(topic: string, index: number): PartitionRegistration | undefined {
    return this.current.topicsByName.get(topic)?.partitions.get(index)
  }

  /** A broker's endpoint on a listener while it is not fenced. */
  aliveEndpoint(brokerId: number, listenerName: string): Endpoint | null {
    const broker = this.current.brokers.get(brokerId)
    if (broker === undefined || broker.fenced) return null
    return endpointOf(broker, listenerName)
  }

  aliveNode(brokerId: number, listenerName: string): BrokerNode | null {
    const endpoint = this.aliveEndpoint(brokerId, listenerName)
    if (endpoint === null) return null
    return { id: brokerId, host: endpoint.host, port: endpoint.port, rack: this.current.brokers.get(brokerId)!.rack }
  }

  aliveNodes(listenerName: string): BrokerNode[] {
    const nodes: BrokerNode[] = []
    for (const id of this.current.brokers.keys()) {
      const node = this.aliveNode(id, listenerName)
      if (node !== null) nodes.push(node)
    }
    return nodes
  }

  /** Epoch of a broker's registration; null while it is unknown or fenced. */
  aliveEpoch(brokerId: number): number | null {
    const broker = this.current.brokers.get(brokerId)
    return broker === undefined || broker.fenced ? null : broker.epoch
  }

  isShuttingDown(brokerId: number): boolean {
    return this.current.brokers.get(brokerId)?.inControlledShutdown === true
  }

  /** Where a broker listens, fenced or not. */
  endpoint(brokerId: number, listenerName: string): Endpoint | null {
    const broker = this.current.brokers.get(brokerId)
    return broker === undefined ? null : endpointOf(broker, listenerName)
  }

  /** KRaft tells clients of some live broker as "the controller": it forwards what only the controller may do. */
  anyAliveBrokerId(preferred: number): number {
    if (this.current.brokers.get(preferred)?.fenced === false) return preferred
    for (const [id, broker] of this.current.brokers) if (!broker.fenced) return id
    return -1
  }

  /** Replicas whose broker is gone, fenced or not on this listener. */
  offlineReplicas(partition: PartitionRegistration, listenerName: string): number[] {
    return partition.replicas.filter((id) => this.aliveEndpoint(id, listenerName) === null)
  }
}

export function endpointOf(broker: BrokerRegistration, listenerName: string): Endpoint | null {
  return broker.endpoints.find((endpoint) => endpoint.name === listenerName) ?? null
}

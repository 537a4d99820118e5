import type { MetadataCache } from './metadata-cache.ts'

/** Leaders named in a response, and where they listen (KIP-951): saves the client a Metadata round trip. */
export class NodeEndpoints {
  private readonly metadata: MetadataCache
  private readonly listenerName: string
  private readonly nodes = new Map<number, { nodeId: number; host: string; port: number; rack: string | null }>()

  constructor(metadata: MetadataCache, listenerName: string) {
    this.metadata = metadata
    this.listenerName = listenerName
  }

  leaderOf(topic: string, index: number): { leaderId: number; leaderEpoch: number } {
    const partition = this.metadata.partition(topic, index)
    if (partition === undefined) return { leaderId: -1, leaderEpoch: -1 }
    const node = this.metadata.aliveNode(partition.leader, this.listenerName)
    if (node !== null) this.nodes.set(node.id, { nodeId: node.id, host: node.host, port: node.port, rack: node.rack })
    return { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch }
  }

  list(): { nodeId: number; host: string; port: number; rack: string | null }[] {
    return [...this.nodes.values()]
  }
}

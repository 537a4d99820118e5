/**
 * The named invariants, checked as things happen: on every append to a log, every answer that leaves a node, every new
 * image, every record read. Each costs little, so nothing is sampled.
 */
import type { MetadataImage } from '../../../src/metadata/types.ts'
import type { NetworkObserver } from '../engine/sim-network.ts'
import type { SimProcess } from '../engine/sim-process.ts'
import { Copies } from '../world/copies.ts'
import type { LoggedBatch, LogListener } from '../world/log-model.ts'
import { NodeLogs } from '../world/log-model.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { World } from '../world/world.ts'
import { AcknowledgedKept } from './acknowledged-kept.ts'
import { HighWatermark } from './high-watermark.ts'
import { ImageRules } from './image-rules.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import { LogMatching } from './log-matching.ts'
import { ProduceAnswers } from './produce-answers.ts'
import { QuorumSafety } from './quorum-safety.ts'

/** What an invariant may look at. */
export interface Observed {
  readonly world: World
  readonly nodes: readonly SimNode[]
  logs(nodeId: number): NodeLogs
  /** The newest image that any node has published: what the cluster has agreed upon, as far as anybody knows. */
  readonly newestImage: MetadataImage | null
  /** What the node knew before the event at hand; null: nothing. */
  imageBefore(node: SimNode): MetadataImage | null
  /** True while the node has lost unsynced bytes in a power failure and is still counted as in sync. */
  hasLostBytes(nodeId: number, partition: string): boolean
  /** As `hasLostBytes`, and until the node is in the ISR again. */
  mayHaveLostBytes(nodeId: number, partition: string): boolean
}

export interface Invariant {
  onAppend?(nodeId: number, partition: string, batch: LoggedBatch, previous: LoggedBatch | null, bytes: Buffer): void
  onRequest?(node: SimNode | null, frame: Buffer): void
  onResponse?(node: SimNode, request: Buffer, response: Buffer): void
  onImage?(node: SimNode, image: MetadataImage): void
  onNewestImage?(image: MetadataImage): void
  /** The node has started and serves. */
  onService?(node: SimNode): void
}

export class Invariants implements Observed, LogListener, NetworkObserver {
  readonly world: World
  readonly nodes: readonly SimNode[]
  newestImage: MetadataImage | null = null
  private readonly byId = new Map<number, NodeLogs>()
  private readonly byProcess = new Map<SimProcess, SimNode>()
  private readonly seenImages = new Map<SimNode, MetadataImage>()
  private readonly all: readonly Invariant[]
  readonly acknowledged: AcknowledgedKept
  readonly copies: Copies

  constructor(world: World, nodes: readonly SimNode[], harsh: boolean) {
    this.world = world
    this.copies = new Copies(harsh)
    this.nodes = nodes
    for (const node of nodes) {
      const logs = new NodeLogs(node.id, node.disk, this)
      node.disk.watcher = logs
      node.onStart = () => this.copies.started(node)
      node.onService = () => {
        for (const each of this.all) each.onService?.(node)
      }
      node.onUncleanEnd = (bytesLost) => this.copies.ended(node, bytesLost)
      this.byId.set(node.id, logs)
    }
    this.acknowledged = new AcknowledgedKept(this)
    this.all = [
      new LogMatching(this),
      new QuorumSafety(this),
      this.acknowledged,
      new ProduceAnswers(this, this.acknowledged),
      new HighWatermark(this),
      new LeaderEpochs(this),
      new ImageRules(this),
    ]
    world.observe(this)
  }

  logs(nodeId: number): NodeLogs {
    return this.byId.get(nodeId)!
  }

  imageBefore(node: SimNode): MetadataImage | null {
    return this.seenImages.get(node) ?? null
  }

  hasLostBytes(nodeId: number, partition: string): boolean {
    return this.copies.hasLostBytes(nodeId, partition)
  }

  mayHaveLostBytes(nodeId: number, partition: string): boolean {
    return this.copies.mayHaveLostBytes(nodeId, partition)
  }

  onAppend(nodeId: number, partition: string, batch: LoggedBatch, previous: LoggedBatch | null, bytes: Buffer): void {
    for (const each of this.all) each.onAppend?.(nodeId, partition, batch, previous, bytes)
  }

  onRequest(from: SimProcess, _fromHost: string, _toHost: string, _clientId: string, frame: Buffer): void {
    const node = this.nodeOf(from)
    for (const each of this.all) each.onRequest?.(node, frame)
  }

  onResponse(from: SimProcess, _fromHost: string, _toHost: string, request: Buffer, response: Buffer): void {
    const node = this.nodeOf(from)
    if (node !== null) for (const each of this.all) each.onResponse?.(node, request, response)
  }

  private nodeOf(process: SimProcess): SimNode | null {
    let node = this.byProcess.get(process)
    if (node === undefined) {
      node = this.nodes.find((each) => each.process === process)
      if (node !== undefined) this.byProcess.set(process, node)
    }
    return node ?? null
  }

  /** After every event: only the node whose event it was can have a new image. */
  afterStep(): void {
    const { current } = this.world.scheduler
    if (current === null) return
    const node = this.nodeOf(current)
    const image = node?.node?.image
    if (node === null || image === undefined || this.seenImages.get(node) === image) return
    this.seenImages.set(node, image)
    for (const each of this.all) each.onImage?.(node, image)
    if (this.newestImage !== null && image.offset <= this.newestImage.offset) return
    this.newestImage = image
    this.copies.onNewestImage(image)
    for (const each of this.all) each.onNewestImage?.(image)
  }
}

/** All partitions of an image, with the names their directories have. */
export function partitionsOf(image: MetadataImage) {
  return [...image.topicsByName.values()].flatMap((topic) =>
    [...topic.partitions].map(([index, registration]) => ({
      name: `${topic.name}-${index}`,
      topic: topic.name,
      topicId: topic.id,
      index,
      registration,
    })),
  )
}

import type { NodeConfig } from '../metadata/config/index.ts'
import { configOf } from '../metadata/image.ts'
import {
  CONFIG_RESOURCE,
  configKey,
  type MetadataDelta,
  type MetadataImage,
  type MetadataPublisher,
} from '../metadata/types.ts'

/** What the metadata says of this node's configuration, broker or controller (KIP-226, KIP-919). True when it was news. */
export function updateDynamicConfig(
  nodeConfig: NodeConfig,
  delta: MetadataDelta,
  image: MetadataImage,
  initial: boolean,
): boolean {
  const defaults = { type: CONFIG_RESOURCE.BROKER, name: '' }
  const own = { type: CONFIG_RESOURCE.BROKER, name: String(nodeConfig.nodeId) }
  const concerned = delta.changedConfigs.has(configKey(defaults)) || delta.changedConfigs.has(configKey(own))
  if (!concerned && !initial) return false
  nodeConfig.updateDynamic(configOf(image, defaults), configOf(image, own))
  return true
}

/** A controller's part of it; a broker's own publisher does this among other things. */
export class DynamicConfigPublisher implements MetadataPublisher {
  readonly name = 'DynamicConfigPublisher'
  private readonly nodeConfig: NodeConfig
  private isFirst = true

  constructor(nodeConfig: NodeConfig) {
    this.nodeConfig = nodeConfig
  }

  onMetadataUpdate(delta: MetadataDelta, image: MetadataImage): void {
    updateDynamicConfig(this.nodeConfig, delta, image, this.isFirst)
    this.isFirst = false
  }
}

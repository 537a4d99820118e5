/** A view for operations as pure functions, and a way to carry their records out. */
import { seededRandom } from '../../src/base/random.ts'
import { BrokerSessions } from '../../src/controller/broker-sessions.ts'
import { PartitionIndex } from '../../src/controller/partition-index.ts'
import type { ControllerView } from '../../src/controller/view.ts'
import { NodeConfig } from '../../src/metadata/config/node-config.ts'
import type { MetadataImage } from '../../src/metadata/types.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { type BrokerOptions, brokerRecord, feature, imageOf, replay } from '../metadata/support.ts'

export const CLUSTER_ID = 'kkkkkkkkQkCkkkkkkkkkkw'
export const SESSION_TIMEOUT_MS = 9_000

export interface TestView extends ControllerView {
  image: MetadataImage
  partitions: PartitionIndex
  voterIds: readonly number[]
  nowMs: number
}

export interface ViewOptions {
  readonly brokers?: Readonly<Record<number, BrokerOptions>>
  readonly config?: Readonly<Record<string, string>>
  readonly elr?: boolean
  readonly records?: readonly MetadataRecordInput[]
}

/** Brokers 1..n in service with open sessions, the features of a new cluster. */
export function viewOf(options: ViewOptions = {}): TestView {
  const { brokers = { 1: {} }, config = {}, elr = true, records = [] } = options
  const registrations = Object.entries(brokers).map(([id, broker]) => brokerRecord(Number(id), broker))
  const features = [feature('metadata.version', 30), ...(elr ? [feature('eligible.leader.replicas.version', 1)] : [])]
  const image = imageOf(...features, ...registrations, ...records)
  const view: TestView = {
    image,
    partitions: new PartitionIndex(image),
    config: new NodeConfig({ 'node.id': '1', ...config }),
    random: seededRandom(7),
    sessions: new BrokerSessions(SESSION_TIMEOUT_MS, () => view.nowMs),
    clusterId: CLUSTER_ID,
    nextWriteOffset: 100,
    kraftVersion: 1,
    voterIds: [1],
    nowMs: 0,
  }
  for (const broker of view.image.brokers.values()) {
    view.sessions.register(broker.id, broker.fenced)
    if (!broker.fenced) view.sessions.contact(broker.id, broker.epoch)
  }
  return view
}

/** Replays what an operation computed, as the runtime would. */
export function carryOut(view: TestView, records: readonly MetadataRecordInput[]): void {
  const { image, delta } = replay(view.image, records)
  view.image = image
  view.partitions.update(image, delta)
}

/** `record` and the fields of its body that matter, for comparing. */
export function brief(records: readonly MetadataRecordInput[]): string[] {
  return records.map(({ record, body }) => {
    const { topicId: _, directories: __, ...rest } = body as Record<string, unknown>
    return `${record.replace(/Record$/, '')} ${JSON.stringify(rest, (___, value) => (typeof value === 'bigint' ? Number(value) : value))}`
  })
}

/** A view for operations as pure functions, and a way to carry their records out. */
import { seededRandom } from '../../src/base/random.ts'
import { alterPartition } from '../../src/controller/alter-partition.ts'
import { BrokerSessions } from '../../src/controller/broker-sessions.ts'
import { PartitionIndex } from '../../src/controller/partition-index.ts'
import type { ControllerView } from '../../src/controller/view.ts'
import { NodeConfig } from '../../src/metadata/config/node-config.ts'
import type { MetadataImage, PartitionRegistration } from '../../src/metadata/types.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import type { AlterPartitionRequest } from '../../src/protocol/messages/56-alter-partition.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import {
  type BrokerOptions,
  brokerRecord,
  feature,
  imageOf,
  replay,
  topicRecords,
  uuidOf,
} from '../metadata/support.ts'

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

/** Three replicas of partition 0 of topic `t` on brokers 1 to 3 of five, unless told otherwise. */
export function viewWithTopic(
  replicas: readonly (readonly number[])[] = [[1, 2, 3]],
  options: ViewOptions = {},
): TestView {
  const { records = [], ...rest } = options
  const brokers = { 1: {}, 2: {}, 3: {}, 4: {}, 5: {} }
  return viewOf({ brokers, ...rest, records: [...topicRecords('t', TOPIC_ID, replicas), ...records] })
}

export const TOPIC_ID = uuidOf(1)

export function partitionIn(view: TestView, index = 0): PartitionRegistration {
  return view.image.topicsById.get(TOPIC_ID)!.partitions.get(index)!
}

/** A change of a partition of topic `t` as it may come from a log. */
export function changed(
  body: Omit<Extract<MetadataRecordInput, { record: 'partitionChangeRecord' }>['body'], 'topicId'>,
): MetadataRecordInput {
  const directories = body.replicas?.map((id) => uuidOf(900 + id))
  const moved = directories === undefined ? {} : { directories }
  return { record: 'partitionChangeRecord', body: { topicId: TOPIC_ID, partitionId: 0, ...moved, ...body } }
}

export interface IsrChange {
  readonly broker?: number
  readonly leaderEpoch?: number
  readonly partitionEpoch?: number
  readonly recovery?: number
  /** Epochs of the brokers in the ISR where they differ from those registered. */
  readonly epochs?: Readonly<Record<number, number>>
  readonly version?: number
  readonly index?: number
}

/** What the leader asks for when it sees this ISR. */
export function isrRequest(view: TestView, isr: readonly number[], change: IsrChange = {}): AlterPartitionRequest {
  const { index = 0, epochs = {}, version = 3 } = change
  const partition = partitionIn(view, index)
  const brokerId = change.broker ?? partition.leader
  const epochOf = (id: number): bigint => BigInt(epochs[id] ?? view.image.brokers.get(id)?.epoch ?? -1)
  const data = {
    partitionIndex: index,
    leaderEpoch: change.leaderEpoch ?? partition.leaderEpoch,
    newIsr: version < 3 ? [...isr] : [],
    newIsrWithEpochs: version < 3 ? [] : isr.map((id) => ({ brokerId: id, brokerEpoch: epochOf(id) })),
    leaderRecoveryState: change.recovery ?? 0,
    partitionEpoch: change.partitionEpoch ?? partition.partitionEpoch,
  }
  const brokerEpoch = BigInt(view.image.brokers.get(brokerId)?.epoch ?? -1)
  return { brokerId, brokerEpoch, topics: [{ topicId: TOPIC_ID, partitions: [data] }] }
}

/** Sends it, carries the records out, and gives the partition's answer with its error by name. */
export function alterIsr(view: TestView, isr: readonly number[], change: IsrChange = {}) {
  const { records, response } = alterPartition(view, change.version ?? 3, isrRequest(view, isr, change))
  carryOut(view, records)
  const answer = response.topics![0]!.partitions![0]!
  return { ...answer, error: errorName(answer.errorCode!), records }
}

/** A quorum controller over a log in memory whose commits and leadership the test decides. */
import { silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { type ControllerRaft, QuorumController } from '../../src/controller/quorum-controller.ts'
import { NodeConfig } from '../../src/metadata/config/node-config.ts'
import { MetadataLoader } from '../../src/metadata/loader.ts'
import { decodeMetadataRecord } from '../../src/metadata/record-serde.ts'
import type { MetadataImage } from '../../src/metadata/types.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { brokerRegistration } from '../../src/protocol/messages/62-broker-registration.ts'
import { type BrokerHeartbeatRequest, brokerHeartbeat } from '../../src/protocol/messages/63-broker-heartbeat.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import type { Api, RequestOf, ResponseInput } from '../../src/protocol/schema.ts'
import type { CommittedBatch } from '../../src/raft/types.ts'
import { FEATURE_RANGES, feature, uuidOf } from '../metadata/support.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { CLUSTER_ID } from './support.ts'

interface Append {
  readonly batch: CommittedBatch
  resolve(): void
  reject(error: Error): void
}

/** Commits at once unless `holds`; what is held back is committed or lost on demand. */
export class FakeRaft implements ControllerRaft {
  readonly localId: number
  readonly voters: Map<number, unknown>
  readonly committed: CommittedBatch[] = []
  kraftVersion = 1
  logEndOffset = 0
  epoch = 0
  holds = false
  refuses = false
  loader: MetadataLoader | null = null
  upgradeKraftVersion: ControllerRaft['upgradeKraftVersion'] = () => undefined
  private readonly pending: Append[] = []

  constructor(localId: number, voterIds: readonly number[]) {
    this.localId = localId
    this.voters = new Map(voterIds.map((id) => [id, null]))
  }

  append(values: readonly Buffer[]) {
    if (this.refuses) throw new KafkaError('NOT_CONTROLLER')
    const baseOffset = this.logEndOffset
    const lastOffset = baseOffset + values.length - 1
    this.logEndOffset = lastOffset + 1
    const sizeInBytes = values.reduce((sum, value) => sum + value.length, 0)
    const batch = { baseOffset, lastOffset, epoch: this.epoch, appendTimestamp: 0, sizeInBytes, values, control: [] }
    const committed = new Promise<void>((resolve, reject) => this.pending.push({ batch, resolve, reject }))
    if (!this.holds) queueMicrotask(() => this.commit())
    return { firstOffset: baseOffset, lastOffset, committed }
  }

  /** Everything appended so far reaches a majority. */
  commit(): void {
    for (const { batch, resolve } of this.pending.splice(0)) {
      this.committed.push(batch)
      this.loader?.onCommit([batch])
      resolve()
    }
  }

  /** What is not committed is gone. */
  lose(): void {
    for (const { reject } of this.pending.splice(0)) reject(new KafkaError('NOT_CONTROLLER'))
    this.logEndOffset = (this.committed.at(-1)?.lastOffset ?? -1) + 1
  }
}

export interface HarnessOptions {
  readonly config?: Readonly<Record<string, string>>
  readonly voters?: readonly number[]
  readonly colocatedBrokerId?: number
  readonly bootstrap?: readonly MetadataRecordInput[]
  /** What an earlier leader committed. */
  readonly committed?: readonly CommittedBatch[]
  readonly clock?: ManualClock
}

export interface Harness {
  readonly controller: QuorumController
  readonly raft: FakeRaft
  readonly clock: ManualClock
  readonly image: MetadataImage
  /** Kinds of all committed records, in order. */
  kinds(): string[]
  send<A extends Api>(api: A, version: number, request: RequestOf<A>): Promise<ResponseInput<A>>
  lead(): void
  loseLeadership(): void
}

const DEFAULT_BOOTSTRAP = [feature('metadata.version', 30), feature('eligible.leader.replicas.version', 1)]

/** Controller 9 of a cluster, leading; brokers are other nodes unless told otherwise. */
export function startController(options: HarnessOptions = {}): Harness {
  const { config = {}, voters = [9], colocatedBrokerId = null, bootstrap = DEFAULT_BOOTSTRAP, committed = [] } = options
  const clock = options.clock ?? new ManualClock()
  const raft = new FakeRaft(9, voters)
  const loader = new MetadataLoader(silentLogger)
  raft.loader = loader
  for (const batch of committed) {
    loader.onCommit([batch])
    raft.committed.push(batch)
    raft.logEndOffset = batch.lastOffset + 1
  }
  const controller = new QuorumController({
    clusterId: CLUSTER_ID,
    config: new NodeConfig({ 'node.id': '9', 'metadata.max.idle.interval.ms': '0', ...config }),
    clock,
    random: seededRandom(3),
    logger: silentLogger,
    raft,
    loader,
    bootstrapRecords: bootstrap,
    registration: null,
    colocatedBrokerId,
  })
  const deadlineMs = Number.POSITIVE_INFINITY
  const harness: Harness = {
    controller,
    raft,
    clock,
    get image() {
      return loader.image
    },
    kinds: () => raft.committed.flatMap(({ values }) => values.map((value) => decodeMetadataRecord(value).record)),
    send: (api, version, request) =>
      controller.send(api, version, request, { principal: 'User:ANONYMOUS', clientId: null, deadlineMs }),
    lead() {
      raft.epoch++
      controller.onLeaderChange({ leaderId: raft.localId, epoch: raft.epoch })
    },
    loseLeadership() {
      raft.lose()
      controller.onLeaderChange({ leaderId: null, epoch: ++raft.epoch })
    },
  }
  harness.lead()
  return harness
}

export function registrationRequest(brokerId: number, extra: Partial<RequestOf<typeof brokerRegistration>> = {}) {
  return {
    brokerId,
    clusterId: CLUSTER_ID,
    incarnationId: uuidOf(500 + brokerId),
    listeners: [{ name: 'PLAINTEXT', host: 'h', port: 9092, securityProtocol: 0 }],
    features: FEATURE_RANGES,
    rack: null,
    isMigratingZkBroker: false,
    logDirs: [uuidOf(900 + brokerId)],
    previousBrokerEpoch: -1n,
    ...extra,
  }
}

/** Answers the broker epoch. */
export async function register(harness: Harness, brokerId: number, incarnation = 500 + brokerId): Promise<bigint> {
  const request = registrationRequest(brokerId, { incarnationId: uuidOf(incarnation) })
  const response = await harness.send(brokerRegistration, 4, request)
  if (response.errorCode !== 0) throw new Error(`registration of ${brokerId}: ${response.errorCode}`)
  return response.brokerEpoch!
}

export function beat(
  harness: Harness,
  brokerId: number,
  brokerEpoch: bigint,
  extra: Partial<BrokerHeartbeatRequest> = {},
) {
  return harness.send(brokerHeartbeat, 2, {
    brokerId,
    brokerEpoch,
    currentMetadataOffset: BigInt(harness.image.offset),
    wantFence: false,
    wantShutDown: false,
    offlineLogDirs: [],
    cordonedLogDirs: null,
    ...extra,
  })
}

/** Registers these brokers and puts them in service; answers their epochs. */
export async function serve(harness: Harness, ...brokerIds: readonly number[]): Promise<Map<number, bigint>> {
  const epochs = new Map<number, bigint>()
  for (const id of brokerIds) epochs.set(id, await register(harness, id))
  await settled()
  for (const [id, epoch] of epochs) {
    const { isFenced } = await beat(harness, id, epoch)
    if (isFenced) throw new Error(`broker ${id} is still fenced`)
  }
  return epochs
}

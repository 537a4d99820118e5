/**
 * Brokers and controllers of the cluster: registration (KIP-631, KIP-858), heartbeats, fencing, unregistration (KIP-500),
 * controller registration (KIP-919).
 *
 * The functions compute records and answers. What they change in `BrokerSessions` is soft state that holds for this
 * active controller only, as in Kafka's BrokerHeartbeatManager.
 */
import type { BrokerRegistration } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponseInput,
} from '../protocol/messages/62-broker-registration.ts'
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseInput } from '../protocol/messages/63-broker-heartbeat.ts'
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponseInput,
} from '../protocol/messages/64-unregister-broker.ts'
import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponseInput,
} from '../protocol/messages/70-controller-registration.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { directoryRecords } from './directory-control.ts'
import {
  brokerFenced,
  brokerShuttingDown,
  brokerUnfenced,
  brokerUnregistered,
  incarnationReplaced,
} from './replication-control.ts'
import type { ControllerResult } from './types.ts'
import { bounded, type ControllerView, checkBrokerEpoch, isReservedDirectory } from './view.ts'

const METADATA_VERSION = 'metadata.version'
const KRAFT_VERSION = 'kraft.version'
/** First request version that tells the previous epoch, by which a clean shutdown is recognised (KIP-966). */
const FIRST_VERSION_WITH_PREVIOUS_EPOCH = 3
/** Differs from every epoch, and from -1, which a broker sends that does not know. */
const NO_STORED_EPOCH = -2

/** Throws `KafkaError`: INCONSISTENT_CLUSTER_ID, DUPLICATE_BROKER_REGISTRATION, INVALID_REGISTRATION, UNSUPPORTED_VERSION. */
export function registerBroker(
  view: ControllerView,
  version: number,
  request: BrokerRegistrationRequest,
): ControllerResult<BrokerRegistrationResponseInput> {
  const { brokerId } = request
  const existing = view.image.brokers.get(brokerId)
  checkRegistration(view, request, existing)
  const isNew = existing?.incarnationId !== request.incarnationId
  const records: MetadataRecordInput[] = []
  if (isNew) {
    const knowsEpoch = version >= FIRST_VERSION_WITH_PREVIOUS_EPOCH
    const clean = knowsEpoch && Number(request.previousBrokerEpoch) === (existing?.epoch ?? NO_STORED_EPOCH)
    records.push(...incarnationReplaced(view, brokerId, clean))
  }
  const epoch = isNew ? view.nextWriteOffset : existing!.epoch
  const fenced = isNew ? true : existing!.fenced
  records.push({
    record: 'registerBrokerRecord',
    body: {
      brokerId,
      incarnationId: request.incarnationId,
      brokerEpoch: BigInt(epoch),
      endPoints: request.listeners,
      features: request.features,
      rack: request.rack,
      fenced,
      inControlledShutdown: isNew ? false : existing!.inControlledShutdown,
      logDirs: request.logDirs,
    },
  })
  if (isNew) view.sessions.remove(brokerId)
  view.sessions.register(brokerId, fenced)
  return { records, response: { errorCode: 0, brokerEpoch: BigInt(epoch) } }
}

function checkRegistration(
  view: ControllerView,
  request: BrokerRegistrationRequest,
  existing: BrokerRegistration | undefined,
): void {
  if (request.clusterId !== view.clusterId) {
    const message = `Expected cluster ID ${view.clusterId}, but got cluster ID ${request.clusterId}`
    throw new KafkaError('INCONSISTENT_CLUSTER_ID', message)
  }
  const alive = existing !== undefined && view.sessions.hasValidSession(request.brokerId, existing.epoch)
  if (alive && existing.incarnationId !== request.incarnationId) {
    throw new KafkaError(
      'DUPLICATE_BROKER_REGISTRATION',
      "Another broker is registered with that broker id. If the broker was recently restarted this should self-resolve once the heartbeat manager expires the broker's session.",
    )
  }
  if (request.isMigratingZkBroker) {
    throw new KafkaError('BROKER_ID_NOT_REGISTERED', 'Controller does not support registering ZK brokers.')
  }
  checkDirectories(view, request)
  checkFeatures(view, request)
}

function invalidRegistration(message: string): KafkaError {
  return new KafkaError('INVALID_REGISTRATION', message)
}

function checkDirectories(view: ControllerView, { brokerId, logDirs }: BrokerRegistrationRequest): void {
  if (logDirs.length === 0) throw invalidRegistration('No directories specified in request')
  if (logDirs.some(isReservedDirectory)) throw invalidRegistration('Reserved directory ID in request')
  if (new Set(logDirs).size !== logDirs.length) throw invalidRegistration('Duplicate directory ID in request')
  for (const broker of view.image.brokers.values()) {
    if (broker.id === brokerId) continue
    const shared = logDirs.find((directory) => broker.directories.includes(directory))
    if (shared !== undefined) {
      throw invalidRegistration(`Broker ${broker.id} is already registered with directory ${shared}`)
    }
  }
}

function checkFeatures(view: ControllerView, { features }: BrokerRegistrationRequest): void {
  const finalized = new Map([...view.image.features, [KRAFT_VERSION, view.kraftVersion] as const])
  const offered = new Map(features.map((f) => [f.name, { min: f.minSupportedVersion, max: f.maxSupportedVersion }]))
  const check = (name: string, range: { min: number; max: number }): void => {
    const level = finalized.get(name) ?? 0
    if (level >= range.min && level <= range.max) return
    const message = `Unable to register because the broker does not support finalized version ${level} of ${name}. The broker wants a version between ${range.min} and ${range.max}, inclusive.`
    throw new KafkaError('UNSUPPORTED_VERSION', message)
  }
  for (const [name, range] of offered) check(name, range)
  if (!offered.has(METADATA_VERSION)) {
    throw invalidRegistration(`Request features do not contain '${METADATA_VERSION}'`)
  }
  for (const [name, level] of finalized) if (level !== 0 && !offered.has(name)) check(name, { min: 0, max: 0 })
}

type BrokerState = 'fenced' | 'unfenced' | 'controlled-shutdown' | 'shutdown-now'

function currentState(view: ControllerView, brokerId: number): BrokerState {
  if (view.sessions.isShuttingDown(brokerId)) return 'controlled-shutdown'
  return view.sessions.isFenced(brokerId) ? 'fenced' : 'unfenced'
}

function nextState(view: ControllerView, request: BrokerHeartbeatRequest, registrationOffset: number): BrokerState {
  const { brokerId, wantFence, wantShutDown } = request
  switch (currentState(view, brokerId)) {
    case 'fenced':
      if (wantShutDown) return 'shutdown-now'
      // It serves once it has read its own registration, and with it everything before.
      return !wantFence && Number(request.currentMetadataOffset) >= registrationOffset ? 'unfenced' : 'fenced'
    case 'unfenced':
      if (wantFence) return wantShutDown ? 'shutdown-now' : 'fenced'
      if (!wantShutDown) return 'unfenced'
      return view.partitions.hasLeaderships(brokerId) ? 'controlled-shutdown' : 'shutdown-now'
    default: {
      if (view.partitions.hasLeaderships(brokerId)) return 'controlled-shutdown'
      const allHaveRead = view.sessions.controlledShutdownOffset(brokerId) <= view.sessions.lowestActiveOffset()
      return allHaveRead ? 'shutdown-now' : 'controlled-shutdown'
    }
  }
}

function transitionRecords(
  view: ControllerView,
  request: BrokerHeartbeatRequest,
  to: BrokerState,
): MetadataRecordInput[] {
  const { brokerId, brokerEpoch } = request
  if (to === currentState(view, brokerId)) return []
  if (to === 'unfenced') return brokerUnfenced(view, brokerId, brokerEpoch)
  if (to === 'controlled-shutdown') return brokerShuttingDown(view, brokerId, brokerEpoch)
  return brokerFenced(view, brokerId)
}

export interface HeartbeatResult extends ControllerResult<BrokerHeartbeatResponseInput> {
  /** The broker is on its way out: the offset of these records is when its shutdown began. */
  readonly inControlledShutdown: boolean
}

/** `registrationOffset` is where the broker's registration stands in the log. */
export function processHeartbeat(
  view: ControllerView,
  request: BrokerHeartbeatRequest,
  registrationOffset: number,
): HeartbeatResult {
  const { brokerId, brokerEpoch } = request
  const broker = checkBrokerEpoch(view, brokerId, brokerEpoch)
  const next = nextState(view, request, registrationOffset)
  const records = [...transitionRecords(view, request, next), ...directoryRecords(view, broker, request)]
  const isFenced = next === 'fenced' || next === 'shutdown-now'
  view.sessions.touch(brokerId, isFenced, Number(request.currentMetadataOffset))
  if (next === 'shutdown-now') view.sessions.end(brokerId, broker.epoch)
  return {
    records,
    response: {
      errorCode: 0,
      isCaughtUp: Number(request.currentMetadataOffset) >= registrationOffset,
      isFenced,
      shouldShutDown: next === 'shutdown-now',
    },
    inControlledShutdown: next === 'controlled-shutdown',
  }
}

/** Fences one broker whose session has run out; null when all are in time. One at a time, so that each sees the last. */
export function fenceOneStaleBroker(view: ControllerView): { brokerId: number; records: MetadataRecordInput[] } | null {
  for (let stale = view.sessions.takeExpired(); stale !== null; stale = view.sessions.takeExpired()) {
    const broker = view.image.brokers.get(stale.id)
    if (broker === undefined) view.sessions.remove(stale.id)
    if (broker?.epoch !== stale.epoch || broker.fenced) continue
    const records = brokerFenced(view, stale.id)
    view.sessions.fence(stale.id)
    return { brokerId: stale.id, records }
  }
  return null
}

export function unregisterBroker(
  view: ControllerView,
  { brokerId }: UnregisterBrokerRequest,
): ControllerResult<UnregisterBrokerResponseInput> {
  const broker = view.image.brokers.get(brokerId)
  if (broker === undefined) {
    throw new KafkaError('BROKER_ID_NOT_REGISTERED', `Broker ID ${brokerId} is not currently registered`)
  }
  view.sessions.remove(brokerId)
  const records = bounded(brokerUnregistered(view, brokerId, BigInt(broker.epoch)))
  return { records, response: { errorCode: 0, errorMessage: null } }
}

export function registerController(
  request: ControllerRegistrationRequest,
): ControllerResult<ControllerRegistrationResponseInput> {
  const { controllerId, incarnationId, listeners, features } = request
  const body = { controllerId, incarnationId, zkMigrationReady: false, endPoints: listeners, features }
  return {
    records: [{ record: 'registerControllerRecord', body }],
    response: { errorCode: 0, errorMessage: null },
    atomic: true,
  }
}

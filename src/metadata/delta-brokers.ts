/** Replay of the records about brokers and controllers (KIP-631, KIP-841, KIP-858, KIP-919). */
import { assert } from '../base/errors.ts'
import type { DraftMap } from './draft-map.ts'
import type { BrokerRegistration, ControllerRegistration, RecordBody } from './types.ts'

/** What replay of these records may change. */
export interface BrokerDraft {
  readonly brokers: DraftMap<number, BrokerRegistration>
  readonly controllers: DraftMap<number, ControllerRegistration>
  readonly changedBrokers: Set<number>
}

type Bodies = {
  registerBrokerRecord: RecordBody<'registerBrokerRecord'>
  unregisterBrokerRecord: RecordBody<'unregisterBrokerRecord'>
  fenceBrokerRecord: RecordBody<'fenceBrokerRecord'>
  unfenceBrokerRecord: RecordBody<'unfenceBrokerRecord'>
  brokerRegistrationChangeRecord: RecordBody<'brokerRegistrationChangeRecord'>
  registerControllerRecord: RecordBody<'registerControllerRecord'>
}

/** Values of `fenced` in a BrokerRegistrationChangeRecord; 0 leaves it alone. */
export const FENCING_CHANGE = { UNFENCE: -1, NONE: 0, FENCE: 1 } as const
export const IN_CONTROLLED_SHUTDOWN_CHANGE = 1

const featureRanges = (
  features: readonly { name: string; minSupportedVersion: number; maxSupportedVersion: number }[],
): Map<string, { min: number; max: number }> =>
  new Map(features.map((f) => [f.name, { min: f.minSupportedVersion, max: f.maxSupportedVersion }]))

function brokerFromRecord(body: Bodies['registerBrokerRecord']): BrokerRegistration {
  return {
    id: body.brokerId,
    epoch: Number(body.brokerEpoch),
    incarnationId: body.incarnationId,
    endpoints: body.endPoints,
    features: featureRanges(body.features),
    rack: body.rack,
    fenced: body.fenced,
    inControlledShutdown: body.inControlledShutdown,
    directories: body.logDirs,
    cordonedDirectories: body.cordonedLogDirs,
  }
}

function changeBroker(draft: BrokerDraft, id: number, epoch: bigint, change: Partial<BrokerRegistration>): void {
  const broker = draft.brokers.get(id)
  assert(broker !== undefined, `change of unknown broker ${id}`)
  assert(broker.epoch === Number(epoch), `change of broker ${id} at epoch ${epoch}, it is at ${broker.epoch}`)
  draft.brokers.set(id, { ...broker, ...change })
}

function registrationChange(body: Bodies['brokerRegistrationChangeRecord']): Partial<BrokerRegistration> {
  return {
    ...(body.fenced === FENCING_CHANGE.NONE ? {} : { fenced: body.fenced === FENCING_CHANGE.FENCE }),
    ...(body.inControlledShutdown === IN_CONTROLLED_SHUTDOWN_CHANGE ? { inControlledShutdown: true } : {}),
    ...(body.logDirs.length === 0 ? {} : { directories: body.logDirs }),
    ...(body.cordonedLogDirs === null ? {} : { cordonedDirectories: body.cordonedLogDirs }),
  }
}

const REPLAY: { [N in keyof Bodies]: (draft: BrokerDraft, body: Bodies[N]) => void } = {
  registerBrokerRecord: (draft, body) => draft.brokers.set(body.brokerId, brokerFromRecord(body)),
  unregisterBrokerRecord: (draft, body) => {
    const broker = draft.brokers.get(body.brokerId)
    assert(broker?.epoch === Number(body.brokerEpoch), `removal of broker ${body.brokerId} at another epoch`)
    draft.brokers.delete(body.brokerId)
  },
  fenceBrokerRecord: (draft, body) => changeBroker(draft, body.id, body.epoch, { fenced: true }),
  unfenceBrokerRecord: (draft, body) => changeBroker(draft, body.id, body.epoch, { fenced: false }),
  brokerRegistrationChangeRecord: (draft, body) =>
    changeBroker(draft, body.brokerId, body.brokerEpoch, registrationChange(body)),
  registerControllerRecord: (draft, body) =>
    draft.controllers.set(body.controllerId, {
      id: body.controllerId,
      incarnationId: body.incarnationId,
      endpoints: body.endPoints,
      features: featureRanges(body.features),
      zkMigrationReady: body.zkMigrationReady,
    }),
}

/** Replays one record; `draft` takes the change and remembers which broker it was about. */
export function replayBrokerRecord<N extends keyof Bodies>(draft: BrokerDraft, name: N, body: Bodies[N]): void {
  REPLAY[name](draft, body)
  if ('brokerId' in body) draft.changedBrokers.add(body.brokerId)
  else if ('id' in body) draft.changedBrokers.add(body.id)
}

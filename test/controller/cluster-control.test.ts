import { describe, expect, it } from 'vitest'
import {
  fenceOneStaleBroker,
  processHeartbeat,
  registerBroker,
  registerController,
  unregisterBroker,
} from '../../src/controller/cluster-control.ts'
import { checkBrokerEpoch } from '../../src/controller/view.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import type { BrokerRegistrationRequest } from '../../src/protocol/messages/62-broker-registration.ts'
import type { BrokerHeartbeatRequest } from '../../src/protocol/messages/63-broker-heartbeat.ts'
import { FEATURE_RANGES, topicRecords, uuidOf } from '../metadata/support.ts'
import { brief, CLUSTER_ID, carryOut, SESSION_TIMEOUT_MS, type TestView, viewOf } from './support.ts'

const registration = (extra: Partial<BrokerRegistrationRequest> = {}): BrokerRegistrationRequest => ({
  brokerId: 1,
  clusterId: CLUSTER_ID,
  incarnationId: uuidOf(77),
  listeners: [{ name: 'PLAINTEXT', host: 'h', port: 9092, securityProtocol: 0 }],
  features: FEATURE_RANGES,
  rack: 'r',
  isMigratingZkBroker: false,
  logDirs: [uuidOf(901)],
  previousBrokerEpoch: -1n,
  ...extra,
})

function refusal(step: () => unknown): string {
  try {
    step()
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError)
    return `${(error as KafkaError).errorName}: ${(error as Error).message}`
  }
}

describe('BrokerRegistration', () => {
  it('registers a new broker, fenced, with the log’s next offset as epoch', () => {
    const view = viewOf({ brokers: {} })
    const { records, response } = registerBroker(view, 4, registration())
    expect(response).toEqual({ errorCode: 0, brokerEpoch: 100n })
    expect(records).toHaveLength(1)
    carryOut(view, records)
    expect(view.image.brokers.get(1)).toMatchObject({ epoch: 100, fenced: true, rack: 'r', directories: [uuidOf(901)] })
    expect(view.sessions.isFenced(1)).toBe(true)
  })

  it('keeps the epoch of an incarnation that registers again', () => {
    const view = viewOf()
    const { records, response } = registerBroker(view, 4, registration({ incarnationId: uuidOf(501) }))
    expect(response.brokerEpoch).toBe(11n)
    carryOut(view, records)
    expect(view.image.brokers.get(1)).toMatchObject({ epoch: 11, fenced: false })
  })

  it('settles what the former incarnation led: clean when it knows its last epoch', () => {
    const records = topicRecords('t', uuidOf(1), [[1]])
    const reregistered = (previousBrokerEpoch: bigint, version = 4) => {
      const view = viewOf({ records })
      view.nowMs = SESSION_TIMEOUT_MS + 1
      return brief(registerBroker(view, version, registration({ previousBrokerEpoch })).records)
    }
    const clean =
      'partitionChange {"partitionId":0,"isr":[],"leader":-1,"eligibleLeaderReplicas":[1],"lastKnownElr":[1]}'
    const unclean = 'partitionChange {"partitionId":0,"isr":[],"leader":-1,"lastKnownElr":[1]}'
    expect(reregistered(11n)[0]).toBe(clean)
    expect(reregistered(10n)[0]).toBe(unclean)
    expect(reregistered(11n, 2)[0]).toBe(unclean)
  })

  it('refuses a second incarnation while the first is alive', () => {
    const view = viewOf()
    expect(refusal(() => registerBroker(view, 4, registration()))).toBe(
      "DUPLICATE_BROKER_REGISTRATION: Another broker is registered with that broker id. If the broker was recently restarted this should self-resolve once the heartbeat manager expires the broker's session.",
    )
    view.nowMs = SESSION_TIMEOUT_MS + 1
    expect(refusal(() => registerBroker(view, 4, registration()))).toBe('')
  })

  it.each([
    [{ clusterId: 'other' }, `INCONSISTENT_CLUSTER_ID: Expected cluster ID ${CLUSTER_ID}, but got cluster ID other`],
    [{ isMigratingZkBroker: true }, 'BROKER_ID_NOT_REGISTERED: Controller does not support registering ZK brokers.'],
    [{ logDirs: [] }, 'INVALID_REGISTRATION: No directories specified in request'],
    [{ logDirs: ['AAAAAAAAAAAAAAAAAAAAAQ'] }, 'INVALID_REGISTRATION: Reserved directory ID in request'],
    [{ logDirs: [uuidOf(1), uuidOf(1)] }, 'INVALID_REGISTRATION: Duplicate directory ID in request'],
    [{ logDirs: [uuidOf(902)] }, `INVALID_REGISTRATION: Broker 2 is already registered with directory ${uuidOf(902)}`],
    [{ features: FEATURE_RANGES.slice(1) }, "INVALID_REGISTRATION: Request features do not contain 'metadata.version'"],
    [
      { features: [{ name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 29 }] },
      'UNSUPPORTED_VERSION: Unable to register because the broker does not support finalized version 30 of metadata.version. The broker wants a version between 7 and 29, inclusive.',
    ],
    [
      { features: FEATURE_RANGES.slice(0, 4) },
      'UNSUPPORTED_VERSION: Unable to register because the broker does not support finalized version 1 of eligible.leader.replicas.version. The broker wants a version between 0 and 0, inclusive.',
    ],
  ])('refuses %j', (extra, message) => {
    const view = viewOf({ brokers: { 2: {} } })
    expect(refusal(() => registerBroker(view, 4, registration(extra as Partial<BrokerRegistrationRequest>)))).toBe(
      message,
    )
  })
})

describe('BrokerHeartbeat', () => {
  const beat = (view: TestView, extra: Partial<BrokerHeartbeatRequest> = {}, registrationOffset = 50) => {
    const result = processHeartbeat(
      view,
      {
        brokerId: 1,
        brokerEpoch: 11n,
        currentMetadataOffset: 50n,
        wantFence: false,
        wantShutDown: false,
        offlineLogDirs: [],
        cordonedLogDirs: null,
        ...extra,
      },
      registrationOffset,
    )
    carryOut(view, result.records)
    return result
  }
  const fenced = () => viewOf({ brokers: { 1: { fenced: true } } })

  it('unfences a broker once it has read its own registration', () => {
    const view = fenced()
    expect(beat(view, { currentMetadataOffset: 49n }).response).toMatchObject({ isCaughtUp: false, isFenced: true })
    const { response, records } = beat(view)
    expect(response).toEqual({ errorCode: 0, isCaughtUp: true, isFenced: false, shouldShutDown: false })
    expect(brief(records)).toEqual(['brokerRegistrationChange {"brokerId":1,"brokerEpoch":11,"fenced":-1}'])
    expect(beat(view).records).toEqual([])
  })

  it('leaves a broker fenced that wants to be', () => {
    const view = fenced()
    expect(beat(view, { wantFence: true }).response.isFenced).toBe(true)
    beat(view)
    expect(beat(view, { wantFence: true }).response.isFenced).toBe(true)
    expect(view.image.brokers.get(1)!.fenced).toBe(true)
  })

  it('lets a fenced broker go at once', () => {
    expect(beat(fenced(), { wantShutDown: true }).response).toMatchObject({ shouldShutDown: true, isFenced: true })
  })

  it('lets a broker that leads nothing go at once', () => {
    const { response, records } = beat(viewOf(), { wantShutDown: true })
    expect(response.shouldShutDown).toBe(true)
    expect(brief(records)).toEqual(['brokerRegistrationChange {"brokerId":1,"brokerEpoch":11,"fenced":1}'])
  })

  it('moves leaderships before it lets a broker go', () => {
    const view = viewOf({ brokers: { 1: {}, 2: {} }, records: topicRecords('t', uuidOf(1), [[1, 2]]) })
    view.sessions.touch(2, false, 90)
    const first = beat(view, { wantShutDown: true })
    expect(first.response.shouldShutDown).toBe(false)
    expect(first.inControlledShutdown).toBe(true)
    expect(view.image.topicsById.get(uuidOf(1))!.partitions.get(0)!.leader).toBe(2)
    // The runtime notes where the records went; broker 2 has not read that far yet.
    view.sessions.beginControlledShutdown(1, 100)
    expect(beat(view, { wantShutDown: true }).response.shouldShutDown).toBe(false)
    view.sessions.touch(2, false, 100)
    expect(beat(view, { wantShutDown: true }).response.shouldShutDown).toBe(true)
    expect(view.image.brokers.get(1)).toMatchObject({ fenced: true, inControlledShutdown: true })
  })

  it('takes failed and cordoned directories', () => {
    const view = viewOf({ records: topicRecords('t', uuidOf(1), [[1]]) })
    const { records } = beat(view, { offlineLogDirs: [uuidOf(901), uuidOf(5)] })
    expect(records.map(({ record }) => record)).toEqual(['partitionChangeRecord', 'brokerRegistrationChangeRecord'])
    const cordoned = beat(view, { cordonedLogDirs: [] })
    expect(brief(cordoned.records)).toEqual([
      'brokerRegistrationChange {"brokerId":1,"brokerEpoch":11,"cordonedLogDirs":[]}',
    ])
    expect(beat(view, { cordonedLogDirs: [] }).records).toEqual([])
  })

  it('refuses another epoch', () => {
    expect(refusal(() => beat(viewOf(), { brokerEpoch: 12n }))).toBe(
      'STALE_BROKER_EPOCH: Expected broker epoch 11, but got broker epoch 12',
    )
    expect(refusal(() => checkBrokerEpoch(viewOf(), 9, 1n))).toBe(
      'STALE_BROKER_EPOCH: No broker registration found for broker id 9',
    )
  })
})

describe('silent brokers', () => {
  it('are fenced one at a time, each seeing what the last one left', () => {
    const view = viewOf({ brokers: { 1: {}, 2: {} }, records: topicRecords('t', uuidOf(1), [[1, 2]]) })
    expect(fenceOneStaleBroker(view)).toBeNull()
    view.nowMs = SESSION_TIMEOUT_MS + 1
    const first = fenceOneStaleBroker(view)!
    carryOut(view, first.records)
    const second = fenceOneStaleBroker(view)!
    carryOut(view, second.records)
    expect([first.brokerId, second.brokerId]).toEqual([1, 2])
    expect(view.image.topicsById.get(uuidOf(1))!.partitions.get(0)).toMatchObject({ leader: -1, lastKnownElr: [2] })
    expect(fenceOneStaleBroker(view)).toBeNull()
  })

  it('that have long been replaced are only forgotten', () => {
    const view = viewOf()
    view.sessions.contact(1, 3)
    view.sessions.contact(8, 1)
    view.nowMs = SESSION_TIMEOUT_MS + 1
    view.sessions.contact(1, 11)
    expect(fenceOneStaleBroker(view)).toBeNull()
  })
})

describe('other members', () => {
  it('unregisters a broker', () => {
    expect(brief(unregisterBroker(viewOf(), { brokerId: 1 }).records)).toEqual([
      'unregisterBroker {"brokerId":1,"brokerEpoch":11}',
    ])
    expect(refusal(() => unregisterBroker(viewOf(), { brokerId: 5 }))).toBe(
      'BROKER_ID_NOT_REGISTERED: Broker ID 5 is not currently registered',
    )
  })

  it('registers a controller', () => {
    const { records } = registerController({
      controllerId: 3,
      incarnationId: uuidOf(3),
      zkMigrationReady: true,
      listeners: [{ name: 'CONTROLLER', host: 'h', port: 1, securityProtocol: 0 }],
      features: [],
    })
    expect(records[0]!.body).toMatchObject({ controllerId: 3, zkMigrationReady: false })
  })
})

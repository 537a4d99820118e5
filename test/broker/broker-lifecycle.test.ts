import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { BrokerLifecycle } from '../../src/broker/broker-lifecycle.ts'
import type { ControllerChannel } from '../../src/controller/types.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import type { BrokerHeartbeatRequest } from '../../src/protocol/messages/63-broker-heartbeat.ts'
import { ManualClock } from '../support/manual-clock.ts'

interface Answer {
  readonly errorCode?: number
  readonly brokerEpoch?: bigint
  readonly isFenced?: boolean
  readonly shouldShutDown?: boolean
}

/** A controller that answers from a script; the last answer of each kind repeats. */
function setup(script: { register: (Answer | Error)[]; heartbeat: Answer[] }) {
  const clock = new ManualClock()
  const heartbeats: BrokerHeartbeatRequest[] = []
  const take = <T>(answers: T[]): T => (answers.length > 1 ? answers.shift()! : answers[0]!)
  const controller = {
    send: async (api: { name: string }, _version: number, request: unknown) => {
      if (api.name === 'BrokerHeartbeat') heartbeats.push(request as BrokerHeartbeatRequest)
      const answer = take<Answer | Error>(api.name === 'BrokerRegistration' ? script.register : script.heartbeat)
      if (answer instanceof Error) throw answer
      return answer
    },
  } as unknown as ControllerChannel
  const lifecycle = new BrokerLifecycle({
    nodeId: 1,
    clusterId: 'c',
    incarnationId: 'AAAAAAAAAAAAAAAAAAAAAB',
    endpoints: [],
    features: [],
    rack: null,
    logDirIds: [],
    previousBrokerEpoch: -1,
    heartbeatIntervalMs: 2000,
    initialRegistrationTimeoutMs: 1000,
    requestTimeoutMs: 4500,
    controller,
    metadataOffset: () => 17,
    clock,
    logger: silentLogger,
  })
  return { clock, lifecycle, heartbeats }
}

async function start(lifecycle: BrokerLifecycle): Promise<void> {
  await lifecycle.register()
  await lifecycle.enterService()
}

const IN_SERVICE: Answer = { errorCode: 0, isFenced: false }

describe('BrokerLifecycle', () => {
  it('registers, asks until it is unfenced, then keeps its session alive', async () => {
    const heartbeat = [{ errorCode: 0, isFenced: true }, { errorCode: 0, isFenced: true }, IN_SERVICE]
    const { clock, lifecycle, heartbeats } = setup({ register: [{ errorCode: 0, brokerEpoch: 5n }], heartbeat })
    const started = start(lifecycle)
    for (let i = 0; i < 5; i++) await clock.advance(10)
    await started
    expect(lifecycle.brokerEpoch).toBe(5)
    expect(heartbeats.length).toBe(3)
    expect(heartbeats[0]).toMatchObject({ brokerEpoch: 5n, currentMetadataOffset: 17n, wantFence: false })
    await clock.advance(4000)
    expect(heartbeats.length).toBe(5)
  })

  it('tries again while there is no controller', async () => {
    const register = [new KafkaError('NOT_CONTROLLER'), { errorCode: ErrorCode.NOT_CONTROLLER }, { brokerEpoch: 9n }]
    const { clock, lifecycle } = setup({ register, heartbeat: [IN_SERVICE] })
    const started = start(lifecycle)
    for (let i = 0; i < 4; i++) await clock.advance(10)
    await started
    expect(lifecycle.brokerEpoch).toBe(9)
  })

  it('waits for the session of an earlier process of the same id to end', async () => {
    const duplicate = { errorCode: ErrorCode.DUPLICATE_BROKER_REGISTRATION }
    const { clock, lifecycle } = setup({
      register: [duplicate, duplicate, { brokerEpoch: 4n }],
      heartbeat: [IN_SERVICE],
    })
    const started = start(lifecycle)
    for (let i = 0; i < 9; i++) await clock.advance(10)
    expect(lifecycle.brokerEpoch).toBe(-1)
    for (let i = 0; i < 2; i++) await clock.advance(10)
    await started
    expect(lifecycle.brokerEpoch).toBe(4)
  })

  it('gives up when nobody takes it in time', async () => {
    const { clock, lifecycle } = setup({ register: [new KafkaError('NOT_CONTROLLER')], heartbeat: [] })
    const failed = expect(start(lifecycle)).rejects.toMatchObject({ kind: 'timeout' })
    for (let i = 0; i < 120; i++) await clock.advance(10)
    await failed
  })

  it('tells besides how far it has read, one heartbeat at a time', async () => {
    const { clock, lifecycle, heartbeats } = setup({ register: [{ brokerEpoch: 1n }], heartbeat: [IN_SERVICE] })
    lifecycle.tellOffset()
    expect(heartbeats).toHaveLength(0)
    await start(lifecycle)
    for (let i = 0; i < 5; i++) lifecycle.tellOffset()
    expect(heartbeats).toHaveLength(2)
    await clock.advance(1)
    expect(heartbeats).toHaveLength(3)
    await clock.advance(1_998)
    expect(heartbeats).toHaveLength(3)
    await clock.advance(1)
    expect(heartbeats).toHaveLength(4)
  })

  it('stops only with the leave of the controller, or after a time without one', async () => {
    const leave = [IN_SERVICE, { errorCode: 0, shouldShutDown: false }, { errorCode: 0, shouldShutDown: true }]
    const polite = setup({ register: [{ brokerEpoch: 1n }], heartbeat: leave })
    await start(polite.lifecycle)
    const stopped = polite.lifecycle.stop()
    for (let i = 0; i < 4; i++) await polite.clock.advance(10)
    await stopped
    expect(polite.heartbeats.map(({ wantShutDown }) => wantShutDown)).toEqual([false, true, true])
    expect(polite.clock.timerCount).toBe(0)

    const alone = setup({ register: [{ brokerEpoch: 1n }], heartbeat: [IN_SERVICE] })
    await start(alone.lifecycle)
    let over = false
    void alone.lifecycle.stop().then(() => {
      over = true
    })
    for (let i = 0; i < 49; i++) await alone.clock.advance(100)
    expect(over).toBe(false)
    for (let i = 0; i < 3; i++) await alone.clock.advance(100)
    expect(over).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/base/logger.ts'
import { envelopeHandler } from '../../../src/broker/controller-listener/envelope.ts'
import type { ControllerServices } from '../../../src/broker/controller-listener/services.ts'
import { forwardingHandler } from '../../../src/broker/forward.ts'
import type { Handler, RequestContext } from '../../../src/broker/handler.ts'
import type { ControllerRequestContext } from '../../../src/controller/types.ts'
import { ErrorCode, KafkaError } from '../../../src/protocol/error-codes.ts'
import { decodeResponse, encodeRequest } from '../../../src/protocol/header.ts'
import { alterUserScramCredentials } from '../../../src/protocol/messages/51-alter-user-scram-credentials.ts'
import { vote } from '../../../src/protocol/messages/52-vote.ts'
import { unregisterBroker } from '../../../src/protocol/messages/64-unregister-broker.ts'
import { encodePrincipal } from '../../../src/protocol/principal-data.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const OUTER = {
  apiVersion: 0,
  correlationId: 5,
  clientId: 'broker-1-to-controller',
  principal: 'User:broker',
  clientAddress: '127.0.0.1',
  listenerName: 'CONTROLLER',
  closed: new AbortController().signal,
} as unknown as RequestContext

function setup(options: { active?: boolean; answer?: object | Error } = {}) {
  const asked: { request: unknown; context: ControllerRequestContext }[] = []
  const controller = {
    isActive: options.active ?? true,
    send: async (_api: unknown, _version: number, request: unknown, context: ControllerRequestContext) => {
      asked.push({ request, context })
      if (options.answer instanceof Error) throw options.answer
      return options.answer ?? { errorCode: 0, errorMessage: null }
    },
  }
  const services = { controller, clock: new ManualClock(), config: { requestTimeoutMs: 1000 }, logger: silentLogger }
  const inner = forwardingHandler(services as never, unregisterBroker, { min: 0, max: 0 }) as unknown as Handler
  const handler = envelopeHandler(services as unknown as ControllerServices, () => new Map([[64, inner]]))
  const send = async (requestData: Buffer, requestPrincipal: Buffer | null = encodePrincipal('User:alice')) =>
    (await handler.handle({ requestData, requestPrincipal, clientHostAddress: Buffer.from([127, 0, 0, 1]) }, OUTER))
      .response!
  return { send, asked }
}

const unregister = (): Buffer =>
  Buffer.concat(encodeRequest(unregisterBroker, 0, 7, 'admin-1', { brokerId: 3 })).subarray(4)

describe('Envelope', () => {
  it('serves the request inside as the client whose principal it carries', async () => {
    const { send, asked } = setup()
    const { errorCode, responseData } = await send(unregister())
    expect(errorCode).toBe(ErrorCode.NONE)
    expect(decodeResponse(unregisterBroker, 0, responseData!)).toMatchObject({
      correlationId: 7,
      body: { errorCode: 0 },
    })
    expect(asked[0]).toMatchObject({
      request: { brokerId: 3 },
      context: { principal: 'User:alice', clientId: 'admin-1' },
    })
  })

  it('puts a failure of the request inside', async () => {
    const { send } = setup({ answer: new KafkaError('BROKER_ID_NOT_REGISTERED', 'unknown broker') })
    const { errorCode, responseData } = await send(unregister())
    expect(errorCode).toBe(ErrorCode.NONE)
    expect(decodeResponse(unregisterBroker, 0, responseData!).body.errorCode).toBe(ErrorCode.BROKER_ID_NOT_REGISTERED)
  })

  it('says outside that the controller is another', async () => {
    const outside = { responseData: null, errorCode: ErrorCode.NOT_CONTROLLER }
    expect(await setup({ active: false }).send(unregister())).toEqual(outside)
    expect(await setup({ answer: new KafkaError('NOT_CONTROLLER') }).send(unregister())).toEqual(outside)
  })

  it('refuses what no broker hands on, and bytes that are no request', async () => {
    const { send, asked } = setup()
    const voting = Buffer.concat(encodeRequest(vote, 2, 7, null, { clusterId: null, voterId: 1, topics: [] })).subarray(
      4,
    )
    expect(await send(voting)).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST })
    expect(await send(Buffer.from([0, 64]))).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST })
    expect(await send(unregister().subarray(0, -2))).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST })
    expect(await send(unregister(), Buffer.from([0, 9]))).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST })
    expect(asked).toEqual([])
  })

  it('answers what it does not serve so that the broker lets its client ask for versions again', async () => {
    const { send, asked } = setup()
    const scram = { deletions: [], upsertions: [] }
    const unserved = Buffer.concat(encodeRequest(alterUserScramCredentials, 0, 7, 'admin-1', scram)).subarray(4)
    expect(await send(unserved)).toEqual({ responseData: null, errorCode: ErrorCode.UNSUPPORTED_VERSION })
    const later = unregister()
    later.writeInt16BE(1, 2)
    expect(await send(later)).toEqual({ responseData: null, errorCode: ErrorCode.UNSUPPORTED_VERSION })
    expect(asked).toEqual([])
  })
})

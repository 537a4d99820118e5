import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import { addressBytes, RemoteController } from '../../src/broker/controller-channel.ts'
import type { ControllerChannel, ControllerRequestContext } from '../../src/controller/types.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import { decodeRequestHeader, encodeResponse } from '../../src/protocol/header.ts'
import { envelope } from '../../src/protocol/messages/58-envelope.ts'
import { unregisterBroker } from '../../src/protocol/messages/64-unregister-broker.ts'
import type { PeerAddress, PeerNetwork } from '../../src/protocol/peers.ts'
import { decodePrincipal } from '../../src/protocol/principal-data.ts'
import { ManualClock } from '../support/manual-clock.ts'

type Answer = object | Error

function setup(options: { answers: Record<number, Answer[]>; local?: ControllerChannel | null }) {
  const clock = new ManualClock()
  const leader = { leaderId: 100 as number | null, leaderAddress: (): PeerAddress | null => ({ host: 'c', port }) }
  let port = 1
  const sent: { port: number; api: string; request: unknown }[] = []
  const peers: PeerNetwork = {
    open: (address) => ({
      address,
      async send(api, _version, request) {
        sent.push({ port: address.port, api: api.name, request })
        const answers = options.answers[address.port]!
        const answer = answers.length > 1 ? answers.shift()! : answers[0]!
        if (answer instanceof Error) throw answer
        return answer as never
      },
      close: () => undefined,
    }),
  }
  const channel = new RemoteController({
    nodeId: 1,
    leader,
    local: options.local ?? null,
    peers,
    clock,
    clientId: 'broker-1-to-controller-forwarding-channel-manager',
  })
  const moveTo = (next: number): void => {
    port = next
    channel.wake()
  }
  return { clock, leader, sent, channel, moveTo }
}

const context = (clock: ManualClock, more: Partial<ControllerRequestContext> = {}): ControllerRequestContext => ({
  principal: 'User:ANONYMOUS',
  clientId: 'me',
  deadlineMs: clock.monotonic() + 1000,
  ...more,
})

describe('RemoteController', () => {
  it('asks the leader as itself', async () => {
    const { clock, channel, sent } = setup({ answers: { 1: [{ errorCode: 0 }] } })
    expect(await channel.send(unregisterBroker, 0, { brokerId: 3 }, context(clock))).toEqual({ errorCode: 0 })
    expect(sent).toEqual([{ port: 1, api: 'UnregisterBroker', request: { brokerId: 3 } }])
  })

  it('looks elsewhere when the controller has moved or cannot be reached', async () => {
    const answers = {
      1: [{ errorCode: ErrorCode.NOT_CONTROLLER }],
      2: [new KafkaError('NETWORK_EXCEPTION'), { errorCode: 0 }],
    }
    const { clock, channel, sent, moveTo } = setup({ answers })
    const answer = channel.send(unregisterBroker, 0, { brokerId: 3 }, context(clock))
    await clock.advance(0)
    moveTo(2)
    for (let i = 0; i < 3; i++) await clock.advance(20)
    expect(await answer).toEqual({ errorCode: 0 })
    expect(sent.map(({ port }) => port)).toEqual([1, 2, 2])
  })

  it('says so when there is no controller in time', async () => {
    const { clock, channel, leader } = setup({ answers: {} })
    leader.leaderId = null
    const failed = expect(channel.send(unregisterBroker, 0, { brokerId: 3 }, context(clock))).rejects.toMatchObject({
      code: ErrorCode.REQUEST_TIMED_OUT,
      message: 'UnregisterBroker to the controller: no active controller is known',
    })
    for (let i = 0; i < 60; i++) await clock.advance(20)
    await failed
    expect(clock.timerCount).toBe(0)
  })

  it('asks its own process when that leads', async () => {
    const local = { send: async () => ({ errorCode: 7 }) } as unknown as ControllerChannel
    const { clock, channel, leader, sent } = setup({ answers: {}, local })
    leader.leaderId = 1
    expect(await channel.send(unregisterBroker, 0, { brokerId: 3 }, context(clock))).toEqual({ errorCode: 7 })
    expect(sent).toEqual([])
  })

  it("wraps a client's request with its principal, and unwraps the answer", async () => {
    const inner = encodeResponse(unregisterBroker, 0, 0, { errorCode: 42, errorMessage: 'no' })
    const responseData = Buffer.concat(inner).subarray(4)
    const { clock, channel, sent } = setup({ answers: { 1: [{ errorCode: 0, responseData }] } })
    const more = { clientAddress: '127.0.0.1', principal: 'User:alice' }
    const answer = await channel.send(unregisterBroker, 0, { brokerId: 3 }, context(clock, more))
    expect(answer).toMatchObject({ errorCode: 42, errorMessage: 'no' })
    const { requestData, requestPrincipal, clientHostAddress } = sent[0]!.request as Record<string, Buffer>
    expect(sent[0]!.api).toBe(envelope.name)
    expect(decodeRequestHeader(new Reader(requestData!))).toMatchObject({ apiKey: 64, apiVersion: 0, clientId: 'me' })
    expect(decodePrincipal(requestPrincipal!)).toBe('User:alice')
    expect([...clientHostAddress!]).toEqual([127, 0, 0, 1])
  })

  it('fails whoever waits when the node closes', async () => {
    const { clock, channel, leader } = setup({ answers: {} })
    leader.leaderId = null
    const failed = expect(channel.send(unregisterBroker, 0, { brokerId: 3 }, context(clock))).rejects.toMatchObject({
      code: ErrorCode.NETWORK_EXCEPTION,
    })
    await clock.advance(0)
    channel.close()
    await failed
    expect(clock.timerCount).toBe(0)
  })

  it('writes addresses as Java has them', () => {
    expect([...addressBytes('10.0.0.7')]).toEqual([10, 0, 0, 7])
    expect([...addressBytes('::ffff:10.0.0.7')]).toEqual([10, 0, 0, 7])
    expect(addressBytes('::1').toString('hex')).toBe('00000000000000000000000000000001')
    expect(addressBytes('fe80::1:2').toString('hex')).toBe('fe800000000000000000000000010002')
  })
})

import { describe, expect, it } from 'vitest'
import { NetworkFaults, NO_FAULTS } from '../../src/network/faults.ts'
import { faultyNetwork } from '../../src/network/faulty-network.ts'
import type { NodeNetwork } from '../../src/network/node-network.ts'
import type { Answer, ConnectionContext, RequestProcessor } from '../../src/network/processor.ts'
import type { SocketServerOptions } from '../../src/network/socket-server.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import type { PeerChannel } from '../../src/protocol/peers.ts'
import { ManualClock } from '../support/manual-clock.ts'

const PEER = { host: '127.0.0.1', port: 9094 }
const CUT: Parameters<NetworkFaults['change']>[0] = { blockedPeers: ['127.0.0.1:9094'], blocksClients: false }
const TIMEOUT_MS = 1_000

/** A network of one peer that answers when it is told to. */
class ScriptedNetwork implements NodeNetwork {
  sent = 0
  closed = 0
  answer: ((response: unknown) => void) | null = null
  fail: ((error: Error) => void) | null = null
  processor: RequestProcessor | null = null

  readonly peers = {
    open: (): PeerChannel => ({
      address: PEER,
      send: () => {
        this.sent += 1
        return new Promise<never>((resolve, reject) => {
          this.answer = resolve as (response: unknown) => void
          this.fail = reject
        })
      },
      close: () => {
        this.closed += 1
      },
    }),
  }

  server(_options: SocketServerOptions, { processor }: { processor: RequestProcessor }) {
    this.processor = processor
    return { listen: async () => 0, stop: async () => undefined }
  }
}

function peerSide() {
  const [clock, faults, network] = [new ManualClock(), new NetworkFaults(), new ScriptedNetwork()]
  const channel = faultyNetwork(network, faults, clock).peers.open(PEER, 'broker-1-fetcher-0')
  const send = () => outcomeOf(channel.send(metadata, 12, { topics: null }, TIMEOUT_MS))
  return { clock, faults, network, channel, send }
}

/** What became of a promise so far: `pending`, a name of Kafka's errors, or the value. */
function outcomeOf(promise: Promise<unknown>): { now: unknown } {
  const outcome: { now: unknown } = { now: 'pending' }
  promise.then(
    (value) => {
      outcome.now = value
    },
    (error: KafkaError) => {
      outcome.now = error.errorName
    },
  )
  return outcome
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('requests to other nodes', () => {
  it('go through while nothing is cut', async () => {
    const { network, send } = peerSide()
    const outcome = send()
    network.answer!('answer')
    await turn()
    expect(outcome.now).toBe('answer')
  })

  it('are not sent when the peer is cut off, and time out without an error before', async () => {
    const { clock, faults, network, send } = peerSide()
    faults.change(CUT)
    const outcome = send()
    await clock.advance(TIMEOUT_MS - 1)
    expect(outcome.now).toBe('pending')
    await clock.advance(1)
    expect(outcome.now).toBe('REQUEST_TIMED_OUT')
    expect(network.sent).toBe(0)
    expect(clock.timerCount).toBe(0)
  })

  it('lose the answer that comes after the cut, and the news that the peer has gone', async () => {
    for (const end of ['answer', 'fail'] as const) {
      const { clock, faults, network, send } = peerSide()
      const outcome = send()
      await clock.advance(400)
      faults.change(CUT)
      if (end === 'answer') network.answer!('late')
      else network.fail!(new KafkaError('NETWORK_EXCEPTION', 'reset'))
      await clock.advance(TIMEOUT_MS - 401)
      expect(outcome.now).toBe('pending')
      await clock.advance(1)
      expect(outcome.now).toBe('REQUEST_TIMED_OUT')
    }
  })

  it('fail at once when the cut is healed, so that they are tried again', async () => {
    const { clock, faults, send } = peerSide()
    faults.change(CUT)
    const outcome = send()
    faults.change({ ...CUT, blocksClients: true })
    await turn()
    expect(outcome.now).toBe('pending')
    faults.change(NO_FAULTS)
    await turn()
    expect(outcome.now).toBe('NETWORK_EXCEPTION')
    expect(clock.timerCount).toBe(0)
  })

  it('end with the channel', async () => {
    const { faults, network, channel, send } = peerSide()
    faults.change(CUT)
    const outcome = send()
    channel.close()
    await turn()
    expect(outcome.now).toBe('NETWORK_EXCEPTION')
    expect(network.closed).toBe(1)
    const later = send()
    await turn()
    expect(later.now).toBe('NETWORK_EXCEPTION')
  })

  it('keep the real failure of a connection that is whole', async () => {
    const { network, send } = peerSide()
    const outcome = send()
    network.fail!(new KafkaError('NETWORK_EXCEPTION', 'refused'))
    await turn()
    expect(outcome.now).toBe('NETWORK_EXCEPTION')
  })
})

/** The beginning of a request frame: key, version, correlation id, client id. */
function frameOf(clientId: string | null): Buffer {
  const name = Buffer.from(clientId ?? '')
  const head = Buffer.alloc(10)
  head.writeInt16BE(clientId === null ? -1 : name.length, 8)
  return Buffer.concat([head, name])
}

function clientSide(answer: Answer | Promise<Answer> = { chunks: [Buffer.from('answer')] }) {
  const [faults, network] = [new NetworkFaults(), new ScriptedNetwork()]
  let processed = 0
  const processor: RequestProcessor = {
    process: () => {
      processed += 1
      return answer
    },
  }
  const abort = new AbortController()
  const connection = { closed: abort.signal } as ConnectionContext
  const around = { processor, clock: new ManualClock(), logger: {} as never }
  faultyNetwork(network, faults, new ManualClock()).server({} as SocketServerOptions, around)
  const request = (clientId: string | null) => network.processor!.process(frameOf(clientId), connection)
  return { faults, request, abort, processed: () => processed }
}

const CLIENTS_CUT = { blockedPeers: [], blocksClients: true }

describe('requests of clients', () => {
  it('are answered in the same event while nothing is cut', () => {
    const { request } = clientSide()
    expect(request('app')).toEqual({ chunks: [Buffer.from('answer')] })
  })

  it.each(['app', null, '', 'broker-x', 'my-broker-1-fetcher-0'])(
    'of %j wait unread until they are served again',
    async (clientId) => {
      const { faults, request, processed } = clientSide()
      faults.change(CLIENTS_CUT)
      const outcome = outcomeOf(Promise.resolve(request(clientId)))
      await turn()
      expect([outcome.now, processed()]).toEqual(['pending', 0])
      faults.change(NO_FAULTS)
      await turn()
      expect(outcome.now).toEqual({ chunks: [Buffer.from('answer')] })
      expect(processed()).toBe(1)
    },
  )

  it.each(['broker-2-fetcher-0', 'raft-client-100', 'broker-3-to-controller-heartbeat-channel-manager'])(
    'of the node %s are served',
    (clientId) => {
      const { faults, request } = clientSide()
      faults.change(CLIENTS_CUT)
      expect(request(clientId)).toEqual({ chunks: [Buffer.from('answer')] })
    },
  )

  it('lose the answer that becomes ready after the cut, until it is healed', async () => {
    let ready: (answer: Answer) => void = () => undefined
    const { faults, request } = clientSide(
      new Promise((resolve) => {
        ready = resolve
      }),
    )
    const outcome = outcomeOf(Promise.resolve(request('app')))
    faults.change(CLIENTS_CUT)
    ready({ chunks: [] })
    await turn()
    expect(outcome.now).toBe('pending')
    faults.change(NO_FAULTS)
    await turn()
    expect(outcome.now).toEqual({ chunks: [] })
  })

  it('are forgotten when the client has gone', async () => {
    const { faults, request, abort, processed } = clientSide()
    faults.change(CLIENTS_CUT)
    const outcome = outcomeOf(Promise.resolve(request('app')))
    abort.abort()
    await turn()
    expect(outcome.now).toEqual({ chunks: null })
    faults.change(NO_FAULTS)
    await turn()
    expect(processed()).toBe(0)
    faults.change(CLIENTS_CUT)
    expect(await request('app')).toEqual({ chunks: null })
  })
})

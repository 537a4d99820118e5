/** A node's network with a switch in front of it: see `faults.ts`. */
import type { Clock } from '../base/clock.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { PeerAddress, PeerChannel } from '../protocol/peers.ts'
import type { Api, RequestInput, ResponseOf } from '../protocol/schema.ts'
import type { NetworkFaults } from './faults.ts'
import type { NodeNetwork } from './node-network.ts'
import type { Answer, ConnectionContext, RequestProcessor } from './processor.ts'

/**
 * Clients between nodes as Kafka names them: followers, the quorum, a broker's way to the controller. Their requests are
 * cut where they are sent.
 */
const PEER_CLIENT_ID = /^(broker-\d+-|raft-client-|node-\d+-|controller-\d+-)/

/** Offset of the client id in a request header: behind API key, version and correlation id. */
const CLIENT_ID_OFFSET = 8

/** Wraps `inner` so that what `faults` cuts is lost. */
export function faultyNetwork(inner: NodeNetwork, faults: NetworkFaults, clock: Clock): NodeNetwork {
  return {
    peers: {
      open: (address, clientId) => new FaultyChannel(inner.peers.open(address, clientId), faults, clock),
    },
    server: (options, dependencies) =>
      inner.server(options, { ...dependencies, processor: new FaultyProcessor(dependencies.processor, faults) }),
  }
}

class FaultyChannel implements PeerChannel {
  private readonly inner: PeerChannel
  private readonly faults: NetworkFaults
  private readonly clock: Clock
  private readonly closing = new Set<() => void>()
  private closed = false

  constructor(inner: PeerChannel, faults: NetworkFaults, clock: Clock) {
    this.inner = inner
    this.faults = faults
    this.clock = clock
  }

  get address(): PeerAddress {
    return this.inner.address
  }

  private get blocked(): boolean {
    return this.faults.blocksPeer(this.inner.address)
  }

  async send<A extends Api>(
    api: A,
    version: number,
    request: RequestInput<A>,
    timeoutMs: number,
  ): Promise<ResponseOf<A>> {
    const startedMs = this.clock.monotonic()
    const left = (): number => Math.max(0, timeoutMs - (this.clock.monotonic() - startedMs))
    if (this.blocked) return this.lost(timeoutMs)
    try {
      const response = await this.inner.send(api, version, request, timeoutMs)
      // The request went out before the cut, its answer comes after it.
      return this.blocked ? await this.lost(left()) : response
    } catch (error) {
      // A peer that closes the connection cannot be heard doing so.
      if (this.blocked && !this.closed) return this.lost(left())
      throw error
    }
  }

  /** Nothing comes: fails when the time limit has passed; at once when the cut is healed, so that it is tried again. */
  private lost(timeoutMs: number): Promise<never> {
    return new Promise((_resolve, reject) => {
      if (this.closed) return reject(new KafkaError('NETWORK_EXCEPTION', 'this channel was closed'))
      let forget = (): void => undefined
      const end = (error: KafkaError): void => {
        timer.cancel()
        forget()
        this.closing.delete(onClose)
        reject(error)
      }
      const timer = this.clock.setTimer(timeoutMs, () =>
        end(new KafkaError('REQUEST_TIMED_OUT', `no answer within ${timeoutMs} ms: the connection is cut`)),
      )
      const onClose = (): void => end(new KafkaError('NETWORK_EXCEPTION', 'this channel was closed'))
      const onChange = (): void => {
        if (this.blocked) forget = this.faults.onChange(onChange)
        else end(new KafkaError('NETWORK_EXCEPTION', 'the connection was cut'))
      }
      forget = this.faults.onChange(onChange)
      this.closing.add(onClose)
      return undefined
    })
  }

  close(): void {
    this.closed = true
    this.inner.close()
    for (const end of [...this.closing]) end()
  }
}

/** Holds back requests and answers of clients while they are cut off; connections are accepted all the same. */
class FaultyProcessor implements RequestProcessor {
  private readonly inner: RequestProcessor
  private readonly faults: NetworkFaults

  constructor(inner: RequestProcessor, faults: NetworkFaults) {
    this.inner = inner
    this.faults = faults
  }

  process(frame: Buffer, connection: ConnectionContext): Answer | Promise<Answer> {
    if (this.faults.blocksClients && !isPeer(frame)) {
      return this.healed(connection).then((here) => (here ? this.inner.process(frame, connection) : NOTHING))
    }
    const answer = this.inner.process(frame, connection)
    if (!(answer instanceof Promise)) return answer
    const fromPeer = isPeer(frame)
    return answer.then((ready) =>
      this.faults.blocksClients && !fromPeer ? this.healed(connection).then(() => ready) : ready,
    )
  }

  /** Resolves when clients are served again, with true, or when the connection is gone, with false. */
  private healed({ closed }: ConnectionContext): Promise<boolean> {
    return new Promise((resolve) => {
      let forget = (): void => undefined
      const end = (here: boolean): void => {
        forget()
        closed.removeEventListener('abort', onGone)
        resolve(here)
      }
      const onGone = (): void => end(false)
      const onChange = (): void => {
        if (this.faults.blocksClients) forget = this.faults.onChange(onChange)
        else end(true)
      }
      forget = this.faults.onChange(onChange)
      if (closed.aborted) end(false)
      else closed.addEventListener('abort', onGone, { once: true })
    })
  }
}

/** The client has gone: there is nobody to answer. */
const NOTHING: Answer = { chunks: null }

/** Looks at the client id alone; a frame too short for one is left to the processor to refuse. */
function isPeer(frame: Buffer): boolean {
  if (frame.length < CLIENT_ID_OFFSET + 2) return false
  const length = frame.readInt16BE(CLIENT_ID_OFFSET)
  if (length <= 0 || frame.length < CLIENT_ID_OFFSET + 2 + length) return false
  return PEER_CLIENT_ID.test(frame.toString('latin1', CLIENT_ID_OFFSET + 2, CLIENT_ID_OFFSET + 2 + length))
}

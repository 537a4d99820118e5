/**
 * One client and the broker it speaks to: bytes go both ways as they come, each side is read only as fast as the other one
 * takes them, and what they say is told.
 */
import type { Socket } from 'node:net'
import { ProtocolError } from '../../base/errors.ts'
import { type Address, formatAddress } from '../../client/address.ts'
import type { WireEvent } from '../../client/trace.ts'
import { type ApisByKey, type AskedRequest, MAX_ANSWER_BYTES, WireTap } from '../../client/wire-tap.ts'
import type { FoundAddress } from '../../protocol/endpoints.ts'
import { FrameStream } from '../../protocol/frame-stream.ts'
import { AnswerRelay } from './answer-relay.ts'
import { endOf } from './upstream.ts'

/** Above this many requests without an answer a client is not read. */
export const MAX_OUTSTANDING = 1000

/** The end of most connections: a consumer that leaves does not wait for its last fetch. */
export const CLIENT_LEFT = 'the client has left'

/** Who hears what happens on a link. */
export interface LinkListener {
  exchange(link: Link, event: WireEvent): void
  /** What a person should know: a stranger, a broker that is not there. */
  note(link: Link, text: string): void
  closed(link: Link): void
}

export interface LinkOptions {
  readonly id: number
  readonly apis: ApisByKey
  readonly now: () => number
  readonly listener: LinkListener
  readonly open: () => Promise<{ readonly socket: Socket; readonly address: Address }>
  readonly proxied: (address: FoundAddress, client: Socket) => Promise<Address | null>
  /** What holds for every link is told with the first. */
  readonly noteOnce: (text: string) => void
}

type Reason = 'connecting' | 'slow broker' | 'outstanding'

export class Link {
  readonly id: number
  /** As the client calls itself in its requests. */
  clientId: string | null = null
  readonly clientAddress: string
  readonly #client: Socket
  readonly #options: LinkOptions
  #broker: Socket | null = null
  #tap: WireTap | null = null
  #answers: FrameStream | null = null
  /** Why the client is not read. */
  readonly #pausedFor = new Set<Reason>()
  #hasSpoken = false
  #isClosed = false
  /** Why requests are not answered any more. */
  #ending: string | null = null
  /** Its end was told. */
  #isTold = false
  /** What goes to the client, where something before it is not ready. */
  #toClient: (Buffer | Promise<Buffer>)[] = []
  #isWaiting = false
  bytesUp = 0
  bytesDown = 0

  constructor(client: Socket, options: LinkOptions) {
    this.#client = client
    this.#options = options
    this.id = options.id
    this.clientAddress = endOf(client.remoteAddress, client.remotePort)
    client.on('data', (chunk: Buffer) => this.#fromClient(chunk))
    client.on('error', (error: NodeJS.ErrnoException) =>
      this.#lost(`the client's connection failed: ${error.code ?? error.message}`),
    )
    client.on('end', () => {
      this.#ending ??= CLIENT_LEFT
      this.#broker?.end()
    })
    client.on('close', () => this.close())
    client.on('drain', () => this.#readBroker())
    this.#pause('connecting')
    void this.#connect()
  }

  async #connect(): Promise<void> {
    try {
      const { socket, address } = await this.#options.open()
      if (this.#isClosed) socket.destroy()
      else this.#connected(socket, address)
    } catch (error) {
      if (!this.#isClosed) this.#lost(`no connection to the broker: ${failureText(error)}`)
    }
  }

  #connected(broker: Socket, address: Address): void {
    const { apis, now, listener } = this.#options
    const tap = new WireTap({
      address,
      apis,
      now,
      onExchange: (event) => listener.exchange(this, event),
      onAsked: (asked) => this.#learnClient(asked),
    })
    this.#tap = tap
    this.#broker = broker
    const relay = new AnswerRelay({
      tap,
      proxied: (found) => this.#options.proxied(found, this.#client),
      write: (bytes) => this.#write(bytes),
      note: (text) => listener.note(this, text),
      noteOnce: this.#options.noteOnce,
    })
    this.#answers = new FrameStream(MAX_ANSWER_BYTES, relay)
    broker.on('data', (chunk: Buffer) => this.#fromBroker(chunk))
    broker.on('error', (error: NodeJS.ErrnoException) =>
      this.#lost(`the connection to ${formatAddress(address)} failed: ${error.code ?? error.message}`),
    )
    for (const event of ['end', 'close']) {
      broker.on(event, () => {
        this.#ending ??= 'the broker closed the connection'
        this.#endClient()
      })
    }
    broker.on('drain', () => this.#resume('slow broker'))
    broker.resume()
    this.#resume('connecting')
  }

  #learnClient({ header }: AskedRequest): void {
    this.clientId = header.clientId ?? this.clientId
  }

  #fromClient(chunk: Buffer): void {
    if (this.#isClosed) return
    if (!this.#hasSpoken) {
      this.#hasSpoken = true
      const stranger = strangerText(chunk)
      if (stranger !== null) {
        this.#refuse(stranger)
        return
      }
    }
    this.#pass(chunk)
  }

  #refuse({ text, answer }: { text: string; answer?: string }): void {
    this.#options.listener.note(this, text)
    this.#isClosed = true
    if (answer === undefined) this.close()
    else this.#client.end(answer, () => this.close())
  }

  /** To the broker, as it is. */
  #pass(chunk: Buffer): void {
    try {
      this.#tap!.sent(chunk)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#lost(`what the client sends is not Kafka's protocol: ${error.message}`)
      return
    }
    this.bytesUp += chunk.length
    if (!this.#broker!.write(chunk)) this.#pause('slow broker')
    if (this.#tap!.outstanding > MAX_OUTSTANDING) this.#pause('outstanding')
  }

  #fromBroker(chunk: Buffer): void {
    if (this.#isClosed) return
    this.bytesDown += chunk.length
    this.#client.cork()
    try {
      this.#answers!.push(chunk)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#lost(`what the broker answers is not Kafka's protocol: ${error.message}`)
    } finally {
      this.#client.uncork()
    }
    if (this.#tap!.outstanding <= MAX_OUTSTANDING) this.#resume('outstanding')
    if (this.#client.writableNeedDrain || this.#toClient.length > 0) this.#broker?.pause()
  }

  #write(bytes: Buffer | Promise<Buffer>): void {
    if (this.#toClient.length === 0 && Buffer.isBuffer(bytes)) this.#client.write(bytes)
    else {
      this.#toClient.push(bytes)
      void this.#writeInOrder()
    }
  }

  /** An answer waits until the listeners are there that it names; what is behind it waits with it. */
  async #writeInOrder(): Promise<void> {
    if (this.#isWaiting) return
    this.#isWaiting = true
    while (this.#toClient.length > 0 && !this.#isClosed) {
      const bytes = await this.#toClient[0]!
      this.#toClient.shift()
      if (!this.#isClosed) this.#client.write(bytes)
    }
    this.#isWaiting = false
    this.#readBroker()
  }

  #readBroker(): void {
    if (this.#client.writableNeedDrain || this.#toClient.length > 0) return
    if (this.#broker?.destroyed === false) this.#broker.resume()
  }

  #pause(reason: Reason): void {
    this.#pausedFor.add(reason)
    this.#client.pause()
  }

  #resume(reason: Reason): void {
    if (!this.#pausedFor.delete(reason) || this.#pausedFor.size > 0 || this.#isClosed) return
    this.#client.resume()
  }

  /** The broker has ended: what it said still reaches the client. */
  #endClient(): void {
    if (this.#toClient.length > 0) void this.#writeInOrder().then(() => this.#client.end())
    else this.#client.end()
  }

  #lost(text: string): void {
    if (this.#isClosed) return
    this.#ending ??= text
    this.#options.listener.note(this, text)
    this.close()
  }

  /** Ends both sides at once. Safe to call twice. */
  close(): void {
    this.#client.destroy()
    // What the client sent last, without waiting for an answer, still goes out.
    this.#broker?.destroySoon()
    this.#isClosed = true
    if (this.#isTold) return
    this.#isTold = true
    this.#tap?.end(this.#ending ?? 'kt trace ended')
    this.#options.listener.closed(this)
  }
}

/** Who speaks something else, by its first bytes; it would otherwise read as an absurd frame. */
function strangerText(chunk: Buffer): { text: string; answer?: string } | null {
  if (chunk.length >= 2 && chunk[0] === 0x16 && chunk[1] === 0x03) {
    return {
      text: 'the client speaks TLS, and this listener PLAINTEXT: set security.protocol=PLAINTEXT at the client; kt itself speaks TLS to the cluster when --command-config or the profile says so',
    }
  }
  const words = chunk.toString('latin1', 0, 8)
  if (!/^(GET|POST|PUT|HEAD|OPTIONS|DELETE|CONNECT|PRI) /.test(words)) return null
  const body = "This is kt trace, a proxy for Kafka's protocol. It does not speak HTTP.\n"
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
  return {
    text: `the client speaks HTTP (${JSON.stringify(words.split(' ')[0])}), and this is Kafka's protocol`,
    answer: head + body,
  }
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { fact, facts } = error as { fact?: string; facts?: readonly string[] }
  return fact ?? [error.message, ...(facts ?? [])].join('; ')
}

/** What `SocketServer` is to a node, in the simulated world: listeners, and requests served one at a time per connection. */
import { ProtocolError } from '../../../src/base/errors.ts'
import type { NodeServer } from '../../../src/network/node-network.ts'
import type { Answer, ConnectionContext } from '../../../src/network/processor.ts'
import type { ListenerOptions, SocketServerDependencies } from '../../../src/network/socket-server.ts'
import type { ConnectionEnd, SimConnection } from './sim-connection.ts'
import type { SimProcess } from './sim-process.ts'

const SIZE_BYTES = 4

/** Where a server's listeners are entered so that connections find them. */
export interface PortTable {
  /** The port taken. Throws EADDRINUSE. */
  bind(port: number, accept: (connection: SimConnection, clientAddress: string) => ConnectionEnd): number
  unbind(port: number): void
  /** A response is about to leave. */
  onResponse(end: ServerEnd, request: Buffer, response: Buffer): void
}

/** The server's end of one connection; follows `src/network/connection.ts` in what it serves and when. */
export class ServerEnd implements ConnectionEnd, ConnectionContext {
  readonly process: SimProcess
  readonly listenerName: string
  readonly clientAddress: string
  clientSoftwareName = ''
  clientSoftwareVersion = ''
  private readonly server: SimServer
  private readonly connection: SimConnection
  private readonly waiting: Buffer[] = []
  private busy = false
  private isClosed = false
  private abort: AbortController | null = null

  constructor(server: SimServer, connection: SimConnection, listenerName: string, clientAddress: string) {
    this.process = server.process
    this.server = server
    this.connection = connection
    this.listenerName = listenerName
    this.clientAddress = clientAddress
  }

  get closed(): AbortSignal {
    if (this.abort === null) {
      this.abort = new AbortController()
      if (this.isClosed) this.abort.abort()
    }
    return this.abort.signal
  }

  onFrame(frame: Buffer): void {
    this.waiting.push(frame)
    this.serveWaiting()
  }

  private serveWaiting(): void {
    while (!this.busy && !this.isClosed) {
      const frame = this.waiting.shift()
      if (frame === undefined) return
      this.serve(frame)
    }
  }

  private serve(frame: Buffer): void {
    // The log assigns offsets in place: who looks at the request later must see it as it was sent.
    const body = Buffer.from(frame.subarray(SIZE_BYTES))
    let answer: Answer | Promise<Answer>
    try {
      answer = this.server.dependencies.processor.process(body, this)
    } catch (error) {
      this.fail(error)
      return
    }
    if (!(answer instanceof Promise)) {
      this.send(frame, answer)
      return
    }
    this.busy = true
    answer.then(
      (ready) => {
        this.busy = false
        this.send(frame, ready)
        this.serveWaiting()
      },
      (error) => {
        this.busy = false
        this.fail(error)
      },
    )
  }

  private send(request: Buffer, { chunks, afterSend, close }: Answer): void {
    if (!this.isClosed && chunks !== null && this.process.alive) {
      const response = Buffer.concat(chunks)
      this.server.ports.onResponse(this, request, response)
      this.connection.sendToClient(response)
    }
    afterSend?.()
    if (close) this.close()
  }

  private fail(error: unknown): void {
    const { logger } = this.server.dependencies
    if (error instanceof ProtocolError) logger.warn(`closing connection of ${this.clientAddress}: ${error.message}`)
    else logger.error(`closing connection of ${this.clientAddress} after an unexpected error`, error)
    this.close()
  }

  close(): void {
    if (this.isClosed) return
    if (this.process.alive) this.connection.closeFromServer()
    this.onClose()
  }

  onClose(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.waiting.length = 0
    this.server.forget(this)
    this.abort?.abort()
  }
}

export class SimServer implements NodeServer {
  readonly process: SimProcess
  readonly ports: PortTable
  readonly dependencies: SocketServerDependencies
  private readonly ends = new Set<ServerEnd>()
  private readonly bound: number[] = []

  constructor(process: SimProcess, ports: PortTable, dependencies: SocketServerDependencies) {
    this.process = process
    this.ports = ports
    this.dependencies = dependencies
  }

  listen({ name, port }: ListenerOptions): Promise<number> {
    const taken = this.ports.bind(port, (connection, clientAddress) => {
      const end = new ServerEnd(this, connection, name, clientAddress)
      this.ends.add(end)
      return end
    })
    this.bound.push(taken)
    return Promise.resolve(taken)
  }

  stop(): Promise<void> {
    for (const port of this.bound.splice(0)) this.ports.unbind(port)
    for (const end of [...this.ends]) end.close()
    return Promise.resolve()
  }

  forget(end: ServerEnd): void {
    this.ends.delete(end)
  }
}

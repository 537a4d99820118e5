/** The network of the simulated world: hosts, the links between them, and who listens where. */
import type { Clock } from '../../../src/base/clock.ts'
import type { NodeNetwork } from '../../../src/network/node-network.ts'
import type { PeerAddress, PeerNetwork } from '../../../src/protocol/peers.ts'
import type { Api } from '../../../src/protocol/schema.ts'
import type { Dice } from './dice.ts'
import type { Scheduler } from './scheduler.ts'
import { SimChannel } from './sim-channel.ts'
import { type ConnectionEnd, SimConnection, type SimHost } from './sim-connection.ts'
import { type LinkQuality, SimLink } from './sim-link.ts'
import { SimProcess } from './sim-process.ts'
import { type PortTable, type ServerEnd, SimServer } from './sim-server.ts'

/** Until a request that is sent twice arrives for the second time, in ms. */
const DUPLICATE_WITHIN_MS = 1_500
/** Ports handed out where 0 is asked for. */
const FIRST_FREE_PORT = 40_000

/** Sees every frame, before it leaves. */
export interface NetworkObserver {
  onRequest(from: SimProcess, fromHost: string, toHost: string, clientId: string, frame: Buffer): void
  onResponse(from: SimProcess, fromHost: string, toHost: string, request: Buffer, response: Buffer): void
}

interface OpenConnection {
  readonly connection: SimConnection
  readonly client: ConnectionEnd
  server: ConnectionEnd | null
}

type Accept = Parameters<PortTable['bind']>[1]

export interface EndpointOptions {
  /** Connections whose closing recalls what the server has not looked at. */
  readonly abortive?: boolean
}

export class SimNetwork {
  observer: NetworkObserver | null = null
  /** Requests that may arrive twice, by API key: those that Kafka's own protocol makes safe to repeat. */
  duplicable: ReadonlySet<number> = new Set()
  private readonly scheduler: Scheduler
  private readonly dice: Dice
  private readonly hosts = new Map<string, SimHost>()
  private readonly links = new Map<string, SimLink>()
  private readonly listeners = new Map<string, { readonly accept: Accept; readonly process: SimProcess }>()
  private readonly connections = new Set<OpenConnection>()
  private readonly ghost = new SimProcess('wire')

  constructor(scheduler: Scheduler, dice: Dice) {
    this.scheduler = scheduler
    this.dice = dice
  }

  host(name: string): SimHost {
    let host = this.hosts.get(name)
    if (host === undefined) {
      host = { name, up: true }
      this.hosts.set(name, host)
    }
    return host
  }

  link(from: string, to: string): SimLink {
    const key = `${from}>${to}`
    let link = this.links.get(key)
    if (link === undefined) {
      link = new SimLink(from, to)
      // A process talks to itself whatever happens to the wires.
      if (from === to) link.quality = { baseMs: 0.02, meanMs: 0.05, lossRate: 0, duplicateRate: 0 }
      this.links.set(key, link)
    }
    return link
  }

  block(from: string, to: string): void {
    if (from !== to) this.link(from, to).blocked = true
  }

  heal(from: string, to: string): void {
    this.link(from, to).heal()
  }

  /** Every link that is cut or bad is as good as new. */
  healAll(quality: LinkQuality): void {
    for (const link of this.links.values()) {
      if (link.from !== link.to) link.quality = quality
      link.heal()
    }
  }

  /** The network as `process` on `host` sees it. */
  of(process: SimProcess, host: string, clock: Clock, options: EndpointOptions = {}): NodeNetwork {
    const abortive = options.abortive ?? false
    const peers: PeerNetwork = {
      open: (address, clientId) =>
        new SimChannel({
          ...{ process, clock, address, clientId },
          dial: (end) => (process.alive ? this.dial(end, host, address, abortive) : null),
          onRequest: (channel, api, frame) => this.sent(channel, host, api, frame),
        }),
    }
    return {
      peers,
      server: (_options, dependencies) => new SimServer(process, this.portsOf(process, host), dependencies),
    }
  }

  private portsOf(process: SimProcess, host: string): PortTable {
    return {
      bind: (wanted, accept) => {
        let port = wanted
        for (let free = FIRST_FREE_PORT; port === 0; free++) if (!this.listeners.has(`${host}:${free}`)) port = free
        const key = `${host}:${port}`
        if (this.listeners.has(key)) throw Object.assign(new Error(`${key} is taken`), { code: 'EADDRINUSE' })
        this.listeners.set(key, { accept, process })
        return port
      },
      unbind: (port) => {
        if (this.listeners.get(`${host}:${port}`)?.process === process) this.listeners.delete(`${host}:${port}`)
      },
      onResponse: (end: ServerEnd, request, response) => {
        this.observer?.onResponse(process, host, end.clientAddress, request, response)
      },
    }
  }

  private dial(client: ConnectionEnd, fromHost: string, address: PeerAddress, abortive: boolean): SimConnection {
    const connection = new SimConnection(client, {
      scheduler: this.scheduler,
      dice: this.dice,
      toServer: this.link(fromHost, address.host),
      toClient: this.link(address.host, fromHost),
      clientHost: this.host(fromHost),
      serverHost: this.host(address.host),
      abortive,
    })
    for (const old of this.connections) if (old.connection.over) this.connections.delete(old)
    const open: OpenConnection = { connection, client, server: null }
    this.connections.add(open)
    connection.connect(() => {
      const listener = this.listeners.get(`${address.host}:${address.port}`)
      if (listener === undefined || !listener.process.alive) return null
      open.server = listener.accept(connection, fromHost)
      return open.server
    })
    return connection
  }

  private sent(channel: SimChannel, fromHost: string, api: Api, frame: Buffer): void {
    const { host } = channel.address
    this.observer?.onRequest(channel.process, fromHost, host, channel.clientId, frame)
    const { duplicateRate } = this.link(fromHost, host).quality
    if (duplicateRate === 0 || !this.duplicable.has(api.key) || !this.dice.chance(duplicateRate)) return
    const copy = Buffer.from(frame)
    this.scheduler.after(this.dice.between(0, DUPLICATE_WITHIN_MS), null, () => {
      const nobody: ConnectionEnd = { process: this.ghost, onFrame: () => undefined, onClose: () => undefined }
      this.dial(nobody, fromHost, channel.address, false).sendToServer(copy)
    })
  }

  /** Its kernel closes the connections of a killed process; a machine without power says nothing to anybody. */
  processEnded(process: SimProcess, how: 'killed' | 'power-failure'): void {
    for (const [key, listener] of this.listeners) if (listener.process === process) this.listeners.delete(key)
    for (const open of [...this.connections]) {
      const isClient = open.client.process === process
      const isServer = open.server?.process === process
      if (!isClient && !isServer) continue
      this.connections.delete(open)
      if (how === 'power-failure') open.connection.vanish(isClient ? 'client' : 'server')
      else if (isClient) open.connection.closeFromClient()
      else open.connection.closeFromServer()
    }
  }
}

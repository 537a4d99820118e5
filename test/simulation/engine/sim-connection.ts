/**
 * One TCP connection of the simulated world: two streams of frames, each in order. A cut link holds what is under way and
 * delivers it late; a lost message ends the connection at both ends, each learning of it in its own time.
 */
import type { Dice } from './dice.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimLink } from './sim-link.ts'
import type { SimProcess } from './sim-process.ts'

/** What one end does with what arrives. */
export interface ConnectionEnd {
  readonly process: SimProcess
  /** A whole frame, size included. The bytes are the receiver's own. */
  onFrame(frame: Buffer): void
  /** No more comes: the peer has closed, or the connection is broken. */
  onClose(): void
}

/** A machine, as far as its network goes: a machine without power does not even refuse. */
export interface SimHost {
  readonly name: string
  up: boolean
}

/** Until an end learns of a lost message, in ms: retransmissions that never got through. */
const LOSS_NOTICED_WITHIN_MS = 2_000
/** Between the healing of a link and the next retransmission over it, in ms. */
const RETRANSMIT_WITHIN_MS = 400
/** Two frames of one stream never arrive at the same instant. */
const STREAM_GAP_MS = 0.001

/** One direction. */
class Stream {
  readonly link: SimLink
  private readonly scheduler: Scheduler
  private readonly dice: Dice
  /** Nothing overtakes what was sent before. */
  private lastArrival = 0
  /** Something was lost for good: nothing behind it can arrive. */
  broken = false
  /** Arrived at a cut link, or behind something that did. */
  private held: (() => void)[] = []

  constructor(link: SimLink, scheduler: Scheduler, dice: Dice) {
    this.link = link
    this.scheduler = scheduler
    this.dice = dice
  }

  send(deliver: () => void): void {
    if (this.broken) return
    const { scheduler } = this
    const arrival = Math.max(scheduler.now + this.link.delayMs(this.dice), this.lastArrival + STREAM_GAP_MS)
    this.lastArrival = arrival
    // The wire belongs to nobody: that a link is cut is seen even when the receiver is paused.
    scheduler.after(arrival - scheduler.now, null, () => this.arrive(deliver))
  }

  private arrive(deliver: () => void): void {
    if (this.held.length === 0 && !this.link.blocked) {
      deliver()
      return
    }
    this.held.push(deliver)
    if (this.held.length === 1) this.waitForLink()
  }

  private waitForLink(): void {
    this.link.onHeal(() => {
      this.scheduler.after(this.dice.between(0, RETRANSMIT_WITHIN_MS), null, () => this.flush())
    })
  }

  private flush(): void {
    if (this.link.blocked) {
      this.waitForLink()
      return
    }
    for (const deliver of this.held.splice(0)) this.scheduler.after(0, null, deliver)
  }
}

export interface ConnectionOptions {
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly toServer: SimLink
  readonly toClient: SimLink
  readonly clientHost: SimHost
  readonly serverHost: SimHost
  /** Closing takes back what the other side has not looked at: a socket that lingers for no time at all. */
  readonly abortive: boolean
}

export class SimConnection {
  private readonly options: ConnectionOptions
  private readonly toServer: Stream
  private readonly toClient: Stream
  private readonly client: ConnectionEnd
  /** null until the connection request was accepted, and where nobody accepts. */
  private server: ConnectionEnd | null = null
  private clientOpen = true
  private serverOpen = false
  private recalled = false

  constructor(client: ConnectionEnd, options: ConnectionOptions) {
    this.client = client
    this.options = options
    this.toServer = new Stream(options.toServer, options.scheduler, options.dice)
    this.toClient = new Stream(options.toClient, options.scheduler, options.dice)
  }

  /** Neither end has it open any more. */
  get over(): boolean {
    return !this.clientOpen && !this.serverOpen
  }

  /** `accept` runs when the connection request arrives at a host that is up; null refuses it. */
  connect(accept: () => ConnectionEnd | null): void {
    this.toServer.send(() => {
      if (!this.options.serverHost.up) return
      this.server = accept()
      if (this.server === null) this.resetClient()
      else this.serverOpen = true
    })
  }

  sendToServer(frame: Buffer): void {
    if (!this.clientOpen || this.lost(this.toServer)) return
    this.toServer.send(() => {
      const { server } = this
      if (this.recalled || !this.options.serverHost.up) return
      if (server === null || !this.serverOpen) {
        this.resetClient()
        return
      }
      this.options.scheduler.runAs(server.process, () => {
        if (this.serverOpen && !this.recalled) server.onFrame(frame)
      })
    })
  }

  sendToClient(frame: Buffer): void {
    if (!this.serverOpen || this.lost(this.toClient)) return
    this.toClient.send(() => {
      if (!this.options.clientHost.up) return
      if (!this.clientOpen) this.endServer()
      else this.options.scheduler.runAs(this.client.process, () => this.clientOpen && this.client.onFrame(frame))
    })
  }

  /** The client is done with it. What it sent before is still delivered, unless the connection is abortive. */
  closeFromClient(): void {
    if (!this.clientOpen) return
    this.clientOpen = false
    this.recalled = this.options.abortive
    this.toServer.send(() => {
      if (this.options.serverHost.up) this.endServer()
    })
  }

  /** The server closes, or its process has died and the kernel closes for it. */
  closeFromServer(): void {
    if (!this.serverOpen) return
    this.serverOpen = false
    this.resetClient()
  }

  /** One end's machine is gone without a word. */
  vanish(end: 'client' | 'server'): void {
    if (end === 'client') this.clientOpen = false
    else this.serverOpen = false
  }

  private endServer(): void {
    const { server } = this
    if (server === null || !this.serverOpen) return
    this.options.scheduler.runAs(server.process, () => {
      if (!this.serverOpen) return
      this.serverOpen = false
      server.onClose()
    })
  }

  private endClient(): void {
    if (!this.clientOpen) return
    this.options.scheduler.runAs(this.client.process, () => {
      if (!this.clientOpen) return
      this.clientOpen = false
      this.client.onClose()
    })
  }

  private resetClient(): void {
    this.toClient.send(() => {
      if (this.options.clientHost.up) this.endClient()
    })
  }

  /** A message that never arrives: both ends give the connection up, some time or other. */
  private lost(stream: Stream): boolean {
    const { dice, scheduler } = this.options
    const { lossRate } = stream.link.quality
    if (stream.broken) return true
    if (lossRate === 0 || !dice.chance(lossRate)) return false
    stream.broken = true
    scheduler.after(dice.between(0, LOSS_NOTICED_WITHIN_MS), null, () => this.endClient())
    scheduler.after(dice.between(0, LOSS_NOTICED_WITHIN_MS), null, () => this.endServer())
    return true
  }
}

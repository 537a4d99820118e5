import * as net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { ProtocolError } from '../../src/base/errors.ts'
import { silentLogger } from '../../src/base/logger.ts'
import type { Answer, ConnectionContext, RequestProcessor } from '../../src/network/processor.ts'
import { SocketServer, type SocketServerOptions } from '../../src/network/socket-server.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

const DEFAULTS: SocketServerOptions = {
  socketRequestMaxBytes: 1_000_000,
  maxConnections: 1000,
  maxConnectionsPerIp: 1000,
  connectionsMaxIdleMs: 600_000,
  queuedMaxRequestBytes: -1,
  socketListenBacklogSize: 50,
}

function framed(body: Buffer | string): Buffer {
  const bytes = Buffer.from(body as Buffer)
  const size = Buffer.alloc(4)
  size.writeInt32BE(bytes.length)
  return Buffer.concat([size, bytes])
}

const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

type Process = (frame: Buffer, connection: ConnectionContext) => Answer | Promise<Answer>

async function listen(process: Process, options: Partial<SocketServerOptions> = {}, clock = systemClock) {
  const processor: RequestProcessor = { process }
  const server = new SocketServer({ ...DEFAULTS, ...options }, { processor, clock, logger: silentLogger })
  open.push({ close: () => server.stop() })
  const port = await server.listen({ name: 'PLAINTEXT', host: '127.0.0.1', port: 0 })
  return { server, port }
}

class Client {
  readonly socket: net.Socket
  closed = false
  private received = Buffer.alloc(0)
  private waiters: (() => void)[] = []

  constructor(port: number) {
    this.socket = net.connect(port, '127.0.0.1')
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk])
      this.wake()
    })
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.closed = true
      this.wake()
    })
    open.push({ close: () => this.socket.destroy() })
  }

  private wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter()
  }

  send(...bodies: (Buffer | string)[]): void {
    this.socket.write(Buffer.concat(bodies.map(framed)))
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiters.push(resolve))
  }

  async frames(count: number): Promise<string[]> {
    const found: string[] = []
    while (found.length < count) {
      await this.until(() => this.closed || this.hasFrame())
      if (!this.hasFrame()) throw new Error(`closed after ${found.length} answers`)
      const size = this.received.readInt32BE(0)
      found.push(this.received.subarray(4, 4 + size).toString())
      this.received = this.received.subarray(4 + size)
    }
    return found
  }

  private hasFrame(): boolean {
    return this.received.length >= 4 && this.received.length >= 4 + this.received.readInt32BE(0)
  }
}

const echo: Process = (frame) => ({ chunks: [framed(Buffer.from(frame))] })

describe('SocketServer', () => {
  it('answers requests in order', async () => {
    const { port } = await listen(echo)
    const client = new Client(port)
    client.send('one', 'two', 'three')
    expect(await client.frames(3)).toEqual(['one', 'two', 'three'])
  })

  it('serves one request of a connection at a time, so that a later one sees what an earlier one did', async () => {
    const log: string[] = []
    const { port } = await listen(async (frame) => {
      log.push(`start ${frame}`)
      if (frame.toString() === 'slow') await new Promise((resolve) => setTimeout(resolve, 20))
      log.push(`end ${frame}`)
      return { chunks: [framed(Buffer.from(frame))] }
    })
    const client = new Client(port)
    client.send('slow', 'fast')
    expect(await client.frames(2)).toEqual(['slow', 'fast'])
    expect(log).toEqual(['start slow', 'end slow', 'start fast', 'end fast'])
  })

  it('lets a waiting connection not hold up another', async () => {
    let release = (): void => undefined
    const { port } = await listen((frame) => {
      if (frame.toString() !== 'wait') return { chunks: [framed(Buffer.from(frame))] }
      return new Promise<Answer>((resolve) => {
        release = () => resolve({ chunks: [framed('waited')] })
      })
    })
    const waiting = new Client(port)
    waiting.send('wait')
    const other = new Client(port)
    other.send('hello')
    expect(await other.frames(1)).toEqual(['hello'])
    release()
    expect(await waiting.frames(1)).toEqual(['waited'])
  })

  it('joins the pieces of an answer', async () => {
    const { port } = await listen(() => ({
      chunks: [Buffer.from([0, 0, 0, 6]), Buffer.from('abc'), Buffer.from('def')],
    }))
    const client = new Client(port)
    client.send('x')
    expect(await client.frames(1)).toEqual(['abcdef'])
  })

  it.each([
    ['zero', [0, 0, 0, 0]],
    ['negative', [255, 255, 255, 255]],
    ['absurd', [127, 255, 255, 255]],
  ])('closes on a frame of %s size', async (_name, bytes) => {
    const { port } = await listen(echo)
    const client = new Client(port)
    client.socket.write(Buffer.from(bytes))
    await client.until(() => client.closed)
  })

  it('closes when the processor throws, and lives on for others', async () => {
    const { port } = await listen((frame) => {
      if (frame.toString() === 'bad') throw new ProtocolError('no')
      if (frame.toString() === 'defect') return Promise.reject(new Error('oops'))
      return echo(frame, null as never)
    })
    for (const bad of ['bad', 'defect']) {
      const client = new Client(port)
      client.send(bad)
      await client.until(() => client.closed)
    }
    const good = new Client(port)
    good.send('fine')
    expect(await good.frames(1)).toEqual(['fine'])
  })

  it('sends what it has before it closes when an answer says so', async () => {
    const { port } = await listen(() => ({ chunks: [framed('bye')], close: true }))
    const client = new Client(port)
    client.send('x', 'never served')
    expect(await client.frames(1)).toEqual(['bye'])
    await client.until(() => client.closed)
  })

  it('closes without an answer when there is none to give', async () => {
    const { port } = await listen(() => ({ chunks: null, close: true }))
    const client = new Client(port)
    client.send('x')
    await client.until(() => client.closed)
  })

  it('runs afterSend once: after the bytes left, or when the connection is gone', async () => {
    const ran: string[] = []
    let answerLater = (_answer: Answer): void => undefined
    const { port } = await listen((frame) => {
      const name = frame.toString()
      const answer: Answer = { chunks: [framed(name)], afterSend: () => void ran.push(name) }
      if (name !== 'later') return answer
      return new Promise<Answer>((resolve) => {
        answerLater = () => resolve(answer)
      })
    })
    const client = new Client(port)
    client.send('now')
    await client.frames(1)
    await settled()
    expect(ran).toEqual(['now'])
    client.send('later')
    await new Promise((resolve) => setTimeout(resolve, 20))
    client.socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 20))
    answerLater({ chunks: null })
    await settled()
    expect(ran).toEqual(['now', 'later'])
  })

  it('stops serving a reader that does not read: memory stays bounded', async () => {
    const requests = 60
    const answer = framed(Buffer.alloc(1024 * 1024, 1))
    let served = 0
    const { port } = await listen(() => {
      served++
      return { chunks: [answer] }
    })
    const { socket } = new Client(port)
    socket.pause()
    const sent = new Promise<unknown>((resolve) =>
      socket.write(Buffer.concat(Array(requests).fill(framed('x'))), resolve),
    )
    await sent
    while (served === 0) await settled()
    // Time for a server without a limit to serve them all.
    await new Promise((resolve) => setTimeout(resolve, 200))
    // What the kernel buffers on both sides, plus the connection's own limit.
    expect(served).toBeLessThan(30)
    let received = 0
    socket.removeAllListeners('data')
    const complete = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        received += chunk.length
        if (received === requests * answer.length) resolve()
      })
    })
    // Whoever reads again gets the rest, however long the machine takes.
    socket.resume()
    await complete
    expect(served).toBe(requests)
  })

  it('does not read without end while a request is being served', async () => {
    const { port, server } = await listen(() => new Promise<Answer>(() => undefined))
    const client = new Client(port)
    client.send('waits for ever')
    for (let i = 0; i < 200; i++) client.send(Buffer.alloc(100_000))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(server.queuedRequestBytes).toBeGreaterThan(0)
    expect(server.queuedRequestBytes).toBeLessThan(3_000_000)
  })

  it('gives back counted bytes when a connection ends in the middle of a frame', async () => {
    const { port, server } = await listen(echo)
    const client = new Client(port)
    client.socket.write(Buffer.from([0, 0, 200, 0, 1, 2, 3]))
    while (server.queuedRequestBytes === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    client.socket.destroy()
    while (server.connectionCount > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(server.queuedRequestBytes).toBe(0)
  })

  it('refuses connections over max.connections.per.ip, and takes one again when one has gone', async () => {
    const { port, server } = await listen(echo, { maxConnectionsPerIp: 2 })
    const first = new Client(port)
    const second = new Client(port)
    first.send('a')
    second.send('b')
    await Promise.all([first.frames(1), second.frames(1)])
    const third = new Client(port)
    await third.until(() => third.closed)
    first.socket.destroy()
    while (server.connectionCount > 1) await new Promise((resolve) => setTimeout(resolve, 5))
    const fourth = new Client(port)
    fourth.send('d')
    expect(await fourth.frames(1)).toEqual(['d'])
  })

  it('lets an override raise the limit of one address', async () => {
    const overrides = new Map([['127.0.0.1', 3]])
    const { port } = await listen(echo, { maxConnectionsPerIp: 0, maxConnectionsPerIpOverrides: overrides })
    const client = new Client(port)
    client.send('in')
    expect(await client.frames(1)).toEqual(['in'])
  })

  it('refuses connections over max.connections', async () => {
    const { port } = await listen(echo, { maxConnections: 1 })
    const first = new Client(port)
    first.send('a')
    await first.frames(1)
    const second = new Client(port)
    await second.until(() => second.closed)
  })

  it('closes idle connections, and not those that wait for an answer', async () => {
    const clock = new ManualClock()
    const { port, server } = await listen(
      (frame) => (frame.toString() === 'wait' ? new Promise<Answer>(() => undefined) : echo(frame, null as never)),
      { connectionsMaxIdleMs: 1000 },
      clock,
    )
    const idle = new Client(port)
    idle.send('x')
    await idle.frames(1)
    const busy = new Client(port)
    busy.send('wait')
    while (server.connectionCount < 2) await settled()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await clock.advance(900)
    expect(idle.closed).toBe(false)
    await clock.advance(400)
    await idle.until(() => idle.closed)
    expect(busy.closed).toBe(false)
    expect(server.connectionCount).toBe(1)
  })

  it('wakes for nothing while there are no connections', async () => {
    const clock = new ManualClock()
    await listen(echo, {}, clock)
    expect(clock.timerCount).toBe(0)
  })

  it('holds many idle connections cheaply', async () => {
    const { port, server } = await listen(echo, { maxConnections: 2000, maxConnectionsPerIp: 2000 })
    const before = process.memoryUsage().rss
    const clients: Client[] = []
    while (clients.length < 1000) {
      // No more at once than the listener's backlog takes.
      for (let i = 0; i < 25; i++) clients.push(new Client(port))
      while (server.connectionCount < clients.length) await settled()
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    clients[250]!.send('still here')
    expect(await clients[250]!.frames(1)).toEqual(['still here'])
  })

  it('tells who is connected, and when they have gone', async () => {
    let seen: ConnectionContext | null = null
    const { port } = await listen((frame, connection) => {
      seen = connection
      return echo(frame, connection)
    })
    const client = new Client(port)
    client.send('x')
    await client.frames(1)
    const context = seen! as ConnectionContext
    expect(context.listenerName).toBe('PLAINTEXT')
    expect(context.clientAddress).toBe('127.0.0.1')
    const aborted = new Promise((resolve) => context.closed.addEventListener('abort', resolve))
    client.socket.destroy()
    await aborted
  })

  it('rejects when its port is taken', async () => {
    const { port } = await listen(echo)
    const other = new SocketServer(DEFAULTS, { processor: { process: echo }, clock: systemClock, logger: silentLogger })
    await expect(other.listen({ name: 'PLAINTEXT', host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await other.stop()
  })

  it('closes every connection when it stops', async () => {
    const { port, server } = await listen(echo)
    const client = new Client(port)
    client.send('x')
    await client.frames(1)
    await server.stop()
    await client.until(() => client.closed)
    expect(server.connectionCount).toBe(0)
  })
})

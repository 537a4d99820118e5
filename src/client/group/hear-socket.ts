/** kafkajs speaks on sockets of its own: what goes over one is heard there and told to who watches the wire. */
import type { Socket } from 'node:net'
import type { Address } from '../address.ts'
import { wireWatcher } from '../trace.ts'
import { type ApisByKey, WireTap } from '../wire-tap.ts'

/** Tells what goes over this socket until it closes. What cannot be understood ends the hearing, never the connection. */
export function hearSocket(socket: Socket, address: Address, apis: ApisByKey, now: () => number): void {
  const tap = new WireTap({ address, apis, now, onExchange: (event) => wireWatcher()?.(event) })
  let isHearing = true
  const hear = (take: () => void): void => {
    if (!isHearing) return
    try {
      take()
    } catch {
      isHearing = false
    }
  }
  const write = socket.write
  socket.write = function (this: Socket, data: Uint8Array | string, ...rest: never[]): boolean {
    const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.length)
    hear(() => tap.sent(bytes))
    return (write as (...args: unknown[]) => boolean).call(this, data, ...rest)
  } as Socket['write']
  socket.on('data', (chunk: Buffer) => hear(() => tap.received(chunk)))
  socket.on('close', () => hear(() => tap.end('the connection was closed')))
}

import * as net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { hearSocket } from '../../../src/client/group/hear-socket.ts'
import { type WireEvent, watchWire } from '../../../src/client/trace.ts'
import { allApis } from '../../../src/client/wire-tap.ts'
import { encodeRequest, encodeResponse } from '../../../src/protocol/header.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'

const apis = await allApis()
const ends: (() => unknown)[] = []
afterEach(async () => {
  watchWire(null)
  for (const end of ends.splice(0).reverse()) await end()
})

async function heard(answer: Buffer): Promise<{ socket: net.Socket; received: Buffer[]; events: WireEvent[] }> {
  const received: Buffer[] = []
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk)
      socket.write(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise((resolve) => server.close(resolve)))
  const events: WireEvent[] = []
  watchWire((event) => void events.push(event))
  const { port } = server.address() as net.AddressInfo
  const socket = net.connect(port, '127.0.0.1')
  ends.push(() => socket.destroy())
  hearSocket(socket, { host: '127.0.0.1', port }, apis, () => 0)
  return { socket, received, events }
}

describe('a socket that is heard', () => {
  it('tells what goes over it, and passes it on', async () => {
    const { socket, received, events } = await heard(Buffer.concat(encodeResponse(metadata, 6, 3, { clusterId: 'c' })))
    const request = Buffer.concat(encodeRequest(metadata, 6, 3, 'js', { topics: [{ name: 'orders' }] }))
    const answered = new Promise((resolve) => socket.once('data', resolve))
    socket.write(request, () => undefined)
    await answered
    expect(Buffer.concat(received)).toEqual(request)
    expect(events).toMatchObject([{ api: { name: 'Metadata' }, clientId: 'js', response: { clusterId: 'c' } }])
  })

  it('is no worse off where it cannot be understood', async () => {
    const { socket, received, events } = await heard(Buffer.from('something else'))
    const answered = new Promise((resolve) => socket.once('data', resolve))
    socket.write('GET / HTTP/1.1\r\n\r\n')
    expect(String(await answered)).toBe('something else')
    expect([Buffer.concat(received).toString(), events]).toEqual(['GET / HTTP/1.1\r\n\r\n', []])
  })
})

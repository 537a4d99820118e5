import * as net from 'node:net'
import { expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { freePorts } from '../../src/cluster/free-ports.ts'

const HOST = '127.0.0.1'

it('gives different ports that can be listened on, outside the range of outgoing connections', async () => {
  const ports = await freePorts(HOST, 5)
  expect(new Set(ports).size).toBe(5)
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(32_000)
  }
})

it('passes over a port that is taken', async () => {
  const [port] = await freePorts(HOST, 1, seededRandom(7))
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(port, HOST, resolve))
  const again = await freePorts(HOST, 1, seededRandom(7))
  expect(again).not.toContain(port)
  await new Promise((resolve) => server.close(resolve))
})

it('says so when there is none', async () => {
  const always = { next: () => 0, bytes: (length: number) => Buffer.alloc(length) }
  await expect(freePorts(HOST, 2, always)).rejects.toMatchObject({ kind: 'conflict' })
})

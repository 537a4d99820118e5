import * as net from 'node:net'
import { expect, it } from 'vitest'
import { portHolder, portIsFree } from '../../src/cluster/port-holder.ts'

it('names the process that listens', async () => {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  expect(await portIsFree('127.0.0.1', port)).toBe(false)
  expect(portHolder(port)).toContain(`pid ${process.pid}`)
  await new Promise((resolve) => server.close(resolve))
  expect(await portIsFree('127.0.0.1', port)).toBe(true)
  expect(portHolder(port)).toBeNull()
})

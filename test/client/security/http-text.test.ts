import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { HttpTimeout, httpText } from '../../../src/client/security/http-text.ts'

it('asks by any method, with its headers, and gives status and body', async () => {
  const server = http.createServer((request, response) => {
    if (request.url === '/never') return
    response.writeHead(404).end(`${request.method} ${request.headers['x-a']} ${request.headers['content-length']}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = (path: string) => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  const asked = await httpText(url('/'), { method: 'PUT', headers: { 'x-a': 'b' }, timeoutMs: 2_000 })
  expect(asked).toEqual({ status: 404, body: 'PUT b 0' })
  const never = httpText(url('/never'), { method: 'GET', headers: {}, timeoutMs: 50 })
  await expect(never).rejects.toBeInstanceOf(HttpTimeout)
  server.closeAllConnections()
  server.close()
})

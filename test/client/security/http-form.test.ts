import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { type FormRequest, postForm } from '../../../src/client/security/http-form.ts'
import { CA_PEM, ELSEWHERE, LOCALHOST } from '../../support/certificates.ts'

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const post = (url: string, more: Partial<FormRequest> = {}) =>
  postForm({ url: new URL(url), headers: {}, body: 'a=b', timeoutMs: 2_000, tls: undefined, ...more })

const echo: http.RequestListener = async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  response.end(`${request.method} ${request.headers['content-type']} ${Buffer.concat(chunks)}`)
}

it('posts a form and gives status and body', async () => {
  const port = await listen(http.createServer(echo))
  expect(await post(`http://127.0.0.1:${port}/`)).toEqual({
    status: 200,
    body: 'POST application/x-www-form-urlencoded a=b',
  })
})

it('over TLS trusts what it is told to, and looks at the name', async () => {
  const port = await listen(https.createServer({ ...LOCALHOST }, echo))
  expect((await post(`https://localhost:${port}/`, { tls: { caPem: CA_PEM } })).status).toBe(200)
  await expect(post(`https://localhost:${port}/`)).rejects.toThrow(/certificate/)
  const other = await listen(https.createServer({ ...ELSEWHERE }, echo))
  await expect(post(`https://localhost:${other}/`, { tls: { caPem: CA_PEM } })).rejects.toThrow(/altnames/)
  expect((await post(`https://localhost:${other}/`, { tls: { caPem: CA_PEM, verifyHostname: false } })).status).toBe(
    200,
  )
})

it('waits no longer than it may', async () => {
  const server = http.createServer(() => undefined)
  const port = await listen(server)
  await expect(post(`http://127.0.0.1:${port}/`, { timeoutMs: 50 })).rejects.toThrow('no answer within 50 ms')
  server.closeAllConnections()
})

it('reads no more than an answer can have', async () => {
  const port = await listen(http.createServer((_, response) => response.end(Buffer.alloc(2 * 1024 * 1024))))
  await expect(post(`http://127.0.0.1:${port}/`)).rejects.toThrow(/longer than/)
})

it('waits no longer for the end of an answer either', async () => {
  const server = http.createServer((_, response) => response.write('{'))
  const port = await listen(server)
  await expect(post(`http://127.0.0.1:${port}/`, { timeoutMs: 100 })).rejects.toThrow('no answer within 100 ms')
  server.closeAllConnections()
})

import * as net from 'node:net'
import * as tls from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import type { ClientOptions } from '../../src/client/admin-types.ts'
import { openSocket, tlsFailure } from '../../src/client/socket.ts'
import { CA_PEM, CLIENT, ELSEWHERE, EXPIRED, LOCALHOST } from '../support/certificates.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { closedPort } from '../support/scripted-broker.ts'

const servers: net.Server[] = []
const sockets: net.Socket[] = []

async function listen(server: net.Server): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: net.Socket) => sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as net.AddressInfo).port
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

const open = (port: number, options: ClientOptions['tls'] = undefined, host = '127.0.0.1') =>
  openSocket({ host, port }, { connectTimeoutMs: 5_000, tls: options, clock: systemClock })

const secureServer = (options: tls.TlsOptions): Promise<number> => {
  const server = tls.createServer({ ...LOCALHOST, ...options }, (socket) => socket.on('error', () => undefined))
  server.on('tlsClientError', () => undefined)
  return listen(server)
}

describe('a socket', () => {
  it('connects in plaintext', async () => {
    const socket = await open(await listen(net.createServer()))
    expect(socket.readyState).toBe('open')
    socket.destroy()
  })

  it('tells a closed port', async () => {
    await expect(open(await closedPort())).rejects.toMatchObject({ reason: 'refused' })
  })

  it('tells a name that does not resolve', async () => {
    await expect(open(9092, undefined, 'no-such-host.invalid')).rejects.toMatchObject({ reason: 'dns' })
  })

  it('gives up a TLS handshake that does not come, on the clock it was given', async () => {
    const port = await listen(net.createServer())
    const clock = new ManualClock()
    const options = { connectTimeoutMs: 1_000, tls: { caPem: CA_PEM }, clock }
    const opening = openSocket({ host: '127.0.0.1', port }, options)
    const outcome = expect(opening).rejects.toMatchObject({ reason: 'tls-timeout' })
    while (clock.timerCount === 0 || sockets.length === 0) await settled()
    await clock.advance(1_000)
    await outcome
    await expect(opening).rejects.toThrow(/within 1000 ms/)
  })
})

describe('TLS', () => {
  it('is agreed on with a certificate of a trusted authority', async () => {
    const socket = await open(await secureServer({}), { caPem: CA_PEM }, 'localhost')
    expect((socket as tls.TLSSocket).authorized).toBe(true)
    socket.destroy()
  })

  it('checks IP addresses as well', async () => {
    const socket = await open(await secureServer({}), { caPem: CA_PEM })
    expect((socket as tls.TLSSocket).authorized).toBe(true)
    socket.destroy()
  })

  it('refuses an authority nobody told it to trust', async () => {
    await expect(open(await secureServer({}), {})).rejects.toMatchObject({ reason: 'certificate-authority' })
  })

  it('refuses a certificate for another host, unless told not to look', async () => {
    const port = await secureServer(ELSEWHERE)
    const refusal = open(port, { caPem: CA_PEM })
    await expect(refusal).rejects.toMatchObject({ reason: 'certificate-name' })
    await expect(refusal).rejects.toThrow(/elsewhere\.example/)
    const socket = await open(port, { caPem: CA_PEM, verifyHostname: false })
    expect(socket.readyState).toBe('open')
    socket.destroy()
  })

  it.each([
    ['PEM', { certPem: CLIENT.cert, keyPem: CLIENT.key }],
    ['PKCS#12', { pfx: CLIENT.pfx, keyPassword: CLIENT.pfxPassword }],
  ])('shows a client certificate from %s', async (_, identity) => {
    const server = tls.createServer({ ...LOCALHOST, ca: CA_PEM, requestCert: true, rejectUnauthorized: true })
    const name = new Promise((resolve) => {
      server.on('secureConnection', (socket) => resolve(socket.getPeerCertificate().subject.CN))
    })
    const socket = await open(await listen(server), { caPem: CA_PEM, ...identity })
    expect(await name).toBe('client')
    socket.destroy()
  })

  it('recognises a port that closes in the middle of the handshake as plaintext', async () => {
    // A broker's plaintext listener reads the ClientHello as an absurd length and hangs up.
    const port = await listen(net.createServer((socket) => socket.once('data', () => socket.destroy())))
    await expect(open(port, { caPem: CA_PEM })).rejects.toMatchObject({ reason: /plaintext-expected|closed/ })
  })

  it('recognises a port that answers in plaintext', async () => {
    const port = await listen(net.createServer((socket) => socket.once('data', () => socket.write('HTTP/1.1 400\r\n'))))
    await expect(open(port, { caPem: CA_PEM })).rejects.toMatchObject({ reason: 'plaintext-expected' })
  })

  it('refuses a certificate that is too old', async () => {
    const port = await secureServer(EXPIRED)
    await expect(open(port, { caPem: EXPIRED.cert })).rejects.toMatchObject({ reason: 'certificate-expired' })
  })

  it('trusts a certificate as it is, whoever signed it', async () => {
    const socket = await open(await secureServer({}), { caPem: LOCALHOST.cert })
    expect((socket as tls.TLSSocket).authorized).toBe(true)
    socket.destroy()
  })

  it('tells versions that have nothing in common', async () => {
    const port = await secureServer({ minVersion: 'TLSv1.3' })
    const old = open(port, { caPem: CA_PEM, maxVersion: 'TLSv1.2' })
    await expect(old).rejects.toMatchObject({ reason: 'tls-version' })
    await expect(old).rejects.toThrow(/no TLS version or cipher suite in common: [a-z0-9 ]+$/)
  })

  it.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client-certificate'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'client-certificate'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'client-certificate'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls-version'],
    ['CERT_NOT_YET_VALID', 'certificate-expired'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-authority'],
    ['CERT_REVOKED', 'certificate'],
    ['ECONNRESET', 'closed'],
  ])('takes %s for what it is', (code, reason) => {
    const message = `40A7:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert:../deps/rec.c:1605:SSL alert number 116`
    expect(tlsFailure({ host: 'h', port: 1 }, Object.assign(new Error(message), { code }))).toMatchObject({ reason })
  })
})

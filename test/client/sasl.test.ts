import { createHash, createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { seededRandom } from '../../src/base/random.ts'
import type { SaslOptions } from '../../src/client/admin-types.ts'
import { ANY, ClusterClient } from '../../src/client/cluster-client.ts'
import { bearerMessage, plainMessage, ScramClient, saltPassword, speakSasl } from '../../src/client/sasl.ts'
import { saslHandshake } from '../../src/protocol/messages/17-sasl-handshake.ts'
import { saslAuthenticate } from '../../src/protocol/messages/36-sasl-authenticate.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

const credentials = (mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512', password = 'pencil') => ({
  mechanism,
  username: 'user',
  password,
})

describe('SCRAM', () => {
  // The exchange printed in RFC 7677, section 3.
  const NONCE = 'rOprNGfwEbeRWgbNEkqO'
  const SERVER_FIRST = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'

  it('speaks as RFC 7677 prints it', () => {
    const client = new ScramClient(credentials('SCRAM-SHA-256'), NONCE)
    expect(client.firstMessage().toString()).toBe(`n,,n=user,r=${NONCE}`)
    expect(client.finalMessage(SERVER_FIRST).toString()).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    )
    expect(() => client.verify('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).not.toThrow()
  })

  it('is not satisfied by a server that does not know the password', () => {
    const client = new ScramClient(credentials('SCRAM-SHA-256'), NONCE)
    client.finalMessage(SERVER_FIRST)
    expect(() => client.verify('v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toThrow('could not prove')
    expect(() => client.verify('v=')).toThrow('could not prove')
    expect(() => client.verify('e=invalid-proof')).toThrow('invalid-proof')
  })

  it.each([
    ['another nonce', 'r=elsewhere,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096', 'nonce'],
    ['our nonce and nothing more', `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`, 'nonce'],
    ['too few iterations', `r=${NONCE}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1`, '1 iterations'],
    ['a million and more iterations', `r=${NONCE}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999`, '99999999 iterations'],
    ['no iterations', `r=${NONCE}x,s=W22ZaJ0SNY7soEsUEjb6gQ==`, 'iterations'],
    ['a part of an iteration', `r=${NONCE}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096.5`, '4096.5 iterations'],
    ['no salt', `r=${NONCE}x,i=4096`, 'no salt'],
    ['a login that the server refuses at once', 'e=unknown-user', 'unknown-user'],
  ])('refuses %s', (_, serverFirst, reason) => {
    const client = new ScramClient(credentials('SCRAM-SHA-256'), NONCE)
    expect(() => client.finalMessage(serverFirst)).toThrow(reason)
  })

  it('escapes what a user name must not hold', () => {
    const client = new ScramClient({ ...credentials('SCRAM-SHA-512'), username: 'a=b,c' }, 'n')
    expect(client.firstMessage().toString()).toBe('n,,n=a=3Db=2Cc,r=n')
  })
})

it('a delegation token says that it is one', () => {
  const client = new ScramClient({ ...credentials('SCRAM-SHA-512'), tokenAuth: true }, 'n')
  expect(client.firstMessage().toString()).toBe('n,,n=user,r=n,tokenauth=true')
})

/** A broker that always answers the same; what it is told is kept. */
const answering = (sent: string[], answer: Buffer) => async (bytes: Buffer) => {
  sent.push(bytes.toString())
  return answer
}

const TOKEN = { value: 'abc', expiresAtMs: null, principal: null, extensions: new Map<string, string>() }

describe('OAUTHBEARER', () => {
  const login: SaslOptions = { mechanism: 'OAUTHBEARER', token: async () => TOKEN }
  it('is written as RFC 7628 says, with the extensions of KIP-342', () => {
    expect(bearerMessage(TOKEN).toString()).toBe('n,,\x01auth=Bearer abc\x01\x01')
    const extensions = new Map([['traceId', '7']])
    expect(bearerMessage({ ...TOKEN, extensions }).toString()).toBe('n,,\x01auth=Bearer abc\x01traceId=7\x01\x01')
  })

  it('takes one round when the token is good', async () => {
    const sent: string[] = []
    await speakSasl(login, 'h', answering(sent, Buffer.alloc(0)))
    expect(sent).toEqual([bearerMessage(TOKEN).toString()])
  })

  it('acknowledges a refusal and tells what it said', async () => {
    const sent: string[] = []
    const refusal = Buffer.from('{"status":"invalid_token"}')
    await expect(speakSasl(login, 'h', answering(sent, refusal))).rejects.toThrow('{"status":"invalid_token"}')
    expect(sent[1]).toBe('\x01')
  })

  it('does not speak when there is no token', async () => {
    const without: SaslOptions = { mechanism: 'OAUTHBEARER', token: () => Promise.reject(new Error('no token')) }
    const round = () => Promise.reject(new Error('spoken'))
    await expect(speakSasl(without, 'h', round)).rejects.toThrow('no token')
  })
})

it('AWS_MSK_IAM sends what was signed for the broker’s host', async () => {
  const aws: SaslOptions = { mechanism: 'AWS_MSK_IAM', payload: async (host) => Buffer.from(`signed for ${host}`) }
  const sent: string[] = []
  await speakSasl(aws, 'b-1', answering(sent, Buffer.alloc(0)))
  expect(sent).toEqual(['signed for b-1'])
})

it('PLAIN is user and password between NULs', () => {
  expect(plainMessage(credentials('PLAIN')).toString()).toBe('\0user\0pencil')
})

describe('logging in', () => {
  let broker: ScriptedBroker
  beforeEach(async () => {
    broker = await ScriptedBroker.start()
    broker.on(saslHandshake, ({ mechanism }) => {
      const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
      return { errorCode: mechanisms.includes(mechanism) ? 0 : 33, mechanisms }
    })
  })
  afterEach(() => broker[Symbol.asyncDispose]())

  const client = (sasl: ReturnType<typeof credentials>, clock?: ManualClock): ClusterClient =>
    new ClusterClient({ bootstrapServers: [broker.address], sasl }, { random: seededRandom(1), clock })

  async function failure(sasl: ReturnType<typeof credentials>): Promise<KtError> {
    const one = client(sasl)
    try {
      await one.connection(ANY)
    } catch (error) {
      return error as KtError
    } finally {
      one.close()
    }
    throw new Error('the login was accepted')
  }

  it('with PLAIN takes one round', async () => {
    broker.on(saslAuthenticate, ({ authBytes }) => ({ errorCode: authBytes.toString() === '\0user\0pencil' ? 0 : 58 }))
    const one = client(credentials('PLAIN'))
    await expect(one.connection(ANY)).resolves.toMatchObject({ isOpen: true })
    one.close()
  })

  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    'with %s takes two, and both sides prove themselves',
    async (mechanism) => {
      scramServer(broker, mechanism, 'pencil')
      const one = client(credentials(mechanism))
      await expect(one.connection(ANY)).resolves.toMatchObject({ isOpen: true })
      expect(broker.askedFor(saslAuthenticate)).toHaveLength(2)
      one.close()
    },
  )

  it('with a wrong password is an authentication error with the broker’s words', async () => {
    broker.on(saslAuthenticate, () => ({
      errorCode: 58,
      errorMessage: 'Authentication failed: Invalid username or password',
    }))
    const error = await failure(credentials('PLAIN', 'wrong'))
    expect(error).toBeInstanceOf(KtError)
    expect(error.kind).toBe('authentication')
    expect(error.message).toContain('Invalid username or password')
    expect(error.next).toContain('sasl.jaas.config')
  })

  it('to a server that only pretends to know the password is refused by us', async () => {
    scramServer(broker, 'SCRAM-SHA-256', 'another password', { acceptAnything: true })
    const error = await failure(credentials('SCRAM-SHA-256'))
    expect(error.kind).toBe('authentication')
    expect(error.message).toContain('could not prove')
  })

  it('with a mechanism the broker does not have lists those it has', async () => {
    broker.on(saslHandshake, () => ({ errorCode: 33, mechanisms: ['GSSAPI', 'OAUTHBEARER'] }))
    const error = await failure(credentials('PLAIN'))
    expect(error.facts.join()).toContain('GSSAPI, OAUTHBEARER')
  })

  it('again on a new connection before the session ends (KIP-368)', async () => {
    const clock = new ManualClock()
    broker.on(saslAuthenticate, () => ({ sessionLifetimeMs: 10_000n }))
    const one = client(credentials('PLAIN'), clock)
    const first = await one.connection(ANY)
    await clock.advance(8_000)
    expect(await one.connection(ANY)).toBe(first)
    await clock.advance(1_000)
    expect(await one.connection(ANY)).not.toBe(first)
    one.close()
  })
})

/** The server's side of RFC 5802, enough to check a client's proof. */
function scramServer(
  broker: ScriptedBroker,
  mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
  password: string,
  options: { acceptAnything?: boolean } = {},
): void {
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  const salt = Buffer.from('salt of the earth')
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest()
  let firstBare = ''
  let serverFirst = ''
  broker.on(saslAuthenticate, ({ authBytes }, { count }) => {
    const text = authBytes.toString()
    if (count === 0) {
      firstBare = text.slice('n,,'.length)
      serverFirst = `r=${/r=(.*)$/.exec(firstBare)![1]}server,s=${salt.toString('base64')},i=4096`
      return { authBytes: Buffer.from(serverFirst) }
    }
    const [, withoutProof, proof] = /^(.*),p=(.*)$/.exec(text)!
    const authMessage = `${firstBare},${serverFirst},${withoutProof}`
    const salted = saltPassword(hash, password, salt, 4096)
    const storedKey = createHash(hash).update(hmac(salted, 'Client Key')).digest()
    const signature = hmac(storedKey, authMessage)
    const clientKey = Buffer.from(proof!, 'base64').map((byte, at) => byte ^ signature[at]!)
    const proven = createHash(hash).update(clientKey).digest().equals(storedKey)
    if (!proven && !options.acceptAnything) return { errorCode: 58 }
    return { authBytes: Buffer.from(`v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}`) }
  })
}

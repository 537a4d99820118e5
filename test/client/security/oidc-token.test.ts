import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { KtError } from '../../../src/base/errors.ts'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import { assertionSource } from '../../../src/client/security/jwt-assertion.ts'
import { type ClientCredentials, fetchToken } from '../../../src/client/security/oidc-token.ts'
import { closedPort } from '../../support/scripted-broker.ts'
import { TokenIssuer } from '../../support/token-issuer.ts'

let issuer: TokenIssuer
beforeEach(async () => {
  issuer = await TokenIssuer.start()
})
afterEach(() => issuer.stop())

const credentials = (more: Partial<ClientCredentials> = {}): ClientCredentials => ({
  endpoint: new URL(issuer.url),
  clientId: 'alice',
  clientSecret: 'sesame',
  scope: undefined,
  urlEncodeHeader: false,
  principalClaim: 'sub',
  extensions: new Map([['cluster', 'c1']]),
  timeoutMs: 2_000,
  tls: undefined,
  ...more,
})

const failure = (more: Partial<ClientCredentials>): Promise<KtError> =>
  fetchToken(credentials(more), systemClock).then(
    () => {
      throw new Error('a token was given')
    },
    (error: KtError) => error,
  )

describe('the client credentials grant', () => {
  it('gets a token', async () => {
    const token = await fetchToken(credentials({ scope: 'kafka read' }), systemClock)
    expect(token).toMatchObject({ principal: 'alice', extensions: new Map([['cluster', 'c1']]) })
    expect(token.expiresAtMs).toBeGreaterThan(Date.now())
    expect(issuer.lastBody).toBe('grant_type=client_credentials&scope=kafka%20read')
  })

  it('leaves the scope out when there is none', async () => {
    await fetchToken(credentials(), systemClock)
    expect(issuer.lastBody).toBe('grant_type=client_credentials')
  })

  it('encodes the header when told to', async () => {
    const error = await failure({ clientSecret: 'a:b', urlEncodeHeader: true })
    expect(error.kind).toBe('authentication')
    expect(await fetchToken(credentials({ clientId: 'al/ice', urlEncodeHeader: true }), systemClock)).toMatchObject({
      principal: 'al%2Fice',
    })
  })

  it('tells what the endpoint says of wrong credentials, once and without the secret', async () => {
    const error = await failure({ clientSecret: 'wrong', scope: 'kafka' })
    expect(error.kind).toBe('authentication')
    expect(error.message).toBe(`The token endpoint ${issuer.url} refused: invalid_client: unknown client or secret`)
    expect(error.facts).toEqual([
      'step: asking for a token, before the login',
      'HTTP status 401',
      'client alice',
      'scope kafka',
    ])
    expect(JSON.stringify([error.message, error.facts, error.next])).not.toContain('wrong')
    expect(issuer.asked).toBe(1)
  })

  it('asks again while the endpoint has troubles of its own', async () => {
    issuer.status = 503
    expect((await failure({})).facts).toContain('HTTP status 503')
    expect(issuer.asked).toBe(3)
  })

  it('tells an endpoint that is not there', async () => {
    const error = await failure({ endpoint: new URL(`http://127.0.0.1:${await closedPort()}/token`) })
    expect(error.kind).toBe('unreachable')
    expect(error.message).toContain('Cannot reach the token endpoint')
    expect(error.facts).toContain('tried 3 times')
  })

  it('asks an endpoint that lets it wait no second time', async () => {
    issuer.silent = true
    const error = await failure({ timeoutMs: 500 })
    expect(error.message).toBe(`Cannot reach the token endpoint ${issuer.url}: no answer within 500 ms`)
    expect(error.facts).toContain('tried once')
    expect(issuer.asked).toBe(1)
  })

  it('repeats nothing that would play with the terminal', async () => {
    issuer.refusal = `gone\u001b[2J${'!'.repeat(2_000)}`
    const { message } = await failure({ clientSecret: 'wrong' })
    expect(message).toMatch(/gone \[2J!+$/)
    expect(message.length).toBeLessThan(700)
  })
})

describe('an assertion in place of a secret', () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const P = 'sasl.oauthbearer.assertion'
  const withAssertion = (grant: 'client' | 'jwt-bearer', more: Record<string, string> = {}) => {
    issuer.clientKey = key.publicKey
    const properties = { [`${P}.private.key.file`]: '/key.pem', [`${P}.claim.sub`]: 'alice', ...more }
    const readFile = () => Buffer.from(key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const create = assertionSource(new Map(Object.entries(properties)), { ...nodeFileSystem, readFile }, systemClock)
    return { clientSecret: '', assertion: { grant, create } }
  }

  it('gets a token by the JWT bearer grant', async () => {
    const token = await fetchToken(credentials({ ...withAssertion('jwt-bearer'), scope: 'kafka' }), systemClock)
    expect(token).toMatchObject({ principal: 'alice' })
    const form = new URLSearchParams(issuer.lastBody)
    expect([...form.keys()]).toEqual(['grant_type', 'assertion', 'scope'])
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  })

  it('gets a token by client credentials', async () => {
    const token = await fetchToken(credentials({ ...withAssertion('client'), clientId: 'c1' }), systemClock)
    expect(token).toMatchObject({ principal: 'alice' })
    const form = new URLSearchParams(issuer.lastBody)
    expect([...form.keys()]).toEqual(['client_assertion_type', 'client_assertion', 'grant_type', 'client_id'])
    await fetchToken(credentials({ ...withAssertion('client'), clientId: '' }), systemClock)
    expect(issuer.lastBody).not.toContain('client_id')
  })

  it('is told to be what is wrong when it is refused', async () => {
    const error = await failure({ ...withAssertion('jwt-bearer', { [`${P}.claim.exp.seconds`]: '0' }), clientId: '' })
    expect(error.kind).toBe('authentication')
    expect(error.facts).toContain('the client is who the assertion says')
    expect(error.next).toContain("the assertion's claims")
  })
})

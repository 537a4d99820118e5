import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { KtError } from '../../../src/base/errors.ts'
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
    const error = await failure({ timeoutMs: 50 })
    expect(error.message).toBe(`Cannot reach the token endpoint ${issuer.url}: no answer within 50 ms`)
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

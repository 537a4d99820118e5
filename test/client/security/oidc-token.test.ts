import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
  fetchToken(credentials(more), Date.now).then(
    () => {
      throw new Error('a token was given')
    },
    (error: KtError) => error,
  )

describe('the client credentials grant', () => {
  it('gets a token', async () => {
    const token = await fetchToken(credentials({ scope: 'kafka read' }), Date.now)
    expect(token).toMatchObject({ principal: 'alice', extensions: new Map([['cluster', 'c1']]) })
    expect(token.expiresAtMs).toBeGreaterThan(Date.now())
    expect(issuer.lastBody).toBe('grant_type=client_credentials&scope=kafka%20read')
  })

  it('leaves the scope out when there is none', async () => {
    await fetchToken(credentials(), Date.now)
    expect(issuer.lastBody).toBe('grant_type=client_credentials')
  })

  it('encodes the header when told to', async () => {
    const error = await failure({ clientSecret: 'a:b', urlEncodeHeader: true })
    expect(error.kind).toBe('authentication')
    expect(await fetchToken(credentials({ clientId: 'al/ice', urlEncodeHeader: true }), Date.now)).toMatchObject({
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
  })
})

/**
 * A token as Kafka's OAuthBearerLoginCallbackHandler asks for it: by the client credentials grant (RFC 6749, section 4.4),
 * with a secret or an assertion, or by the JWT bearer grant (RFC 7523).
 */
import type { Clock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { BearerToken, TlsOptions } from '../admin-types.ts'
import { sleep } from '../retry.ts'
import { readToken } from './bearer-token.ts'
import { postForm } from './http-form.ts'
import { type HttpAnswer, HttpTimeout } from './http-text.ts'

export interface ClientCredentials {
  readonly endpoint: URL
  /** '' where an assertion says who the client is. */
  readonly clientId: string
  /** '' where an assertion stands in its place. */
  readonly clientSecret: string
  /** Makes what stands in a secret's place, and in which grant it is sent. */
  readonly assertion?: { readonly grant: 'client' | 'jwt-bearer'; create(): string } | undefined
  readonly scope: string | undefined
  /** `sasl.oauthbearer.header.urlencode` (KIP-1139) */
  readonly urlEncodeHeader: boolean
  /** `sasl.oauthbearer.sub.claim.name` */
  readonly principalClaim: string
  readonly extensions: ReadonlyMap<string, string>
  readonly timeoutMs: number
  readonly tls: TlsOptions | undefined
}

/** The endpoint may be restarting: this often it is asked in all. One that lets us wait is asked once. */
const TRIES = 3
const PAUSE_MS = 100
/** Characters of what an endpoint says about a refusal. */
const MAX_SAID = 500

/** Asks for a token. Throws an `unreachable` or `authentication` `KtError`. */
export async function fetchToken(credentials: ClientCredentials, clock: Clock): Promise<BearerToken> {
  const answer = await ask(credentials, clock)
  if (answer.status !== 200) throw refusal(credentials, answer)
  const fields = jsonOf(answer.body)
  const value = fields?.access_token ?? fields?.id_token
  if (typeof value !== 'string' || value === '') {
    throw new KtError('authentication', `The token endpoint ${where(credentials)} sent no access_token`, {
      facts: ['step: asking for a token, before the login'],
      next: 'check sasl.oauthbearer.token.endpoint.url',
    })
  }
  const lifeSeconds = Number(fields?.expires_in)
  const expiresAtMs = Number.isFinite(lifeSeconds) ? clock.now() + lifeSeconds * 1000 : null
  return readToken(value, credentials.extensions, credentials.principalClaim, expiresAtMs)
}

async function ask(credentials: ClientCredentials, clock: Clock): Promise<HttpAnswer> {
  const { endpoint: url, timeoutMs, tls, assertion } = credentials
  const body = formOf(credentials)
  const headers: Record<string, string> = assertion === undefined ? { authorization: authorization(credentials) } : {}
  for (let tries = 1; ; tries++) {
    try {
      const answer = await postForm({ url, headers, body, timeoutMs, tls })
      if (answer.status < 500 || tries === TRIES) return answer
    } catch (error) {
      if (error instanceof HttpTimeout || tries === TRIES) throw unreachable(credentials, error as Error, tries)
    }
    await sleep(clock, PAUSE_MS * tries)
  }
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

function formOf({ scope, assertion, clientId }: ClientCredentials): string {
  const fields: [string, string | undefined][] =
    assertion === undefined
      ? [['grant_type', 'client_credentials']]
      : assertion.grant === 'jwt-bearer'
        ? [
            ['grant_type', BEARER_GRANT],
            ['assertion', assertion.create()],
          ]
        : [
            ['client_assertion_type', ASSERTION_TYPE],
            ['client_assertion', assertion.create()],
            ['grant_type', 'client_credentials'],
            ['client_id', clientId || undefined],
          ]
  return [...fields, ['scope', scope] as const]
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`)
    .join('&')
}

function authorization({ clientId, clientSecret, urlEncodeHeader }: ClientCredentials): string {
  const part = (text: string): string => (urlEncodeHeader ? encodeURIComponent(text) : text)
  return `Basic ${Buffer.from(`${part(clientId)}:${part(clientSecret)}`).toString('base64')}`
}

function where({ endpoint }: ClientCredentials): string {
  return `${endpoint.origin}${endpoint.pathname}`
}

function unreachable(credentials: ClientCredentials, error: Error & { code?: string }, tries: number): KtError {
  const why = error.message === '' ? String(error.code) : error.message
  return new KtError('unreachable', `Cannot reach the token endpoint ${where(credentials)}: ${why}`, {
    facts: ['step: asking for a token, before the login', tries === 1 ? 'tried once' : `tried ${tries} times`],
    next: 'check sasl.oauthbearer.token.endpoint.url',
    cause: error,
  })
}

/** RFC 6749, section 5.2. */
function refusal(credentials: ClientCredentials, { status, body }: HttpAnswer): KtError {
  const fields = jsonOf(body)
  const texts = [fields?.error, fields?.error_description].filter((each) => typeof each === 'string')
  // A stranger's words: no control characters for the terminal, and no essays.
  const said = texts
    .join(': ')
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, MAX_SAID)
  const facts = [
    'step: asking for a token, before the login',
    `HTTP status ${status}`,
    credentials.clientId === '' ? 'the client is who the assertion says' : `client ${credentials.clientId}`,
  ]
  if (credentials.scope !== undefined) facts.push(`scope ${credentials.scope}`)
  return new KtError('authentication', `The token endpoint ${where(credentials)} refused${said && `: ${said}`}`, {
    facts,
    next:
      credentials.assertion === undefined
        ? 'check client id, client secret and scope in the properties'
        : "check the assertion's claims (iss, sub, aud), its key and the scope in the properties",
  })
}

function jsonOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** A token by the client credentials grant (RFC 6749, section 4.4), as Kafka's OAuthBearerLoginCallbackHandler asks for it. */
import type { Clock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { BearerToken, TlsOptions } from '../admin-types.ts'
import { sleep } from '../retry.ts'
import { readToken } from './bearer-token.ts'
import { type FormAnswer, FormTimeout, postForm } from './http-form.ts'

export interface ClientCredentials {
  readonly endpoint: URL
  readonly clientId: string
  readonly clientSecret: string
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

async function ask(credentials: ClientCredentials, clock: Clock): Promise<FormAnswer> {
  const { endpoint: url, scope, timeoutMs, tls } = credentials
  const body = `grant_type=client_credentials${scope === undefined ? '' : `&scope=${encodeURIComponent(scope)}`}`
  const headers = { authorization: authorization(credentials) }
  for (let tries = 1; ; tries++) {
    try {
      const answer = await postForm({ url, headers, body, timeoutMs, tls })
      if (answer.status < 500 || tries === TRIES) return answer
    } catch (error) {
      if (error instanceof FormTimeout || tries === TRIES) throw unreachable(credentials, error as Error, tries)
    }
    await sleep(clock, PAUSE_MS * tries)
  }
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
function refusal(credentials: ClientCredentials, { status, body }: FormAnswer): KtError {
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
    `client ${credentials.clientId}`,
  ]
  if (credentials.scope !== undefined) facts.push(`scope ${credentials.scope}`)
  return new KtError('authentication', `The token endpoint ${where(credentials)} refused${said && `: ${said}`}`, {
    facts,
    next: 'check client id, client secret and scope in the properties',
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

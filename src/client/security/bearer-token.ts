/** Tokens of OAUTHBEARER (KIP-255, KIP-768): what a JWT says, Kafka's own unsecured ones, and renewal before they expire. */
import type { Clock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { BearerToken } from '../admin-types.ts'

export type TokenSource = () => Promise<BearerToken>

/** A token is renewed after this share of its life: `sasl.login.refresh.window.factor`. */
const REFRESH_FACTOR = 0.8

/** Gives the same token until it is time for the next one; when renewal fails, the old one as long as it is good. */
export function renewing(source: TokenSource, clock: Clock): TokenSource {
  let current: { readonly token: BearerToken; readonly renewAtMs: number } | null = null
  let asking: Promise<BearerToken> | null = null
  const ask = async (): Promise<BearerToken> => {
    const askedAtMs = clock.now()
    const token = await source()
    const lifeMs = (token.expiresAtMs ?? Number.POSITIVE_INFINITY) - askedAtMs
    current = { token, renewAtMs: askedAtMs + lifeMs * REFRESH_FACTOR }
    return token
  }
  return async () => {
    if (current !== null && clock.now() < current.renewAtMs) return current.token
    asking ??= ask().finally(() => {
      asking = null
    })
    const old = current?.token
    if (old === undefined || (old.expiresAtMs ?? 0) <= clock.now()) return asking
    return asking.catch(() => old)
  }
}

/** Reads what a token says of itself; one that is no JWT says nothing, and the broker judges it. */
export function readToken(
  value: string,
  extensions: ReadonlyMap<string, string>,
  principalClaim = 'sub',
  expiresAtMs: number | null = null,
): BearerToken {
  const claims = jwtClaims(value)
  const expiry = claims?.exp
  const principal = claims?.[principalClaim]
  return {
    value,
    extensions,
    principal: typeof principal === 'string' ? principal : null,
    expiresAtMs: typeof expiry === 'number' ? expiry * 1000 : expiresAtMs,
  }
}

function jwtClaims(value: string): Record<string, unknown> | null {
  const [, payload] = value.split('.')
  if (payload === undefined) return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return claims !== null && typeof claims === 'object' ? (claims as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const OPTION = 'unsecuredLogin'
const DEFAULT_LIFETIME_SECONDS = '3600'
const RESERVED_CLAIMS = new Set(['iat', 'exp'])

/** The token that Kafka's default login handler makes of its JAAS options: unsigned, for tests alone (KIP-255). */
export function unsecuredToken(options: ReadonlyMap<string, string>, nowMs: number): BearerToken {
  const seconds = Number(options.get(`${OPTION}LifetimeSeconds`) ?? DEFAULT_LIFETIME_SECONDS)
  if (!Number.isSafeInteger(seconds) || seconds <= 0)
    throw invalid(`${OPTION}LifetimeSeconds is not a number of seconds`)
  const principalClaim = options.get(`${OPTION}PrincipalClaimName`)?.trim() || 'sub'
  const claims = { exp: nowMs / 1000 + seconds, iat: nowMs / 1000, ...claimsOf(options) }
  const principal = (claims as Record<string, unknown>)[principalClaim]
  if (typeof principal !== 'string' || principal.trim() === '') {
    throw invalid(`it has no ${OPTION}StringClaim_${principalClaim}, the principal's name`)
  }
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const value = `${encode({ alg: 'none' })}.${encode(claims)}.`
  return readToken(value, prefixed(options, `${OPTION}Extension_`), principalClaim)
}

function invalid(why: string): KtError {
  return new KtError('usage', `Invalid sasl.jaas.config for OAUTHBEARER: ${why}`, {
    facts: ['without sasl.oauthbearer.token.endpoint.url the login makes an unsecured token, as Kafka does'],
    next: 'sasl.jaas.config=MODULE required unsecuredLoginStringClaim_sub="USER"; or set sasl.oauthbearer.token.endpoint.url',
  })
}

function claimsOf(options: ReadonlyMap<string, string>): Record<string, unknown> {
  const claims: Record<string, unknown> = {}
  const add = (kind: string, read: (text: string) => unknown): void => {
    for (const [name, text] of prefixed(options, `${OPTION}${kind}Claim_`)) {
      if (RESERVED_CLAIMS.has(name)) throw invalid(`the claim ${name} cannot be set`)
      claims[name] = read(text)
    }
  }
  add('String', (text) => text)
  add('Number', (text) => {
    if (text.trim() === '' || Number.isNaN(Number(text))) throw invalid(`${text} is not a number`)
    return Number(text)
  })
  // The first character separates the others: `|read|write`.
  add('List', (text) => (text.length <= 1 ? [] : text.slice(1).split(text[0]!)))
  return claims
}

/** Options of a prefix, by the rest of their name. */
export function prefixed(options: ReadonlyMap<string, string>, prefix: string): Map<string, string> {
  const found = [...options].filter(([name]) => name.startsWith(prefix) && name.length > prefix.length)
  return new Map(found.map(([name, value]) => [name.slice(prefix.length), value]))
}

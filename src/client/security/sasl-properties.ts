/** `sasl.*` of Java client properties -> how to log in. */
import { fileURLToPath } from 'node:url'
import { type Clock, systemClock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import type { BearerLogin, PasswordLogin, SaslOptions } from '../admin-types.ts'
import { type JaasEntry, parseJaas } from '../jaas.ts'
import { integerProperty } from '../property-values.ts'
import { prefixed, readToken, renewing, type TokenSource, unsecuredToken } from './bearer-token.ts'
import { ASSERTION_PROPERTIES, assertionSource, wantsAssertion } from './jwt-assertion.ts'
import type { ClientCredentials } from './oidc-token.ts'
import { tlsOptions } from './tls-properties.ts'

type Properties = ReadonlyMap<string, string>

/** What is understood here. */
export const SASL_PROPERTIES: readonly string[] = [
  'sasl.mechanism',
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.client.callback.handler.class',
  'sasl.login.connect.timeout.ms',
  'sasl.login.read.timeout.ms',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.scope',
  'sasl.oauthbearer.sub.claim.name',
  'sasl.oauthbearer.header.urlencode',
  'sasl.oauthbearer.jwt.retriever.class',
  'sasl.oauthbearer.jwt.validator.class',
  ...ASSERTION_PROPERTIES,
]

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM']
const MODULES: Readonly<Record<string, string>> = {
  PLAIN: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  'SCRAM-SHA-256': 'org.apache.kafka.common.security.scram.ScramLoginModule',
  'SCRAM-SHA-512': 'org.apache.kafka.common.security.scram.ScramLoginModule',
}

/** Translates the mechanism and its login. Throws usage `KtError`s; nothing is asked for yet. */
export function saslOptions(properties: Properties, files: FileSystem, clock: Clock = systemClock): SaslOptions {
  const mechanism = (properties.get('sasl.mechanism') ?? 'GSSAPI').trim()
  if (!MECHANISMS.includes(mechanism)) {
    const why = mechanism === 'GSSAPI' ? ['GSSAPI is Kerberos, and the default when sasl.mechanism is not set'] : []
    throw new KtError('usage', `sasl.mechanism ${mechanism} is not supported`, {
      facts: [...why, `kt speaks ${MECHANISMS.join(', ')}`],
      next: `set sasl.mechanism to one of them in the properties file`,
    })
  }
  if (mechanism === 'OAUTHBEARER') return bearerLogin(properties, files, clock)
  if (mechanism === 'AWS_MSK_IAM') return awsLogin(properties)
  return passwordLogin(mechanism as PasswordLogin['mechanism'], properties)
}

function jaasOf(properties: Properties): JaasEntry | null {
  const text = properties.get('sasl.jaas.config')
  return text === undefined ? null : parseJaas(text)
}

function passwordLogin(mechanism: PasswordLogin['mechanism'], properties: Properties): PasswordLogin {
  const jaas = jaasOf(properties)
  if (jaas === null) {
    throw new KtError('usage', 'sasl.jaas.config is missing', {
      next: `add sasl.jaas.config=${MODULES[mechanism]} required username="USER" password="PASSWORD"; to the properties file`,
    })
  }
  const username = jaas.options.get('username')
  const password = jaas.options.get('password')
  if (username === undefined || password === undefined) {
    throw new KtError('usage', 'sasl.jaas.config names no username or no password')
  }
  // A delegation token logs in by SCRAM, with its id for a name and its HMAC for a password (KIP-48).
  const isToken = mechanism !== 'PLAIN' && jaas.options.get('tokenauth')?.toLowerCase() === 'true'
  return { mechanism, username, password, ...(isToken ? { tokenAuth: true } : {}) }
}

function awsLogin(properties: Properties): SaslOptions {
  const options = jaasOf(properties)?.options ?? new Map<string, string>()
  const role = options.get('awsRoleArn')
  if (role !== undefined) {
    throw new KtError('usage', 'awsRoleArn of sasl.jaas.config is not supported: kt assumes no roles itself', {
      facts: [`role ${role}`],
      next: `aws sts assume-role --role-arn ${role} --role-session-name kt, and give its credentials in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN`,
    })
  }
  const profile = options.get('awsProfileName')
  return {
    mechanism: 'AWS_MSK_IAM',
    payload: async (host) => (await import('./aws-msk-iam.ts')).signedPayload(host, { profile }),
  }
}

function bearerLogin(properties: Properties, files: FileSystem, clock: Clock): BearerLogin {
  return { mechanism: 'OAUTHBEARER', token: renewing(tokenSource(properties, files, clock), clock) }
}

/** Kafka's own ways to a token: which one, the URL tells, but for the JWT bearer grant. */
const RETRIEVER =
  /^org\.apache\.kafka\.common\.security\.oauthbearer\.((Default|ClientCredentials|File|JwtBearer)JwtRetriever)$/
const WAYS = 'kt gets tokens by client credentials, by JWT bearer, from a file: URL, or makes unsecured ones'
/** Kafka's own login handlers, of today's package and the one before. */
const OIDC_HANDLER = /^org\.apache\.kafka\.common\.security\.oauthbearer\.(secured\.)?OAuthBearerLoginCallbackHandler$/
const UNSECURED_HANDLER = /^org\.apache\.kafka\..*\.OAuthBearerUnsecuredLoginCallbackHandler$/

function tokenSource(properties: Properties, files: FileSystem, clock: Clock): TokenSource {
  const jaas = jaasOf(properties)?.options ?? new Map<string, string>()
  const url = properties.get('sasl.oauthbearer.token.endpoint.url')?.trim()
  const retriever = retrieverOf(properties)
  checkHandler(properties.get('sasl.login.callback.handler.class')?.trim(), url)
  if ((url === undefined || url === '') && retriever === 'DefaultJwtRetriever') {
    // Fails here and now when the options are wrong, not at the first connection.
    unsecuredToken(jaas, clock.now())
    return async () => unsecuredToken(jaas, clock.now())
  }
  const endpoint = endpointUrl(url ?? '')
  if (endpoint.protocol === 'file:') return async () => tokenOfFile(endpoint, jaas, files)
  const isBearer = retriever === 'JwtBearerJwtRetriever'
  const create = isBearer || wantsAssertion(properties) ? assertionSource(properties, files, clock) : undefined
  const assertion = create && { grant: isBearer ? ('jwt-bearer' as const) : ('client' as const), create }
  const credentials = clientCredentials(endpoint, properties, jaas, files, assertion)
  return async () => (await import('./oidc-token.ts')).fetchToken(credentials, clock)
}

function retrieverOf(properties: Properties): string {
  const given = properties.get('sasl.oauthbearer.jwt.retriever.class')?.trim() || undefined
  if (given === undefined) return 'DefaultJwtRetriever'
  const known = RETRIEVER.exec(given)?.[1]
  if (known !== undefined) return known
  throw new KtError('usage', `sasl.oauthbearer.jwt.retriever.class ${given} is a Java class that kt cannot run`, {
    facts: [WAYS],
    next: 'leave it out and set sasl.oauthbearer.token.endpoint.url',
  })
}

function checkHandler(handler: string | undefined, url: string | undefined): void {
  if (handler === undefined || handler === '' || UNSECURED_HANDLER.test(handler)) return
  if (!OIDC_HANDLER.test(handler)) {
    throw new KtError('usage', `sasl.login.callback.handler.class ${handler} is a Java class that kt cannot run`, {
      facts: [WAYS],
      next: 'leave it out and set sasl.oauthbearer.token.endpoint.url',
    })
  }
  if (url === undefined) throw new KtError('usage', 'sasl.oauthbearer.token.endpoint.url is missing')
}

function endpointUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && ['http:', 'https:', 'file:'].includes(url.protocol)) return url
  throw new KtError('usage', `Invalid value ${text} for configuration sasl.oauthbearer.token.endpoint.url`, {
    facts: ['it must be a URL that begins with https:, http: or file:'],
  })
}

function tokenOfFile(url: URL, jaas: Properties, files: FileSystem): ReturnType<typeof readToken> {
  let path = url.href
  try {
    path = fileURLToPath(url)
    return readToken(files.readFile(path).toString('utf8').trim(), prefixed(jaas, 'extension_'))
  } catch (error) {
    throw new KtError('not-found', `Cannot read the token file ${path}`, {
      facts: ['sasl.oauthbearer.token.endpoint.url names it', (error as Error).message],
      cause: error,
    })
  }
}

/** Both timeouts of Java's are of one request here. */
const DEFAULT_TOKEN_TIMEOUT_MS = 10_000

function clientCredentials(
  endpoint: URL,
  properties: Properties,
  jaas: Properties,
  files: FileSystem,
  assertion: ClientCredentials['assertion'],
): ClientCredentials {
  const either = (key: string, option: string): string | undefined => properties.get(key) ?? jaas.get(option)
  const required = (key: string, option: string): string => {
    const value = either(key, option)
    if (value !== undefined) return value
    if (assertion !== undefined) return ''
    throw new KtError('usage', `${key} is missing`, { next: `set it, or ${option} in sasl.jaas.config` })
  }
  const prefix = 'sasl.oauthbearer.client.credentials'
  const connectMs = integerProperty(properties, 'sasl.login.connect.timeout.ms') ?? 0
  const readMs = integerProperty(properties, 'sasl.login.read.timeout.ms') ?? 0
  const hasTls = [...jaas.keys()].some((key) => key.startsWith('ssl.'))
  return {
    endpoint,
    clientId: required(`${prefix}.client.id`, 'clientId'),
    clientSecret: required(`${prefix}.client.secret`, 'clientSecret'),
    assertion,
    scope: either('sasl.oauthbearer.scope', 'scope'),
    urlEncodeHeader: properties.get('sasl.oauthbearer.header.urlencode')?.trim() === 'true',
    principalClaim: properties.get('sasl.oauthbearer.sub.claim.name')?.trim() || 'sub',
    extensions: prefixed(jaas, 'extension_'),
    timeoutMs: connectMs + readMs || DEFAULT_TOKEN_TIMEOUT_MS,
    tls: hasTls ? tlsOptions(jaas, files) : undefined,
  }
}

/**
 * SASL on a new connection (KIP-43, KIP-152): PLAIN (RFC 4616), SCRAM (RFC 5802, RFC 7677), OAUTHBEARER (RFC 7628) and
 * AWS_MSK_IAM. What a mechanism says goes through a `Round`, so that the group membership speaks it too.
 */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { type Random, systemRandom } from '../base/random.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import { saslHandshake } from '../protocol/messages/17-sasl-handshake.ts'
import { saslAuthenticate } from '../protocol/messages/36-sasl-authenticate.ts'
import type { BearerToken, PasswordLogin, SaslOptions } from './admin-types.ts'
import type { Connection } from './connection.ts'
import { refused, requireVersion } from './handshake.ts'

/** One message to the broker and its answer; rejects when the broker refuses the login. */
export type Round = (authBytes: Buffer) => Promise<Buffer>

export interface AuthenticateOptions {
  readonly timeoutMs: number
  readonly now: number
  readonly random?: Random
}

/** A share of the session lifetime after which a new connection takes over (KIP-368). */
const RETIRE_AFTER_SHARE = 0.85

/** Logs in. Throws an `authentication` `KtError` when the broker refuses. */
export async function authenticate(
  connection: Connection,
  credentials: SaslOptions,
  options: AuthenticateOptions,
): Promise<void> {
  const { mechanism } = credentials
  const version = requireVersion(saslHandshake, connection)
  const answer = await connection.send(saslHandshake, version, { mechanism }, { timeoutMs: options.timeoutMs })
  if (answer.errorCode !== ErrorCode.NONE) {
    if (answer.errorCode === ErrorCode.ILLEGAL_SASL_STATE) {
      const next = 'set security.protocol=PLAINTEXT (or SSL), or give the address of a SASL listener'
      throw refused(connection, 'this listener takes no login', [`asked for: ${mechanism}`], next)
    }
    const offered = answer.mechanisms.length > 0 ? answer.mechanisms.join(', ') : 'none'
    const facts = [`the broker offers these mechanisms: ${offered}`, `asked for: ${mechanism}`]
    throw refused(connection, errorName(answer.errorCode), facts, 'set sasl.mechanism to one that the broker offers')
  }
  const exchange = new Exchange(connection, credentials, options.timeoutMs)
  try {
    await speakSasl(credentials, connection.address.host, (bytes) => exchange.round(bytes), options.random)
  } catch (error) {
    throw error instanceof SaslError ? exchange.refusal(error.message) : error
  }
  const lifetimeMs = exchange.sessionLifetimeMs
  if (lifetimeMs > 0) connection.retireAt = options.now + lifetimeMs * RETIRE_AFTER_SHARE
}

/** The client's part of a mechanism. Rejects with what `round` rejects with, with `SaslError`, or a `KtError` about a token. */
export async function speakSasl(
  credentials: SaslOptions,
  host: string,
  round: Round,
  random: Random = systemRandom,
): Promise<void> {
  switch (credentials.mechanism) {
    case 'PLAIN':
      await round(plainMessage(credentials))
      return
    case 'OAUTHBEARER':
      return speakBearer(await credentials.token(), round)
    case 'AWS_MSK_IAM':
      await round(await credentials.payload(host))
      return
    default:
      return speakScram(credentials, round, random)
  }
}

/** authzid NUL authcid NUL password, no authzid. */
export function plainMessage({ username, password }: PasswordLogin): Buffer {
  return Buffer.from(`\0${username}\0${password}`)
}

/** Token by token over SaslAuthenticate. */
class Exchange {
  sessionLifetimeMs = 0
  private readonly connection: Connection
  private readonly credentials: SaslOptions
  private readonly timeoutMs: number

  constructor(connection: Connection, credentials: SaslOptions, timeoutMs: number) {
    this.connection = connection
    this.credentials = credentials
    this.timeoutMs = timeoutMs
  }

  async round(authBytes: Buffer): Promise<Buffer> {
    const version = requireVersion(saslAuthenticate, this.connection)
    const answer = await this.connection.send(saslAuthenticate, version, { authBytes }, { timeoutMs: this.timeoutMs })
    if (answer.errorCode !== ErrorCode.NONE) {
      throw this.refusal(answer.errorMessage ?? errorName(answer.errorCode))
    }
    this.sessionLifetimeMs = Number(answer.sessionLifetimeMs)
    return answer.authBytes
  }

  refusal(message: string): Error {
    const { facts, next } = loginAdvice(this.credentials)
    return refused(this.connection, message, facts, next)
  }
}

/** What a person should know of a login that was refused; never the secret. */
export function loginAdvice(credentials: SaslOptions): { facts: string[]; next: string } {
  const facts = [`mechanism ${credentials.mechanism}`]
  if (credentials.mechanism === 'OAUTHBEARER') {
    return { facts, next: 'check the token: its issuer, audience, scope and time, as the broker expects them' }
  }
  if (credentials.mechanism === 'AWS_MSK_IAM') {
    return { facts, next: 'check that the policy of this identity allows kafka-cluster:Connect' }
  }
  return { facts: [...facts, `user ${credentials.username}`], next: 'check username and password in sasl.jaas.config' }
}

const SEPARATOR = '\x01'

/** RFC 7628, section 3.1. */
export function bearerMessage({ value, extensions }: BearerToken): Buffer {
  const pairs = [`auth=Bearer ${value}`, ...[...extensions].map(([name, text]) => `${name}=${text}`)]
  return Buffer.from(`n,,${SEPARATOR}${pairs.map((pair) => pair + SEPARATOR).join('')}${SEPARATOR}`)
}

/** A refusal comes as JSON first; the broker ends the exchange once it was told that this has been read (section 3.2.3). */
async function speakBearer(token: BearerToken, round: Round): Promise<void> {
  const answer = await round(bearerMessage(token))
  if (answer.length === 0) return
  await round(Buffer.from(SEPARATOR))
  throw new SaslError(`the token was not accepted: ${answer.toString('utf8')}`)
}

const HASHES = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' } as const
/** RFC 7677 asks for at least 4096; beyond a million the broker is making us burn time. */
const MIN_ITERATIONS = 4096
const MAX_ITERATIONS = 1_000_000
const NONCE_BYTES = 24

async function speakScram(credentials: PasswordLogin, round: Round, random: Random): Promise<void> {
  const client = new ScramClient(credentials, random.bytes(NONCE_BYTES).toString('base64url'))
  const serverFirst = await round(client.firstMessage())
  const serverFinal = await round(client.finalMessage(serverFirst.toString()))
  client.verify(serverFinal.toString())
}

/** The other side does not keep to the mechanism, or does not know our password either. */
export class SaslError extends Error {
  override readonly name = 'SaslError'
}

/** The client's side of one SCRAM exchange, without I/O. */
export class ScramClient {
  private readonly hash: 'sha256' | 'sha512'
  private readonly password: string
  private readonly nonce: string
  private readonly firstBare: string
  private serverSignature: Buffer | null = null

  constructor({ mechanism, username, password, tokenAuth }: PasswordLogin, nonce: string) {
    if (mechanism === 'PLAIN') throw new SaslError('PLAIN is not a SCRAM mechanism')
    this.hash = HASHES[mechanism]
    this.password = password
    this.nonce = nonce
    this.firstBare = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}${tokenAuth ? ',tokenauth=true' : ''}`
  }

  firstMessage(): Buffer {
    return Buffer.from(`n,,${this.firstBare}`)
  }

  finalMessage(serverFirst: string): Buffer {
    const fields = scramFields(serverFirst)
    const error = fields.get('e')
    if (error !== undefined) throw new SaslError(error)
    const nonce = fields.get('r') ?? ''
    const salt = Buffer.from(fields.get('s') ?? '', 'base64')
    const iterations = Number(fields.get('i'))
    if (!nonce.startsWith(this.nonce) || nonce === this.nonce) throw new SaslError('the server changed our nonce')
    if (salt.length === 0) throw new SaslError('the server sent no salt')
    if (!(Number.isInteger(iterations) && iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS)) {
      throw new SaslError(`the server asks for ${fields.get('i')} iterations`)
    }
    const withoutProof = `c=${Buffer.from('n,,').toString('base64')},r=${nonce}`
    const authMessage = `${this.firstBare},${serverFirst},${withoutProof}`
    const salted = saltPassword(this.hash, this.password, salt, iterations)
    const clientKey = this.hmac(salted, 'Client Key')
    const storedKey = createHash(this.hash).update(clientKey).digest()
    const signature = this.hmac(storedKey, authMessage)
    const proof = Buffer.from(clientKey.map((byte, at) => byte ^ signature[at]!))
    this.serverSignature = this.hmac(this.hmac(salted, 'Server Key'), authMessage)
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`)
  }

  /** Checks that the server knows the password too; throws `SaslError`. */
  verify(serverFinal: string): void {
    const fields = scramFields(serverFinal)
    const error = fields.get('e')
    if (error !== undefined) throw new SaslError(error)
    const theirs = Buffer.from(fields.get('v') ?? '', 'base64')
    const ours = this.serverSignature
    if (ours === null || theirs.length !== ours.length || !timingSafeEqual(theirs, ours)) {
      throw new SaslError('the server could not prove that it knows the password')
    }
  }

  private hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.hash, key).update(text).digest()
  }
}

/** Hi() of RFC 5802: what a broker stores of a password, and what AlterUserScramCredentials carries. */
export function saltPassword(hash: 'sha256' | 'sha512', password: string, salt: Buffer, iterations: number): Buffer {
  return pbkdf2Sync(password, salt, iterations, hash === 'sha256' ? 32 : 64, hash)
}

function scramFields(message: string): Map<string, string> {
  return new Map(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]))
}

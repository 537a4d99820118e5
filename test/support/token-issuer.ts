/** A token endpoint as OIDC issuers have it: the client credentials grant, RS256, and the public key as a JWK set. */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'

const KEY_ID = 'kt'

export class TokenIssuer {
  /** How often a token was asked for. */
  asked = 0
  audience = 'kafka'
  lifeSeconds = 300
  /** Status of the next answers; 200 unless a test says otherwise. */
  status = 200
  /** Never answers. */
  silent = false
  /** What it says of a refusal. */
  refusal = 'unknown client or secret'
  /** What clients sent last. */
  lastBody = ''
  /** The key by which clients sign assertions; without one a secret is asked for. */
  clientKey: KeyObject | undefined
  private readonly server: http.Server
  private readonly privateKey: KeyObject
  /** The JWK set with which a broker checks the tokens. */
  readonly keySet: string

  private constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    this.privateKey = privateKey
    const key = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }
    this.keySet = JSON.stringify({ keys: [key] })
    this.server = http.createServer((request, response) => void this.answer(request, response))
  }

  /** Listens on a free port. The secret of every client is `sesame`. */
  static async start(): Promise<TokenIssuer> {
    const issuer = new TokenIssuer()
    await new Promise<void>((resolve) => issuer.server.listen(0, '127.0.0.1', resolve))
    return issuer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  /** A signed token for a client. */
  token(subject: string): string {
    const now = Math.floor(Date.now() / 1000)
    const claims = { sub: subject, aud: this.audience, iat: now, exp: now + this.lifeSeconds, jti: randomUUID() }
    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
    const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${encode(claims)}`
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), this.privateKey).toString('base64url')}`
  }

  /** The subject of an assertion that the key has signed and that is valid now. */
  private byAssertion(key: KeyObject): string | null {
    const form = new URLSearchParams(this.lastBody)
    const jwt = form.get('assertion') ?? form.get('client_assertion') ?? ''
    const [header = '', payload = '', signature = ''] = jwt.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, bytes)) return null
    const { sub, nbf, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    const now = Date.now() / 1000
    return nbf <= now && now < exp ? sub : null
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.asked += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    this.lastBody = Buffer.concat(chunks).toString('utf8')
    if (this.silent) return
    const client = this.clientKey === undefined ? bySecret(request) : this.byAssertion(this.clientKey)
    const status = this.status === 200 && client === null ? 401 : this.status
    response.writeHead(status, { 'content-type': 'application/json' })
    const refusal = { error: 'invalid_client', error_description: this.refusal }
    const granted = { access_token: this.token(client ?? ''), expires_in: this.lifeSeconds, token_type: 'Bearer' }
    response.end(JSON.stringify(status === 200 ? granted : refusal))
  }
}

/** Who a client with the right secret is. */
function bySecret(request: http.IncomingMessage): string | null {
  const [scheme, credentials = ''] = (request.headers.authorization ?? '').split(' ')
  const [client = '', secret = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':')
  return scheme === 'Basic' && hash(secret) === hash('sesame') ? client : null
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

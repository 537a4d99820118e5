import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import { ASSERTION_PROPERTIES, assertionSource, wantsAssertion } from '../../../src/client/security/jwt-assertion.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const P = 'sasl.oauthbearer.assertion'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = (key: typeof rsa.privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }) as string
const SEALED = rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' })

const FILES: Record<string, string> = {
  '/rsa.pem': pem(rsa.privateKey),
  '/ec.pem': pem(ec.privateKey),
  '/sealed.pem': SEALED as string,
  '/none.pem': 'hello',
  '/template.json': '{"header":{"kid":"k1"},"payload":{"iss":"template","tenant":7}}',
  '/broken.json': '{',
  '/given.jwt': 'aaa.bbb.ccc\n',
  '/no.jwt': 'hello',
}
const files = {
  ...nodeFileSystem,
  readFile(path: string): Buffer {
    if (FILES[path] === undefined) throw new Error(`ENOENT ${path}`)
    return Buffer.from(FILES[path])
  },
}
const clock = new ManualClock()

const source = (settings: Record<string, string>): (() => string) =>
  assertionSource(new Map(Object.entries(settings).map(([name, value]) => [`${P}.${name}`, value])), files, clock)
const partsOf = (jwt: string) => {
  const [header, payload, signature] = jwt.split('.') as [string, string, string]
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: read(header), payload: read(payload), signed: `${header}.${payload}`, signature }
}

describe('an assertion', () => {
  it('is signed with RS256, for five minutes', () => {
    const jwt = source({
      'private.key.file': '/rsa.pem',
      'claim.iss': 'me',
      'claim.aud': 'idp',
      'claim.sub': 'alice',
    })()
    const { header, payload, signed, signature } = partsOf(jwt)
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' })
    const now = Math.floor(clock.now() / 1000)
    expect(payload).toEqual({ iss: 'me', aud: 'idp', sub: 'alice', iat: now, exp: now + 300, nbf: now - 60 })
    const bytes = Buffer.from(signature, 'base64url')
    expect(verify('sha256', Buffer.from(signed), rsa.publicKey, bytes)).toBe(true)
  })

  it('is signed with ES256 as JWS has it, not as DER', () => {
    const { signed, signature } = partsOf(source({ algorithm: 'ES256', 'private.key.file': '/ec.pem' })())
    const bytes = Buffer.from(signature, 'base64url')
    expect(bytes).toHaveLength(64)
    const key = { key: createPublicKey(ec.privateKey), dsaEncoding: 'ieee-p1363' as const }
    expect(verify('sha256', Buffer.from(signed), key, bytes)).toBe(true)
  })

  it('takes claims from a template, over those of the settings, and times of its own', () => {
    const settings = {
      'private.key.file': '/sealed.pem',
      'private.key.passphrase': 'sesame',
      'claim.iss': 'me',
      'claim.exp.seconds': '10',
      'claim.nbf.seconds': '0',
      'claim.jti.include': 'true',
      'template.file': '/template.json',
    }
    const create = source(settings)
    const [one, two] = [partsOf(create()), partsOf(create())]
    expect(one.header).toEqual({ kid: 'k1', alg: 'RS256', typ: 'JWT' })
    expect(one.payload).toMatchObject({ iss: 'template', tenant: 7, exp: one.payload.iat + 10, nbf: one.payload.iat })
    expect(one.payload.jti).not.toBe(two.payload.jti)
  })

  it('is read from a file, each time anew', () => {
    const create = source({ file: '/given.jwt', algorithm: 'nonsense' })
    expect(create()).toBe('aaa.bbb.ccc')
    FILES['/given.jwt'] = 'ddd.eee.fff'
    expect(create()).toBe('ddd.eee.fff')
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['no key', { 'claim.iss': 'me' }, /private\.key\.file is missing/],
    ['a key that is not there', { 'private.key.file': '/gone.pem' }, /Cannot read \/gone\.pem/],
    ['a file that is no key', { 'private.key.file': '/none.pem' }, /Cannot read the private key in \/none\.pem/],
    ['a key that is encrypted', { 'private.key.file': '/sealed.pem' }, /Cannot read the private key/],
    ['the wrong kind of key', { 'private.key.file': '/ec.pem' }, /a key of type ec, RS256 signs with rsa/],
    ['another algorithm', { algorithm: 'HS256', 'private.key.file': '/rsa.pem' }, /HS256 is not supported/],
    ['a broken template', { 'private.key.file': '/rsa.pem', 'template.file': '/broken.json' }, /is not JSON/],
    ['a file that is no JWT', { file: '/no.jwt' }, /holds no JWT/],
    ['seconds that are none', { 'private.key.file': '/rsa.pem', 'claim.exp.seconds': 'x' }, /claim\.exp\.seconds/],
  ])('with %s is refused at once', (_, settings, reason) => {
    expect(() => source(settings)).toThrow(KtError)
    expect(() => source(settings)).toThrow(reason)
  })

  it('is wanted where an issuer or a file is named', () => {
    expect(wantsAssertion(new Map([[`${P}.claim.iss`, 'me']]))).toBe(true)
    expect(wantsAssertion(new Map([[`${P}.file`, '/f']]))).toBe(true)
    expect(wantsAssertion(new Map([[`${P}.claim.sub`, 'me']]))).toBe(false)
    expect(ASSERTION_PROPERTIES).toContain(`${P}.private.key.passphrase`)
  })
})

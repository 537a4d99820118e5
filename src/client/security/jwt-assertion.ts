/** Assertions that a client signs or is given, to get a token for (KIP-1139, KIP-1258; RFC 7521, RFC 7523). */
import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import { integerProperty } from '../property-values.ts'

type Properties = ReadonlyMap<string, string>
type Claims = Readonly<Record<string, unknown>>

const PREFIX = 'sasl.oauthbearer.assertion'

/** What is understood of the settings. */
export const ASSERTION_PROPERTIES: readonly string[] = [
  ...['algorithm', 'claim.aud', 'claim.exp.seconds', 'claim.iss', 'claim.jti.include', 'claim.nbf.seconds'],
  ...['claim.sub', 'file', 'private.key.file', 'private.key.passphrase', 'template.file'],
].map((name) => `${PREFIX}.${name}`)

const SIGNATURES: Readonly<Record<string, { readonly keyType: string; readonly dsaEncoding?: 'ieee-p1363' }>> = {
  RS256: { keyType: 'rsa' },
  ES256: { keyType: 'ec', dsaEncoding: 'ieee-p1363' },
}
const DEFAULT_EXPIRY_SECONDS = 300
const DEFAULT_NOT_BEFORE_SECONDS = 60

/** Whether the settings ask for an assertion in place of a client secret. */
export function wantsAssertion(properties: Properties): boolean {
  return properties.has(`${PREFIX}.claim.iss`) || properties.has(`${PREFIX}.file`)
}

/**
 * Makes an assertion each time it is called: read from a file, or signed with a private key. What is wrong with the
 * settings throws at once, as a `KtError`.
 */
export function assertionSource(properties: Properties, files: FileSystem, clock: Clock): () => string {
  const file = settingOf(properties, 'file')
  if (file !== undefined) {
    const read = (): string => readText(files, file, 'file').trim()
    checkJwt(read(), file)
    return read
  }
  const algorithm = (settingOf(properties, 'algorithm') ?? 'RS256').toUpperCase()
  const signature = Object.hasOwn(SIGNATURES, algorithm) ? SIGNATURES[algorithm] : undefined
  if (signature === undefined) {
    throw new KtError('usage', `${PREFIX}.algorithm ${algorithm} is not supported`, {
      facts: [`Kafka's clients know ${Object.keys(SIGNATURES).join(' and ')}`],
    })
  }
  const key = privateKey(properties, files, algorithm, signature.keyType)
  const template = templateOf(properties, files)
  const dynamic = dynamicClaims(properties, clock)
  return () => {
    const header = { ...template.header, alg: algorithm, typ: 'JWT' }
    const payload = { ...staticClaims(properties), ...template.payload, ...dynamic() }
    const content = `${base64url(header)}.${base64url(payload)}`
    const { dsaEncoding } = signature
    const signed = sign('sha256', Buffer.from(content), dsaEncoding === undefined ? key : { key, dsaEncoding })
    return `${content}.${signed.toString('base64url')}`
  }
}

function settingOf(properties: Properties, name: string): string | undefined {
  return properties.get(`${PREFIX}.${name}`)?.trim() || undefined
}

function readText(files: FileSystem, file: string, name: string): string {
  try {
    return files.readFile(file).toString('utf8')
  } catch (error) {
    const facts = [`${PREFIX}.${name} names it`, (error as Error).message]
    throw new KtError('not-found', `Cannot read ${file}`, { facts, cause: error })
  }
}

function checkJwt(text: string, file: string): void {
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return
  throw new KtError('usage', `${file} holds no JWT`, {
    facts: [`${PREFIX}.file names it`, 'a JWT has three parts, with dots between them'],
  })
}

function privateKey(properties: Properties, files: FileSystem, algorithm: string, keyType: string): KeyObject {
  const file = settingOf(properties, 'private.key.file')
  if (file === undefined) {
    throw new KtError('usage', `${PREFIX}.private.key.file is missing`, {
      next: `name the PEM file with the key that signs, or give a finished assertion in ${PREFIX}.file`,
    })
  }
  const passphrase = properties.get(`${PREFIX}.private.key.passphrase`)
  const key = openKey(readText(files, file, 'private.key.file'), passphrase, file)
  if (key.asymmetricKeyType === keyType) return key
  throw new KtError(
    'usage',
    `${file} holds a key of type ${key.asymmetricKeyType}, ${algorithm} signs with ${keyType}`,
    {
      next: `set ${PREFIX}.algorithm to ${key.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256'}, or name another key`,
    },
  )
}

function openKey(pem: string, passphrase: string | undefined, file: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase })
  } catch (error) {
    const facts = [`${PREFIX}.private.key.file names it`, (error as Error).message]
    if (/ENCRYPTED/.test(pem)) facts.push(`it is encrypted; ${PREFIX}.private.key.passphrase opens it`)
    throw new KtError('usage', `Cannot read the private key in ${file}`, { facts, cause: error })
  }
}

function templateOf(properties: Properties, files: FileSystem): { readonly header: Claims; readonly payload: Claims } {
  const file = settingOf(properties, 'template.file')
  if (file === undefined) return { header: {}, payload: {} }
  try {
    const { header = {}, payload = {} } = JSON.parse(readText(files, file, 'template.file'))
    return { header, payload }
  } catch (error) {
    if (error instanceof KtError) throw error
    throw new KtError('usage', `${file} is not JSON: ${(error as Error).message}`, {
      facts: [`${PREFIX}.template.file names it`, 'it holds {"header": {...}, "payload": {...}}'],
      cause: error,
    })
  }
}

function staticClaims(properties: Properties): Claims {
  const claims = ['aud', 'iss', 'sub'].map((name) => [name, settingOf(properties, `claim.${name}`)] as const)
  return Object.fromEntries(claims.filter(([, value]) => value !== undefined))
}

function dynamicClaims(properties: Properties, clock: Clock): () => Claims {
  const seconds = (name: string, otherwise: number): number =>
    integerProperty(properties, `${PREFIX}.claim.${name}.seconds`) ?? otherwise
  const expiry = seconds('exp', DEFAULT_EXPIRY_SECONDS)
  const notBefore = seconds('nbf', DEFAULT_NOT_BEFORE_SECONDS)
  const hasId = settingOf(properties, 'claim.jti.include')?.toLowerCase() === 'true'
  return () => {
    const now = Math.floor(clock.now() / 1000)
    return { iat: now, exp: now + expiry, nbf: now - notBefore, ...(hasId ? { jti: randomUUID() } : {}) }
  }
}

function base64url(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

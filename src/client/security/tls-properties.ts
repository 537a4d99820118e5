/** `ssl.*` of Java client properties -> what node's TLS stack takes. */
import { createPrivateKey } from 'node:crypto'
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import type { TlsOptions, TlsVersion } from '../admin-types.ts'
import { isEncryptedKey, readStoreFile } from './store-file.ts'

type Properties = ReadonlyMap<string, string>

/** What is understood here. */
export const TLS_PROPERTIES: readonly string[] = [
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.truststore.certificates',
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
  'ssl.enabled.protocols',
  'ssl.protocol',
  'ssl.cipher.suites',
]

/** Reads the stores and translates the rest. Throws `usage`, `not-found` and `authentication` `KtError`s. */
export function tlsOptions(properties: Properties, files: FileSystem): TlsOptions {
  return {
    ...trustStore(properties, files),
    ...keyStore(properties, files),
    ...versions(properties),
    ...cipherSuites(properties),
    // Java's default is `https`; the empty string switches the check off.
    verifyHostname: properties.get('ssl.endpoint.identification.algorithm')?.trim() !== '',
  }
}

function trustStore(properties: Properties, files: FileSystem): Pick<TlsOptions, 'caPem'> {
  const inline = properties.get('ssl.truststore.certificates')
  if (inline !== undefined) return { caPem: normalPem(inline) }
  const path = properties.get('ssl.truststore.location')
  if (path === undefined) return {}
  const password = properties.get('ssl.truststore.password')
  return { caPem: readStoreFile({ prefix: 'ssl.truststore', path, password }, files).certPem }
}

function keyStore(properties: Properties, files: FileSystem): Pick<TlsOptions, 'certPem' | 'keyPem' | 'keyPassword'> {
  const keyPassword = properties.get('ssl.key.password')
  const key = properties.get('ssl.keystore.key')
  const chain = properties.get('ssl.keystore.certificate.chain')
  if (key !== undefined || chain !== undefined) {
    if (key === undefined || chain === undefined) {
      const missing = key === undefined ? 'ssl.keystore.key' : 'ssl.keystore.certificate.chain'
      throw new KtError('usage', `${missing} is missing: a key and its certificates go together`)
    }
    return openedKey(normalPem(key), normalPem(chain), keyPassword, 'ssl.keystore.key')
  }
  const path = properties.get('ssl.keystore.location')
  if (path === undefined) return {}
  const password = properties.get('ssl.keystore.password')
  const store = readStoreFile({ prefix: 'ssl.keystore', path, password, keyPassword }, files)
  // Java wants ssl.key.password for PEM; whoever set the store's password alone means the same.
  return openedKey(store.keyPem!, store.certPem, keyPassword ?? password, path)
}

/** Opens the key once, here: a wrong password is then a line about the key, not a failed handshake. */
function openedKey(
  keyPem: string,
  certPem: string,
  keyPassword: string | undefined,
  where: string,
): Pick<TlsOptions, 'certPem' | 'keyPem' | 'keyPassword'> {
  const passphrase = isEncryptedKey(keyPem) ? keyPassword : undefined
  try {
    createPrivateKey({ key: keyPem, passphrase: passphrase ?? '' })
  } catch (error) {
    if (!isEncryptedKey(keyPem)) {
      throw new KtError('usage', `Cannot read the private key in ${where}`, {
        facts: [(error as Error).message],
        next: `openssl pkcs8 -topk8 -nocrypt -in KEY.pem -out key-pkcs8.pem`,
      })
    }
    const why = passphrase === undefined ? 'no ssl.key.password' : 'ssl.key.password does not open it'
    throw new KtError('authentication', `Cannot open the private key in ${where}: ${why}`, {
      next: 'set ssl.key.password',
    })
  }
  return { keyPem, certPem, ...(passphrase === undefined ? {} : { keyPassword: passphrase }) }
}

/** Java takes PEM in one line as well, with blanks where line ends were. */
function normalPem(text: string): string {
  return text.replace(/(-----BEGIN [A-Z ]+-----)([\s\S]*?)(-----END [A-Z ]+-----)/g, (_, begin, body, end) =>
    body.includes(':') ? `${begin}${body}${end}\n` : `${begin}\n${body.trim().split(/\s+/).join('\n')}\n${end}\n`,
  )
}

const VERSIONS: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/** node takes a range; Java's list may have holes, which no cluster needs. */
function versions(properties: Properties): Pick<TlsOptions, 'minVersion' | 'maxVersion'> {
  const text = properties.get('ssl.enabled.protocols')
  if (text === undefined || text.trim() === '') return {}
  const wanted = text.split(',').map((each) => each.trim())
  const unknown = wanted.find((each) => !VERSIONS.some((version) => version === each))
  if (unknown !== undefined) {
    throw new KtError('usage', `Invalid value ${unknown} for configuration ssl.enabled.protocols`, {
      facts: [`kt knows ${VERSIONS.join(', ')}`],
    })
  }
  const known = VERSIONS.filter((version) => wanted.includes(version))
  return { minVersion: known[0]!, maxVersion: known.at(-1)! }
}

function cipherSuites(properties: Properties): Pick<TlsOptions, 'ciphers'> {
  const text = properties.get('ssl.cipher.suites')
  if (text === undefined || text.trim() === '') return {}
  return { ciphers: text.split(',').map(openSslName).join(':') }
}

/** TLS 1.3 suites have one name; older ones have IANA's, which Java uses, and OpenSSL's. */
export function openSslName(suite: string): string {
  const name = suite.trim()
  if (!name.includes('_WITH_')) return name
  return name
    .replace(/^(TLS|SSL)_/, '')
    .replace(/^RSA_WITH_/, '')
    .replace('_WITH_', '-')
    .replace(/AES_(128|256)/, 'AES$1')
    .replace('_CBC', '')
    .replace(/CHACHA20_POLY1305_SHA256$/, 'CHACHA20-POLY1305')
    .replaceAll('_', '-')
}

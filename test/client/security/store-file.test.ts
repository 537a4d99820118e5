import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import { isEncryptedKey, readStoreFile, type StoreFile } from '../../../src/client/security/store-file.ts'
import { CA_PEM, CLIENT } from '../../support/certificates.ts'
import {
  ENCRYPTED_KEY,
  JCEKS_TRUST,
  JKS_KEY,
  JKS_KEY_PASSWORD,
  JKS_TRUST,
  PKCS12_KEY,
  PKCS12_RC2,
  PKCS12_TRUST,
  STORE_PASSWORD,
  TRADITIONAL_KEY,
} from '../../support/key-stores.ts'

const read = (content: Buffer | string, store: Partial<StoreFile> = {}) =>
  readStoreFile(
    { prefix: 'ssl.truststore', path: '/store', password: STORE_PASSWORD, ...store },
    { ...nodeFileSystem, readFile: () => Buffer.from(content as string) },
  )

function failure(content: Buffer | string, store: Partial<StoreFile> = {}): KtError {
  try {
    read(content, store)
  } catch (error) {
    expect(error).toBeInstanceOf(KtError)
    return error as KtError
  }
  throw new Error('it was read')
}

describe('a trust store', () => {
  it.each([
    ['PEM', CA_PEM],
    ['PKCS#12', PKCS12_TRUST],
    ['JKS', JKS_TRUST],
  ])('is read from %s, whatever the file is called', (_, content) => {
    expect(read(content)).toEqual({ certPem: CA_PEM, keyPem: undefined, keyIsEncrypted: false })
  })

  it.each(['', '0', '012', 'hello', '\u00fe'])('that is none (%j) is told as such', (content) => {
    expect(failure(content).message).toContain('neither PEM nor PKCS#12 nor JKS')
  })

  it('needs its password, and the right one', () => {
    const missing = failure(PKCS12_TRUST, { password: undefined })
    expect(missing).toMatchObject({ kind: 'authentication', message: 'Cannot open /store: no ssl.truststore.password' })
    expect(failure(JKS_TRUST, { password: 'wrong' }).message).toContain('the password does not open it')
  })

  it('of a kind that is not read comes with the line that converts it', () => {
    expect(failure(JCEKS_TRUST).next).toMatch(/^keytool -importkeystore .*JCEKS.*PKCS12$/)
    expect(failure(PKCS12_RC2).next).toBe('openssl pkcs12 -legacy -in /store -nodes -out store.pem')
    expect(failure('what is this').message).toBe('/store is neither PEM nor PKCS#12 nor JKS')
  })

  it('without a certificate is refused', () => {
    expect(failure(CLIENT.key).message).toContain('holds no certificate')
  })
})

describe('a key store', () => {
  const prefix = 'ssl.keystore'
  it.each([
    ['PEM', CLIENT.key + CLIENT.cert, undefined],
    ['PKCS#12', PKCS12_KEY, undefined],
    ['JKS', JKS_KEY, JKS_KEY_PASSWORD],
  ])('is read from %s', (_, content, keyPassword) => {
    const store = read(content, { prefix, keyPassword })
    expect(store.keyPem).toContain(CLIENT.key.trim())
    expect(store.certPem).toContain(CLIENT.cert.trim())
  })

  it('without a key is taken for the trust store it is', () => {
    const error = failure(JKS_TRUST, { prefix })
    expect(error.message).toBe('/store holds no private key')
    expect(error.next).toContain('ssl.truststore.location')
  })

  it('says when the key has a password of its own', () => {
    expect(failure(JKS_KEY, { prefix }).next).toContain('ssl.key.password')
  })
})

it('a file that is not there is not found', () => {
  const store = { prefix: 'ssl.truststore', path: '/no/such/file', password: undefined } as const
  expect(() => readStoreFile(store, nodeFileSystem)).toThrow('Cannot read /no/such/file')
})

it('an encrypted key is recognised in both forms', () => {
  expect([ENCRYPTED_KEY, TRADITIONAL_KEY, CLIENT.key].map(isEncryptedKey)).toEqual([true, true, false])
})

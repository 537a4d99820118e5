import * as tls from 'node:tls'
import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import { openSslName, tlsOptions } from '../../../src/client/security/tls-properties.ts'
import { CA_PEM, CLIENT } from '../../support/certificates.ts'
import { ENCRYPTED_KEY, PKCS12_KEY, STORE_PASSWORD, TRADITIONAL_KEY } from '../../support/key-stores.ts'

const options = (properties: Record<string, string>, files: Record<string, string | Buffer> = {}) =>
  tlsOptions(new Map(Object.entries(properties)), {
    ...nodeFileSystem,
    readFile: (path) => Buffer.from(files[path] as string),
  })

function failure(properties: Record<string, string>, files: Record<string, string | Buffer> = {}): KtError {
  try {
    options(properties, files)
  } catch (error) {
    expect(error).toBeInstanceOf(KtError)
    return error as KtError
  }
  throw new Error('it was accepted')
}

describe('ssl.* properties', () => {
  it('without any, well-known authorities are trusted and the host name is checked', () => {
    expect(options({})).toEqual({ verifyHostname: true })
  })

  it('an empty ssl.endpoint.identification.algorithm switches the host check off', () => {
    expect(options({ 'ssl.endpoint.identification.algorithm': '' }).verifyHostname).toBe(false)
    expect(options({ 'ssl.endpoint.identification.algorithm': 'https' }).verifyHostname).toBe(true)
  })

  it('certificates may stand in the properties, in one line too', () => {
    const oneLine = CA_PEM.trim().replaceAll('\n', ' ')
    expect(options({ 'ssl.truststore.certificates': oneLine }).caPem).toContain(CA_PEM.trim())
    expect(options({ 'ssl.truststore.certificates': CA_PEM }).caPem?.trim()).toBe(CA_PEM.trim())
  })

  it.each([
    ['PKCS#8', ENCRYPTED_KEY],
    ['the older form', TRADITIONAL_KEY],
  ])('an encrypted key in %s is opened by ssl.key.password', (_, key) => {
    const chain = { 'ssl.keystore.key': key, 'ssl.keystore.certificate.chain': CLIENT.cert }
    const identity = options({ ...chain, 'ssl.key.password': STORE_PASSWORD })
    const { keyPem, certPem, keyPassword } = identity
    expect(() => tls.createSecureContext({ key: keyPem!, cert: certPem!, passphrase: keyPassword! })).not.toThrow()
    const wrong = failure({ ...chain, 'ssl.key.password': 'wrong' })
    expect(wrong).toMatchObject({ kind: 'authentication', next: 'set ssl.key.password' })
    expect(failure(chain).message).toBe('Cannot open the private key in ssl.keystore.key: no ssl.key.password')
  })

  it('a key store in a file becomes PEM', () => {
    const identity = options(
      { 'ssl.keystore.location': '/me.p12', 'ssl.keystore.password': STORE_PASSWORD, 'ssl.keystore.type': 'PKCS12' },
      { '/me.p12': PKCS12_KEY },
    )
    expect(identity).toMatchObject({ keyPem: CLIENT.key, certPem: CLIENT.cert + CA_PEM })
    expect(identity.keyPassword).toBeUndefined()
  })

  it('a PEM key store may be opened by the store password alone', () => {
    const properties = { 'ssl.keystore.location': '/me.pem', 'ssl.keystore.password': STORE_PASSWORD }
    expect(options(properties, { '/me.pem': ENCRYPTED_KEY + CLIENT.cert }).keyPassword).toBe(STORE_PASSWORD)
  })

  it('a key without certificates, or the other way round, is half of it', () => {
    expect(failure({ 'ssl.keystore.key': CLIENT.key }).message).toContain('ssl.keystore.certificate.chain is missing')
    expect(failure({ 'ssl.keystore.certificate.chain': CLIENT.cert }).message).toContain('ssl.keystore.key is missing')
  })

  it('a key that is none is refused before anything connects', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n'
    const error = failure({ 'ssl.keystore.key': key, 'ssl.keystore.certificate.chain': CLIENT.cert })
    expect(error.message).toBe('Cannot read the private key in ssl.keystore.key')
  })

  it('versions become the range that spans them', () => {
    expect(options({ 'ssl.enabled.protocols': 'TLSv1.3,TLSv1.2' })).toMatchObject({
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
    })
    expect(options({ 'ssl.enabled.protocols': 'TLSv1.2' }).maxVersion).toBe('TLSv1.2')
    expect(failure({ 'ssl.enabled.protocols': 'SSLv3' }).message).toContain('Invalid value SSLv3')
  })

  it.each([
    ['TLS_AES_256_GCM_SHA384', 'TLS_AES_256_GCM_SHA384'],
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'ECDHE-ECDSA-AES256-SHA384'],
    ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ])('the cipher suite %s has its name for OpenSSL', (java, openssl) => {
    expect(openSslName(java)).toBe(openssl)
    expect(tls.getCiphers()).toContain(openssl.toLowerCase())
    expect(options({ 'ssl.cipher.suites': `${java}` }).ciphers).toBe(openssl)
  })
})

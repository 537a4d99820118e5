import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { deriveKey, readPkcs12 } from '../../../src/client/security/pkcs12.ts'
import { StoreError } from '../../../src/client/security/store-contents.ts'
import { CA_PEM, CLIENT } from '../../support/certificates.ts'
import { PKCS12_KEY, PKCS12_RC2, PKCS12_TRIPLE_DES, PKCS12_TRUST, STORE_PASSWORD } from '../../support/key-stores.ts'

const der = (pem: string): Buffer => new X509Certificate(pem).raw
const KEY = createPrivateKey(CLIENT.key).export({ format: 'der', type: 'pkcs8' })

describe('PKCS#12', () => {
  it('gives the certificates of a trust store made by keytool', () => {
    expect(readPkcs12(PKCS12_TRUST, STORE_PASSWORD, null)).toEqual({ key: null, certificates: [der(CA_PEM)] })
  })

  it.each([
    ['keytool', PKCS12_KEY, STORE_PASSWORD, [CLIENT.cert, CA_PEM]],
    ['openssl', CLIENT.pfx, CLIENT.pfxPassword, [CLIENT.cert]],
    ['openssl of the days of triple DES', PKCS12_TRIPLE_DES, STORE_PASSWORD, [CLIENT.cert]],
  ])('gives the key made by %s, its own certificate first', (_, store, password, chain) => {
    const { key, certificates } = readPkcs12(store, password, password)
    expect(key!.equals(KEY)).toBe(true)
    expect(certificates.map(String)).toEqual(chain.map((each) => String(der(each))))
  })

  it('leaves keys closed when nobody asks for them', () => {
    const { key, certificates } = readPkcs12(PKCS12_KEY, STORE_PASSWORD, null)
    expect(key).toBeNull()
    expect(certificates).toHaveLength(2)
  })

  it.each([
    ['a wrong password', PKCS12_TRUST, 'wrong', 'password'],
    ['no password', PKCS12_TRUST, '', 'password'],
    ['ciphers of long ago', PKCS12_RC2, STORE_PASSWORD, 'cipher'],
    ['something else', Buffer.from('3003020103', 'hex'), STORE_PASSWORD, 'unreadable'],
    ['a store that is cut off', PKCS12_TRUST.subarray(0, 300), STORE_PASSWORD, 'unreadable'],
  ])('tells %s', (_, store, password, reason) => {
    let caught: unknown
    try {
      readPkcs12(store, password, null)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(StoreError)
    expect((caught as StoreError).reason).toBe(reason)
  })

  it('notices every changed byte of what the MAC covers', () => {
    for (const at of [120, 250, 400]) {
      const changed = Buffer.from(PKCS12_TRUST)
      changed[at]! ^= 1
      expect(() => readPkcs12(changed, STORE_PASSWORD, null)).toThrow(StoreError)
    }
  })

  // Known answers of the derivation, as printed by other implementations for the password `smeg`.
  it('derives keys as RFC 7292 says', () => {
    const common = { hash: 'sha1', password: 'smeg', iterations: 1 } as const
    const salt = Buffer.from('0A58CF64530D823F', 'hex')
    expect(deriveKey({ ...common, purpose: 1, salt, bytes: 24 }).toString('hex')).toBe(
      '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3',
    )
    expect(deriveKey({ ...common, purpose: 2, salt, bytes: 8 }).toString('hex')).toBe('79993dfe048d3b76')
  })

  it('does not burn time for a store that asks for it', () => {
    const salt = Buffer.alloc(8)
    const asked = { hash: 'sha1', purpose: 1, password: 'p', salt, iterations: 2 ** 31, bytes: 8 } as const
    expect(() => deriveKey(asked)).toThrow(/iterations/)
  })
})

import { createPrivateKey, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derElement } from '../../../src/client/security/der.ts'
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

  it('takes a MAC for what its kind has, whatever length the store gives it', () => {
    // The MAC's OCTET STRING, of 32 bytes for SHA-256, is the only one of its length.
    const at = PKCS12_TRUST.lastIndexOf(Buffer.from([0x04, 0x20]))
    const mac = derElement(PKCS12_TRUST, at)
    expect(mac.content).toHaveLength(32)
    const changed = Buffer.from(PKCS12_TRUST)
    // The same bytes as an OCTET STRING of 30 and a NULL behind it.
    changed.writeUInt8(30, at + 1)
    changed.writeUInt16BE(0x0500, at + 2 + 30)
    expect(() => readPkcs12(changed, STORE_PASSWORD, null)).toThrow('not the length of its kind')
  })

  it('ends in a StoreError for any change of any store, and never in anything else', () => {
    const store = fc.constantFrom(PKCS12_TRUST, PKCS12_KEY, PKCS12_RC2, PKCS12_TRIPLE_DES)
    const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(store, fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(), (good, changes, cut) => {
        const bad = Buffer.from(good)
        for (const [at, bits] of changes) bad[at % bad.length]! ^= bits
        const length = cut % 3 === 0 ? cut % bad.length : bad.length
        try {
          readPkcs12(bad.subarray(0, length), STORE_PASSWORD, STORE_PASSWORD)
        } catch (error) {
          expect(error).toBeInstanceOf(StoreError)
        }
      }),
      { numRuns: 150 },
    )
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

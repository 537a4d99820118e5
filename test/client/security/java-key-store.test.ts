import { createPrivateKey, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJavaKeyStore } from '../../../src/client/security/java-key-store.ts'
import { StoreError } from '../../../src/client/security/store-contents.ts'
import { CA_PEM, CLIENT } from '../../support/certificates.ts'
import { JCEKS_TRUST, JKS_KEY, JKS_KEY_PASSWORD, JKS_TRUST, STORE_PASSWORD } from '../../support/key-stores.ts'

const der = (pem: string): string => String(new X509Certificate(pem).raw)

function reasonOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    return (error as StoreError).reason
  }
  return 'it was read'
}

describe('JKS', () => {
  it('gives the certificates of a trust store, without a password as well', () => {
    for (const password of [STORE_PASSWORD, undefined]) {
      const { key, certificates } = readJavaKeyStore(JKS_TRUST, password, null)
      expect(key).toBeNull()
      expect(certificates.map(String)).toEqual([der(CA_PEM)])
    }
  })

  it('gives the key and its chain', () => {
    const { key, certificates } = readJavaKeyStore(JKS_KEY, STORE_PASSWORD, JKS_KEY_PASSWORD)
    const expected = createPrivateKey(CLIENT.key).export({ format: 'der', type: 'pkcs8' })
    expect(key!.equals(expected)).toBe(true)
    expect(certificates.map(String)).toEqual([CLIENT.cert, CA_PEM].map(der))
  })

  it('trusts the own certificate of a key entry, not those above it', () => {
    const { key, certificates } = readJavaKeyStore(JKS_KEY, STORE_PASSWORD, null)
    expect(key).toBeNull()
    expect(certificates.map(String)).toEqual([der(CLIENT.cert)])
  })

  it('tells a wrong password from a damaged store', () => {
    expect(reasonOf(() => readJavaKeyStore(JKS_TRUST, 'wrong', null))).toBe('password')
    expect(reasonOf(() => readJavaKeyStore(JKS_KEY, STORE_PASSWORD, 'wrong'))).toBe('password')
    expect(reasonOf(() => readJavaKeyStore(JCEKS_TRUST, STORE_PASSWORD, null))).toBe('unreadable')
    expect(reasonOf(() => readJavaKeyStore(Buffer.alloc(40), undefined, null))).toBe('unreadable')
  })

  it('ends in a StoreError for any change, and never in anything else', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(
        fc.constantFrom(JKS_TRUST, JKS_KEY),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (good, changes) => {
          const bad = Buffer.from(good)
          for (const [at, bits] of changes) bad[at % bad.length]! ^= bits
          try {
            readJavaKeyStore(bad, undefined, JKS_KEY_PASSWORD)
          } catch (error) {
            expect(error).toBeInstanceOf(StoreError)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never reads beyond the end, wherever it is cut', () => {
    for (let length = 0; length < JKS_KEY.length; length += 7) {
      const cut = JKS_KEY.subarray(0, length)
      expect(reasonOf(() => readJavaKeyStore(cut, undefined, JKS_KEY_PASSWORD))).toBe('unreadable')
    }
  })
})

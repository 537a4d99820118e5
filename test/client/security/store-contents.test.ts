import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { pem, StoreError } from '../../../src/client/security/store-contents.ts'
import { CA_PEM } from '../../support/certificates.ts'

it('PEM has lines of 64 characters, as openssl writes them', () => {
  expect(pem('CERTIFICATE', new X509Certificate(CA_PEM).raw)).toBe(CA_PEM)
})

it('a failure tells its reason', () => {
  expect(new StoreError('cipher', 'why')).toMatchObject({ name: 'StoreError', reason: 'cipher', message: 'why' })
})

import { describe, expect, it } from 'vitest'
import { decodePrincipal, encodePrincipal } from '../../src/protocol/principal-data.ts'

describe('principal data', () => {
  it('is what Kafka writes: version, type, name, token flag, no tags', () => {
    const bytes = Buffer.from([0, 0, 5, ...Buffer.from('User'), 10, ...Buffer.from('ANONYMOUS'), 0, 0])
    expect(encodePrincipal('User:ANONYMOUS')).toEqual(bytes)
    expect(decodePrincipal(bytes)).toBe('User:ANONYMOUS')
  })

  it('keeps a name that has colons', () => {
    expect(decodePrincipal(encodePrincipal('User:CN=a:b'))).toBe('User:CN=a:b')
  })

  it.each([[[0, 1, 0]], [[]], [[0, 0, 50, 1]]])('refuses %j', (bytes) => {
    expect(() => decodePrincipal(Buffer.from(bytes))).toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import { isScram, parseCredential } from '../../../src/commands/configs/scram.ts'

describe('SCRAM credentials', () => {
  it('are told from quotas by their name', () => {
    expect(['SCRAM-SHA-256', 'SCRAM-SHA-512', 'SCRAM-SHA-1', 'producer_byte_rate'].map(isScram)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it.each([
    ['password=p', 4096, 'p'],
    ['iterations=-1,password=p', 4096, 'p'],
    ['iterations=8192,password=a,b=c', 8192, 'a,b=c'],
    ['password=', 4096, ''],
  ])('%s', (text, iterations, password) => {
    expect(parseCredential('SCRAM-SHA-256', text)).toEqual({ iterations, password })
  })

  it.each([
    ['secret', 'Invalid credential property SCRAM-SHA-256=secret'],
    ['iterations=8', 'Invalid credential property SCRAM-SHA-256=iterations=8'],
    ['iterations=8,password=p', 'Iterations 8 is less than the minimum 4096 required for SCRAM-SHA-256'],
    ['iterations=99999999999,password=p', 'For input string: "99999999999"'],
  ])('%s is refused', (text, message) => {
    expect(() => parseCredential('SCRAM-SHA-256', text)).toThrow(message)
  })
})

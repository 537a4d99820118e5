import { describe, expect, it } from 'vitest'
import { dateText, parseHmac, parsePrincipal, tokensText } from '../../../src/commands/delegation-tokens/text.ts'

describe('tokens as the script prints them', () => {
  it('have a line each below an empty one, in columns that do not grow', () => {
    const user = (name: string) => ({ type: 'User', name })
    const token = {
      tokenId: 'a-token-with-a-long-id',
      hmac: Buffer.from('abc'),
      owner: user('a'),
      requester: user('b'),
      renewers: [user('c'), user('d')],
      issuedAtMs: 0,
      expiresAtMs: 0,
      endsAtMs: 0,
    }
    const [, head, , row, end] = tokensText([token]).split('\n')
    expect(head).toMatch(
      /^TOKENID {9}HMAC {27}OWNER {11}REQUESTER {7}RENEWERS {18}ISSUEDATE {7}EXPIRYDATE {6}MAXDATE {8}$/,
    )
    expect(row).toMatch(/^a-token-with-a-long-id YWJj {27}User:a {10}User:b {10}\[User:c, User:d\] {10}19/)
    expect(end).toBe('')
  })

  it('have dates of this machine, to the minute', () => {
    expect(dateText(new Date(2026, 0, 2, 3, 4, 59).getTime())).toBe('2026-01-02T03:04')
  })
})

describe('what a person writes of tokens', () => {
  it('is a principal with a type', () => {
    expect(parsePrincipal(' User:a:b ')).toEqual({ type: 'User', name: 'a:b' })
    expect(() => parsePrincipal('a')).toThrow('expected a string in format principalType:principalName but got a')
  })

  it('is a secret in base64', () => {
    expect(parseHmac('YWJj')).toEqual(Buffer.from('abc'))
    expect(parseHmac('')).toHaveLength(0)
    expect(() => parseHmac('Y!')).toThrow('Illegal base64 character 21')
    expect(() => parseHmac('Y')).toThrow('Input byte[] should at least have 2 bytes for base64 bytes')
  })
})

/** What the script prints of tokens: pure functions. */
import { UsageError } from '../../cli/options.ts'
import type { DelegationToken, Principal } from '../../client/security-types.ts'

export const principalText = ({ type, name }: Principal): string => `${type}:${name}`

/** `[User:a, User:b]` */
export function principalsText(principals: readonly Principal[]): string {
  return `[${principals.map(principalText).join(', ')}]`
}

/** Throws `UsageError` where there is no type in front. */
export function parsePrincipal(text: string): Principal {
  const word = text.trim()
  const colon = word.indexOf(':')
  if (colon >= 0) return { type: word.slice(0, colon), name: word.slice(colon + 1) }
  throw new UsageError(`expected a string in format principalType:principalName but got ${word}`, {
    next: `write it as User:${word}`,
  })
}

/** The secret of a token. Throws `UsageError` in Java's words for what is no base64. */
export function parseHmac(text: string): Buffer {
  const bad = [...text.replace(/=+$/, '')].find((each) => !/[A-Za-z0-9+/]/.test(each))
  if (bad !== undefined) throw new UsageError(`Illegal base64 character ${bad.charCodeAt(0).toString(16)}`)
  if (text.length === 1) throw new UsageError('Input byte[] should at least have 2 bytes for base64 bytes')
  return Buffer.from(text, 'base64')
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** `2026-01-31T12:00`, in the time of this machine. */
export function dateText(timestampMs: number): string {
  const date = new Date(timestampMs)
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-')
  return `${day}T${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
}

const WIDTHS = [15, 30, 15, 15, 25, 15, 15, 15]
const HEAD = ['TOKENID', 'HMAC', 'OWNER', 'REQUESTER', 'RENEWERS', 'ISSUEDATE', 'EXPIRYDATE', 'MAXDATE']

const line = (cells: readonly string[]): string =>
  `\n${cells.map((cell, column) => cell.padEnd(WIDTHS[column]!)).join(' ')}\n`

/** The table of the script: an empty line before each row. */
export function tokensText(tokens: readonly DelegationToken[]): string {
  return [HEAD, ...tokens.map(tokenCells)].map(line).join('')
}

function tokenCells(token: DelegationToken): string[] {
  return [
    token.tokenId,
    token.hmac.toString('base64'),
    principalText(token.owner),
    principalText(token.requester),
    principalsText(token.renewers),
    dateText(token.issuedAtMs),
    dateText(token.expiresAtMs),
    dateText(token.endsAtMs),
  ]
}

/**
 * Java's `.properties` syntax as `java.util.Properties.load` reads it: comments `#` and `!`, separators `=`, `:` and
 * blank, escapes, `\uXXXX`, and lines continued by an odd number of backslashes.
 */

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }
const LEADING_BLANKS = /^[ \t\f]+/

/** Keys and values in file order; a later line replaces an earlier one. Throws `SyntaxError` for a bad `\u` escape. */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const line of logicalLines(text)) {
    const keyEnd = findKeyEnd(line)
    const key = unescapeProperty(line.slice(0, keyEnd))
    const value = unescapeProperty(line.slice(skipSeparator(line, keyEnd)))
    properties.set(key, value)
  }
  return properties
}

/** Lines with continuations joined; blank lines and comments are gone. A comment is never continued. */
function* logicalLines(text: string): Generator<string> {
  let pending: string | null = null
  for (const natural of text.split(/\r\n|\n|\r/)) {
    const line: string = natural.replace(LEADING_BLANKS, '')
    if (pending === null && (line === '' || line[0] === '#' || line[0] === '!')) continue
    const joined: string = (pending ?? '') + line
    if (endsInOddBackslashes(line)) {
      pending = joined.slice(0, -1)
      continue
    }
    pending = null
    if (joined !== '') yield joined
  }
  if (pending !== null && pending !== '') yield pending
}

function endsInOddBackslashes(line: string): boolean {
  let count = 0
  while (count < line.length && line[line.length - 1 - count] === '\\') count++
  return count % 2 === 1
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\f'
}

function findKeyEnd(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const char = line[at]
    if (char === '\\') at++
    else if (char === '=' || char === ':' || isBlank(char)) return at
  }
  return line.length
}

/** Blanks, at most one `=` or `:`, blanks. */
function skipSeparator(line: string, keyEnd: number): number {
  let at = keyEnd
  while (isBlank(line[at])) at++
  if (line[at] === '=' || line[at] === ':') at++
  while (isBlank(line[at])) at++
  return at
}

function unescapeProperty(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]?))/g, (_, hex: string | undefined, char: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (char === 'u') throw new SyntaxError('Malformed \\uxxxx encoding.')
    return ESCAPES[char!] ?? char!
  })
}

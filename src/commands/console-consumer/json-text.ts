/** Lays out JSON text anew without reading its numbers: digits beyond a double's, and double keys, stay. */

/** True for text that is one JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Strings, punctuation, and everything else that is no space: numbers and words. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/** JSON on one line. The text has been checked with `isJson`. */
export function compactJson(text: string): string {
  return (text.match(TOKENS) ?? []).join('')
}

/** JSON in lines, two spaces a level; empty objects and arrays stay together. The text has been checked with `isJson`. */
export function prettyJson(text: string): string {
  const tokens = text.match(TOKENS) ?? []
  let out = ''
  let depth = 0
  for (const [at, token] of tokens.entries()) {
    const isClose = token === '}' || token === ']'
    if (isClose) {
      depth--
      if (!isOpen(tokens[at - 1]!)) out += lineBreak(depth)
    }
    out += token
    if (isOpen(token)) {
      depth++
      const next = tokens[at + 1]
      if (next !== '}' && next !== ']') out += lineBreak(depth)
    } else if (token === ',') out += lineBreak(depth)
    else if (token === ':') out += ' '
  }
  return out
}

const isOpen = (token: string): boolean => token === '{' || token === '['
const lineBreak = (depth: number): string => `\n${'  '.repeat(depth)}`

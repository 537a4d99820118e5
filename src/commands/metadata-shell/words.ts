/**
 * A line of the shell as words: blanks part them, quotes and backslashes keep them together. Quotes that a word begins
 * with are not of it, those in the middle are; a quote that is never closed reaches to the end of the line.
 */
export function wordsOf(line: string): string[] {
  return lastWordOf(line).words
}

/** The words of a line that may go on, for completion: the last one is the one under the cursor, and may be empty. */
export function wordsSoFar(line: string): string[] {
  const { words, isOpen } = lastWordOf(line)
  return isOpen ? words : [...words, '']
}

function lastWordOf(line: string): { words: string[]; isOpen: boolean } {
  const words: string[] = []
  let word = ''
  let quote = ''
  let quoteIsOfWord = false
  for (let at = 0; at < line.length; at++) {
    const letter = line[at]!
    if (letter === '\\') word += line[++at] ?? ''
    else if (quote !== '') {
      if (letter !== quote || quoteIsOfWord) word += letter
      if (letter === quote) quote = ''
    } else if (letter === '"' || letter === "'") {
      quote = letter
      quoteIsOfWord = word !== ''
      if (quoteIsOfWord) word += letter
    } else if (/\s/.test(letter)) {
      if (word !== '') words.push(word)
      word = ''
    } else word += letter
  }
  const isOpen = word !== ''
  if (isOpen) words.push(word)
  return { words, isOpen }
}

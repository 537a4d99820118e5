/** Prose for a terminal: lines of a width, with `code` set off by colour where there is colour. */

/** Longer lines are hard to read, however wide the terminal is. */
export const MAX_WIDTH = 80

export interface WrapOptions {
  readonly width: number
  /** In front of every line; `first` in front of the first instead. */
  readonly indent?: string
  readonly first?: string
  /** Paints what stands in backticks, which are then left out; without it they stay. */
  readonly code?: ((text: string) => string) | undefined
}

/** Paragraphs stay apart; the line breaks inside of them are made anew. Ends without a newline. */
export function wrap(text: string, options: WrapOptions): string {
  const paragraphs = text.trim().split(/\n\s*\n/)
  const { indent = '', first = indent } = options
  return paragraphs
    .map((paragraph, at) => wrapParagraph(paragraph, { ...options, indent, first: at === 0 ? first : indent }))
    .join('\n\n')
}

interface Word {
  readonly text: string
  /** Painted or in backticks. */
  readonly isCode: boolean
}

function wrapParagraph(text: string, options: Required<Pick<WrapOptions, 'indent' | 'first'>> & WrapOptions): string {
  const { width, indent, first, code } = options
  const lines: string[] = []
  let line = ''
  let length = 0
  for (const word of wordsOf(text, width - indent.length, code !== undefined)) {
    const shown = shownWord(word, code)
    const room = width - (lines.length === 0 ? first : indent).length
    if (line !== '' && length + 1 + shown.length > room) {
      lines.push(line)
      line = ''
      length = 0
    }
    line = line === '' ? shown.text : `${line} ${shown.text}`
    length = length === 0 ? shown.length : length + 1 + shown.length
  }
  lines.push(line)
  return lines.map((each, at) => `${at === 0 ? first : indent}${each}`).join('\n')
}

/**
 * Code keeps together as long as it fits into a line; what follows it without a blank, such as a comma, belongs to it. What
 * is longer is broken as words are, each of them painted.
 */
function wordsOf(text: string, width: number, isPainted: boolean): Word[] {
  const words: Word[] = []
  for (const [found] of text.replaceAll(/\s+/g, ' ').matchAll(/[^\s`]*`[^`]*`[^\s`]*|\S+/g)) {
    const isCode = /`[^`]*`/.test(found)
    if (!isCode || found.length <= width) words.push({ text: found, isCode })
    else
      words.push(
        ...(isPainted ? eachInBackticks(found) : found)
          .split(' ')
          .map((part) => ({ text: part, isCode: isPainted && part.includes('`') })),
      )
  }
  return words
}

function eachInBackticks(text: string): string {
  return text.replace(/`([^`]*)`/, (_, inner: string) =>
    inner
      .split(' ')
      .map((part) => `\`${part}\``)
      .join(' '),
  )
}

function shownWord({ text, isCode }: Word, code: WrapOptions['code']): { text: string; length: number } {
  if (!isCode || code === undefined) return { text, length: text.length }
  const plain = text.replace(/`([^`]*)`/, '$1')
  return { text: text.replace(/`([^`]*)`/, (_, inner: string) => code(inner)), length: plain.length }
}

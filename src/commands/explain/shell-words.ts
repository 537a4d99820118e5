/**
 * Command lines as people paste them: what a shell would make of them, as far as explaining needs it. Nothing is
 * expanded or run. Prompts, bullets and remarks behind `->` of notes are passed over; typographic quotes and dashes of web
 * pages are read as what they were.
 */

export interface SimpleCommand {
  /** `NAME=value` in front of the program. */
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly words: readonly string[]
  /** `> file`, `2>&1`, as written. */
  readonly redirects: readonly string[]
  /** What stands behind it: `|`, `&`, `;`, `&&`, `||`, or nothing at the end. */
  readonly end: string
}

/** What was read, and what had to be mended on the way. */
export interface ReadLine {
  readonly commands: readonly SimpleCommand[]
  readonly mended: readonly string[]
}

const PROMPT = /^\s*(?:[*-]\s+)?(?:\[[^\]\n]*\][$#]|\$:|[\w.@~/:-]*[$%](?=\s)|>(?!>))?\s*/
const OPERATOR = /^(?:\|\||&&|\||;|&(?!>)|\n)/
const PLACEHOLDER = /^<[A-Za-z][\w .-]*>/
const REDIRECT = /^(?:\d*>>?&?\d*|&>>?|\d*<<?<?)/

/** Reads one or more lines. */
export function readCommandLine(text: string): ReadLine {
  const mended: string[] = []
  const plain = withoutTypography(text, mended)
  const lines = plain.replaceAll(/\\\r?\n\s*/g, ' ').split(/\r?\n/)
  return { commands: lines.flatMap((line) => readLine(line.replace(PROMPT, ''))), mended }
}

function withoutTypography(text: string, mended: string[]): string {
  const quotes = text.replaceAll(/[“”]/g, '"').replaceAll(/[‘’]/g, "'")
  if (quotes !== text) mended.push('typographic quotes are read as " and \': a shell takes them for letters')
  const dashes = quotes.replaceAll(/(^|\s)[–—](?=[a-z])/g, '$1--')
  if (dashes !== quotes) mended.push('a typographic dash is read as --: a shell takes it for a letter')
  return dashes
}

class LineReader {
  readonly commands: SimpleCommand[] = []
  #env: { name: string; value: string }[] = []
  #words: string[] = []
  #redirects: string[] = []

  word(text: string): void {
    const assignment = this.#words.length === 0 ? /^([A-Za-z_]\w*)=(.*)$/s.exec(text) : null
    if (assignment === null) this.#words.push(text)
    else this.#env.push({ name: assignment[1]!, value: assignment[2]! })
  }
  redirect(text: string): void {
    this.#redirects.push(text)
  }
  end(operator: string): void {
    if (this.#words.length > 0 || this.#env.length > 0) {
      this.commands.push({ env: this.#env, words: this.#words, redirects: this.#redirects, end: operator })
    }
    this.#env = []
    this.#words = []
    this.#redirects = []
  }
}

function readLine(line: string): SimpleCommand[] {
  const reader = new LineReader()
  for (let rest = line.trimStart(); rest !== ''; ) {
    // The rest of the line is a comment, or a note's remark.
    if (rest.startsWith('#') || /^->(\s|$)/.test(rest)) break
    // `<topic>` is a place to fill in, not a file.
    const redirect = PLACEHOLDER.test(rest) ? undefined : REDIRECT.exec(rest)?.[0]
    const operator = OPERATOR.exec(rest)?.[0]
    if (redirect !== undefined && /[<>]/.test(redirect)) {
      const after = rest.slice(redirect.length).trimStart()
      const target = /&\d+$/.test(redirect) ? { text: '', length: 0 } : wordOf(after)
      reader.redirect(target.text === '' ? redirect : `${redirect} ${target.text}`)
      rest = after.slice(target.length)
    } else if (operator !== undefined) {
      reader.end(operator)
      rest = rest.slice(operator.length)
    } else {
      const { text, length } = wordOf(rest)
      reader.word(text)
      rest = rest.slice(length)
    }
    rest = rest.trimStart()
  }
  reader.end('')
  return reader.commands
}

/** The word at the beginning, quotes taken off, and how many characters it took. */
function wordOf(rest: string): { text: string; length: number } {
  let text = ''
  let at = 0
  while (at < rest.length && (!/[\s|&;<>]/.test(rest[at]!) || PLACEHOLDER.test(rest.slice(at)))) {
    const piece = pieceAt(rest, at)
    text += piece.text
    at += piece.length
  }
  return { text, length: Math.max(at, 1) }
}

function pieceAt(rest: string, at: number): { text: string; length: number } {
  const char = rest[at]!
  const after = rest.slice(at)
  if (char === '\\') return { text: rest[at + 1] ?? '', length: 2 }
  if (char === "'") {
    const end = rest.indexOf("'", at + 1)
    return end < 0
      ? { text: after.slice(1), length: after.length }
      : { text: rest.slice(at + 1, end), length: end + 1 - at }
  }
  if (char === '"') {
    const quoted = /^"((?:[^"\\]|\\.)*)"?/s.exec(after)!
    return { text: quoted[1]!.replaceAll(/\\(["\\$`])/g, '$1'), length: quoted[0].length }
  }
  // A command's output, a variable, a place to fill in: they stand for one word.
  const whole = /^(?:\$\([^)]*\)|`[^`]*`|\$\{[^}]*\}|<[^<>|&;]+>)/.exec(after)?.[0]
  return whole === undefined ? { text: char, length: 1 } : { text: whole, length: whole.length }
}

/** Words as a person would type them: quoted where a shell wants it. */
export function typed(words: readonly string[]): string {
  return words
    .map((word) => {
      if (/^[\w@%+=:,./$~^-]+$/.test(word) || /^\$[({].*[)}]$/.test(word)) return word
      return `'${word.replaceAll("'", `'\\''`)}'`
    })
    .join(' ')
}

/**
 * A line of the shell taken apart as `sh` would. What kt understands by itself (words, quotes, comments) is run in this
 * process; a line with anything beyond that (pipes, redirections, variables) is for `sh`, which runs kt for it.
 */

export type ShellLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** `programs` are the places of the words that name programs: those of kt get it put in front. */
  | { readonly kind: 'sh'; readonly text: string; readonly programs: readonly ProgramPlace[] }
  /** A quote or a continuation that is still open, or a here-document whose end is to come: more lines are needed. */
  | { readonly kind: 'open' }

/** A program's name as typed in front of its words, from `start` to `end` of the text. */
export interface ProgramPlace {
  readonly word: string
  readonly start: number
  readonly end: number
}

/** Behind these words of `sh` comes a program again. */
const KEYWORDS = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time', 'exec'])
const BLANK = /[ \t]/
/** Characters that mean something to `sh` where nothing quotes them. */
const OPERATOR = /[|&;<>()\n]/

interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
  /** An operator of `sh`; else a word. */
  readonly operator: boolean
}

interface Tokens {
  readonly tokens: readonly Token[]
  /** A variable or a command's output is in it. */
  readonly expands: boolean
  readonly open: boolean
}

/** Reads one line, or several that belong together. */
export function readShellLine(typed: string): ShellLine {
  const text = typed.replaceAll('\r', '').replace(/^\s*[$%]\s+/, '')
  const raw = /^\s*!(.*)$/s.exec(text)
  if (raw !== null) return { kind: 'sh', text: raw[1]!.trim(), programs: [] }
  const { tokens, expands, open } = tokensOf(text)
  if (open || lacksHereDocument(text, tokens)) return { kind: 'open' }
  if (tokens.length === 0) return { kind: 'empty' }
  const words = tokens.map((token) => token.text)
  const isPlain = !expands && !tokens.some(({ operator }) => operator) && !isAssignment(text, tokens[0]!)
  return isPlain ? { kind: 'words', words } : { kind: 'sh', text, programs: programsOf(tokens, text) }
}

/** `NAME=value`: only as a shell has it, a name without quotes. */
function isAssignment(text: string, { start }: Token): boolean {
  return /^[A-Za-z_]\w*=/.test(text.slice(start))
}

/** For completion: the words of the command that the end of `line` belongs to; the last one is being typed. */
export function wordsBeingTyped(line: string): string[] {
  const { tokens, open } = tokensOf(line.replace(/^\s*[$%!]\s*/, ''))
  const from = tokens.findLastIndex(({ operator }) => operator) + 1
  const words = tokens.slice(from).map(({ text }) => text)
  return open || (words.length > 0 && !/\s$/.test(line)) ? words : [...words, '']
}

function tokensOf(text: string): Tokens {
  const tokens: Token[] = []
  let expands = false
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (BLANK.test(char)) at += 1
    else if (text.startsWith('\\\n', at)) at += 2
    else if (char === '#') at = endOfComment(text, at)
    else if (OPERATOR.test(char)) {
      // The end of the last line is no more than that.
      if (text.slice(at).trim() === '') break
      tokens.push({ text: char, start: at, end: at + 1, operator: true })
      at += 1
    } else {
      const word = wordAt(text, at)
      tokens.push({ text: word.text, start: at, end: word.end, operator: false })
      expands ||= word.expands
      if (word.open) return { tokens, expands, open: true }
      at = word.end
    }
  }
  return { tokens, expands, open: false }
}

function endOfComment(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

interface Word {
  readonly text: string
  readonly end: number
  readonly expands: boolean
  readonly open: boolean
}

/** The word at `start`, its quotes and backslashes taken off. */
function wordAt(text: string, start: number): Word {
  let word = ''
  let expands = false
  let at = start
  while (at < text.length && !BLANK.test(text[at]!) && !OPERATOR.test(text[at]!)) {
    const char = text[at]!
    if (char === "'" || char === '"') {
      const quoted = char === "'" ? singleQuoted(text, at) : doubleQuoted(text, at)
      if (quoted === null) return { text: word + text.slice(at + 1), end: text.length, expands, open: true }
      word += quoted.text
      expands ||= quoted.expands
      at = quoted.end
    } else if (char === '\\') {
      if (at + 1 >= text.length) return { text: word, end: text.length, expands, open: true }
      if (text[at + 1] !== '\n') word += text[at + 1]
      at += 2
    } else {
      expands ||= isExpansion(text, at) || (char === '~' && at === start)
      word += char
      at += 1
    }
  }
  return { text: word, end: at, expands, open: false }
}

interface Quoted {
  readonly text: string
  readonly end: number
  readonly expands: boolean
}

function singleQuoted(text: string, at: number): Quoted | null {
  const end = text.indexOf("'", at + 1)
  return end < 0 ? null : { text: text.slice(at + 1, end), end: end + 1, expands: false }
}

/** Inside double quotes a backslash stands before `"`, `\`, `$`, a backquote and the end of a line only. */
function doubleQuoted(text: string, start: number): Quoted | null {
  let quoted = ''
  let expands = false
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!
    if (char === '"') return { text: quoted, end: at + 1, expands }
    if (char === '\\' && /["\\$`\n]/.test(text[at + 1] ?? '')) {
      at += 1
      if (text[at] !== '\n') quoted += text[at]
    } else {
      expands ||= isExpansion(text, at)
      quoted += char
    }
  }
  return null
}

function isExpansion(text: string, at: number): boolean {
  return text[at] === '`' || (text[at] === '$' && /[\w{(?#@*!$-]/.test(text[at + 1] ?? ''))
}

/** Here-documents end with a line that is their word alone. */
function lacksHereDocument(text: string, tokens: readonly Token[]): boolean {
  return tokens.some(({ text: operator, start }, at) => {
    const next = tokens[at + 1]
    const isHere = operator === '<' && next?.text === '<' && next.start === start + 1
    const word = tokens[at + 2]
    // `<<<` is another thing, and sh will say so.
    if (!isHere || word === undefined || word.operator) return false
    const lines = text.slice(word.end).split('\n').slice(1)
    return !lines.some((line) => line.trim() === word.text.replace(/^-/, ''))
  })
}

/** First words of simple commands: at the beginning, behind operators, assignments and keywords. */
function programsOf(tokens: readonly Token[], text: string): ProgramPlace[] {
  const programs: ProgramPlace[] = []
  let expected = true
  for (const [index, token] of tokens.entries()) {
    const { text: word, start, end, operator } = token
    const isFile = index > 0 && tokens[index - 1]!.operator && /[<>]/.test(tokens[index - 1]!.text)
    if (operator) {
      // What < and > name is no program, and does not change whether one is expected.
      if (!/[<>]/.test(word) && !isRedirection(tokens, index)) expected = true
    } else if (!isFile && expected && !isAssignment(text, token) && !KEYWORDS.has(word)) {
      programs.push({ word: text.slice(start, end), start, end })
      expected = false
    }
    if (operator && word === '\n' && isHereLine(tokens, index)) break
  }
  return programs
}

/** The `&` of `2>&1`. */
function isRedirection(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  return tokens[index]!.text === '&' && before?.operator === true && /[<>]/.test(before.text)
}

/** What follows a line with a here-document is that document, at first; none of it is a program's name. */
function isHereLine(tokens: readonly Token[], index: number): boolean {
  return tokens
    .slice(0, index)
    .some(({ text, operator }, at) => operator && text === '<' && tokens[at + 1]?.text === '<')
}

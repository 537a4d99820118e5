/**
 * Is a regular expression one that a broker accepts in a KIP-848 subscription? Brokers use RE2, which knows no
 * look-around and no back-references. This walks the syntax only, and words its findings as RE2 does.
 */

/** What is wrong with the pattern, or null when it is valid. */
export function re2SyntaxError(pattern: string): string | null {
  try {
    new Re2Parser(pattern).parse()
    return null
  } catch (error) {
    if (error instanceof Re2Error) return error.description
    throw error
  }
}

class Re2Error extends Error {
  /** The finding with the offending part, as `PatternSyntaxException.getDescription` gives it: without that part. */
  readonly description: string

  constructor(description: string) {
    super(description)
    this.description = description
  }
}

const MAX_REPEAT = 1000
const PERL_CLASSES = 'dswDSW'
const POSIX_CLASSES = 'alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit'.split(' ')
/** Escapes with a meaning outside a class. */
const ASSERTIONS = 'AbBCEz'
const CONTROL_ESCAPES = 'aftnrv'

class Re2Parser {
  readonly #text: string
  #at = 0
  readonly #names = new Set<string>()

  constructor(text: string) {
    this.#text = text
  }

  parse(): void {
    let depth = 0
    let canRepeat = false
    let justRepeated = false
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!
      const wasRepeated = justRepeated
      justRepeated = false
      if (char === '(') {
        const isFlagsOnly = this.#openGroup()
        if (!isFlagsOnly) depth++
        canRepeat = false
      } else if (char === ')') {
        if (depth === 0) throw new Re2Error('regexp/syntax: internal error')
        depth--
        this.#at++
        canRepeat = true
      } else if (char === '|') {
        this.#at++
        canRepeat = false
      } else if (this.#repeat(canRepeat, wasRepeated)) {
        justRepeated = true
      } else {
        // A quotation may be empty: what stood before it is then what can be repeated.
        canRepeat = this.#atom(char) || canRepeat
      }
    }
    if (depth > 0) throw new Re2Error('missing closing )')
  }

  /** Steps over `*`, `+`, `?` or `{n,m}`; false when none stands here. */
  #repeat(canRepeat: boolean, wasRepeated: boolean): boolean {
    const counted = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 24))
    if (counted === null && !'*+?'.includes(this.#text[this.#at]!)) return false
    if (!canRepeat) throw new Re2Error('missing argument to repetition operator')
    if (counted !== null) checkCounts(counted)
    this.#at += counted === null ? 1 : counted[0].length
    if (this.#text[this.#at] === '?') this.#at++
    if (wasRepeated) throw new Re2Error('invalid nested repetition operator')
    return true
  }

  /** Steps over one item; false for an empty quotation. */
  #atom(char: string): boolean {
    if (this.#text.startsWith('\\Q', this.#at)) return this.#quotation()
    if (char === '[') this.#characterClass()
    else if (char === '\\') this.#escape()
    else this.#at += char.codePointAt(0)! > 0xffff ? 2 : 1
    return true
  }

  #quotation(): boolean {
    const end = this.#text.indexOf('\\E', this.#at)
    const length = (end < 0 ? this.#text.length : end) - this.#at - 2
    this.#at = end < 0 ? this.#text.length : end + 2
    return length > 0
  }

  /** True for `(?i)`, which sets flags and opens nothing. */
  #openGroup(): boolean {
    const rest = this.#text.slice(this.#at)
    if (!rest.startsWith('(?')) {
      this.#at++
      return false
    }
    if (rest.startsWith('(?P<') || rest.startsWith('(?<')) {
      this.#namedGroup(rest)
      return false
    }
    const flags = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest)
    if (flags === null || (flags[1] === '' && flags[2] === undefined && flags[3] === ')')) {
      throw new Re2Error('invalid or unsupported Perl syntax')
    }
    this.#at += flags[0].length
    return flags[3] === ')'
  }

  #namedGroup(rest: string): void {
    const match = /^\(\?P?<([^>]*)>/.exec(rest)
    if (match === null || !/^\w+$/.test(match[1]!)) throw new Re2Error('invalid named capture')
    if (this.#names.has(match[1]!)) throw new Re2Error('duplicate capture group name')
    this.#names.add(match[1]!)
    this.#at += match[0].length
  }

  #escape(): void {
    const char = this.#text[this.#at + 1]
    if (char === undefined) throw new Re2Error('trailing backslash at end of expression')
    if (char === 'p' || char === 'P') this.#unicodeClass()
    else if (char !== 'C' && (PERL_CLASSES.includes(char) || ASSERTIONS.includes(char))) this.#at += 2
    else this.#escapedCharacter()
  }

  /** Returns the character's code, for ranges. */
  #escapedCharacter(): number {
    const rest = this.#text.slice(this.#at)
    const match = /^\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2})|([\s\S]))/.exec(rest)
    if (match === null) throw new Re2Error('trailing backslash at end of expression')
    const [whole, long, hex, octal, char] = match
    const isLetter = char !== undefined && /[A-Za-z0-9]/.test(char) && !CONTROL_ESCAPES.includes(char)
    const code = Number.parseInt(long ?? hex ?? octal ?? '0', octal === undefined ? 16 : 8)
    if (isLetter || code > 0x10ffff) throw new Re2Error('invalid escape sequence')
    this.#at += whole.length
    return char === undefined ? code : char.charCodeAt(0)
  }

  #unicodeClass(): void {
    const match = /^\\[pP](?:\{\^?([A-Za-z_]+)\}|([A-Z]))/.exec(this.#text.slice(this.#at))
    const name = match?.[1] ?? match?.[2]
    if (match === null || name === undefined || !isUnicodeName(name))
      throw new Re2Error('invalid character class range')
    this.#at += match[0].length
  }

  #characterClass(): void {
    this.#at++
    if (this.#text[this.#at] === '^') this.#at++
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      if (this.#at >= this.#text.length) throw new Re2Error('missing closing ]')
      if (!this.#wholeClassInside()) this.#range()
    }
    this.#at++
  }

  /** `[:alpha:]`, `\d` or `\pL` inside a class. */
  #wholeClassInside(): boolean {
    const rest = this.#text.slice(this.#at, this.#at + 16)
    const posix = /^\[:\^?([a-z]+):\]/.exec(rest)
    if (posix !== null) {
      if (!POSIX_CLASSES.includes(posix[1]!)) throw new Re2Error('invalid character class range')
      this.#at += posix[0].length
    } else if (/^\\[pP]/.test(rest)) this.#unicodeClass()
    else if (/^\\[dswDSW]/.test(rest)) this.#at += 2
    else return false
    return true
  }

  #range(): void {
    const low = this.#classCharacter()
    if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']' || this.#at + 1 >= this.#text.length) return
    this.#at++
    if (this.#classCharacter() < low) throw new Re2Error('invalid character class range')
  }

  #classCharacter(): number {
    if (this.#at >= this.#text.length) throw new Re2Error('missing closing ]')
    if (this.#text[this.#at] === '\\') return this.#escapedCharacter()
    const code = this.#text.codePointAt(this.#at)!
    this.#at += code > 0xffff ? 2 : 1
    return code
  }
}

function checkCounts(counted: RegExpExecArray): void {
  const low = Number(counted[1])
  const high = counted[2] === undefined ? low : counted[3] === '' ? low : Number(counted[3])
  if (low > MAX_REPEAT || high > MAX_REPEAT || high < low) throw new Re2Error('invalid repeat count')
}

/** A general category or script, as JavaScript's own Unicode tables know it. */
function isUnicodeName(name: string): boolean {
  if (name === 'Any') return true
  for (const property of [name, `Script=${name}`]) {
    try {
      new RegExp(`\\p{${property}}`, 'u')
      return true
    } catch {
      // Not a category or script of that name: the next form is tried.
    }
  }
  return false
}

import { nearest } from './nearest.ts'
import {
  GivenOptions,
  type OptionDeclaration,
  type OptionTable,
  parseDouble,
  parseWhole,
  UsageError,
} from './options.ts'

/** Options of which at most one may be given, or exactly one. */
export interface ExclusiveGroup {
  readonly names: readonly string[]
  readonly required?: boolean
}

/** What a parser of the argparse4j kind reads: options, then plain words or a subcommand with a parser of its own. */
export interface ArgparseGrammar {
  readonly options: OptionTable
  readonly exclusive?: readonly ExclusiveGroup[]
  /** Plain words are taken, as many as there are. */
  readonly takesWords?: boolean
  readonly subcommands?: Readonly<Record<string, ArgparseGrammar>>
}

/** A command line as it was understood. `inner` are the options after the subcommand. */
export interface ArgparseResult {
  readonly given: GivenOptions<OptionTable>
  readonly subcommand?: string
  readonly inner?: GivenOptions<OptionTable>
}

/** `--help` was met: nothing else matters, not even what is wrong further on. */
export class HelpAsked extends Error {
  readonly subcommand: string | undefined

  constructor(subcommand: string | undefined) {
    super('help')
    this.subcommand = subcommand
  }
}

/**
 * Reads a command line as Kafka's newer scripts do (argparse4j 0.7): `--opt value`, `--opt=value`, `-ovalue`; options and
 * subcommands may be abbreviated; an option given again replaces what was given before; a subcommand's options stand
 * after it. Values are converted at once. Throws `UsageError` in argparse4j's words, and `HelpAsked`.
 */
export function parseArgparse(args: readonly string[], grammar: ArgparseGrammar): ArgparseResult {
  const line: Line = { args, at: 0, separatorSeen: false, deferred: null }
  const result = new Level(line, grammar, undefined).parse()
  // What is missing is told last: a wrong word after it is the nearer error.
  if (line.deferred !== null) throw line.deferred
  return result
}

/** The command line while it is read, shared by a parser and its subcommand's. */
interface Line {
  readonly args: readonly string[]
  at: number
  separatorSeen: boolean
  deferred: UsageError | null
}

const NEGATIVE_NUMBER = /^-\d+$/
const HELP_FLAGS = ['-h', '--help']

class Level {
  readonly #line: Line
  readonly #grammar: ArgparseGrammar
  readonly #subcommand: string | undefined
  /** `--id` and `-i` -> `id`. */
  readonly #flags = new Map<string, string>()
  readonly #given = new Map<string, string[]>()
  readonly #order: string[] = []
  readonly #words: string[] = []
  readonly #usedOfGroup = new Map<ExclusiveGroup, string>()

  constructor(line: Line, grammar: ArgparseGrammar, subcommand: string | undefined) {
    this.#line = line
    this.#grammar = grammar
    this.#subcommand = subcommand
    for (const [name, { short }] of Object.entries(grammar.options)) {
      this.#flags.set(`--${name}`, name)
      if (short !== undefined) this.#flags.set(`-${short}`, name)
    }
  }

  parse(): ArgparseResult {
    const { subcommands, takesWords } = this.#grammar
    const line = this.#line
    while (line.at < line.args.length) {
      const word = line.args[line.at]!
      if (this.#isFlag(word) && word !== '--') this.#option(word)
      else if (word === '--' && !line.separatorSeen) {
        line.separatorSeen = true
        line.at += 1
      } else if (takesWords === true) {
        this.#words.push(word)
        line.at += 1
      } else if (!line.separatorSeen && subcommands !== undefined) {
        this.#checkRequired()
        return this.#inner(word, subcommands)
      } else {
        throw new UsageError(`unrecognized arguments: '${line.args.slice(line.at).join(' ')}'`)
      }
    }
    if (subcommands !== undefined) throw tooFew(subcommands)
    this.#checkRequired()
    return { given: this.#options() }
  }

  #inner(word: string, subcommands: Readonly<Record<string, ArgparseGrammar>>): ArgparseResult {
    const subcommand = subcommandNamed(word, subcommands)
    this.#line.at += 1
    const { given: inner } = new Level(this.#line, subcommands[subcommand]!, subcommand).parse()
    return { given: this.#options(), subcommand, inner }
  }

  #options(): GivenOptions<OptionTable> {
    return new GivenOptions(this.#grammar.options, this.#given, this.#words, this.#order)
  }

  /** A lone dash and negative numbers are words. */
  #isFlag(word: string | undefined): boolean {
    if (word === undefined || this.#line.separatorSeen) return false
    return word === '--' || (/^-+[^-]/.test(word) && !NEGATIVE_NUMBER.test(word))
  }

  #option(word: string): void {
    const equals = word.indexOf('=')
    const flag = equals < 0 ? word : word.slice(0, equals)
    const name = this.#resolve(flag)
    if (name === null) {
      this.#letters(word)
    } else {
      this.#line.at += 1
      this.#take(name, equals < 0 ? undefined : word.slice(equals + 1))
    }
  }

  /** The option that a flag names, in full or by its beginning; null when there is none. */
  #resolve(flag: string): string | null {
    if (HELP_FLAGS.includes(flag)) throw new HelpAsked(this.#subcommand)
    const exact = this.#flags.get(flag)
    if (exact !== undefined) return exact
    const isNear = (each: string): boolean => each.startsWith(flag) && this.#of(each).abbreviable !== false
    const near = [...this.#flags.keys()].filter(isNear)
    if ('--help'.startsWith(flag)) near.push('--help')
    if (near.length === 0) return null
    if (this.#isLetters(flag)) near.push(flag.slice(0, 2))
    if (near.length > 1) throw new UsageError(`ambiguous option: ${flag} could match ${near.sort().join(', ')}`)
    if (near[0] === '--help') throw new HelpAsked(this.#subcommand)
    return this.#flags.get(near[0]!)!
  }

  #of(flag: string): OptionDeclaration {
    return this.#grammar.options[this.#flags.get(flag)!]!
  }

  /** Letters of options written together, `-xvalue` included. */
  #isLetters(flag: string): boolean {
    if (!/^-[^-]/.test(flag)) return false
    for (const letter of flag.slice(1)) {
      if (!this.#flags.has(`-${letter}`)) return false
      if (this.#of(`-${letter}`).kind !== 'flag') return true
    }
    return true
  }

  #letters(word: string): void {
    const letters = /^-[^-]/.test(word) ? [...word.slice(1)] : []
    if (letters.length === 0) throw this.#unrecognized(word)
    this.#line.at += 1
    for (const [index, letter] of letters.entries()) {
      if (letter === 'h') throw new HelpAsked(this.#subcommand)
      const name = this.#flags.get(`-${letter}`)
      if (name === undefined) throw this.#unrecognized(word)
      const isFlag = this.#of(`-${letter}`).kind === 'flag'
      const rest = letters.slice(index + 1).join('')
      this.#take(name, isFlag || rest === '' ? undefined : rest)
      if (!isFlag) return
    }
  }

  #take(name: string, attached: string | undefined): void {
    const declaration = this.#grammar.options[name]!
    this.#checkExclusive(name)
    this.#order.push(name)
    if (declaration.kind === 'flag') {
      if (attached !== undefined) throw this.#refused(name, `ignore implicit argument '${attached}'`)
      this.#given.set(name, [])
      return
    }
    const values = attached !== undefined ? [attached] : this.#nextWords(name)
    for (const value of values) {
      const problem = conversionProblem(declaration, value)
      if (problem !== null) throw this.#refused(name, problem)
    }
    const before = declaration.repeatable === true ? (this.#given.get(name) ?? []) : []
    this.#given.set(name, [...before, ...values])
  }

  /** The words an option takes: one, or all up to the next option. */
  #nextWords(name: string): string[] {
    if (this.#grammar.options[name]!.manyArguments !== true) return [this.#nextWord(name)]
    const words: string[] = []
    for (let word = this.#line.args[this.#line.at]; word !== undefined && !this.#isFlag(word); ) {
      words.push(word)
      word = this.#line.args[++this.#line.at]
    }
    if (words.length === 0) throw this.#refused(name, 'expected 1 argument(s)')
    return words
  }

  #nextWord(name: string): string {
    const word = this.#line.args[this.#line.at]
    if (word === undefined || this.#isFlag(word)) throw this.#refused(name, 'expected one argument')
    this.#line.at += 1
    return word
  }

  #checkExclusive(name: string): void {
    for (const group of this.#grammar.exclusive ?? []) {
      if (!group.names.includes(name)) continue
      const used = this.#usedOfGroup.get(group) ?? name
      if (used !== name) throw this.#refused(name, `not allowed with argument ${this.#shown(used)}`)
      this.#usedOfGroup.set(group, name)
    }
  }

  /** Of several that are missing argparse4j names the last. */
  #checkRequired(): void {
    if (this.#line.deferred !== null) return
    const missing = Object.entries(this.#grammar.options).filter(
      ([name, { required }]) => required === true && !this.#given.has(name),
    )
    const last = missing.at(-1)?.[0]
    if (last !== undefined) {
      this.#line.deferred = new UsageError(`argument ${this.#shown(last)} is required`, { missing: last })
      return
    }
    for (const group of this.#grammar.exclusive ?? []) {
      if (group.required !== true || this.#usedOfGroup.has(group)) continue
      const names = group.names.map((name) => this.#shown(name)).join(' ')
      this.#line.deferred = new UsageError(`one of the arguments ${names} is required`)
    }
  }

  /** `--id/-i` */
  #shown(name: string): string {
    const { short } = this.#grammar.options[name]!
    return short === undefined ? `--${name}` : `--${name}/-${short}`
  }

  #refused(name: string, why: string): UsageError {
    return new UsageError(`argument ${this.#shown(name)}: ${why}`)
  }

  #unrecognized(word: string): UsageError {
    const near = nearest(word.replace(/^-+|=.*/g, ''), Object.keys(this.#grammar.options))
    const facts = near.length === 0 ? [] : [`Did you mean ${near.map((name) => `--${name}`).join(' or ')}?`]
    return new UsageError(`unrecognized arguments: '${word}'`, { facts })
  }
}

function subcommandNamed(word: string, subcommands: Readonly<Record<string, ArgparseGrammar>>): string {
  const names = Object.keys(subcommands)
  if (names.includes(word)) return word
  const near = word === '' ? [] : names.filter((name) => name.startsWith(word)).sort()
  if (near.length === 1) return near[0]!
  if (near.length > 1) throw new UsageError(`ambiguous command: ${word} could match ${near.join(', ')}`)
  const choices = names.map((name) => `'${name}'`).join(', ')
  const similar = nearest(word, names)
  const facts = similar.length === 0 ? [] : [`Did you mean ${similar.join(' or ')}?`]
  throw new UsageError(`invalid choice: '${word}' (choose from ${choices})`, { facts })
}

function tooFew(subcommands: Readonly<Record<string, ArgparseGrammar>>): UsageError {
  return new UsageError('too few arguments', { facts: [`Subcommands: ${Object.keys(subcommands).join(', ')}`] })
}

const JAVA_TYPES: Readonly<Partial<Record<OptionDeclaration['kind'], string>>> = {
  int: 'Integer',
  long: 'Long',
  double: 'Double',
}

/** Why a value cannot be what the option takes, in argparse4j's words; null when it can. */
function conversionProblem({ kind, choices }: OptionDeclaration, value: string): string | null {
  const type = JAVA_TYPES[kind]
  if (type !== undefined) {
    const number = kind === 'double' ? parseDouble(value) : parseWhole(value, kind as 'int' | 'long')
    if (number === undefined) return `could not convert '${value}' to ${type} (For input string: "${value}")`
  }
  if (choices === undefined || choices.includes(value)) return null
  return `invalid choice: '${value}' (choose from {${choices.join(',')}})`
}

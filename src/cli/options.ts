import { KtError } from '../base/errors.ts'

/** How an option's argument is read. Scripts convert late, when the value is asked for, so a bad number is found then. */
export type ArgumentKind = 'flag' | 'text' | 'int' | 'long' | 'double'

/** One option of a command. The type parameter is what `value()` gives: see the builders below. */
export interface OptionDeclaration<T = unknown> {
  readonly kind: ArgumentKind
  /** What the argument is called in help; absent for flags. */
  readonly argument?: string
  readonly description: string
  /** Value when the option is left out. */
  readonly default?: string
  /** Splits one argument into several values (`withValuesSeparatedBy` of the scripts). */
  readonly separator?: string
  /** The argument may be left out: a word that looks like an option is then not taken for it. */
  readonly optionalArgument?: boolean
  /** Old spelling: still accepted, left out of the short help. */
  readonly deprecated?: boolean
  /** Words an argument may be, for help and completion. */
  readonly choices?: readonly string[]
  /** One letter that stands for the option, `i` for `-i`: scripts of the argparse4j kind. */
  readonly short?: string
  /** Must be given (argparse4j; joptsimple's scripts check by themselves). */
  readonly required?: boolean
  /** Every occurrence counts; else the last one does (argparse4j). */
  readonly repeatable?: boolean
  /** Takes every word up to the next option, at least one (argparse4j's `nargs("+")`). */
  readonly manyArguments?: boolean
  /** False for an option that scripts of the argparse4j kind do not have: it must not make an abbreviation ambiguous. */
  readonly abbreviable?: boolean
  /** An option the script does not have: unknown under the script's own name, and apart in help. */
  readonly ours?: boolean
  /** Only carries the type. */
  readonly valueType?: T
}

export type OptionTable = Readonly<Record<string, OptionDeclaration>>
type ValueOf<D> = D extends OptionDeclaration<infer T> ? T : never

type Extra = Partial<
  Pick<
    OptionDeclaration,
    | 'default'
    | 'separator'
    | 'deprecated'
    | 'choices'
    | 'short'
    | 'required'
    | 'repeatable'
    | 'manyArguments'
    | 'abbreviable'
    | 'ours'
  >
>

/** An option without an argument. */
export function flag(description: string, extra: Extra = {}): OptionDeclaration<boolean> {
  return { kind: 'flag', description, ...extra }
}
/** An option with a text argument; `argument` names it in help. */
export function text(argument: string, description: string, extra: Extra = {}): OptionDeclaration<string> {
  return { kind: 'text', argument, description, ...extra }
}
/** An option whose text argument may be left out: `--state` and `--state stable`. */
export function optionalText(argument: string, description: string, extra: Extra = {}): OptionDeclaration<string> {
  return { kind: 'text', argument, description, optionalArgument: true, ...extra }
}
/** An option with an int32 argument. */
export function integer(argument: string, description: string, extra: Extra = {}): OptionDeclaration<number> {
  return { kind: 'int', argument, description, ...extra }
}
/** An option with an int64 argument, as a number: exact up to 2^53. */
export function long(argument: string, description: string, extra: Extra = {}): OptionDeclaration<number> {
  return { kind: 'long', argument, description, ...extra }
}
/** An option with a floating point argument. */
export function double(argument: string, description: string, extra: Extra = {}): OptionDeclaration<number> {
  return { kind: 'double', argument, description, ...extra }
}

/** Marks a table of options as ours: what the mirrored script does not have. */
export function addedByKt<O extends OptionTable>(table: O): O {
  return Object.fromEntries(
    Object.entries(table).map(([name, each]) => [name, { ...each, ours: true }]),
  ) as unknown as O
}

/** The options that are known under a script's own name. */
export function withoutOurs<O extends OptionTable>(table: O): O {
  return Object.fromEntries(Object.entries(table).filter(([, { ours }]) => ours !== true)) as unknown as O
}

export interface UsageErrorOptions {
  readonly facts?: readonly string[]
  readonly next?: string
  /** The option that is missing: a person at a terminal is asked for it instead. */
  readonly missing?: string
}

/** The command line is wrong: shown with a usage line on stderr, before anything touches the network. */
export class UsageError extends KtError {
  readonly missing: string | undefined

  constructor(message: string, options: UsageErrorOptions = {}) {
    super('usage', message, options)
    this.name = 'UsageError'
    this.missing = options.missing
  }
}

/** The options of one command line. Names are checked by the compiler against the command's own table. */
export class GivenOptions<O extends OptionTable> {
  readonly table: O
  /** Every occurrence's arguments, in order; a flag has an empty list. */
  readonly given: ReadonlyMap<string, readonly string[]>
  /** Arguments that belong to no option. */
  readonly words: readonly string[]
  /** Names in the order they stand on the command line, repeated ones each time. */
  readonly order: readonly string[]

  constructor(
    table: O,
    given: ReadonlyMap<string, readonly string[]>,
    words: readonly string[],
    order: readonly string[] = [...given.keys()],
  ) {
    this.table = table
    this.given = given
    this.words = words
    this.order = order
  }

  /** True when the option stands on the command line; a default does not count. */
  has<N extends keyof O & string>(name: N): boolean {
    return this.given.has(name)
  }

  /** The value, else the declared default, else undefined. Given twice or not convertible: `UsageError`. */
  value<N extends keyof O & string>(name: N): ValueOf<O[N]> | undefined {
    const values = this.values(name)
    if (values.length > 1)
      throw new UsageError(`Found multiple arguments for option ${name}, but you asked for only one`)
    return values[0]
  }

  /** All values of a repeatable option, in order; the default alone when it was left out. */
  values<N extends keyof O & string>(name: N): ValueOf<O[N]>[] {
    // Under a script's own name our options are not in the table.
    const declaration: OptionDeclaration | undefined = this.table[name]
    if (declaration === undefined) return []
    const given = this.given.get(name)
    // An option that stands there without its argument means the default, too.
    const isLeftOut = given === undefined || (given.length === 0 && declaration.kind !== 'flag')
    const texts = isLeftOut ? (declaration.default === undefined ? [] : [declaration.default]) : given
    return texts.map((each) => convert(name, declaration, each) as ValueOf<O[N]>)
  }

  /** A copy in which one option has been answered, at a prompt for example. */
  with(name: keyof O & string, value: string): GivenOptions<O> {
    return new GivenOptions(this.table, new Map([...this.given, [name, [value]]]), this.words, [...this.order, name])
  }
}

const RANGE = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
} as const

function convert(name: string, declaration: OptionDeclaration, value: string): unknown {
  if (declaration.kind === 'flag' || declaration.kind === 'text') return value
  const number = declaration.kind === 'double' ? parseDouble(value) : parseWhole(value, declaration.kind)
  if (number === undefined) throw new UsageError(`Cannot parse argument '${value}' of option ${name}`)
  return number
}

/** A whole number as Java reads it: an optional sign and digits, nothing else; undefined when it is none or out of range. */
export function parseWhole(value: string, kind: 'int' | 'long'): number | undefined {
  if (!/^[+-]?[0-9]{1,30}$/.test(value)) return undefined
  const number = BigInt(value.replace(/^\+/, ''))
  return number < RANGE[kind][0] || number > RANGE[kind][1] ? undefined : Number(number)
}

/** A floating point number; undefined when it is none. */
export function parseDouble(value: string): number | undefined {
  const number = Number(value)
  return value.trim() === '' || Number.isNaN(number) ? undefined : number
}

/** What was said when it went wrong, and the names that can be read from it. */
import { shellWord } from '../../base/shell-word.ts'

/** Names that steps and facts are made of. */
export type Name = 'TOPIC' | 'PARTITION' | 'GROUP' | 'BROKER' | 'HOST' | 'PORT' | 'ID'

/** Options of command lines that name them. */
const OPTIONS: Readonly<Partial<Record<Name, readonly string[]>>> = {
  TOPIC: ['topic'],
  GROUP: ['group', 'group-id'],
  PARTITION: ['partition'],
  ID: ['transactional-id', 'transactionalId'],
}

/** Where clients name them in their logs: `[Consumer clientId=c, groupId=g]`, kafkajs's `"groupId":"g"`. */
const IN_LOGS: Readonly<Partial<Record<Name, RegExp>>> = {
  GROUP: /\bgroup(?:Id|\.id)"?\s*[=:]\s*"?([^\s\],"]+)/,
  ID: /\btransactionalId"?\s*[=:]\s*"?([^\s\],"]+)/,
}

export interface Failure {
  /** The messages, as printed or pasted. */
  readonly text: string
  /** Names of the protocol's errors behind them. */
  readonly codes?: readonly string[]
  /** The command of `kt` that failed; null for what was pasted. */
  readonly command?: string | null
  /** The words behind the command's name. */
  readonly args?: readonly string[]
}

export class Said {
  readonly text: string
  readonly codes: readonly string[]
  readonly command: string | null
  readonly args: readonly string[]
  readonly #names: ReadonlyMap<string, string>

  /** `match` is how the row knew its words. */
  constructor({ text, codes = [], command = null, args = [] }: Failure, match: RegExpExecArray | null = null) {
    this.text = text
    this.codes = codes
    this.command = command
    this.args = args
    this.#names = new Map(Object.entries(match?.groups ?? {}).filter(([, value]) => value !== undefined))
  }

  /** The value of an option of the command line, the last one where it is repeated. */
  option(name: string): string | undefined {
    let value: string | undefined
    for (const [at, word] of this.args.entries()) {
      if (word === `--${name}`) value = this.args[at + 1]
      else if (word.startsWith(`--${name}=`)) value = word.slice(name.length + 3)
    }
    return value
  }

  has(option: string): boolean {
    return this.args.some((word) => word === `--${option}` || word.startsWith(`--${option}=`))
  }

  /**
   * The line that failed, with some of its options changed (null takes one away); null for what was pasted. An option
   * that is not there yet is put at the end.
   */
  lineWith(changes: Readonly<Record<string, string | null>>): string | null {
    if (this.command === null) return null
    const words = ['kt', this.command]
    const missing = new Map(Object.entries(changes))
    for (let at = 0; at < this.args.length; at++) {
      const [, option = '', attached] = /^--([a-z-]+)(=.*)?$/s.exec(this.args[at]!) ?? []
      const value = changes[option]
      if (value === undefined) {
        words.push(shellWord(this.args[at]!))
        continue
      }
      if (attached === undefined) at++
      if (value !== null) words.push(`--${option}`, shellWord(value))
      missing.delete(option)
    }
    for (const [option, value] of missing) if (value !== null) words.push(`--${option}`, shellWord(value))
    return words.join(' ')
  }

  /** From the message, else from the command line, else from how the log that was pasted names its client. */
  name(name: Name): string | undefined {
    const named = this.#names.get(name)
    if (named !== undefined && named !== '') return named
    for (const option of OPTIONS[name] ?? []) {
      const given = this.option(option)
      if (given !== undefined && given !== '') return given
    }
    return IN_LOGS[name]?.exec(this.text)?.[1]
  }

  /** A whole number that a group of the pattern has caught. */
  number(group: string): number | undefined {
    const value = this.#names.get(group)
    return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value)
  }
}

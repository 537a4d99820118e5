/** Which words behind `kt explain` are options of its own, and which are asked about: the same words can be either. */
import type { CommandTable } from '../../cli/command.ts'
import type { ConnectionTarget } from '../../cli/context.ts'
import { formatNamed, type StructuredFormat } from '../../cli/format.ts'
import { findProgram } from './find-program.ts'
import type { Scope } from './meaning.ts'
import { typed } from './shell-words.ts'

export interface Asked {
  readonly format: StructuredFormat | undefined
  readonly target: ConnectionTarget
  readonly scope: Scope
  /** The same connection for other lines: ` --bootstrap-server host:9092`, or nothing. */
  readonly connect: string
  /** What is to be explained; null: it comes from standard input. */
  readonly text: string | null
}

/** Options of `kt explain` itself; all of them take a value. */
const OWN = ['format', 'bootstrap-server', 'command-config', 'profile', 'topic', 'broker', 'group'] as const
const CONNECTING = ['bootstrap-server', 'command-config', 'profile'] as const
type Own = (typeof OWN)[number]

/**
 * In front of the question our options are ours; behind it as well, unless it is a command line, whose options are its own.
 * Where nothing else is left, an option is the question. Everything behind `--` is the question.
 * Throws `UsageError` for an unknown format.
 */
export function readAsked(args: readonly string[], commands: CommandTable): Asked {
  const given = new Map<Own, string>()
  let rest = [...args]
  for (let own = ownOption(rest); own !== null; own = ownOption(rest)) {
    // `--topic orders` alone is asked about; a format alone belongs to what standard input brings.
    if (own.length >= rest.length && own.name !== 'format') break
    given.set(own.name, own.value)
    rest = rest.slice(own.length)
  }
  if (rest[0] === '--') rest = rest.slice(1)
  else if (!isLine(rest, commands)) rest = withoutOwn(rest, given)
  return {
    format: formatNamed(given.get('format')),
    target: {
      bootstrapServer: given.get('bootstrap-server'),
      commandConfig: given.get('command-config'),
      profile: given.get('profile'),
    },
    scope: scopeOf(given),
    connect: CONNECTING.map((name) => (given.has(name) ? ` --${name} ${typed([given.get(name)!])}` : '')).join(''),
    text: rest.length === 0 ? null : rest.length === 1 ? rest[0]! : typed(rest),
  }
}

function scopeOf(given: ReadonlyMap<Own, string>): Scope {
  const pick = (name: 'topic' | 'broker' | 'group') => (given.has(name) ? { [name]: given.get(name)! } : {})
  return { ...pick('topic'), ...pick('broker'), ...pick('group') }
}

interface OwnOption {
  readonly name: Own
  readonly value: string
  /** How many words it is. */
  readonly length: 1 | 2
}

/** The option of ours that the words begin with; null for anything else, an option without its value included. */
function ownOption(words: readonly string[]): OwnOption | null {
  const [, name = '', attached] = /^--([a-z-]+)(?:=(.*))?$/s.exec(words[0] ?? '') ?? []
  const own = OWN.find((each) => each === name)
  if (own === undefined) return null
  if (attached !== undefined) return { name: own, value: attached, length: 1 }
  return words.length < 2 ? null : { name: own, value: words[1]!, length: 2 }
}

/** A command line of Kafka's or of ours: options in it are its own. */
function isLine(words: readonly string[], commands: CommandTable): boolean {
  return findProgram(words, commands) !== null || (words.length > 1 && Object.hasOwn(commands, words[0]!))
}

/** Takes ours out from behind the first word. */
function withoutOwn(words: readonly string[], given: Map<Own, string>): string[] {
  const kept = words.slice(0, 1)
  for (let at = 1; at < words.length; ) {
    const own = ownOption(words.slice(at))
    if (own === null) kept.push(words[at]!)
    else given.set(own.name, own.value)
    at += own?.length ?? 1
  }
  return kept
}

/** The words behind a program's name, each with its option, by the grammar of the command: lenient, nothing is refused. */
import type { CommandGrammar } from '../../cli/command.ts'
import { nearest } from '../../cli/nearest.ts'
import type { OptionDeclaration, OptionTable } from '../../cli/options.ts'
import { oldOption, oldOptionNames } from './old-options.ts'
import type { Setting } from './settings.ts'

export type PartStatus = 'known' | 'old' | 'unknown'

/** One option with its values, a subcommand, or a plain word. */
export interface Part {
  /** As typed: `--topic orders`. */
  readonly words: readonly string[]
  /** Name of the option without dashes; undefined for plain words. */
  readonly option: string | undefined
  readonly values: readonly string[]
  readonly meaning: string
  readonly status: PartStatus
  /** The same in today's words; empty when it is left out. */
  readonly modern: readonly string[]
  /** The settings `key=value` among its values. */
  readonly settings?: readonly Setting[]
}

/** Reads the arguments of `command`. */
export function readArguments(command: string, args: readonly string[], grammar: CommandGrammar): Part[] {
  const parts: Part[] = []
  let table: OptionTable = grammar.options
  for (let at = 0; at < args.length; ) {
    const word = args[at]!
    const part = /^--?[A-Za-z]/.test(word)
      ? optionPart({ command, table, grammar }, args.slice(at))
      : plainWord(command, word, grammar, parts)
    const inner = part.option === undefined ? grammar.subcommands?.[word] : undefined
    if (inner !== undefined) table = { ...table, ...inner.options }
    parts.push(part)
    at += part.words.length
  }
  return parts.reduce(joinPlainWords, [])
}

/** Plain words in a row are one part. */
function joinPlainWords(parts: Part[], part: Part): Part[] {
  const last = parts.at(-1)
  if (last === undefined || last.option !== undefined || part.option !== undefined || last.meaning !== part.meaning) {
    return [...parts, part]
  }
  const joined = (key: 'words' | 'values' | 'modern'): readonly string[] => [...last[key], ...part[key]]
  return [
    ...parts.slice(0, -1),
    { ...part, words: joined('words'), values: joined('values'), modern: joined('modern') },
  ]
}

interface Place {
  readonly command: string
  readonly table: OptionTable
  readonly grammar: CommandGrammar
}

/** What plain words of a program are, one after the other; the last is for all that follow. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'server-start': ["The node's settings: its properties file."],
  'zookeeper-server-start': ["ZooKeeper's settings, which nobody reads any more."],
  'connect-standalone': ["The worker's settings.", "A connector's settings, one file each."],
  'connect-distributed': ["The worker's settings."],
  'connect-mirror-maker': ['The clusters, and what goes from which to which.'],
}

function wordMeaning(command: string, usage: string, before: readonly Part[]): string {
  const meanings = WORDS[command] ?? [`Usage: ${usage}`]
  const at = before.filter(({ option }) => option === undefined).length
  return meanings[Math.min(at, meanings.length - 1)]!
}

function plainWord(
  command: string,
  word: string,
  { subcommands, words }: CommandGrammar,
  before: readonly Part[],
): Part {
  const plain = { words: [word], option: undefined, values: [word], modern: [word] }
  const isFirst = before.every(({ option }) => option !== undefined)
  const subcommand =
    isFirst && subcommands !== undefined && Object.hasOwn(subcommands, word) ? subcommands[word] : undefined
  if (subcommand !== undefined) return { ...plain, status: 'known', meaning: sentence(subcommand.summary) }
  if (words !== undefined) return { ...plain, status: 'known', meaning: wordMeaning(command, words, before) }
  if (subcommands !== undefined) return { ...plain, status: 'known', meaning: 'A value of the subcommand.' }
  return { ...plain, status: 'unknown', meaning: 'Belongs to no option; the script reads over it or refuses it.' }
}

function optionPart(place: Place, rest: readonly string[]): Part {
  const [word = ''] = rest
  const equals = word.indexOf('=')
  const attached = equals < 0 ? undefined : word.slice(equals + 1)
  const typedName = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, '')
  const name = fullName(typedName, word, place.table)
  const declaration = Object.hasOwn(place.table, name) ? place.table[name] : undefined
  if (declaration === undefined) return unknownOption(place, typedName, rest, attached)
  const values = attached !== undefined ? [attached] : valuesOf(declaration, rest.slice(1))
  const words = attached !== undefined ? [word] : [word, ...values]
  const known = { words, option: name, values }
  const successor = declaration.deprecated === true ? successorOf(declaration, place.table) : undefined
  if (successor !== undefined) {
    return {
      ...known,
      status: 'old',
      meaning: sentence(declaration.description),
      modern: [`--${successor}`, ...values],
    }
  }
  return { ...known, status: 'known', meaning: optionMeaning(declaration), modern: words }
}

/** `-t` stands for `--cluster-id`, where the command says so. */
function fullName(typedName: string, word: string, table: OptionTable): string {
  if (Object.hasOwn(table, typedName) || word.startsWith('--')) return typedName
  return Object.keys(table).find((name) => table[name]!.short === typedName) ?? typedName
}

/** Words that an option takes. */
function valuesOf({ kind, optionalArgument, manyArguments }: OptionDeclaration, rest: readonly string[]): string[] {
  if (kind === 'flag' || rest.length === 0) return []
  const end = rest.findIndex((word) => /^--?[A-Za-z]/.test(word))
  const free = end < 0 ? rest : rest.slice(0, end)
  if (manyArguments === true) return [...free]
  return optionalArgument === true ? free.slice(0, 1) : [rest[0]!]
}

/** The option that took the place of a deprecated one: the one its description names. */
export function successorOf({ description }: OptionDeclaration, table: OptionTable): string | undefined {
  return [...description.matchAll(/--([a-z][a-z.-]*[a-z])/g)]
    .map(([, name]) => name!)
    .find((name) => Object.hasOwn(table, name))
}

/** What an option does, with its choices and its default. */
export function optionMeaning({ description, choices, default: value }: OptionDeclaration): string {
  const more = [
    ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
    ...(value === undefined ? [] : [`else ${value}`]),
  ]
  const text = sentence(description)
  return more.length === 0 ? text : `${text.replace(/\.$/, '')} (${more.join('; ')}).`
}

function sentence(text: string): string {
  const trimmed = text.trim()
  const capital = `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}`
  return /[.!?:)]$/.test(capital) ? capital : `${capital}.`
}

function unknownOption(
  { command, table }: Place,
  name: string,
  rest: readonly string[],
  attached: string | undefined,
): Part {
  const old = oldOption(command, name)
  const takesValue = old?.takesValue ?? (rest[1] !== undefined && !rest[1].startsWith('-'))
  const values = attached !== undefined ? [attached] : takesValue ? rest.slice(1, 2) : []
  const words = attached !== undefined ? rest.slice(0, 1) : rest.slice(0, 1 + values.length)
  const part = { words, option: name, values }
  if (old !== undefined) return { ...part, status: 'old', meaning: old.why, modern: old.modern(values[0] ?? '') }
  const near = nearest(name, [...Object.keys(table), ...oldOptionNames(command)]).map((each) => `--${each}`)
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
  return {
    ...part,
    status: 'unknown',
    meaning: `Not an option of it.${hint}`,
    modern: near.length === 0 ? [] : [near[0]!, ...values],
  }
}

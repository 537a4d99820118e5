import { nearest } from './nearest.ts'
import { GivenOptions, type OptionDeclaration, type OptionTable, parseWhole, UsageError } from './options.ts'

/**
 * Reads a command line as Kafka's scripts do (joptsimple): `--opt value`, `--opt=value`, `-opt value`, repeated
 * options, `--` before plain words; nothing can be abbreviated and an argument may begin with a dash. Names are the
 * only thing checked here: conversion happens when a value is asked for.
 */
export function parseOptions<O extends OptionTable>(args: readonly string[], table: O): GivenOptions<O> {
  const given = new Map<string, string[]>()
  const words: string[] = []
  const order: string[] = []
  let at = 0

  const take = (name: string, attached: string | undefined): void => {
    const values = given.get(name) ?? []
    given.set(name, values)
    order.push(name)
    const declaration = table[name]!
    if (declaration.kind === 'flag') return
    if (declaration.optionalArgument === true && attached === undefined && !isArgument(args[at], declaration)) return
    const value = attached ?? args[at++]
    if (value === undefined) throw new UsageError(`Option ${name} requires an argument`)
    values.push(...split(value, declaration.separator))
  }

  while (at < args.length) {
    const word = args[at++]!
    if (word === '--') {
      words.push(...args.slice(at))
      break
    }
    if (word.startsWith('--')) {
      const [name, value] = nameAndValue(word.slice(2))
      if (!Object.hasOwn(table, name)) throw unrecognized(name, name, table)
      take(name, value)
    } else if (word.startsWith('-') && word.length > 1) {
      takeSingleDash(word.slice(1), table, take)
    } else {
      words.push(word)
    }
  }
  return new GivenOptions(table, given, words, order)
}

/** A word that an optional argument may take: there is one, and it is a number or does not look like an option. */
function isArgument(word: string | undefined, { kind }: OptionDeclaration): boolean {
  if (word === undefined) return false
  if (kind === 'int' || kind === 'long') return parseWhole(word, kind) !== undefined
  return word === '-' || !word.startsWith('-')
}

/** `-list` is `--list`; otherwise each letter is an option of its own, and the first unknown letter is the error. */
function takeSingleDash(
  word: string,
  table: OptionTable,
  take: (name: string, value: string | undefined) => void,
): void {
  const [name, value] = nameAndValue(word)
  if (Object.hasOwn(table, name)) {
    take(name, value)
    return
  }
  const letters = [...word]
  for (const letter of letters) {
    if (!Object.hasOwn(table, letter)) throw unrecognized(letter, name, table)
    if (table[letter]!.kind !== 'flag') break
  }
  for (const [index, letter] of letters.entries()) {
    const rest = letters.slice(index + 1).join('')
    const takesRest = table[letter]!.kind !== 'flag' && rest !== ''
    take(letter, takesRest ? rest : undefined)
    if (takesRest) return
  }
}

function nameAndValue(word: string): [string, string | undefined] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]
}

function split(value: string, separator: string | undefined): string[] {
  if (separator === undefined) return [value]
  const parts = value.split(separator).filter((part) => part !== '')
  return parts.length === 0 ? [value] : parts
}

function unrecognized(shown: string, typed: string, table: OptionTable): UsageError {
  const near = nearest(typed, Object.keys(table))
  const facts = near.length === 0 ? [] : [`Did you mean ${near.map((name) => `--${name}`).join(' or ')}?`]
  return new UsageError(`${shown} is not a recognized option`, { facts })
}

/** `--template`: made-up data, a text with `{{...}}` in it, rendered anew for every record. */
import type { Random } from '../../base/random.ts'
import { UsageError } from '../../cli/options.ts'

/** What a placeholder may know. */
export interface Moment {
  /** Records made before this one. */
  readonly index: number
  readonly nowMs: number
  readonly random: Random
}

export type Generate = (moment: Moment) => string
type Placeholder = (words: readonly string[], fail: (why: string) => never) => Generate

const PLACEHOLDER = /\{\{([^{}]*)\}\}/

const FIRST_NAMES = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Emmy', 'Grace', 'Ken', 'Leslie', 'Margaret', 'Niklaus']
const LAST_NAMES = [
  'Dijkstra',
  'Hamilton',
  'Hopper',
  'Lamport',
  'Liskov',
  'Lovelace',
  'Noether',
  'Thompson',
  'Turing',
  'Wirth',
]
const WORDS = ['apple', 'brass', 'cedar', 'delta', 'ember', 'fjord', 'grain', 'haze', 'iris', 'jade', 'kelp', 'loam']
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const MAX_LENGTH = 1_000_000

const below = (random: Random, limit: number): number => Math.floor(random.next() * limit)
const pick = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)]!

/** Names of placeholders, with what they take: for help. */
export const PLACEHOLDERS =
  '{{seq}} {{seq 100}} {{int 1 6}} {{float 0 1}} {{bool}} {{pick a b c}} {{uuid}} {{hex 8}} {{string 8}} {{word}} ' +
  '{{name}} {{email}} {{now}} {{timestamp}}'

const MAKERS: Readonly<Record<string, Placeholder>> = {
  seq: (words, fail) => {
    const first = numberOf(words[0] ?? '1', fail)
    return ({ index }) => String(first + index)
  },
  int: (words, fail) => {
    const [least, most] = rangeOf(words, ['0', '100'], fail)
    return ({ random }) => String(Math.ceil(least) + below(random, Math.floor(most) - Math.ceil(least) + 1))
  },
  float: (words, fail) => {
    const [least, most] = rangeOf(words, ['0', '1'], fail)
    return ({ random }) => String(Math.round((least + random.next() * (most - least)) * 1e6) / 1e6)
  },
  bool:
    () =>
    ({ random }) =>
      String(random.next() < 0.5),
  pick: (words, fail) => {
    if (words.length === 0) fail('needs words to pick from')
    return ({ random }) => pick(random, words)
  },
  uuid:
    () =>
    ({ random }) =>
      uuid(random),
  hex: (words, fail) => {
    const length = lengthOf(words[0] ?? '8', fail)
    return ({ random }) => Buffer.from(random.bytes(length)).toString('hex')
  },
  string: (words, fail) => {
    const length = lengthOf(words[0] ?? '8', fail)
    return ({ random }) => Array.from({ length }, () => LETTERS[below(random, LETTERS.length)]).join('')
  },
  word:
    () =>
    ({ random }) =>
      pick(random, WORDS),
  name:
    () =>
    ({ random }) =>
      `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}`,
  email:
    () =>
    ({ random }) =>
      `${pick(random, FIRST_NAMES).toLowerCase()}.${below(random, 1000)}@example.com`,
  now:
    () =>
    ({ nowMs }) =>
      new Date(nowMs).toISOString(),
  timestamp:
    () =>
    ({ nowMs }) =>
      String(nowMs),
}

/** Reads a template. Throws `UsageError` for a placeholder that is none. */
export function parseGenerator(template: string, option: string): Generate {
  const parts = template.split(PLACEHOLDER).map((part, at): Generate => {
    if (at % 2 === 0) return () => part
    return placeholder(part, option)
  })
  return (moment) => parts.map((part) => part(moment)).join('')
}

function placeholder(text: string, option: string): Generate {
  const [name = '', ...words] = text.trim().split(/\s+/)
  const fail = (why: string): never => {
    throw new UsageError(`--${option}: {{${text}}} ${why}`, { facts: [`there are ${PLACEHOLDERS}`] })
  }
  if (!Object.hasOwn(MAKERS, name)) return fail('is not known')
  return MAKERS[name]!(words, fail)
}

type Fail = (why: string) => never

function numberOf(word: string, fail: Fail): number {
  const number = Number(word)
  return Number.isFinite(number) ? number : fail(`takes numbers, not '${word}'`)
}

function rangeOf(words: readonly string[], [least, most]: [string, string], fail: Fail): [number, number] {
  const range: [number, number] = [numberOf(words[0] ?? least, fail), numberOf(words[1] ?? most, fail)]
  return range[0] <= range[1] ? range : fail('goes from the smaller number to the larger')
}

function lengthOf(word: string, fail: Fail): number {
  const length = numberOf(word, fail)
  return Number.isInteger(length) && length >= 0 && length <= MAX_LENGTH
    ? length
    : fail(`takes a length up to ${MAX_LENGTH}`)
}

/** A random one (version 4), from the random that was handed in. */
function uuid(random: Random): string {
  const bytes = Buffer.from(random.bytes(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

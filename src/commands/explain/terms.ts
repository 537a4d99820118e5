/** Single words of Kafka's: settings, errors, files of a log directory, metrics. For `kt explain retention.ms`. */
import { nearest } from '../../cli/nearest.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import { FILES, METRICS } from './known-terms.ts'
import { meaningOf, type SettingKind, settingTable } from './settings.ts'

/** What a word is; a word can be several things. */
export interface Term {
  readonly term: string
  readonly kind: 'setting' | 'error' | 'file' | 'metric'
  /** Of settings: whose. */
  readonly of: SettingKind | null
  readonly meaning: string
}

const KINDS: readonly SettingKind[] = ['topic', 'broker', 'group', 'client', 'console', 'quota', 'client metrics']

/** Everything that `word` can be, `key=value` included; empty when it is nothing known. */
export async function termsOf(word: string): Promise<Term[]> {
  if (!/^[\w.@~-]+(=.*)?$/s.test(word.replaceAll('/', ''))) return []
  return [...(await settings(word)), ...(await errors(word)), ...files(word), ...metrics(word)]
}

/** Settings and metrics that are spelled nearly so. */
export async function nearTerms(word: string): Promise<string[]> {
  const key = word.replace(/=.*/s, '')
  if (!/^[\w-]+([._-][\w-]+)+$/.test(key)) return []
  const known = new Set(Object.keys(METRICS))
  for (const kind of KINDS) for (const name of (await settingTable(kind)).keys()) known.add(name)
  return nearest(key, known)
}

async function settings(word: string): Promise<Term[]> {
  const equals = word.indexOf('=')
  const key = equals < 0 ? word : word.slice(0, equals)
  const value = equals < 0 ? null : word.slice(equals + 1)
  const found: Term[] = []
  for (const kind of KINDS) {
    const definition = (await settingTable(kind)).get(key)
    if (definition !== undefined) {
      found.push({ term: word, kind: 'setting', of: kind, meaning: meaningOf(definition, value) })
    }
  }
  return found
}

/** By name, by number, or by the name of Java's exception. */
async function errors(word: string): Promise<Term[]> {
  const { ErrorCode, errorInfo } = await import('../../protocol/error-codes.ts')
  const simple = word.replace(/^.*\./, '')
  const isIt = (name: ErrorName): boolean =>
    name === word ||
    String(ErrorCode[name]) === word ||
    (/Exception$/.test(simple) && errorInfo(ErrorCode[name]).exception?.replace(/^.*\./, '') === simple)
  return (Object.keys(ErrorCode) as ErrorName[]).filter(isIt).map((name) => ({
    ...{ term: word, kind: 'error' as const, of: null },
    meaning: `${name}, code ${ErrorCode[name]}: ${errorInfo(ErrorCode[name]).message} More: kt error ${name}.`,
  }))
}

function files(word: string): Term[] {
  const name = word.replace(/^.*\//, '')
  const found = FILES.find(([pattern]) => pattern.test(name))
  return found === undefined ? [] : [{ term: word, kind: 'file', of: null, meaning: found[1] }]
}

function metrics(word: string): Term[] {
  const meaning = Object.hasOwn(METRICS, word) ? METRICS[word] : undefined
  return meaning === undefined ? [] : [{ term: word, kind: 'metric', of: null, meaning }]
}

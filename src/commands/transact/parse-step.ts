/** Lines of `kt transact` as steps: who does what. Pure. */
import { KtError } from '../../base/errors.ts'
import { readShellLine } from '../../cli/shell/read-line.ts'
import type { OffsetToCommit } from '../../client/producer/transaction.ts'

/** A record to write; a partition that is left out is chosen by the key. */
export interface RecordToWrite {
  readonly topic: string
  readonly partition?: number
  readonly key: string | null
  readonly value: string
}

export type Action =
  | { readonly verb: 'as'; readonly transactionalId?: string }
  | { readonly verb: 'init' | 'begin' | 'commit' | 'abort' | 'show' | 'help' | 'exit' }
  | { readonly verb: 'write'; readonly records: readonly RecordToWrite[] }
  | { readonly verb: 'offsets'; readonly groupId: string; readonly offsets: readonly OffsetToCommit[] }

export interface Step {
  /** The producer that acts; null: the one before. */
  readonly producer: string | null
  readonly action: Action
}

/** Verbs and how they are written, for help and for who writes them wrong. */
export const VERBS: Readonly<Record<string, string>> = {
  as: 'as B [TRANSACTIONAL-ID]   B acts from now on; A> or B> in front of a line: for this line',
  init: 'init                      ask for the producer id: fences whoever has the same transactional id',
  begin: 'begin                     begin a transaction',
  write: 'write TOPIC[:PARTITION] [KEY:]VALUE ...',
  offsets: 'offsets GROUP TOPIC:PARTITION=OFFSET ...   commit offsets of a group with the transaction',
  commit: 'commit',
  abort: 'abort',
  show: 'show                      look again',
  help: 'help',
  exit: 'exit                      leave; what is open is aborted',
}

const PRODUCER = /^[A-Za-z][\w-]{0,30}$/

/** null for a line that does nothing. Throws a usage `KtError`. */
export function parseStep(line: string): Step | null {
  const prefix = /^\s*(?:as\s+)?([A-Za-z][\w-]{0,30})>\s*(.*)$/s.exec(line)
  const producer = prefix?.[1] ?? null
  const words = wordsOf(prefix?.[2] ?? line)
  const [verb, ...rest] = words
  if (verb === undefined) return producer === null ? null : { producer, action: { verb: 'as' } }
  if (verb === 'as') return switchTo(rest)
  return { producer, action: actionOf(verb, rest) }
}

function wordsOf(line: string): readonly string[] {
  const read = readShellLine(line)
  if (read.kind === 'empty') return []
  if (read.kind === 'words') return read.words
  throw new KtError('usage', `cannot read: ${line.trim()}`, {
    facts: ["put quotes around what has | > < & $ in it: 'a>b'"],
  })
}

function switchTo([producer = '', transactionalId, ...more]: readonly string[]): Step {
  if (!PRODUCER.test(producer) || more.length > 0) throw usage('as')
  return { producer, action: { verb: 'as', ...(transactionalId === undefined ? {} : { transactionalId }) } }
}

function actionOf(verb: string, words: readonly string[]): Action {
  switch (verb) {
    case 'write':
      return { verb, records: recordsOf(words) }
    case 'offsets':
      return offsetsOf(words)
    case 'quit':
      return { verb: 'exit' }
    case 'init':
    case 'begin':
    case 'commit':
    case 'abort':
    case 'show':
    case 'help':
    case 'exit':
      if (words.length > 0) throw usage(verb)
      return { verb }
    default:
      throw new KtError('usage', `'${verb}' is no step`, {
        facts: [`steps: ${Object.keys(VERBS).join(', ')}`],
        next: 'help',
      })
  }
}

function recordsOf([place = '', ...texts]: readonly string[]): RecordToWrite[] {
  const [, topic, partition] = /^([\w.-]+)(?::(\d+))?$/.exec(place) ?? []
  if (topic === undefined || texts.length === 0) throw usage('write')
  return texts.map((text) => {
    const colon = text.indexOf(':')
    const key = colon < 0 ? null : text.slice(0, colon)
    const value = text.slice(colon + 1)
    return { topic, key, value, ...(partition === undefined ? {} : { partition: Number(partition) }) }
  })
}

function offsetsOf([groupId = '', ...words]: readonly string[]): Action {
  const offsets = words.map((word) => {
    const [, topic, partition, offset] = /^([\w.-]+):(\d+)=(\d+)$/.exec(word) ?? []
    if (topic === undefined) throw usage('offsets')
    return { topic, partition: Number(partition), offset: Number(offset) }
  })
  if (offsets.length === 0) throw usage('offsets')
  return { verb: 'offsets', groupId, offsets }
}

function usage(verb: string): KtError {
  return new KtError('usage', `'${verb}' is written otherwise`, { facts: [VERBS[verb]!] })
}

/**
 * The words that outputs are made of, and those that explain them. Tables are text, an entry each:
 *
 *     NAME | other name | ...
 *         where it is met [~ live example]
 *         What it means, in a few sentences.
 *         $ a line that shows it
 */
import { CLUSTER_WORDS } from './cluster-words.ts'
import { GROUP_WORDS } from './group-words.ts'
import { PARTITION_WORDS } from './partition-words.ts'

/** Live examples by what is looked at. */
export type ExampleKind = 'partition' | 'offsets' | 'lag' | 'group' | 'quorum' | 'cluster'

export interface Word {
  /** The first is the one that is shown. */
  readonly names: readonly string[]
  /** `of a group`: tells apart words that mean several things. */
  readonly where: string
  readonly example: ExampleKind | null
  readonly meaning: string
  readonly lines: readonly string[]
}

function readTable(table: string): Word[] {
  const words: Word[] = []
  for (const entry of table.trim().split(/\n(?=\S)/)) {
    const [names = '', place = '', meaning = '', ...lines] = entry.split('\n').map((line) => line.trim())
    const [where = '', example = null] = place.split(' ~ ')
    words.push({
      ...{ names: names.split(' | '), where, example: example as ExampleKind | null, meaning },
      lines: lines.map((line) => line.replace(/^\$ /, '')),
    })
  }
  return words
}

/** All of them, in the order of the tables. */
export function allWords(): Word[] {
  return [GROUP_WORDS, PARTITION_WORDS, CLUSTER_WORDS].flatMap(readTable)
}

/** Spellings of one word are one: `LOG-END-OFFSET`, `LogEndOffset`, `log end offset`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** Those of that name, in any spelling, plural s or not. */
export function wordsNamed(name: string, words: readonly Word[] = allWords()): Word[] {
  const wanted = plainName(name)
  const named = (plain: string): Word[] => words.filter(({ names }) => names.some((each) => plainName(each) === plain))
  const found = wanted === '' ? [] : named(wanted)
  return found.length > 0 || wanted.length < 4
    ? found
    : named(wanted.endsWith('s') ? wanted.slice(0, -1) : `${wanted}s`)
}

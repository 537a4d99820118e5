/** Words of outputs: column headers, and what people say about partitions, groups and the quorum. */
import { nearest } from '../../../cli/nearest.ts'
import type { Meaning, Question, Section } from '../meaning.ts'
import { exampleOf } from './example.ts'
import { allWords, plainName, type Word, wordsNamed } from './read-words.ts'

export async function meanings(subject: string, question: Question): Promise<Meaning[]> {
  const found: Meaning[] = []
  for (const word of wordsNamed(subject)) found.push(await meaningOf(subject, word, question))
  return found
}

async function meaningOf(term: string, word: Word, question: Question): Promise<Meaning> {
  const rows = await liveRows(word, question)
  const others = word.names.filter((name) => plainName(name) !== plainName(term))
  const sections: Section[] = [
    { title: 'Also', texts: others.length === 0 ? [] : [others.join(', ')] },
    { title: 'On the cluster now', rows, isLive: true },
    { title: 'See it', lines: word.lines.map((line) => withConnection(line, question.connect)) },
  ]
  return {
    ...{ term, kind: 'word', of: word.where, title: word.where, meaning: word.meaning, sections },
    details: {
      names: word.names,
      lines: word.lines,
      live: rows.map(([what, value]) => ({ what, value })),
    },
  }
}

/** These read their connection in front of the verb, as the scripts do. */
const BEFORE_VERB = /^kt (metadata-quorum|features|transactions)(?= )/

function withConnection(line: string, connect: string): string {
  if (line.startsWith('kt explain ')) return line
  return BEFORE_VERB.test(line) ? line.replace(BEFORE_VERB, (command) => command + connect) : line + connect
}

async function liveRows({ example }: Word, question: Question): Promise<[string, string][]> {
  const cluster = example === null ? null : await question.live()
  if (example === null || cluster === null) return []
  try {
    return await exampleOf(example, cluster)
  } catch {
    // An example that cannot be had is none: the words are what was asked for.
    return []
  }
}

export async function near(subject: string): Promise<string[]> {
  if (!/^[A-Za-z][\w -]{3,}$/.test(subject)) return []
  const names = allWords().flatMap((word) => word.names)
  // Only slips: a word of everyday language is near to too many.
  return nearest(subject, names).filter((name) => Math.abs(name.length - subject.length) <= 2)
}

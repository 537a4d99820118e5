/** Decides what the words of a question are: a command line, a pasted message, or names, each of which can be several things. */

import type { ExplainedCommand } from './explanation.ts'
import { explain } from './explanation.ts'
import { findProgram } from './find-program.ts'
import { KINDS, LAST_KIND } from './kinds.ts'
import type { Kind, Meaning, Question } from './meaning.ts'
import { readCommandLine, type SimpleCommand } from './shell-words.ts'

/** What was found. */
export interface Answer {
  /** Programs of a command line; where there are none of Kafka's, meanings tell more. */
  readonly commands: readonly ExplainedCommand[]
  readonly mended: readonly string[]
  readonly meanings: readonly Meaning[]
  /** Words that are spelled nearly like one that is nothing known. */
  readonly near: readonly string[]
  /** Words between those that are known, which are nothing known. */
  readonly unknown: readonly UnknownWord[]
}

export interface UnknownWord {
  readonly word: string
  readonly near: readonly string[]
}

/** More words than this are a sentence. */
const MAX_NAMES = 20
const MAX_NEAR = 3

/** `what is a .timeindex?` asks for `.timeindex`. */
export function subjectOf(text: string): string {
  return text
    .trim()
    .replace(/^(what('?s| is| are| does)|explain)\s+(mean\s+)?/i, '')
    .replace(/^(an?|the)\s+/i, '')
    .replace(/(\s+mean)?\s*\?+$/i, '')
    .trim()
}

/** Everything that the question can be about. Nothing is run; the network is used by kinds that show live values alone. */
export async function recognise(question: Question, kinds: readonly Kind[] = KINDS): Promise<Answer> {
  const asked = lineOf(question)
  const read = await explain(asked.line, question.commands)
  const line = asked.isPart ? { ...read, mended: [...read.mended, 'the words around the command are left out'] } : read
  const nothing = { meanings: [], near: [], unknown: [] }
  if (line.commands.some(({ command }) => command !== null)) return { ...line, ...nothing }
  const simple = readCommandLine(question.text).commands
  if (simple.some(({ words }) => findProgram(words, question.commands) !== null)) return { ...line, ...nothing }
  const subject = subjectOf(question.text)
  const whole = await meaningsOf(subject, question, kinds)
  if (whole.length > 0) return { ...line, commands: [], meanings: whole, near: [], unknown: [] }
  const names = namesIn(simple)
  const meanings: Meaning[] = []
  const ofNames = kinds.filter(({ takes }) => takes === 'name')
  const unfound: string[] = []
  for (const name of names) {
    const found = name === subject ? [] : await meaningsOf(name, question, ofNames)
    meanings.push(...found)
    if (found.length === 0) unfound.push(name)
  }
  if (meanings.length === 0) meanings.push(...(await meaningsOf(subject, question, [LAST_KIND])))
  const isFound = (name: string): boolean => meanings.some(({ term }) => term === name)
  if (meanings.length > 0) {
    return {
      ...line,
      commands: [],
      meanings,
      near: [],
      unknown: await unknownOf(
        unfound.filter((name) => !isFound(name)),
        names.length,
        question,
      ),
    }
  }
  const near = await nearOf(subject, [LAST_KIND], question)
  for (const name of names) near.push(...(await nearOf(name, kinds, question)))
  return { ...line, meanings, near: [...new Set(near)], unknown: [] }
}

/** More words than this are a sentence, in which only what is written like a name of Kafka's is one. */
const MAX_LISTED = 3
/** What stands between names. */
const SMALL_WORDS = new Set(
  'a an and are as at between by can differ difference do does explain for from how if in is it mean means of on or that the to versus vs what when where which why with'.split(
    ' ',
  ),
)

async function unknownOf(words: readonly string[], total: number, question: Question): Promise<UnknownWord[]> {
  const named = words.filter((word) => !SMALL_WORDS.has(word.toLowerCase()) && /[A-Za-z]/.test(word))
  const isList = words.length <= MAX_LISTED && total <= 2 * MAX_LISTED
  const listed = isList ? named : named.filter((word) => /[a-z][._-][a-z]|^[A-Z]+_[A-Z_]+$/.test(word))
  const unknown: UnknownWord[] = []
  for (const word of new Set(listed)) {
    const near = new Set(await nearOf(word, KINDS, question))
    unknown.push({ word, near: [...near].slice(0, MAX_NEAR) })
  }
  return unknown
}

/** `console-consumer --from-beginning` is a line of `kt`, though it does not say so. */
function lineOf({ text, commands }: Question): { line: string; isPart: boolean } {
  const [first = '', second = ''] = text.trim().split(/\s+/)
  if (Object.hasOwn(commands, first) && /^--?[a-z]/.test(second)) return { line: `kt ${text.trim()}`, isPart: false }
  const inside = IN_A_SENTENCE.exec(text)
  if (inside === null) return { line: text, isPart: false }
  return { line: inside[1]!.replace(AFTERTHOUGHT, ''), isPart: true }
}

/** `Use bin/kafka-topics.sh --list to see them`: plain words, then a script. */
const IN_A_SENTENCE =
  /^\s*[A-Z][a-z]+(?:\s+[a-z,]+)*:?\s+((?:\S*[/\\])?(?:kafka|zookeeper|connect)-[a-z-]+\.(?:sh|bat)\s.*)$/s
/** What is said behind the last option: no value of it. */
const AFTERTHOUGHT = /\s+(?:to|and|so|in order|for|which|then)\s+[a-z](?:(?!\s-).)*$/s

async function meaningsOf(subject: string, question: Question, kinds: readonly Kind[]): Promise<Meaning[]> {
  const found: Meaning[] = []
  for (const kind of kinds) {
    const asked = kind.takes === 'text' ? question.text : subject
    if (asked !== '' && kind.mayBe(asked)) found.push(...(await (await kind.load()).meanings(asked, question)))
  }
  return found
}

async function nearOf(name: string, kinds: readonly Kind[], question: Question): Promise<string[]> {
  const near: string[] = []
  for (const kind of kinds) {
    if (kind.takes === 'name' && kind.mayBe(name))
      near.push(...((await (await kind.load()).near?.(name, question)) ?? []))
  }
  return near
}

/** Words of a line that runs nothing of Kafka's; options of a program that is not Kafka's are its own. */
function namesIn(simple: readonly SimpleCommand[]): string[] {
  const assigned = simple.flatMap(({ env }) => env.map(({ name, value }) => `${name}=${value}`))
  const words = simple.flatMap(({ words: [first = '', ...rest] }) =>
    first.startsWith('-') ? [first, ...rest] : [first, ...rest.filter((word) => !word.startsWith('-'))],
  )
  const names = [...assigned, ...words]
  // In a sentence a number is a number; alone, or after "error", it is a code.
  const isSentence = names.some((name) => !/^-?\d+$/.test(name))
  const told = names.filter(
    (name, at) => !isSentence || !/^-?\d+$/.test(name) || /^(errors?|code)$/i.test(names[at - 1] ?? ''),
  )
  return told.slice(0, MAX_NAMES)
}

/** The small text files of a data directory: checkpoints, properties, JSON. Names stand for words and lines. */
import * as path from 'node:path'
import { FieldList, type NamedUnit } from './named-fields.ts'
import type { FileView } from './views.ts'

/** Far more than a checkpoint of every partition takes. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024

type NameText = (fields: FieldList, text: Buffer) => string | null

/** Files by name: how their bytes are named. */
const KINDS: readonly (readonly [name: RegExp, title: string, names: NameText])[] = [
  [/^leader-epoch-checkpoint$/, 'which leader epoch began at which offset', checkpoint(['epoch', 'startOffset'])],
  [
    /^(recovery-point|replication|log-start|cleaner)-offset-checkpoint$/,
    'an offset of each partition',
    checkpoint(['topic', 'partition', 'offset']),
  ],
  [/^partition\.metadata$/, 'which topic the directory belongs to', lines(/^(\w+): ?(.*)$/)],
  [/^meta\.properties$/, 'which cluster and node the directory belongs to', lines(/^([^#=]+)=(.*)$/)],
  [/^quorum-state$/, 'epoch, leader and vote of the metadata quorum', jsonMembers],
  [/^\.kafka_cleanshutdown$/, 'the logs were closed in order', jsonMembers],
]

/** Whether a file of this name is text that can be named. */
export function isNamedText(file: string): boolean {
  return KINDS.some(([name]) => name.test(path.basename(file)))
}

/** The whole file as one unit. */
export function* textUnits(view: FileView): Generator<NamedUnit, number> {
  const [, title, names] = KINDS.find(([name]) => name.test(path.basename(view.file)))!
  const bytes = view.read(0, MAX_TEXT_BYTES)
  const fields = new FieldList(bytes, 0)
  // A checkpoint that was never written to is empty.
  const broken = bytes.length === 0 ? null : names(fields, bytes)
  if (fields.position < bytes.length) fields.unreadable('rest', bytes.length, broken ?? 'not expected here')
  yield fields.unit('text', title, broken === null ? {} : { broken })
  return view.sizeInBytes
}

/** Each line with its line break. */
function* linesOf(text: Buffer): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf(10, at)
    const end = found < 0 ? text.length : found + 1
    yield text.toString('latin1', at, end)
    at = end
  }
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8').trimEnd()

/** Version, count, then a line of `words` for each entry. */
function checkpoint(words: readonly string[]): NameText {
  return (fields, text) => {
    let at = -2
    let count = -1
    for (const line of linesOf(text)) {
      if (at === -2) fields.add('version', 'text', line.length, utf8(line))
      else if (at === -1) {
        count = Number(line)
        fields.add('count', 'text', line.length, utf8(line), ['entries that follow'])
      } else {
        const parts = line.match(/\S+\s*/g) ?? []
        if (parts.length !== words.length) return `entries[${at}]: not ${words.join(' ')}`
        for (const [index, part] of parts.entries()) {
          fields.add(`entries[${at}].${words[index]}`, 'text', part.length, utf8(part))
        }
      }
      at++
    }
    if (at === count) return null
    return count < 0 ? 'count: missing' : `count: ${count} entries promised, ${Math.max(at, 0)} are there`
  }
}

/** A line for each value; what is none is a comment. */
function lines(pattern: RegExp): NameText {
  return (fields, text) => {
    for (const line of linesOf(text)) {
      const [, name, value] = pattern.exec(line.trimEnd()) ?? []
      if (name === undefined) fields.add('comment', 'text', line.length, utf8(line))
      else fields.add(utf8(name), 'text', line.length, utf8(value!))
    }
    return null
  }
}

/** Members of a JSON object, each with its comma or brace. */
function jsonMembers(fields: FieldList, text: Buffer): string | null {
  try {
    JSON.parse(text.toString('utf8'))
  } catch (error) {
    return `no JSON: ${(error as Error).message}`
  }
  for (const member of memberTexts(text.toString('latin1'))) {
    const [, name, value] = /"((?:[^"\\]|\\.)*)"\s*:\s*([\s\S]*?)\s*[,}]?\s*$/.exec(member) ?? []
    if (name === undefined) fields.add('json', 'text', member.length, utf8(member))
    else fields.add(utf8(name), 'json', member.length, utf8(value!))
  }
  return null
}

/** The text cut behind each comma that separates members of the outermost object. */
function memberTexts(text: string): string[] {
  const members: string[] = []
  let depth = 0
  let start = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (inString && character === '\\') at++
    else if (character === '"') inString = !inString
    else if (inString) continue
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    else if (character === ',' && depth === 1) {
      members.push(text.slice(start, at + 1))
      start = at + 1
    }
  }
  members.push(text.slice(start))
  return members
}

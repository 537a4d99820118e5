/**
 * JSON files of the scripts, read as they read them: what follows the first value is not looked at, and `1.0` is no
 * integer. Texts of wrong values are the scripts'; texts of wrong syntax are ours, with line and column.
 */
import { KtError } from '../base/errors.ts'
import { parseWhole } from '../cli/options.ts'
import { javaDouble } from './java-text.ts'

/** A number that is no int32, in the words of the file. */
export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** int32 numbers are numbers; an object keeps the order of its fields, and the last of two equal ones. */
export type JsonNode = null | boolean | number | string | JsonNumber | readonly JsonNode[] | JsonFields
export type JsonFields = ReadonlyMap<string, JsonNode>

/** Where reading failed, and on what. */
export class JsonSyntaxError extends KtError {
  constructor(text: string, at: number, problem: string) {
    const before = text.slice(0, at).split('\n')
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`
    super('usage', `Not valid JSON: ${problem} at ${place}`)
    this.name = 'JsonSyntaxError'
  }
}

/** A file nested deeper than this is no file of a person. */
const MAX_DEPTH = 1_000
const MAX_INT = 2 ** 31 - 1

/** The first value in `text`; undefined when there is none. Throws `JsonSyntaxError`. */
export function readJson(text: string): JsonNode | undefined {
  return new JsonReader(text).first()
}

class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  first(): JsonNode | undefined {
    this.#skipBlanks()
    return this.#at === this.#text.length ? undefined : this.#value(0)
  }

  #fail(problem: string, at = this.#at): never {
    throw new JsonSyntaxError(this.#text, at, problem)
  }

  #skipBlanks(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.#fail('more than 1000 levels')
    this.#skipBlanks()
    const next = this.#text[this.#at]
    if (next === undefined) this.#fail('the end of the file where a value should be')
    if (next === '{') return this.#object(depth)
    if (next === '[') return this.#array(depth)
    if (next === '"') return this.#string()
    return this.#scalar()
  }

  #object(depth: number): JsonFields {
    const fields = new Map<string, JsonNode>()
    this.#items('}', () => {
      if (this.#text[this.#at] !== '"') this.#fail('a field without a name in double quotes')
      const name = this.#string()
      this.#skipBlanks()
      if (this.#text[this.#at] !== ':') this.#fail(`no colon after the field ${JSON.stringify(name)}`)
      this.#at++
      fields.set(name, this.#value(depth + 1))
    })
    return fields
  }

  #array(depth: number): JsonNode[] {
    const items: JsonNode[] = []
    this.#items(']', () => items.push(this.#value(depth + 1)))
    return items
  }

  /** What stands between brackets, separated by commas. */
  #items(close: string, item: () => void): void {
    const open = this.#at++
    for (let first = true; ; first = false) {
      this.#skipBlanks()
      const next = this.#text[this.#at]
      if (next === undefined) this.#fail(`no ${close} for the ${this.#text[open]}`, open)
      if (next === close && first) break
      if (!first) {
        if (next === close) break
        if (next !== ',') this.#fail(`no comma or ${close}`)
        this.#at++
        this.#skipBlanks()
      }
      item()
    }
    this.#at++
  }

  #string(): string {
    const token = /"(?:[^"\\\n]|\\.)*"/y
    token.lastIndex = this.#at
    const found = token.exec(this.#text)?.[0]
    if (found === undefined) this.#fail('a text without its closing quote')
    try {
      const value = JSON.parse(found) as string
      this.#at += found.length
      return value
    } catch {
      this.#fail('a text with a character or an escape that JSON does not have')
    }
  }

  #scalar(): JsonNode {
    const token = /[^\s,:[\]{}"]+/y
    token.lastIndex = this.#at
    const word = token.exec(this.#text)?.[0] ?? this.#text[this.#at]!
    const value = scalarOf(word)
    if (value === undefined) this.#fail(`${JSON.stringify(word)}, which is no value,`)
    this.#at += word.length
    return value
  }
}

const WORDS: ReadonlyMap<string, JsonNode> = new Map<string, JsonNode>([
  ['null', null],
  ['true', true],
  ['false', false],
])

function scalarOf(word: string): JsonNode | undefined {
  if (WORDS.has(word)) return WORDS.get(word)
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(word)) return undefined
  const isInt = /^-?\d{1,10}$/.test(word) && Number(word) <= MAX_INT && Number(word) >= -MAX_INT - 1
  return isInt ? Number(word) : new JsonNumber(word)
}

/** Without blanks, as the scripts show a value they did not expect. */
export function jsonText(node: JsonNode | undefined): string {
  if (node === undefined) return ''
  if (node instanceof JsonNumber) return numberText(node.text)
  if (Array.isArray(node)) return `[${node.map(jsonText).join(',')}]`
  if (node instanceof Map) {
    return `{${[...node].map(([name, value]) => `${JSON.stringify(name)}:${jsonText(value)}`).join(',')}}`
  }
  return JSON.stringify(node)
}

function numberText(text: string): string {
  return /[.eE]/.test(text) ? javaDouble(Number(text)) : text
}

function unexpected(wanted: string, node: JsonNode | undefined): KtError {
  return new KtError('usage', `Expected ${wanted}, received ${jsonText(node)}`)
}

/** The fields of an object. Throws a usage `KtError` in the scripts' words for anything else; so do the others here. */
export function fieldsOf(node: JsonNode | undefined): JsonFields {
  if (!(node instanceof Map)) throw unexpected('JSON object', node)
  return node
}

export function itemsOf(node: JsonNode | undefined, wanted = 'JSON array'): readonly JsonNode[] {
  if (!Array.isArray(node)) throw unexpected(wanted, node)
  return node
}

/** A field that must be there. */
export function requiredField(fields: JsonFields, name: string): JsonNode {
  const value = fields.get(name)
  if (value === undefined) throw new KtError('usage', `No such field exists: \`${name}\``)
  return value
}

export function intOf(node: JsonNode): number {
  if (typeof node !== 'number') throw unexpected('`Integer` value', node)
  return node
}

/** An int64; exact up to 2^53. */
export function longOf(node: JsonNode): number {
  if (typeof node === 'number') return node
  if (node instanceof JsonNumber) {
    const number = parseWhole(node.text, 'long')
    if (number !== undefined) return number
  }
  throw unexpected('`Long` value', node)
}

export function textOf(node: JsonNode): string {
  if (typeof node !== 'string') throw unexpected('`String` value', node)
  return node
}

/** A list of which each item is read by `read`. */
export function listOf<T>(node: JsonNode, read: (item: JsonNode) => T): T[] {
  return itemsOf(node, '`JSON array` value').map(read)
}

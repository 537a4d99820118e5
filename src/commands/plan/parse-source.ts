/** YAML and JSON (which is YAML) as values with lines. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import type { Problems, SourceDocument, Value } from './values.ts'

/** An anchor may be used many times, and in itself: no file of a person's has more values. */
const MAX_VALUES = 500_000

/** The documents of one text. What is wrong with it goes to `problems`. */
export function parseSource(file: string, text: string, problems: Problems): SourceDocument[] {
  const documents: SourceDocument[] = []
  for (const { chunk, firstLine } of chunksOf(text)) {
    const lines = new LineCounter()
    const parsed = parseAllDocuments(chunk, { lineCounter: lines, intAsBigInt: true, logLevel: 'silent' })
    const lineAt = (offset: number): number => lines.linePos(offset).line + firstLine - 1
    // An empty text is a list with a note instead of documents.
    for (const document of Array.isArray(parsed) ? parsed : []) {
      for (const { message, pos } of document.errors) {
        problems.add(file, lineAt(pos[0]), message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''))
      }
      if (document.errors.length > 0 || document.contents === null) continue
      const root = new Reader(document as Document.Parsed, lineAt, (line, what) =>
        problems.add(file, line, what),
      ).read()
      const isEmpty = root?.type === 'scalar' && root.isNull
      if (root !== null && !isEmpty) documents.push({ file, root })
    }
  }
  return documents
}

/** JSON documents stand one behind the other, which YAML does not know: each is a text of its own. */
function chunksOf(text: string): { chunk: string; firstLine: number }[] {
  if (!/^\s*[{[]/.test(text)) return [{ chunk: text, firstLine: 1 }]
  const chunks: { chunk: string; firstLine: number }[] = []
  let [depth, start, isText] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (isText && char === '\\') at++
    else if (char === '"') isText = !isText
    else if (!isText && (char === '{' || char === '[')) depth++
    else if (!isText && (char === '}' || char === ']') && --depth === 0) {
      chunks.push({ chunk: text.slice(start, at + 1), firstLine: text.slice(0, start).split('\n').length })
      start = at + 1
    }
  }
  const rest = text.slice(start)
  if (rest.trim() !== '') chunks.push({ chunk: rest, firstLine: text.slice(0, start).split('\n').length })
  return chunks
}

class Reader {
  readonly #document: Document.Parsed
  readonly #lineAt: (offset: number) => number
  readonly #tell: (line: number, text: string) => void
  #values = 0

  constructor(
    document: Document.Parsed,
    lineAt: (offset: number) => number,
    tell: (line: number, text: string) => void,
  ) {
    this.#document = document
    this.#lineAt = lineAt
    this.#tell = tell
  }

  read(): Value | null {
    const root = this.#value(this.#document.contents)
    if (this.#values <= MAX_VALUES) return root
    this.#tell(1, `more than ${MAX_VALUES} values`)
    return null
  }

  #value(node: Node | null): Value {
    this.#values++
    const line = node?.range == null ? 1 : this.#lineAt(node.range[0])
    const nothing: Value = { type: 'scalar', line, text: '', isNull: true }
    if (this.#values > MAX_VALUES) return nothing
    if (isAlias(node)) {
      const meant = node.resolve(this.#document) as Node | undefined
      if (meant === undefined) this.#tell(line, `the alias *${node.source} has no anchor`)
      return meant === undefined ? nothing : this.#value(meant)
    }
    if (isSeq<Node>(node)) return { type: 'list', line, items: node.items.map((item) => this.#value(item)) }
    if (isMap<Node, Node | null>(node)) {
      const entries = node.items.map(({ key, value }) => [this.#keyOf(key), this.#value(value)] as const)
      return { type: 'map', line, entries }
    }
    if (!isScalar(node) || node.value === null) return nothing
    // A plain number or word as it stands in the file: YAML's reading of it would lose digits and zeros.
    const isPlain = node.type === 'PLAIN' && typeof node.source === 'string'
    return { type: 'scalar', line, text: isPlain ? node.source! : String(node.value), isNull: false }
  }

  #keyOf(key: Node): string {
    const value = this.#value(key)
    if (value.type === 'scalar') return value.text
    this.#tell(value.line, 'a name must be plain text')
    return ''
  }
}

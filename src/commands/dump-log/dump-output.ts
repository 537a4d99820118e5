import type { CommandContext } from '../../cli/context.ts'
import { FORMAT_VERSION, formatDocument, type Structure } from '../../cli/format.ts'
import type { Presentation } from '../../cli/script-command.ts'

/** What a dump prints: the script's lines, or one document per batch, record, index entry, producer, transaction. */
export class DumpOutput {
  readonly #context: CommandContext
  readonly #presentation: Presentation
  #file = ''

  constructor(context: CommandContext, presentation: Presentation) {
    this.#context = context
    this.#presentation = presentation
  }

  /** Rows that follow are of this file. */
  begin(file: string): void {
    this.#file = file
    this.note(`Dumping ${file}`)
  }

  /** A line of the script that is no data: documents leave it out. */
  note(line: string): void {
    if (this.isText) this.#context.stdout.write(`${line}\n`)
  }

  /** A row, written at once. */
  row(kind: string, line: string, fields: () => Record<string, Structure>): void {
    this.#context.stdout.write(this.text(kind, `${line}\n`, fields))
  }

  /** A row as text, for callers that write many at once; `lines` holds its line breaks. */
  text(kind: string, lines: string, fields: () => Record<string, Structure>): string {
    if (this.isText) return lines
    const document = { file: this.#file, ...fields() }
    if (this.#presentation === 'yaml') return `---\n${formatDocument('yaml', kind, document)}`
    return `${JSON.stringify({ apiVersion: FORMAT_VERSION, kind, ...document }, exactNumber)}\n`
  }

  /** Text made by `text`; resolves when more may be written. */
  async write(text: string): Promise<void> {
    if (!this.#context.stdout.write(text)) await this.#context.stdout.drain()
  }

  /** False for documents. */
  get isText(): boolean {
    return this.#presentation !== 'json' && this.#presentation !== 'yaml'
  }
}

/** Producer ids are int64; those that a double cannot hold print as text. */
function exactNumber(_name: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

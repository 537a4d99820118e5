import type { CommandContext } from '../cli/context.ts'

/** A number that Java writes as a double: `0.0`. */
export class JavaNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Field = string | number | boolean | null | JavaNumber | readonly Fields[] | readonly number[] | Fields
export interface Fields {
  readonly [name: string]: Field | undefined
}

/** Events of the verifiable scripts: one line of JSON each, `timestamp` and `name` first, without blanks. */
export class EventLines {
  readonly #context: Pick<CommandContext, 'stdout' | 'clock'>

  constructor(context: Pick<CommandContext, 'stdout' | 'clock'>) {
    this.#context = context
  }

  /** False when the caller should wait for the output before it goes on. */
  print(name: string, fields: Fields = {}): boolean {
    const { stdout, clock } = this.#context
    return stdout.write(`${toJson({ timestamp: clock.now(), name, ...fields })}\n`)
  }
}

function toJson(field: Field): string {
  if (field instanceof JavaNumber) return field.text
  if (Array.isArray(field)) return `[${field.map((each: Field) => toJson(each)).join(',')}]`
  if (field === null || typeof field !== 'object') return JSON.stringify(field)
  const pairs = Object.entries(field).filter(([, value]) => value !== undefined)
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${toJson(value as Field)}`).join(',')}}`
}

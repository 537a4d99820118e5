/** Which row a message is about. */
import { ErrorCode, type ErrorName, errorInfo } from '../../protocol/error-codes.ts'
import { type Failure, Said } from './said.ts'
import { BEGINNER_ERRORS } from './table.ts'
import type { BeginnerError } from './types.ts'

export interface Recognised {
  readonly row: BeginnerError
  readonly said: Said
}

/** More than anybody pastes; patterns must not run over a file. */
const MAX_TEXT = 20_000

/** The row that knows these words, the particular ones before the bare codes; null when none does. */
export function recognise(failure: Failure, rows: readonly BeginnerError[] = BEGINNER_ERRORS): Recognised | null {
  const text = plain(failure.text)
  const given = { ...failure, text }
  for (const row of rows) {
    for (const pattern of row.when) {
      const match = pattern.exec(text)
      if (match !== null) return { row, said: new Said(given, match) }
    }
  }
  const row =
    rows.find(({ codes = [] }) => codes.some((code) => isNamed(code as ErrorName, text))) ??
    rows.find(({ otherwise }) => otherwise?.test(text))
  return row === undefined ? null : { row, said: new Said(given) }
}

/** Without the colours and the typographic quotes that a paste brings along. */
function plain(text: string): string {
  return (
    text
      .slice(0, MAX_TEXT)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of terminals are such characters
      .replaceAll(/\u001b\[[\d;]*m/g, '')
      .replaceAll(/[‘’]/g, "'")
      .replaceAll(/[“”]/g, '"')
  )
}

/** By its name, by Java's exception, or by the protocol's own words for it. */
function isNamed(name: ErrorName, text: string): boolean {
  const { exception, message } = errorInfo(ErrorCode[name])
  const simple = exception?.replace(/^.*\./, '')
  return new RegExp(`\\b(${name}${simple === undefined ? '' : `|${simple}`})\\b`).test(text) || text.includes(message)
}

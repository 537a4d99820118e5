/** An explanation as text: the line, its parts in two columns, what to watch out for, the same in today's words. */
import type { Colours } from '../../cli/colour.ts'
import type { ExplainedCommand, Explanation } from './explanation.ts'
import type { Part } from './read-arguments.ts'
import { typed } from './shell-words.ts'
import { twoColumns, wrap } from './wrap.ts'

/** The text of a whole line for `columns` columns. */
export function explanationText(explanation: Explanation, columns: number, colours: Colours): string {
  const notes = explanation.mended.map((text) => `Note: ${text}.\n`)
  return [...notes, ...explanation.commands.map((each) => commandText(each, columns, colours))].join('\n')
}

/** One program of it. */
export function commandText(command: ExplainedCommand, columns: number, colours: Colours): string {
  const name = command.command === null ? command.line : `kt ${command.command}`
  const rows: [string, string][] = [
    ...command.variables.map(({ text, meaning }): [string, string] => [text, meaning]),
    ...command.parts.flatMap(partRows),
    ...command.shell.map(({ text, meaning }): [string, string] => [text, meaning]),
  ]
  const head = command.command === null ? [] : [`${colours.bold(command.line)}\n`]
  return [
    ...head,
    `${colours.name(name)}: ${command.meaning}\n`,
    ...twoColumns(rows, columns),
    ...section('Watch out', command.pitfalls, columns, colours),
    ...today(command, colours),
  ].join('')
}

/** Its settings stand below an option, a little further in. */
function partRows({ words, meaning, settings = [] }: Part): [string, string][] {
  const below = settings.map(({ key, value, meaning: what }): [string, string] => [
    `  ${value === null ? key : `${key}=${value}`}`,
    what,
  ])
  return [[typed(words), meaning], ...below]
}

function today({ modern, line }: ExplainedCommand, colours: Colours): string[] {
  if (modern === null) return []
  const lines = [modern.kt, ...(modern.script === null ? [] : [modern.script])].filter((each) => each !== line)
  return lines.length === 0 ? [] : [`${colours.bold('Today')}\n`, ...lines.map((each) => `  ${each}\n`)]
}

function section(title: string, texts: readonly string[], columns: number, colours: Colours): string[] {
  if (texts.length === 0) return []
  return [`${colours.bold(title)}\n`, ...texts.map((text) => `${wrap(text, columns - 4, '    ', '  - ')}\n`)]
}

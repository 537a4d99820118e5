/** An explanation as text: the line, its parts in two columns, what to watch out for, the same in today's words. */
import type { Colours } from '../../cli/colour.ts'
import type { ExplainedCommand, Explanation } from './explanation.ts'
import type { Part } from './read-arguments.ts'
import { typed } from './shell-words.ts'
import type { Term } from './terms.ts'

const MAX_LEFT = 38
const MIN_RIGHT = 30

/** The text for `columns` columns. */
export function explanationText(explanation: Explanation, columns: number, colours: Colours): string {
  const notes = explanation.mended.map((text) => `Note: ${text}.\n`)
  const terms = explanation.terms.map((each) => termText(each, columns, colours))
  return [...notes, ...explanation.commands.map((each) => commandText(each, columns, colours)), ...terms].join('\n')
}

function termText({ term, kind, of, meaning }: Term, columns: number, colours: Colours): string {
  const what = of === null ? kind : of === 'console' ? 'setting of the reader or formatter' : `${of} setting`
  return `${colours.bold(term)} (${what})\n${wrap(meaning, columns - 2, '  ', '  ')}\n`
}

function commandText(command: ExplainedCommand, columns: number, colours: Colours): string {
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

function twoColumns(rows: readonly [string, string][], columns: number): string[] {
  const left = Math.min(MAX_LEFT, Math.max(0, ...rows.map(([text]) => text.length)))
  const indent = ' '.repeat(left + 4)
  const width = Math.max(MIN_RIGHT, columns - left - 4)
  return rows.map(([text, meaning]) => {
    if (text.length > left) return `  ${text}\n${wrap(meaning, width, indent, indent)}\n`
    return `${wrap(meaning, width, indent, `  ${text.padEnd(left)}  `)}\n`
  })
}

/** Breaks between words; the first line begins with `first`, the others with `indent`. */
function wrap(text: string, width: number, indent: string, first: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((each, at) => (at === 0 ? first : indent) + each).join('\n')
}

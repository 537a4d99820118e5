/** An answer as text: command lines part by part, or what the words are. */
import type { Colours } from '../../cli/colour.ts'
import type { Meaning, Section } from './meaning.ts'
import type { Answer } from './recognise.ts'
import { commandText } from './render.ts'
import { twoColumns, wrap } from './wrap.ts'

/** The text for `columns` columns; `why` there are no live values, null where there are or none were wanted. */
export function answerText(answer: Answer, why: string | null, columns: number, colours: Colours): string {
  const notes = answer.mended.map((text) => `Note: ${text}.\n`)
  const lines = answer.commands.map((each) => commandText(each, columns, colours))
  const meanings = answer.meanings.map((each) => meaningText(each, columns, colours))
  const unknown = answer.unknown.map(({ word, near }) => {
    const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
    return wrap(`Not known: ${word}${hint}`, columns, '  ', '')
  })
  const passed = unknown.length === 0 ? [] : [`${unknown.join('\n')}\n`]
  return [...notes, ...lines, ...meanings, ...passed, ...offline(why, columns, colours)].join('\n')
}

const offline = (why: string | null, columns: number, colours: Colours): string[] =>
  why === null ? [] : [`${colours.dim(wrap(`No live values: ${why}.`, columns, '', ''))}\n`]

/** What a cluster that was slow has added to an answer that was shown without it. */
export function liveText({ meanings }: Answer, why: string | null, columns: number, colours: Colours): string {
  const added = meanings.flatMap(({ term, title, sections }) => {
    const live = sections.filter(({ isLive }) => isLive === true).map((each) => sectionText(each, columns, colours))
    const text = live.join('')
    return text === '' ? [] : [`${colours.bold(term)} (${title})\n${text}`]
  })
  return [...added, ...offline(why, columns, colours)].join('\n')
}

function meaningText({ term, title, meaning, sections }: Meaning, columns: number, colours: Colours): string {
  const head = `${colours.bold(term)} (${title})\n${wrap(meaning, columns - 2, '  ', '  ')}\n`
  return head + sections.map((each) => sectionText(each, columns, colours)).join('')
}

function sectionText({ title, texts = [], rows = [], lines = [] }: Section, columns: number, colours: Colours): string {
  if (texts.length + rows.length + lines.length === 0) return ''
  const body = [
    ...texts.map((text) => `${wrap(text, columns - 4, '    ', '    ')}\n`),
    ...twoColumns(rows, columns - 2).map((row) => row.replace(/^(?=.)/gm, '  ')),
    ...lines.map((line) => `    ${colours.name(line)}\n`),
  ]
  return `${title === '' ? '' : `${wrap(title, columns - 2, '  ', '  ').replace(/(?<= )\S.*$/gm, (line) => colours.bold(line))}\n`}${body.join('')}`
}

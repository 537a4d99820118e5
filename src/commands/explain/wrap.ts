/** Text in columns, for explanations. */

const MAX_LEFT = 38
const MIN_RIGHT = 30

/** Rows of two columns, the second broken into lines; a left side that is too long stands above. */
export function twoColumns(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const left = Math.min(MAX_LEFT, Math.max(0, ...rows.map(([text]) => text.length)))
  const indent = ' '.repeat(left + 4)
  const width = Math.max(MIN_RIGHT, columns - left - 4)
  return rows.map(([text, meaning]) => {
    if (text.length > left) return `  ${text}\n${wrap(meaning, width, indent, indent)}\n`
    return `${wrap(meaning, width, indent, `  ${text.padEnd(left)}  `)}\n`
  })
}

/** Breaks between words; the first line begins with `first`, the others with `indent`. */
export function wrap(text: string, width: number, indent: string, first: string): string {
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

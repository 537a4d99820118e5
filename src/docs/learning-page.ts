/** `learning.md`: what the best tools for learning have, row by row: whether `kt learn` has it, how, and where in the code. */
import { LEARNING, type LearningRow } from './learning.ts'
import { cell, code, GENERATED, markdownTable } from './markdown.ts'

/** The page's text. */
export function learningPage(rows: readonly LearningRow[] = LEARNING): string {
  const groups = [...new Set(rows.map(({ group }) => group))]
  const there = rows.filter(({ isThere }) => isThere).length
  return `${GENERATED}

# Learning

What the best tools for learning have, each of them something else, and how \`kt learn\` has it: ${there} of ${rows.length}. Rows are in
\`learning.ts\`; a test looks whether every place is there and every command line is one that exists. How a lesson is written:
[the README of learn](../learn/README.md).

${groups.map((group) => section(group, rows)).join('\n\n')}
`
}

function section(group: string, rows: readonly LearningRow[]): string {
  const table = markdownTable(
    ['#', 'what', '', 'how, or why not', 'try', 'where'],
    rows
      .filter((each) => each.group === group)
      .map(({ row, name, isThere, how, shown, places }) => [
        String(row),
        cell(name),
        isThere ? 'yes' : 'no',
        cell(how),
        code(shown ?? ''),
        places.map(link).join(', '),
      ]),
  )
  return `## ${group}\n\n${table}`
}

/** Places are told from the root of the repository; the page is two floors below. */
function link(place: string): string {
  return `[${place.replace(/^src\//, '')}](../../${place})`
}

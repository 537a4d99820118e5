/** `features.md`: the feature list with the command line that shows each row. */
import { FEATURES, type Feature, LEADS } from './features.ts'
import { code, GENERATED, markdownTable } from './markdown.ts'

/** The page's text. */
export function featuresPage(features: readonly Feature[] = FEATURES): string {
  const groups = [...new Set(features.map(({ group }) => group))]
  const there = features.filter(({ shown }) => shown !== undefined).length
  return `${GENERATED}

# Features

What at least one of Kafka's command-line tools does, and the command line of \`kt\` that does it: ${there} of ${features.length}.
Rows are in \`features.ts\`. All of Kafka's own options are in [scripts.md](scripts.md), the documents of \`--format\` in
[the commands' README](../commands/README.md).

${groups.map((group) => section(group, features)).join('\n\n')}

## What none of the others does

${leadsTable()}
`
}

function leadsTable(): string {
  return markdownTable(
    ['what', 'how'],
    LEADS.map(({ name, shown, why }) => [name, why === undefined ? code(shown) : `${code(shown)}; ${why}`]),
  )
}

function section(group: string, features: readonly Feature[]): string {
  const rows = features.filter((each) => each.group === group)
  const table = markdownTable(
    ['#', 'feature', '', 'how, or why not'],
    rows.map(({ row, name, shown, why }) => [
      String(row),
      name,
      shown === undefined ? 'no' : 'yes',
      [code(shown ?? ''), why ?? ''].filter((text) => text !== '').join('; '),
    ]),
  )
  return `## ${group}\n\n${table}`
}

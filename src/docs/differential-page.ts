/** `differential.md`: how many command lines were given to scripts and to `kt`, and how many ended alike. */
import * as fs from 'node:fs'
import { COMPARISONS, type Comparison, type Outcome } from './differential-data.ts'
import { code, GENERATED, markdownTable } from './markdown.ts'

/** Files of comparisons that have nothing to ask the bundled cluster, and why. */
export const NOT_ON_BUNDLED: Readonly<Record<string, string>> = {
  'delegation-tokens-sasl': 'clients log in: the bundled cluster has no SASL',
  'metadata-shell': 'asks no cluster; files of the bundled one are compared on the left',
  storage: 'asks no cluster',
}

const total = (outcomes: readonly (Outcome | null)[]): Outcome => ({
  lines: outcomes.reduce((sum, each) => sum + (each?.lines ?? 0), 0),
  equal: outcomes.reduce((sum, each) => sum + (each?.equal ?? 0), 0),
})

function cellOf(outcome: Outcome | null, reason = 'not compared'): string {
  if (outcome === null) return reason
  return outcome.equal === outcome.lines ? `all ${outcome.lines}` : `${outcome.equal} of ${outcome.lines}`
}

/** The page's text. */
export function differentialPage(
  comparisons: readonly Comparison[] = JSON.parse(fs.readFileSync(COMPARISONS, 'utf8')),
): string {
  const apache = total(comparisons.map((each) => each.apache))
  const bundled = total(comparisons.map((each) => each.bundled))
  const rows = comparisons.map((each) => [
    code(each.script),
    cellOf(each.apache),
    cellOf(each.bundled, NOT_ON_BUNDLED[each.script]),
  ])
  return `${GENERATED}

# Command lines compared

The same command line is given to Apache Kafka 4.3.1's script and to \`kt\`: stdout and exit code must be equal, and stderr
where its words matter, once what differs from run to run (ids, times, hash orders) is taken out. Happy lines and wrong
ones, every option at least once. On Apache Kafka, and again with the bundled cluster in its place: there a line that asks
for what the cluster does not serve must end in one line that names it.

${apache.equal} of ${apache.lines} lines end alike on Apache Kafka, ${bundled.equal} of ${bundled.lines} on the bundled cluster.

${markdownTable(['command', 'on Apache Kafka', 'on the bundled cluster'], [...rows, ['together', cellOf(apache), cellOf(bundled)]])}

Where a script's behaviour is a bug or a crash \`kt\` says what a person needs instead: "Differs" at the top of a command's
module in \`src/commands\`.
`
}

/**
 * `node --import tsx src/docs/differential-data.ts APACHE.json BUNDLED.json`: takes what the comparisons of scripts with
 * `kt` came to from the test runner's reports (`KT_TEST_REPORT` of `npm run test:interop` and `test:bundled`).
 */
import * as fs from 'node:fs'
import * as path from 'node:path'

/** Command lines of one script that were compared. */
export interface Comparison {
  readonly script: string
  /** On a cluster of Apache Kafka, and on the bundled one; null: not compared there. */
  readonly apache: Outcome | null
  readonly bundled: Outcome | null
}

export interface Outcome {
  readonly lines: number
  readonly equal: number
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/** Outcomes of the files under `test/interop/commands`, by name. */
export function outcomes(report: Report): Map<string, Outcome> {
  const found = new Map<string, Outcome>()
  for (const { name, assertionResults } of report.testResults) {
    const file = /test\/interop\/commands\/([\w-]+)\.test\.ts$/.exec(name)?.[1]
    if (file === undefined) continue
    const ran = assertionResults.filter(({ status }) => status === 'passed' || status === 'failed')
    const equal = ran.filter(({ status }) => status === 'passed').length
    found.set(file, { lines: ran.length, equal })
  }
  return found
}

/** Both reports side by side, scripts in order of their names. */
export function comparisons(apache: Report, bundled: Report): Comparison[] {
  const [onApache, onBundled] = [outcomes(apache), outcomes(bundled)]
  const scripts = [...new Set([...onApache.keys(), ...onBundled.keys()])].sort()
  return scripts.map((script) => ({
    script,
    apache: onApache.get(script) ?? null,
    bundled: onBundled.get(script) ?? null,
  }))
}

/** Where the page finds them. */
export const COMPARISONS = new URL('data/differential.json', import.meta.url)

function main([apache, bundled]: readonly string[]): void {
  const read = (file: string): Report => JSON.parse(fs.readFileSync(file, 'utf8'))
  fs.writeFileSync(COMPARISONS, `${JSON.stringify(comparisons(read(apache!), read(bundled!)), null, 2)}\n`)
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename) main(process.argv.slice(2))

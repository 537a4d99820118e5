/** Adds up the runner's JSON reports: `N passed, M failed, K skipped`. Fails when a test failed or a report is missing. */
import { readdirSync, readFileSync } from 'node:fs'

const directory = process.argv[2]
const reports = readdirSync(directory)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(`${directory}/${name}`, 'utf8')))
const sum = (pick) => reports.reduce((total, report) => total + pick(report), 0)
const passed = sum((report) => report.numPassedTests)
// A file that does not even load has no tests to fail: count it as one.
const brokenFiles = sum(
  (report) =>
    report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
)
const failed = sum((report) => report.numFailedTests) + brokenFiles
const skipped = sum((report) => report.numPendingTests + report.numTodoTests)
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
if (failed > 0 || reports.length < 2 || passed === 0) process.exitCode = 1

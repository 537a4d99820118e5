/**
 * `npm run bench [-- NAME ...] [--save]`: measures the figures, holds them against their targets and the stored
 * baseline. Ratios of sides measured in turn mean something on a noisy machine; absolute times do not.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { CLUSTER_FIGURES } from './cluster/figures.ts'
import { FIGURES, type Result } from './figures.ts'
import { PERF_FIGURES } from './perf-figures.ts'
import { SCRIPT_FIGURES } from './scripts.ts'
import { openSides, preferMemory } from './sides.ts'

const BASELINE = new URL('./baseline.json', import.meta.url)

type Baseline = Readonly<Record<string, number>>

function readBaseline(): Baseline {
  return fs.existsSync(BASELINE) ? JSON.parse(fs.readFileSync(BASELINE, 'utf8')) : {}
}

function reached({ value, target }: Result): boolean {
  if (target === null) return true
  return target.at === '<=' ? value <= target.value : value >= target.value
}

function row(result: Result, baseline: Baseline): string {
  const { figure, value, unit, target, detail } = result
  const before = baseline[figure]
  const change =
    before === undefined ? 'new' : `${value >= before ? '+' : ''}${((value / before - 1) * 100).toFixed(0)}%`
  const goal = target === null ? '' : `${target.at} ${target.value}${unit}`
  const cells = [
    reached(result) ? 'ok    ' : 'MISSED',
    figure.padEnd(58),
    `${value.toFixed(2)}${unit}`.padStart(11),
    goal.padEnd(11),
    change.padStart(6),
    detail,
  ]
  return cells.join('  ')
}

/** Figures that were asked for by name, or all. */
function chosen<F extends { readonly name: string }>(figures: readonly F[], names: readonly string[]): readonly F[] {
  return names.length === 0 ? figures : figures.filter(({ name }) => names.includes(name))
}

async function measureNode(names: readonly string[], report: (results: readonly Result[]) => void): Promise<void> {
  const figures = chosen([...FIGURES, ...SCRIPT_FIGURES, ...PERF_FIGURES], names)
  if (figures.length === 0) return
  const sides = await openSides()
  try {
    process.stdout.write(
      `${sides.apache === null ? 'Apache Kafka not present; ' : ''}${sides.kcat ?? 'kcat not present'}\n`,
    )
    for (const figure of figures) report(await figure.run(sides))
  } finally {
    await sides.close()
  }
}

async function measureCluster(names: readonly string[], report: (results: readonly Result[]) => void): Promise<void> {
  const figures = chosen(CLUSTER_FIGURES, names)
  if (figures.length === 0) return
  preferMemory()
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-bench-'))
  for (const figure of figures) report(await figure.run(directory))
  fs.rmSync(directory, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  const names = args.filter((arg) => !arg.startsWith('--'))
  const baseline = readBaseline()
  const results: Result[] = []
  const report = (measured: readonly Result[]): void => {
    for (const result of measured) {
      results.push(result)
      process.stdout.write(`${row(result, baseline)}\n`)
    }
  }
  await measureNode(names, report)
  await measureCluster(names, report)
  if (!args.includes('--save')) return
  const stored = {
    ...baseline,
    ...Object.fromEntries(results.map(({ figure, value }) => [figure, Number(value.toFixed(3))])),
  }
  fs.writeFileSync(BASELINE, `${JSON.stringify(stored, null, 2)}\n`)
}

await main()

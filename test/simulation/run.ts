/** `npm run simulate -- --seed S --runs N`: runs worlds one seed after the other, and shows what went wrong. */
import { type Flags, readFlags, USAGE, UsageError } from './flags.ts'
import { simulateQuorum } from './quorum/simulate-quorum.ts'
import type { RunResult } from './run-result.ts'
import { simulate } from './simulate.ts'

const out = (line: string): void => void process.stdout.write(`${line}\n`)

function runOne(seed: number, { what, cluster, quorum, trace }: Flags): Promise<RunResult> {
  const onTrace = trace ? { onTrace: out } : {}
  return what === 'cluster'
    ? simulate(seed, { ...cluster, ...onTrace })
    : simulateQuorum(seed, { ...quorum, ...onTrace })
}

function report({ trace, lines, counts }: Flags, again: string, result: RunResult, realMs: number): void {
  const { seed, about, violation, steps, virtualMs, traceHash } = result
  const took = `${steps} events, ${(virtualMs / 1000).toFixed(1)} s in ${(realMs / 1000).toFixed(1)} s`
  out(`seed ${seed}: ${violation === null ? 'ok' : 'VIOLATION'} (${about}, ${took}, trace ${traceHash})`)
  if (counts) for (const [name, count] of [...result.counts].sort()) out(`  ${name}: ${count}`)
  if (violation === null) return
  const shown = trace ? 0 : Math.min(lines, result.trace.length)
  for (const line of result.trace.slice(result.trace.length - shown)) out(`  ${line}`)
  out(violation.message)
  out(`again: npm run simulate -- --seed ${seed}${again} --trace --logs`)
}

/** The flags that make a run what it is. */
function sameWorld(argv: readonly string[]): string {
  const kept: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const [name] = argv[at]!.split('=')
    const hasValue = !argv[at]!.includes('=') && argv[at + 1] !== undefined && !argv[at + 1]!.startsWith('-')
    const words = argv.slice(at, at + (hasValue ? 2 : 1))
    at += words.length - 1
    if (!NOT_OF_THE_WORLD.has(name!)) kept.push(...words)
  }
  return kept.map((word) => ` ${word}`).join('')
}

const NOT_OF_THE_WORLD = new Set(['--seed', '--runs', '--lines', '--trace', '--logs', '--counts', '--keep-going'])

async function runAll(flags: Flags, again: string): Promise<boolean> {
  const totals = new Map<string, number>()
  let failed = 0
  for (let seed = flags.firstSeed; seed < flags.firstSeed + flags.runs; seed++) {
    const began = performance.now()
    const result = await runOne(seed, flags)
    report(flags, again, result, performance.now() - began)
    for (const [name, count] of result.counts) totals.set(name, (totals.get(name) ?? 0) + count)
    if (result.violation === null) continue
    failed++
    if (!flags.keepGoing) break
  }
  if (flags.runs > 1) for (const [name, count] of [...totals].sort()) out(`${name}: ${count}`)
  return failed === 0
}

const argv = process.argv.slice(2)
try {
  const flags = readFlags(argv)
  if (flags === null) out(USAGE)
  else if (!(await runAll(flags, sameWorld(argv)))) process.exitCode = 1
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`simulate: ${error.message} (--help shows all flags)\n`)
  process.exitCode = 2
}

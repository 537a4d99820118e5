/**
 * `npm run simulate -- [--seed S] [--runs N] [--shape one-controller|three-controllers|combined] [--trouble MS]
 * [--steps N] [--harsh] [--calm] [--trace] [--logs] [--lines N]`: runs worlds one seed after the other, and shows what went wrong.
 */
import { parseArgs } from 'node:util'
import { type RunResult, type SimulateOptions, simulate } from './simulate.ts'
import type { Shape } from './world/topology.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    shape: { type: 'string' },
    trouble: { type: 'string' },
    steps: { type: 'string' },
    harsh: { type: 'boolean' },
    'without-records': { type: 'boolean', default: false },
    calm: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    logs: { type: 'boolean', default: false },
    lines: { type: 'string', default: '60' },
    'keep-going': { type: 'boolean', default: false },
    counts: { type: 'boolean', default: false },
  },
})

const out = (line: string): void => void process.stdout.write(`${line}\n`)

function options(): SimulateOptions {
  return {
    calm: values.calm,
    withoutRecords: values['without-records'],
    nodeLogs: values.logs,
    ...(values.shape === undefined ? {} : { shape: values.shape as Shape }),
    ...(values.trouble === undefined ? {} : { troubleMs: Number(values.trouble) }),
    ...(values.steps === undefined ? {} : { maxSteps: Number(values.steps) }),
    ...(values.harsh === undefined ? {} : { harsh: values.harsh }),
    ...(values.trace ? { onTrace: out } : {}),
  }
}

function report(result: RunResult, realMs: number): void {
  const { seed, shape, harsh, violation, steps, virtualMs, traceHash } = result
  const about = `${shape}${harsh ? ', harsh' : ''}, ${steps} events, ${(virtualMs / 1000).toFixed(1)} s in ${(realMs / 1000).toFixed(1)} s`
  out(`seed ${seed}: ${violation === null ? 'ok' : 'VIOLATION'} (${about}, trace ${traceHash})`)
  if (values.counts) for (const [name, count] of [...result.counts].sort()) out(`  ${name}: ${count}`)
  if (violation === null) return
  const lines = values.trace ? 0 : Number(values.lines)
  for (const line of result.trace.slice(result.trace.length - Math.min(lines, result.trace.length))) out(`  ${line}`)
  out(`${violation.message}`)
  out(`again: npm run simulate -- --seed ${seed} --trace --logs`)
}

let failed = 0
const first = Number(values.seed)
const totals = new Map<string, number>()
for (let seed = first; seed < first + Number(values.runs); seed++) {
  const began = performance.now()
  const result = await simulate(seed, options())
  report(result, performance.now() - began)
  for (const [name, count] of result.counts) totals.set(name, (totals.get(name) ?? 0) + count)
  if (result.violation === null) continue
  failed++
  if (!values['keep-going']) break
}
if (Number(values.runs) > 1) for (const [name, count] of [...totals].sort()) out(`${name}: ${count}`)
process.exitCode = failed > 0 ? 1 : 0

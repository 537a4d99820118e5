/** `node --import tsx test/simulation/quorum/run.ts --seed S --runs N [--voters V --brokers B --spares K] [--trace] [--logs]` */
import { parseArgs } from 'node:util'
import { simulateQuorum } from './simulate-quorum.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    voters: { type: 'string', default: '3' },
    brokers: { type: 'string', default: '2' },
    spares: { type: 'string', default: '0' },
    trouble: { type: 'string', default: '60000' },
    static: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    logs: { type: 'boolean', default: false },
  },
})

const out = (line: string): void => void process.stdout.write(`${line}\n`)
let failures = 0
for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.runs); seed++) {
  const began = performance.now()
  const lines: string[] = []
  try {
    const { world, settledAfterMs } = await simulateQuorum({
      seed,
      voters: Number(values.voters),
      brokers: Number(values.brokers),
      spares: Number(values.spares),
      troubleMs: Number(values.trouble),
      isStatic: values.static,
      nodeLogs: values.logs,
      ...(values.trace && { onTrace: (line) => void lines.push(line) }),
    })
    const counts = [...world.counts].map(([name, count]) => `${name} ${count}`).join(', ')
    const took = Math.round(performance.now() - began)
    out(
      `seed ${seed} ok in ${took} ms, ${world.scheduler.steps} steps, settled in ${Math.round(settledAfterMs)} ms, leaders ${world.checks.leaderCount}, committed ${world.checks.newestEnd}: ${counts}`,
    )
  } catch (error) {
    failures++
    for (const line of lines.slice(-400)) out(line)
    out(`seed ${seed} FAILED: ${error instanceof Error ? error.stack : String(error)}`)
  }
}
process.exitCode = failures > 0 ? 1 : 0

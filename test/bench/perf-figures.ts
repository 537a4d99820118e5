/** The perf commands beside the scripts of the same name, with the same settings, against Apache Kafka. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Figure, Result } from './figures.ts'
import { inTurn } from './measure.ts'
import type { Sides } from './sides.ts'

const RECORDS = 1_000_000
const ROUNDS = 2

const run = promisify(execFile)

async function printed(command: string, args: readonly string[]): Promise<string> {
  return (await run(command, args)).stdout
}

function rateOf(pattern: RegExp, stdout: string): number {
  const match = pattern.exec(stdout.trimEnd().split('\n').at(-1)!)
  if (match === null) throw new Error(`no rate in: ${stdout}`)
  return Number(match[1])
}

const thousands = (rate: number): string => `${Math.round(rate / 1000)}k/s`

async function rates(
  sides: Sides,
  command: string,
  argsOf: (side: string) => string[],
  pattern: RegExp,
): Promise<Record<'kt' | 'script', number>> {
  const { script, node, ktBin } = sides
  return inTurn(ROUNDS, {
    kt: async () => rateOf(pattern, await printed(node, [ktBin, command, ...argsOf('kt')])),
    script: async () => rateOf(pattern, await printed(script!(`kafka-${command}`), argsOf('script'))),
  })
}

function result(figure: string, measured: Record<'kt' | 'script', number>, target: number): Result {
  return {
    figure,
    value: measured.kt / measured.script,
    unit: 'x',
    target: { at: '>=', value: target },
    detail: `${thousands(measured.kt)} / ${thousands(measured.script)}`,
  }
}

/** Records per second, 100 B each, default settings. */
const perfProducer: Figure = {
  name: 'perf-producer',
  async run(sides) {
    if (sides.apache === null || sides.script === null) return []
    const server = sides.apache.bootstrapServers
    const settings = ['--num-records', String(RECORDS), '--record-size', '100', '--throughput', '-1']
    const argsOf = (side: string) => ['--bootstrap-server', server, '--topic', `bench-perf-${side}`, ...settings]
    const measured = await rates(sides, 'producer-perf-test', argsOf, /sent, ([\d.]+) records\/sec/)
    return [result('producer-perf-test 1M x 100 B: kt / script', measured, 2)]
  },
}

/** Records per second, joining the group included. */
const perfConsumer: Figure = {
  name: 'perf-consumer',
  async run(sides) {
    if (sides.apache === null || sides.script === null) return []
    const connection = ['--bootstrap-server', sides.apache.bootstrapServers, '--topic', 'bench-perf-read']
    const settings = ['--num-records', String(RECORDS)]
    const more = ['--record-size', '100', '--throughput', '-1']
    await printed(sides.node, [sides.ktBin, 'producer-perf-test', ...connection, ...settings, ...more])
    const argsOf = () => [...connection, ...settings, '--hide-header']
    const measured = await rates(sides, 'consumer-perf-test', argsOf, /^(?:[^,]+, ){5}([\d.]+)/)
    return [result('consumer-perf-test 1M x 100 B: kt / script', measured, 1)]
  },
}

export const PERF_FIGURES: readonly Figure[] = [perfProducer, perfConsumer]

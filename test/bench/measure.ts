/** Timing of whole processes and of sides measured in turn: A B A B, so that a machine's drift hits both. */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!
}

/** Node 20 reads NODE_EXTRA_CA_CERTS at every start, 40 ms that say nothing about the program: left out for every side. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  return { ...env, ...more }
}

export interface Run {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly inputFile?: string
  readonly outputFile?: string
  /** Stop the clock, and the process, at the first byte of stdout. */
  readonly untilFirstByte?: boolean
}

/** Seconds from spawn to exit (or to the first byte of stdout). A non-zero exit is an error: a failed run is not fast. */
export function seconds(run: Run): Promise<number> {
  const input = run.inputFile === undefined ? 'ignore' : fs.openSync(run.inputFile, 'r')
  const output = run.untilFirstByte
    ? 'pipe'
    : run.outputFile === undefined
      ? 'ignore'
      : fs.openSync(run.outputFile, 'w')
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    const elapsed = (): number => Number(process.hrtime.bigint() - started) / 1e9
    const child = spawn(run.command, run.args, { stdio: [input, output, 'pipe'], env: environment(run.env) })
    let stderr = ''
    let first: number | undefined
    child.stderr!.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdout?.once('data', () => {
      first = elapsed()
      child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', (code) => {
      const total = elapsed()
      for (const fd of [input, output]) if (typeof fd === 'number') fs.closeSync(fd)
      if (first !== undefined) resolve(first)
      else if (code === 0) resolve(total)
      else reject(new Error(`${run.command} ${run.args.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`))
    })
  })
}

/** Median of each side over `rounds`, measured in turn after one round that is not counted. */
export async function inTurn<K extends string>(
  rounds: number,
  sides: Readonly<Record<K, () => Promise<number>>>,
): Promise<Record<K, number>> {
  const names = Object.keys(sides) as K[]
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await sides[name]()
      if (round > 0) results[name].push(value)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(results[name])])) as Record<K, number>
}

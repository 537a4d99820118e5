/** The sides of a benchmark: our node as its own process, Apache Kafka and kcat where they are present. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { type ApacheKafka, apacheKafkaHome, runProcess, startApacheKafka } from '../support/apache-kafka.ts'
import { seconds } from './measure.ts'

export interface BenchNode {
  readonly bootstrapServers: string
  readonly pid: number
  stop(): Promise<void>
}

export interface Sides {
  readonly node: string
  readonly ktBin: string
  readonly directory: string
  readonly kt: BenchNode
  readonly apache: ApacheKafka | null
  /** Path of a script, null where Apache Kafka is not present. */
  readonly script: ((name: string) => string) | null
  readonly kcat: string | null
  /** A million lines of 100 B, and a topic on our node that holds them in one partition. */
  readonly linesFile: string
  readonly linesTopic: string
  close(): Promise<void>
}

const LINES = 1_000_000
export const ktBin = path.resolve(import.meta.dirname, '../../bin/kt')

function writeLines(file: string): void {
  const fd = fs.openSync(file, 'w')
  const chunk: string[] = []
  for (let i = 0; i < LINES; i++) {
    const head = `line ${String(i).padStart(7, '0')} `
    chunk.push(
      `${head}${((i * 2654435761) >>> 0).toString(36).padEnd(99 - head.length, 'abcdefghijklmnopqrstuvwxyz')}\n`,
    )
    if (chunk.length === 10_000) fs.writeSync(fd, chunk.splice(0).join(''))
  }
  fs.closeSync(fd)
}

/** `kt cluster start` on a free port, in a home directory of its own. */
export async function startNode(sides: Pick<Sides, 'node' | 'ktBin' | 'directory'>): Promise<BenchNode> {
  const home = fs.mkdtempSync(path.join(sides.directory, 'home-'))
  const env = { KT_HOME: home }
  const kt = (...args: string[]) => runProcess(sides.node, [sides.ktBin, 'cluster', ...args], { env })
  const started = await kt('start', '--brokers', '1', '--port', '0')
  if (started.code !== 0) throw new Error(`kt cluster start: ${started.stderr}${started.stdout}`)
  const status = JSON.parse((await kt('status', '--format', 'json')).stdout)
  return {
    bootstrapServers: status.bootstrapServers,
    pid: status.nodes[0].pid,
    async stop() {
      await kt('stop')
      fs.rmSync(home, { recursive: true, force: true })
    },
  }
}

export function memoryMegabytes(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(match?.[1] ?? 0) / 1000
}

/** Both nodes keep their data in memory where that is possible: a shared disk's mood is not what is measured. */
export function preferMemory(): void {
  const shm = '/dev/shm'
  if (process.env.TMPDIR !== undefined || !fs.existsSync(shm)) return
  const { bavail, bsize } = fs.statfsSync(shm)
  if (bavail * bsize > 4e9) process.env.TMPDIR = shm
}

export async function openSides(): Promise<Sides> {
  preferMemory()
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-bench-'))
  const home = await apacheKafkaHome()
  const apache = home === null ? null : await startApacheKafka(home)
  const base = { node: process.execPath, ktBin, directory }
  const kt = await startNode(base)
  const linesFile = path.join(directory, 'lines.txt')
  writeLines(linesFile)
  const linesTopic = 'bench-lines'
  const args = [ktBin, 'console-producer', '--bootstrap-server', kt.bootstrapServers, '--topic', linesTopic]
  await seconds({ command: process.execPath, args, inputFile: linesFile })
  return {
    ...base,
    kt,
    apache,
    script: home === null ? null : (name) => path.join(home, 'bin', `${name}.sh`),
    kcat: spawnSync('kcat', ['-V']).status === 0 ? 'kcat' : null,
    linesFile,
    linesTopic,
    async close() {
      await kt.stop()
      await apache?.stop()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** A person's pass: every example of every command's help, of README.md and of the docs is run, as it is printed. */
import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/program.ts'
import { freePorts } from '../../src/cluster/free-ports.ts'
import { FEATURES, LEADS } from '../../src/docs/features.ts'
import { type ExampleNeeds, NEEDS, NOT_SERVED, SETUP } from './examples-world.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BIN = path.join(ROOT, 'bin')
/** An example that goes on until Ctrl-C has shown by then that it works. */
const ENDLESS_MS = 4_000
const LONGEST_MS = 60_000
const INTERRUPTED = [0, 130]

async function examplesOfHelp(): Promise<string[]> {
  const grammars = await Promise.all(Object.values(COMMANDS).map(async (entry) => (await entry.load()).grammar()))
  return grammars.flatMap(({ examples }) => examples.map(({ command }) => command))
}

/** Lines of code blocks that call `kt`, without the remark behind them. */
function examplesOfReadme(): string[] {
  const text = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8')
  const blocks = [...text.matchAll(/^```\n(.*?)^```/gms)].map(([, block]) => block!)
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => /^kt |^echo .*\| kt /.test(line))
  return lines.map((line) => line.replace(/\s{2,}#.*$/, '').trim())
}

const examples = [
  ...new Set([
    ...(await examplesOfHelp()),
    ...examplesOfReadme(),
    ...[...FEATURES, ...LEADS].flatMap(({ shown }) => shown ?? []),
  ]),
]

interface World {
  readonly directory: string
  readonly env: Record<string, string>
}

/** A home and a directory; the local cluster of one is none of another's. */
async function newWorld(): Promise<World> {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-examples-')))
  const [port, port2] = await freePorts('127.0.0.1', 2)
  const env = {
    KT_HOME: path.join(directory, '.kt'),
    HOME: directory,
    PATH: `${BIN}${path.delimiter}${process.env.PATH}`,
    NO_COLOR: '1',
    KT_BOOTSTRAP_SERVER: '',
    ORDERS: path.join(ROOT, 'src/learn/orders.log'),
    PORT: String(port),
    PORT2: String(port2),
  }
  return { directory, env }
}

interface Run {
  readonly code: number | null
  readonly output: string
}

function run(line: string, { directory, env }: World, endless = false): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', endless ? `exec ${line}` : line], {
      cwd: directory,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
    })
    const chunks: Buffer[] = []
    const keep = (chunk: Buffer): void => void chunks.push(chunk)
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const timer = endless ? setTimeout(() => child.kill('SIGINT'), ENDLESS_MS) : undefined
    child.on('exit', (code) => {
      clearTimeout(timer)
      // A daemon may hold the pipes.
      setTimeout(() => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }), 20)
    })
  })
}

async function runAll(lines: readonly string[], world: World): Promise<void> {
  for (const line of lines) {
    const { code, output } = await run(line, world)
    if (code !== 0 && !line.startsWith('until')) throw new Error(`${line}: exit code ${code}\n${output}`)
  }
}

/** Where an example names the usual port, the shared cluster is meant. */
function onCluster(line: string, servers: string): string {
  return line.includes('kt explain') ? line : line.replaceAll(/\b(localhost|host):9092\b/g, servers)
}

function isNotServed(output: string): boolean {
  const request = /(?:cannot answer|does not serve) (\w+)/.exec(output)?.[1]
  return request !== undefined && NOT_SERVED.includes(request)
}

function endWorld({ directory, env }: World): void {
  spawnSync(path.join(BIN, 'kt'), ['cluster', 'reset', '--yes'], { env: { ...process.env, ...env } })
  spawnSync(path.join(BIN, 'kt'), ['server-stop'], { env: { ...process.env, ...env } })
  fs.rmSync(directory, { recursive: true, force: true })
}

describe('the examples', () => {
  let shared: World
  let servers: string

  beforeAll(async () => {
    shared = await newWorld()
    await runAll(SETUP, shared)
    const { output } = await run('kt cluster status --format json', shared)
    servers = JSON.parse(output).bootstrapServers
    shared.env.SERVERS = servers
  }, 60_000)
  afterAll(() => endWorld(shared))

  it('what is said about one is said about one that is there', () => {
    expect(Object.keys(NEEDS).filter((line) => !examples.includes(line))).toEqual([])
  })

  const all = examples.map((line): [string, ExampleNeeds] => [line, NEEDS[line] ?? {}])
  const table = all.filter(([, { notRun }]) => notRun === undefined)
  const isAlone = ([, { before, after, ownHome }]: [string, ExampleNeeds]): boolean =>
    before !== undefined || after !== undefined || ownHome === true
  const check = async (line: string, needs: ExampleNeeds): Promise<void> => {
    const world = needs.ownHome === true ? await newWorld() : shared
    try {
      await runAll(needs.before ?? [], world)
      const { code, output } = await run(onCluster(line, servers), world, needs.endless)
      // A script's failure, and one of our own commands.
      if (![1, 7].includes(code ?? 0) || !isNotServed(output)) {
        const expected = needs.endless === true ? INTERRUPTED : [needs.exitCode ?? 0]
        expect(expected, `${line}: exit code ${code}\n${output}`).toContain(code)
      }
      await runAll(needs.after ?? [], world)
    } finally {
      if (world !== shared) endWorld(world)
    }
  }

  // Side by side first: they leave the cluster as it was.
  it.concurrent.each(table.filter((each) => !isAlone(each)))('%s', check, 90_000)
  it.each(table.filter(isAlone))('%s', check, 90_000)
})

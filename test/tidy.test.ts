/** The house rules as a test over the source: floors, exits, sizes, mirrored tests, READMEs. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '..')
const SRC = path.join(ROOT, 'src')

/** Imports go to a lower floor or stay inside their own folder. */
const FLOORS: Readonly<Record<string, number>> = {
  base: 0,
  protocol: 1,
  network: 2,
  log: 2,
  raft: 2,
  client: 3,
  metadata: 3,
  controller: 4,
  coordinator: 4,
  broker: 5,
  cluster: 6,
  learn: 6,
  cli: 7,
  commands: 8,
  docs: 9,
}

/** Offline tools read files by nature (dump-log); cluster's local processes are asked for through one module. */
const CLIENT_SIDE = new Set(['client', 'cli'])
const NODE_SIDE = new Set(['log', 'raft', 'controller', 'coordinator', 'broker'])

const REGISTRY = new Set(['cli/command-table.ts', 'cli/gone-commands.ts', 'cli/program.ts'])

interface SourceFile {
  readonly name: string
  readonly subject: string
  readonly text: string
}

function sources(directory: string): SourceFile[] {
  return fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((entry) => {
    const file = path.join(directory, entry)
    if (!entry.endsWith('.ts') || fs.statSync(file).isDirectory()) return []
    const name = path.relative(SRC, file)
    return [{ name, subject: name.includes('/') ? name.split('/')[0]! : '', text: fs.readFileSync(file, 'utf8') }]
  })
}

interface Import {
  readonly target: string
  readonly lazy: boolean
}

function imports(file: SourceFile): Import[] {
  const found: Import[] = []
  for (const match of file.text.matchAll(/(from|import\(?)\s*'(\.[^']+)'/g)) {
    const target = path.relative(SRC, path.resolve(SRC, path.dirname(file.name), match[2]!))
    found.push({ target, lazy: match[1] === 'import(' })
  }
  return found
}

function wrongWay(file: SourceFile, { target, lazy }: Import): string | null {
  const to = target.split('/')[0]!
  if (file.subject === '' || to === file.subject || !(to in FLOORS)) return null
  const text = `${file.name} -> ${target}`
  if (CLIENT_SIDE.has(file.subject) && NODE_SIDE.has(to)) return text
  // The program's registry is the one place that reaches up, and only when a command runs.
  if (REGISTRY.has(file.name) && to === 'commands' && lazy) return null
  return FLOORS[to]! < FLOORS[file.subject]! ? null : text
}

/** The groups of files that import each other, directly or through others, for types and lazily as well. */
function circles(files: readonly SourceFile[]): string[][] {
  const targets = new Map(files.map((file) => [file.name, imports(file).map(({ target }) => target)]))
  const reachable = (from: string): Set<string> => {
    const seen = new Set<string>()
    const next = [...(targets.get(from) ?? [])]
    for (let name = next.pop(); name !== undefined; name = next.pop()) {
      if (seen.has(name)) continue
      seen.add(name)
      next.push(...(targets.get(name) ?? []))
    }
    return seen
  }
  const reached = new Map(files.map(({ name }) => [name, reachable(name)]))
  const around = [...reached.keys()].filter((name) => reached.get(name)!.has(name)).sort()
  const together = (name: string): string[] =>
    around.filter((other) => reached.get(name)!.has(other) && reached.get(other)!.has(name))
  return around.map(together).filter(([first], at) => first === around[at])
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

interface FunctionSize {
  readonly where: string
  readonly lines: number
}

const FUNCTION_TYPES = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

function functionSizes(file: SourceFile): FunctionSize[] {
  const sizes: FunctionSize[] = []
  const visit = (node: Node): void => {
    if (FUNCTION_TYPES.has(node.type)) {
      const lines = file.text.slice(node.start, node.end).split('\n').length
      sizes.push({ where: `${file.name}:${file.text.slice(0, node.start).split('\n').length}`, lines })
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child !== null && typeof child === 'object' && 'type' in child) visit(child as Node)
      }
    }
  }
  visit(parseAst(file.text, { lang: 'ts' }) as unknown as Node)
  return sizes
}

const all = sources(SRC)
/** Declarations are data: long, and read by looking up one name. */
const isTable = (name: string): boolean =>
  /^protocol\/(messages|metadata|coordinator|control|error-codes|api-keys)/.test(name)

describe('the house', () => {
  it('imports only go down the floors', () => {
    const wrong = all.flatMap((file) => imports(file).flatMap((to) => wrongWay(file, to) ?? []))
    expect(wrong).toEqual([])
  })

  it('has no files that import each other in a circle', () => {
    expect(circles(all)).toEqual([])
  })

  it('ends the process nowhere but in bin and the node entry', () => {
    const exits = all.filter((file) => /process\.exit\(/.test(file.text)).map((file) => file.name)
    const entries = ['cli/main.ts', 'cluster/node-main.ts', 'cluster/run-node.ts']
    expect(exits.filter((name) => !entries.includes(name))).toEqual([])
  })

  it('keeps files within 500 lines', () => {
    const long = all.filter((file) => !isTable(file.name) && file.text.split('\n').length > 501)
    expect(long.map((file) => `${file.name}: ${file.text.split('\n').length}`)).toEqual([])
  })

  it('keeps functions within 70 lines', () => {
    const long = all.flatMap((file) => functionSizes(file)).filter((size) => size.lines > 70)
    expect(long.map((size) => `${size.where}: ${size.lines}`)).toEqual([])
  })

  it('has a README per floor', () => {
    const missing = Object.keys(FLOORS).filter((floor) => !fs.existsSync(path.join(SRC, floor, 'README.md')))
    expect(missing.filter((floor) => all.some((file) => file.subject === floor))).toEqual([])
  })

  it('has a handler file for each message it serves, under the same number', () => {
    const messages = new Set(fs.readdirSync(path.join(SRC, 'protocol/messages')))
    const handlers = fs.readdirSync(path.join(SRC, 'broker/handlers')).filter((name) => /^\d\d-/.test(name))
    expect(handlers.filter((name) => !messages.has(name))).toEqual([])
  })

  it('has mirrored tests only', () => {
    const floors = new Set(Object.keys(FLOORS))
    const orphans = fs
      .readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts') && floors.has(name.split('/')[0]!))
      .filter((name) => {
        const source = path.join(SRC, name.replace(/\.test\.ts$/, ''))
        return !fs.existsSync(`${source}.ts`) && !fs.existsSync(source)
      })
    expect(orphans).toEqual([])
  })
})

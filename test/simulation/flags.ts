/** What `npm run simulate` may be told. */
import { parseArgs } from 'node:util'
import type { QuorumPlan } from './quorum/quorum-world.ts'
import type { SimulateOptions } from './simulate.ts'
import { SHAPES, type Shape } from './world/topology.ts'

export interface Flags {
  readonly what: 'cluster' | 'quorum'
  readonly firstSeed: number
  readonly runs: number
  /** Lines of the trace to show after a violation. */
  readonly lines: number
  /** Show the whole trace as it comes. */
  readonly trace: boolean
  /** Do not stop at the first violation. */
  readonly keepGoing: boolean
  /** Show what happened how often after each run. */
  readonly counts: boolean
  readonly cluster: SimulateOptions
  /** What is left out, the seed decides. */
  readonly quorum: Partial<Omit<QuorumPlan, 'seed'>> & { readonly troubleMs?: number }
}

/** Told to people in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const USAGE = `npm run simulate -- [--what cluster|quorum] [--seed S] [--runs N] [--keep-going] [--trace] [--logs] [--lines N] [--counts]
  of a cluster: [--shape ${SHAPES.join('|')}] [--harsh | --no-harsh] [--calm] [--without-records] [--trouble MS] [--steps N]
  of a quorum:  [--voters N] [--brokers N] [--spares N] [--static] [--trouble MS]`

const OPTIONS = {
  what: { type: 'string', default: 'cluster' },
  seed: { type: 'string', default: '1' },
  runs: { type: 'string', default: '1' },
  lines: { type: 'string', default: '60' },
  trace: { type: 'boolean', default: false },
  logs: { type: 'boolean', default: false },
  counts: { type: 'boolean', default: false },
  'keep-going': { type: 'boolean', default: false },
  trouble: { type: 'string' },
  shape: { type: 'string' },
  steps: { type: 'string' },
  harsh: { type: 'boolean' },
  calm: { type: 'boolean' },
  'without-records': { type: 'boolean' },
  voters: { type: 'string' },
  brokers: { type: 'string' },
  spares: { type: 'string' },
  static: { type: 'boolean' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = ReturnType<typeof parse>

const ONLY_CLUSTER = ['shape', 'steps', 'harsh', 'calm', 'without-records'] as const
const ONLY_QUORUM = ['voters', 'brokers', 'spares', 'static'] as const

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowNegative: true } as const).values
  } catch (error) {
    // The first sentence says it; the others, some of them on lines of their own, offer what there is not.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!)
  }
}

/** Throws `UsageError`; null when help was asked for. */
export function readFlags(argv: readonly string[]): Flags | null {
  const values = parse(argv)
  if (values.help) return null
  const { what } = values
  if (what !== 'cluster' && what !== 'quorum') throw new UsageError(`--what is cluster or quorum, not '${what}'`)
  const foreign = (what === 'cluster' ? ONLY_QUORUM : ONLY_CLUSTER).find((name) => values[name] !== undefined)
  if (foreign !== undefined) throw new UsageError(`--${foreign} has no meaning with --what ${what}`)
  return {
    what,
    firstSeed: whole('seed', values.seed, 0),
    runs: whole('runs', values.runs, 1),
    lines: whole('lines', values.lines, 0),
    trace: values.trace,
    keepGoing: values['keep-going'],
    counts: values.counts,
    cluster: clusterOptions(values),
    quorum: quorumOptions(values),
  }
}

function whole(name: string, text: string, least: number): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)) || Number(text) < least) {
    throw new UsageError(`--${name} is a whole number of at least ${least}, not '${text}'`)
  }
  return Number(text)
}

/** Without the members that are undefined: they would stand in the way of defaults. */
function given<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never
}

const maybe = (name: string, text: string | undefined, least: number): number | undefined =>
  text === undefined ? undefined : whole(name, text, least)

function clusterOptions(values: Values): SimulateOptions {
  const { shape, harsh, calm, logs } = values
  if (shape !== undefined && !SHAPES.includes(shape as Shape)) {
    throw new UsageError(`--shape is one of ${SHAPES.join(', ')}, not '${shape}'`)
  }
  return given({
    ...{ shape: shape as Shape | undefined, harsh, calm, nodeLogs: logs },
    withoutRecords: values['without-records'],
    troubleMs: maybe('trouble', values.trouble, 0),
    maxSteps: maybe('steps', values.steps, 1),
  })
}

function quorumOptions(values: Values): Flags['quorum'] {
  return given({
    voters: maybe('voters', values.voters, 1),
    brokers: maybe('brokers', values.brokers, 0),
    spares: maybe('spares', values.spares, 0),
    isStatic: values.static,
    nodeLogs: values.logs,
    troubleMs: maybe('trouble', values.trouble, 0),
  })
}

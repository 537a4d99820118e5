/** What is said about a failure: why, what is to be seen of it now, and how to go on. */
import type { Clock } from '../../base/clock.ts'
import { Found } from './found.ts'
import type { Look } from './look.ts'
import type { Recognised } from './recognise.ts'
import type { Name, Said } from './said.ts'
import type { Step } from './step.ts'

/** Nobody waits longer than this for a look at the cluster. */
export const LOOK_MS = 2_000

export interface Answer {
  readonly why: string
  readonly facts: readonly string[]
  readonly next: readonly Step[]
}

/** Looks for at most `LOOK_MS` and tells what has been seen until then. Never throws. */
export async function answer({ row, said }: Recognised, look: Look, clock: Clock): Promise<Answer> {
  const found = new Found()
  if (row.observe !== undefined) await within(row.observe(said, look, found), clock)
  return {
    why: found.why ?? row.why,
    facts: found.facts,
    next: (found.next ?? row.next).map((step) => named(step, said)),
  }
}

function within(work: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(LOOK_MS, resolve)
    const end = (): void => {
      timer.cancel()
      resolve()
    }
    // What cannot be seen is left out; it is never a second failure.
    work.then(end, end)
  })
}

const NAMES: readonly Name[] = ['TOPIC', 'PARTITION', 'GROUP', 'BROKER', 'ID']

/** Names in capitals give way to those of the failure. */
function named(step: Step, said: Said): Step {
  if (step.run === undefined) return step
  const run = step.run.replaceAll(/\b[A-Z]+\b/g, (word) => {
    const name = NAMES.find((each) => each === word)
    return (name === undefined ? undefined : said.name(name)) ?? word
  })
  return { ...step, run }
}

/** What a line needs to reach the cluster that the failed one asked: ` --bootstrap-server host:9092`, or nothing. */
export function connectOf(said: Said): string {
  return ['bootstrap-server', 'command-config', 'profile']
    .map((option) => [option, said.option(option)] as const)
    .filter(([, value]) => value !== undefined && value !== '' && !/\s/.test(value))
    .map(([option, value]) => ` --${option} ${value}`)
    .join('')
}

/** Commands that ask no cluster, or another one than the rest. */
const APART = /^kt (cluster (start|add|reset|restart|status|logs)|explain|error|learn|storage|server-start|lab)\b/

/** As in Kafka, these are connected before their deed is named. */
const CONNECTED_FIRST = /^kt (transactions|features|metadata-quorum)\b/

function connected(run: string, connect: string): string {
  const first = CONNECTED_FIRST.exec(run)?.[0]
  return first === undefined ? `${run}${connect}` : `${first}${connect}${run.slice(first.length)}`
}

/** A step in one line; what it is for stands behind it as a shell's remark, so that the line can be pasted. */
export function stepText({ run, does }: Step, connect: string): string {
  if (run === undefined) return does ?? ''
  const line = APART.test(run) || run.includes('--bootstrap-server') ? run : connected(run, connect)
  return does === undefined ? line : `${line}   # ${does}`
}

/**
 * As text below a message; `told` is what stands there already, and is not said twice. `after` has the steps: where the
 * message has a next one of its own it comes between the two.
 */
export function answerText(
  { why, facts, next }: Answer,
  told: string,
  connect: string,
): { before: string; after: string } {
  const hasNext = /^ {2}next: /m.test(told)
  const reasons = [`why: ${why}`, ...facts].filter((fact) => !told.includes(fact))
  const steps = next.filter(({ run }) => run === undefined || !told.includes(run))
  return {
    before: reasons.map((line) => `  ${line}\n`).join(''),
    after: steps
      .map((step, at) => `${at === 0 && !hasNext ? '  next: ' : '    or: '}${stepText(step, connect)}\n`)
      .join(''),
  }
}

/**
 * The same command line given to Apache's script and to `kt`, against the same Apache cluster: stdout and exit code must
 * be equal. Both sides work on topics, groups and users of their own, written `{x}` in a case, so that a line which
 * changes something starts from the same state twice.
 */
import { expect } from 'vitest'
import { runScript } from './apache-kafka.ts'
import { runCommand } from './run-command.ts'

export interface ScriptCase {
  /** Arguments without `--bootstrap-server`, which is put in front; words in single quotes stay together. */
  readonly args: string
  /** What stands on standard input. */
  readonly input?: string
  /** `kt` command lines that prepare each side, in the same words, some with an input. */
  readonly before?: readonly (string | { readonly line: string; readonly input: string })[]
  /** `kt` command lines that clean up each side. */
  readonly after?: readonly string[]
  /** `kt` command lines whose output must be equal too after the command: what it changed. */
  readonly afterwards?: readonly string[]
  /** Takes out what differs from run to run. */
  readonly normalise?: (stdout: string) => string
  /** Leave `--bootstrap-server` out: the line is wrong in itself. */
  readonly withoutServer?: boolean
  /** The first line of stderr must be equal as well. */
  readonly stderr?: boolean
  /** kt's message is its own: exit codes are compared, and that both say something on the same stream. */
  readonly ownWords?: boolean
}

export interface ScriptUnderTest {
  readonly home: string
  /** `kafka-topics` */
  readonly script: string
  /** `topics` */
  readonly command: string
  readonly bootstrapServers: string
}

/** `--topic 'a b' x` -> words. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!)
}

/** Test processes share a cluster. */
const PROCESS = process.pid.toString(36)
let lastNumber = 0

/** Runs one case on both sides and compares. */
export async function compareWithScript(subject: ScriptUnderTest, given: ScriptCase): Promise<void> {
  const number = `${PROCESS}x${++lastNumber}`
  const sides = { script: `Gs${number}`, kt: `Gk${number}` }
  const [script, kt] = await Promise.all([
    runSide(subject, given, sides.script, (args) =>
      runScript(subject.home, subject.script, args, { input: given.input, timeoutMs: 120_000 }),
    ),
    runSide(subject, given, sides.kt, (args) => runCommand([subject.command, ...args], { input: given.input })),
  ])
  if (given.ownWords === true) {
    expect({ code: kt.code, silent: kt.stdout === '' }).toEqual({ code: script.code, silent: script.stdout === '' })
    return
  }
  expect(kt).toEqual(script)
}

interface Side {
  readonly code: number
  readonly stdout: string
  readonly stderr?: string
  readonly afterwards: readonly string[]
}

type Run = (args: string[]) => Promise<{ code: number; stdout: string; stderr: string }>

async function runSide(subject: ScriptUnderTest, given: ScriptCase, own: string, run: Run): Promise<Side> {
  const words = (line: string): string[] => splitWords(line).map((word) => word.replaceAll('{x}', own))
  const connection = ['--bootstrap-server', subject.bootstrapServers]
  const kt = async (line: string, input?: string): Promise<{ code: number; stdout: string; stderr: string }> => {
    const [command, ...rest] = words(line)
    return runCommand([command!, ...connection, ...rest], { input })
  }
  const clean = (text: string): string => {
    const same = text.replaceAll(own, '{x}').replace(/TopicId: [\w-]{22}/g, 'TopicId: ID')
    return given.normalise === undefined ? same : given.normalise(same)
  }
  for (const step of given.before ?? []) {
    const { line, input } = typeof step === 'string' ? { line: step, input: undefined } : step
    const prepared = await kt(line, input)
    if (prepared.code !== 0) throw new Error(`kt ${line}: ${prepared.stdout}${prepared.stderr}`)
  }
  try {
    const result = await run([...(given.withoutServer === true ? [] : connection), ...words(given.args)])
    const afterwards: string[] = []
    for (const line of given.afterwards ?? []) afterwards.push(clean((await kt(line)).stdout))
    return {
      code: result.code,
      stdout: clean(result.stdout),
      stderr: given.stderr === true ? clean(result.stderr.split('\n')[0]!) : undefined,
      afterwards,
    }
  } finally {
    for (const line of given.after ?? []) await kt(line)
  }
}

/** Sorts lines, for what the script prints in an order of chance. */
export function sortLines(text: string): string {
  return text.split('\n').sort().join('\n')
}

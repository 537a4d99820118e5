/**
 * The same command line given to Apache's script and to `kt`, against the same Apache cluster: stdout and exit code must
 * be equal. Both sides work on topics, groups and users of their own, written `{x}` in a case, so that a line which
 * changes something starts from the same state twice.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { expect, vi } from 'vitest'
import { isBundledReferee, runScript } from './apache-kafka.ts'
import { runCommand } from './run-command.ts'

export interface ScriptCase {
  /** Arguments without `--bootstrap-server`, which is put in front; words in single quotes stay together. */
  readonly args: string
  /** What stands on standard input. */
  readonly input?: string
  /** `kt` command lines that prepare each side, in the same words, some with an input. */
  readonly before?: readonly (string | Preparation)[]
  /** Files of each side, by name; `{dir}/name` in a line is their path. Their text may name what a line may name. */
  readonly files?: Readonly<Record<string, string>>
  /** `kt` command lines that end what the command left under way, before the other side has its turn. */
  readonly release?: readonly (string | Preparation)[]
  /** `kt` command lines that clean up each side. */
  readonly after?: readonly string[]
  /** `kt` command lines whose output must be equal too after the command: what it changed. */
  readonly afterwards?: readonly string[]
  /** Takes out what differs from run to run. */
  readonly normalise?: (stdout: string) => string
  /** Reads what other tests change at the same time: a difference counts when it stays. */
  readonly busy?: boolean
  /** Leave `--bootstrap-server` out: the line is wrong in itself. */
  readonly withoutServer?: boolean
  /** The first line of stderr must be equal as well. */
  readonly stderr?: boolean
  /** The error that stands below argparse4j's usage must be the first line of kt's stderr. */
  readonly argparseError?: boolean
  /** Whether the script gets a JVM of its own; left out: where it needs one. */
  readonly fresh?: boolean
  /** What the bundled cluster does not serve, as kt's one clear line names it: there that line is all that is looked for. */
  readonly needs?: string
  /** kt's message is its own: exit codes are compared, and that both say something on the same stream. */
  readonly ownWords?: boolean
}

export interface Preparation {
  readonly line: string
  readonly input?: string
  /** Said again and again until its output is such. */
  readonly until?: RegExp
}

export interface ScriptUnderTest {
  readonly home: string
  /** `kafka-topics` */
  readonly script: string
  /** `topics` */
  readonly command: string
  readonly bootstrapServers: string
  /** What `{name}` stands for in a case's arguments; `{server}` is always known. */
  readonly names?: Readonly<Record<string, string>>
  /**
   * For commands that change or see the whole cluster: first the script's side alone, then kt's. Resolves when what a side
   * has left under way is over.
   */
  readonly inTurns?: () => Promise<void>
  /**
   * How `kt` names what the bundled cluster does not serve: 'cannot answer DescribeAcls requests'. There a line that gets
   * as far as that must end in the one line that says so; every other line is compared.
   */
  readonly needs?: readonly string[]
}

/** `--topic 'a b' x` -> words. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!)
}

/** Test processes share a cluster. */
const PROCESS = process.pid.toString(36)
const WAIT = { timeout: 10_000, interval: 50 }
let lastNumber = 0

/** Runs one case on both sides and compares. */
export async function compareWithScript(subject: ScriptUnderTest, given: ScriptCase): Promise<void> {
  if (isBundledReferee()) {
    if (given.needs !== undefined) return expectRefusal(subject, given, given.needs)
    if (subject.needs !== undefined && (await isRefused(subject, given, subject.needs))) return
  }
  const number = `${PROCESS}x${++lastNumber}`
  const script = new CaseSide(subject, given, `Gs${number}`)
  const kt = new CaseSide(subject, given, `Gk${number}`)
  const sides = [script, kt]
  try {
    if (subject.inTurns === undefined) await Promise.all(sides.map((side) => side.prepare()))
    const once = () => compareOnce(subject, given, script, kt)
    await (given.busy === true ? vi.waitFor(once, WAIT) : once())
    await eventually(async () => {
      const [afterScript, afterKt] = await Promise.all(sides.map((side) => side.readAfterwards()))
      expect(afterKt).toEqual(afterScript)
    }, given.afterwards)
  } finally {
    await Promise.all(sides.map((side) => side.cleanUp()))
  }
}

/** What the cluster cannot do ends in a line that names it, not in waiting. */
async function expectRefusal(subject: ScriptUnderTest, given: ScriptCase, missing: string): Promise<void> {
  const { code, text } = await runKtAlone(subject, given)
  expect(code).toBeGreaterThan(0)
  expect(text).toContain(missing)
}

/** Whether a line comes to something that is not served; then it has to end there, and say so once. */
async function isRefused(subject: ScriptUnderTest, given: ScriptCase, needs: readonly string[]): Promise<boolean> {
  const { code, text } = await runKtAlone(subject, given)
  const refusals = text.split('\n').filter((line) => needs.some((need) => line.includes(need)))
  if (refusals.length === 0) return false
  expect({ code, refusals }).toEqual({ code: 1, refusals: [refusals[0]] })
  expect(text).not.toMatch(/^\s+at /m)
  return true
}

/** kt's side without a script beside it. What cannot even be prepared counts as what the line came to. */
async function runKtAlone(subject: ScriptUnderTest, given: ScriptCase): Promise<{ code: number; text: string }> {
  const side = new CaseSide(subject, given, `Gk${PROCESS}x${++lastNumber}`)
  let said = { code: 1, text: '' }
  try {
    await side.prepare()
    await side.run(async (args) => {
      const result = await runCommand([subject.command, ...args], { input: given.input })
      said = { code: result.code, text: `${result.stdout}${result.stderr}` }
      return result
    })
  } catch (error) {
    said = { code: 1, text: String(error) }
  } finally {
    await side.cleanUp()
  }
  return said
}

async function compareOnce(subject: ScriptUnderTest, given: ScriptCase, script: CaseSide, kt: CaseSide): Promise<void> {
  const askScript = () =>
    script.run((args) => runScript(subject.home, subject.script, args, { input: given.input, timeoutMs: 120_000 }))
  const askKt = () => kt.run((args) => runCommand([subject.command, ...args], { input: given.input }))
  const [theirs, ours] =
    subject.inTurns === undefined
      ? await Promise.all([askScript(), askKt()])
      : [await script.turn(askScript, subject.inTurns), await kt.turn(askKt, subject.inTurns)]
  if (given.ownWords === true) {
    const seen = ({ code, stdout }: Side) => ({ code, silent: stdout === '' })
    expect(seen(ours)).toEqual(seen(theirs))
  } else {
    expect(ours).toEqual(theirs)
  }
}

/**
 * A broker answers a change of metadata before each of its parts has seen it: what is read right after may be from
 * before. What reads records or groups sees the newest state, and may change it: that is read once.
 */
async function eventually(assertion: () => Promise<void>, lines: readonly string[] = []): Promise<void> {
  await (lines.every((line) => /^(topics|configs|reassign-partitions --verify --preserve-throttles) /.test(line))
    ? vi.waitFor(assertion, WAIT)
    : assertion())
}

interface Side {
  readonly code: number
  readonly stdout: string
  readonly stderr?: string
}

type Run = (args: string[]) => Promise<{ code: number; stdout: string; stderr: string }>

/** One side of a case: its own names, its preparations, its traces. */
class CaseSide {
  readonly #given: ScriptCase
  readonly #own: string
  readonly #connection: readonly string[]
  readonly #directory: string
  readonly #names: readonly (readonly [string, string])[]

  constructor(subject: ScriptUnderTest, given: ScriptCase, own: string) {
    this.#given = given
    this.#own = own
    this.#connection = ['--bootstrap-server', subject.bootstrapServers]
    this.#directory = path.join(os.tmpdir(), `kt-case-${own}`)
    this.#names = Object.entries({
      x: own,
      dir: this.#directory,
      server: subject.bootstrapServers,
      ...subject.names,
    })
  }

  /** Prepares, runs and lets what is under way come to its end. */
  async turn(run: () => Promise<Side>, settled: () => Promise<void>): Promise<Side> {
    await this.prepare()
    const side = await run()
    for (const step of this.#given.release ?? []) await this.#do(step)
    await settled()
    return side
  }

  async prepare(): Promise<void> {
    this.#writeFiles()
    for (const step of this.#given.before ?? []) await this.#do(step)
  }

  async #do(step: string | Preparation): Promise<void> {
    const { line, input, until }: Preparation = typeof step === 'string' ? { line: step } : step
    const prepare = async (): Promise<void> => {
      const prepared = await this.#kt(line, input)
      if (prepared.code !== 0) throw new Error(`kt ${line}: ${prepared.stdout}${prepared.stderr}`)
      if (until !== undefined) expect(prepared.stdout).toMatch(until)
    }
    await (until === undefined ? prepare() : vi.waitFor(prepare, WAIT))
    await this.#untilVisible(line)
  }

  async run(run: Run): Promise<Side> {
    const { args, withoutServer, stderr, argparseError } = this.#given
    const result = await run([...(withoutServer === true ? [] : this.#connection), ...this.#words(args)])
    return {
      code: result.code,
      stdout: this.#clean(result.stdout),
      stderr:
        argparseError === true
          ? argparseErrorOf(result.stderr)
          : stderr === true
            ? this.#clean(sortOptionLists(result.stderr.split('\n')[0]!))
            : undefined,
    }
  }

  async readAfterwards(): Promise<string[]> {
    const read: string[] = []
    for (const line of this.#given.afterwards ?? []) read.push(this.#clean((await this.#kt(line)).stdout))
    return read
  }

  async cleanUp(): Promise<void> {
    for (const line of this.#given.after ?? []) await this.#kt(line)
    if (this.#given.files !== undefined) fs.rmSync(this.#directory, { recursive: true, force: true })
  }

  #writeFiles(): void {
    const files = Object.entries(this.#given.files ?? {})
    if (files.length > 0) fs.mkdirSync(this.#directory, { recursive: true })
    for (const [name, text] of files) fs.writeFileSync(path.join(this.#directory, name), this.#named(text))
  }

  /** Waits until the broker shows what a line created or set. */
  async #untilVisible(line: string): Promise<void> {
    const topic = /^topics --create .*--topic \S+/.test(line) ? /--topic \S+/.exec(line)![0] : undefined
    const entity = /^configs --alter (.*) --add-config/.exec(line)?.[1]
    if (topic !== undefined) {
      const list = async (): Promise<string> => (await this.#kt(`topics --list ${topic}`)).stdout.trim()
      await vi.waitFor(async () => expect(await list()).not.toBe(''), WAIT)
    } else if (entity !== undefined) {
      const describe = async (): Promise<string> => (await this.#kt(`configs --describe ${entity}`)).stdout
      await vi.waitFor(async () => expect(await describe()).toContain('='), WAIT)
    }
  }

  #words(line: string): string[] {
    return splitWords(line).map((word) => this.#named(word))
  }

  #named(text: string): string {
    return this.#names.reduce((named, [name, value]) => named.replaceAll(`{${name}}`, value), text)
  }

  #clean(text: string): string {
    const same = text.replaceAll(this.#own, '{x}').replace(/TopicId: [\w-]{22}/g, 'TopicId: ID')
    return this.#given.normalise === undefined ? same : this.#given.normalise(same)
  }

  #kt(line: string, input?: string): Promise<{ code: number; stdout: string; stderr: string }> {
    const [command, ...rest] = this.#words(line)
    const connection = line.includes('--bootstrap-controller') ? [] : this.#connection
    return runCommand([command!, ...connection, ...rest], { input })
  }
}

/** argparse4j breaks lines anywhere and pads them with blanks: the letters alone are compared. */
function argparseErrorOf(stderr: string): string {
  const below = /:\s+error:\s+([\s\S]*?)(?:\nDid you mean:[\s\S]*)?$/.exec(stderr)?.[1]
  return (below ?? stderr.split('\n')[0]!).replace(/\s+/g, '')
}

/** `[group], [all-groups]`: the script prints sets of options in an order that each JVM draws anew. */
function sortOptionLists(line: string): string {
  return line.replace(/\[[\w-]+\](, \[[\w-]+\])+/g, (list) => list.split(', ').sort().join(', '))
}

/** Sorts lines, for what the script prints in an order of chance. */
export function sortLines(text: string): string {
  return text.split('\n').sort().join('\n')
}

/**
 * One lesson, proved: unsolved it is not passed, its solution passes it, what is told afterwards is whole, and `reset`
 * leaves the cluster as it was.
 */
import type { Desk } from '../../src/commands/learn/desk.ts'
import type { Seeing, Sitting } from '../../src/commands/learn/sitting.ts'
import type { Lesson, SolutionStep } from '../../src/learn/lesson.ts'
import type { LessonEntry } from '../../src/learn/lessons/index.ts'
import { names } from '../../src/learn/names.ts'
import { type ClusterState, clusterState, stageState } from './cluster-state.ts'
import type { Beside, LessonWorld, Run } from './world.ts'

export interface Proof {
  readonly number: number
  readonly title: string
  readonly durationMs: number
  /** Why it was not done here; null when it was. */
  readonly skipped: string | null
  /** What is wrong with it; empty when all is well. */
  readonly failures: readonly string[]
}

const LOOK_MS = 150
/** For one goal, and for the whole lesson after its last line. */
const GOAL_LIMIT_MS = 60_000
/** Where a goal says that it is on its way by itself, and the clocks are Kafka's own: retention is looked at every 5 minutes. */
const WAITING_LIMIT_MS = 330_000
const RESTORE_LIMIT_MS = 20_000
/** Members of a consumer that just ended. */
const RESET_TRIES = 4
const RESET_PAUSE_MS = 1_500
const CANNOT = 21
const SHOWN_OUTPUT = 600

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))

/** Proves a lesson; what is wrong with it is in the result, nothing is thrown. */
export async function prove(entry: LessonEntry, world: LessonWorld): Promise<Proof> {
  const began = performance.now()
  const proof = new LessonProof(entry, world)
  try {
    await proof.run()
  } catch (error) {
    proof.failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await proof.end()
  }
  const { number, title } = entry
  const { skipped, failures } = proof
  return { number, title, durationMs: performance.now() - began, skipped, failures }
}

class LessonProof {
  readonly failures: string[] = []
  skipped: string | null = null
  readonly #entry: LessonEntry
  readonly #world: LessonWorld
  readonly #besides: Beside[] = []
  #desk: Desk | null = null
  #latest: Seeing | null = null

  constructor(entry: LessonEntry, world: LessonWorld) {
    this.#entry = entry
    this.#world = world
  }

  async run(): Promise<void> {
    const lesson = await this.#entry.load()
    if (lesson.where === 'local' && !this.#world.isBundled) {
      this.skipped = 'it needs the nodes of the bundled cluster'
      return
    }
    const desk = await this.#world.desk()
    this.#desk = desk
    const before = lesson.withoutCluster === true ? null : await this.#stateBefore(desk)
    if (!(await this.#opens(lesson))) return
    const { sitting } = await desk.open(this.#entry)
    if (sitting === null) throw new Error('kt learn opens it, the desk does not')
    try {
      await this.#isUnsolved(sitting)
      await this.#setsUpOnce(sitting, desk)
      await this.#solve(sitting)
    } finally {
      await this.#endBesides()
      await this.#resets(desk, before)
    }
  }

  async end(): Promise<void> {
    await this.#endBesides()
    await this.#desk?.close()
  }

  /** The cluster runs already, but for the first lesson of all. */
  async #stateBefore(desk: Desk): Promise<ClusterState> {
    await this.#must('cluster start')
    return clusterState(desk)
  }

  /** True when it was opened; a lesson that needs what the bundled cluster has not got says so. */
  async #opens(lesson: Lesson): Promise<boolean> {
    const { code, output } = await this.#world.kt(`learn goto ${lesson.number} --yes`)
    if (code === CANNOT) {
      const lacks = (lesson.needs ?? []).some(
        ({ kind }) =>
          (this.#world.isBundled && (kind === 'apache' || kind === 'api')) ||
          (kind === 'kafka-home' && !this.#world.hasKafkaHome),
      )
      if (lacks) this.skipped = /cluster: ([\s\S]*?)\.\n/.exec(output)?.[1]?.replace(/\s+/g, ' ') ?? output
      else this.failures.push(`it cannot be done here: ${output}`)
      return false
    }
    if (code !== 0) throw new Error(`kt learn goto ${lesson.number}: exit code ${code}\n${output}`)
    this.#isWhole('what kt learn goto prints', output)
    return true
  }

  async #isUnsolved(sitting: Sitting): Promise<void> {
    const { goals, isPassed } = await sitting.look()
    if (isPassed) this.failures.push('it is passed before anything was done')
    for (const [at, { name, verdict }] of goals.entries()) {
      const expected = sitting.lesson.goals[at]!.fromStart === true ? 'done' : 'not-yet'
      if (verdict.state === expected) continue
      const why = 'why' in verdict ? verdict.why : verdict.observed
      this.failures.push(`at the start '${name}' is ${verdict.state} instead of ${expected}: ${why}`)
    }
  }

  async #setsUpOnce(sitting: Sitting, desk: Desk): Promise<void> {
    const { prefix } = names(sitting.lesson.number)
    if (sitting.lesson.setUp === undefined) return
    const goesOn = sitting.lesson.goesOn === true
    const once = await stageState(desk, prefix, goesOn)
    await sitting.teacher.begin()
    const twice = await stageState(desk, prefix, goesOn)
    const [one, two] = [JSON.stringify(once), JSON.stringify(twice)]
    if (one !== two) this.failures.push(`set up twice it is not the same:\n  ${one}\n  ${two}`)
  }

  /** Looks all the time, as a learner's other terminal does, while the lines of the solution run. */
  async #solve(sitting: Sitting): Promise<void> {
    const looking = { on: true }
    const looks = this.#lookOn(sitting, looking)
    try {
      for (const step of sitting.lesson.solution) await this.#step(step, sitting)
      await this.#reach(() => this.#latest?.isPassed === true, 'all goals')
    } finally {
      looking.on = false
      await looks
    }
    await this.#isToldWell(sitting)
  }

  async #lookOn(sitting: Sitting, looking: { on: boolean }): Promise<void> {
    while (looking.on) {
      // While brokers die a look may fail; the next one tells.
      await sitting.look().then(
        (seeing) => {
          this.#latest = seeing
        },
        () => undefined,
      )
      await pause(LOOK_MS)
    }
  }

  async #step(step: SolutionStep, sitting: Sitting): Promise<void> {
    const { look } = await sitting.look()
    const line = (await step.lineOf?.(look)) ?? step.line
    if (step.answers !== undefined) await sitting.answer(step.answers, line, look)
    else if (step.ends === true) await this.#besides.pop()?.end()
    else if (step.beside === true) this.#besides.push(this.#world.beside(line, step.input))
    else {
      const { code, output } = await this.#world.kt(line, step.input)
      if (code !== (step.exitCode ?? 0)) {
        throw new Error(`kt ${line}: exit code ${code}, expected ${step.exitCode ?? 0}\n${tail(output)}`)
      }
    }
    if (step.until === undefined) return
    const goal = sitting.lesson.goals.findIndex(({ name }) => name === step.until)
    if (goal < 0) throw new Error(`no goal is called '${step.until}'`)
    await this.#reach(() => this.#latest?.goals[goal]?.verdict.state === 'done', step.until)
  }

  async #reach(isReached: () => boolean, what: string): Promise<void> {
    const began = performance.now()
    // What was seen before the line that was just run does not count.
    this.#latest = null
    while (!isReached()) {
      const limitMs = !this.#world.isBundled && this.#isWaiting() ? WAITING_LIMIT_MS : GOAL_LIMIT_MS
      if (performance.now() - began > limitMs) {
        const besides = this.#besides.map(({ output }) => `\n  beside: ${tail(output)}`).join('')
        throw new Error(`${what} not reached within ${limitMs / 1000} s\n${this.#states()}${besides}`)
      }
      await pause(LOOK_MS)
    }
  }

  #isWaiting(): boolean {
    const goals = this.#latest?.goals ?? []
    return goals.some(({ verdict }) => verdict.state === 'not-yet' && verdict.waitingFor !== undefined)
  }

  #states(): string {
    return (this.#latest?.goals ?? []).map(({ name, verdict }) => `  ${name}: ${JSON.stringify(verdict)}`).join('\n')
  }

  async #isToldWell(sitting: Sitting): Promise<void> {
    const seeing = await sitting.look()
    if (seeing.isPassed) this.#isWhole('what is told afterwards', await sitting.lesson.after(seeing.look))
    else this.failures.push(`it was passed, and is not any more:\n${this.#states()}`)
    const { code, output } = await this.#world.kt('learn check')
    if (code !== 0) this.failures.push(`kt learn check of the passed lesson: exit code ${code}\n${output}`)
    this.#isWhole('what kt learn check prints', output)
    for (const { name, choices, answer } of sitting.lesson.questions ?? []) {
      const right = await answer(seeing.look)
      if (right === null) this.failures.push(`nobody knows the answer to '${name}' when the lesson is passed`)
      else if (choices !== undefined && !choices.includes(right)) {
        this.failures.push(`'${right}' is none of the choices of '${name}'`)
      }
    }
  }

  /** A value that was not there shows as one of these. */
  #isWhole(what: string, text: string): void {
    const hole = /undefined|\bNaN\b|\[object|\bnull\b(?!\.)|\(\s*\)|broker -1/.exec(text)?.[0]
    if (hole !== undefined || text.trim() === '') this.failures.push(`${what} has a hole, '${hole}':\n${text}`)
  }

  async #resets(desk: Desk, before: ClusterState | null): Promise<void> {
    let run: Run = { code: -1, output: '' }
    for (let left = RESET_TRIES; left > 0 && run.code !== 0; left--) {
      if (run.code !== -1) await pause(RESET_PAUSE_MS)
      run = await this.#world.kt(`learn reset ${this.#entry.number}`)
    }
    if (run.code !== 0) this.failures.push(`kt learn reset: exit code ${run.code}\n${run.output}`)
    if (before === null) return
    const wanted = JSON.stringify(before)
    let now = ''
    const until = performance.now() + RESTORE_LIMIT_MS
    do {
      now = await clusterState(desk).then(JSON.stringify, String)
      if (now === wanted) return
      await pause(LOOK_MS)
    } while (performance.now() < until)
    this.failures.push(`reset does not restore the cluster:\n  before ${wanted}\n  after  ${now}`)
    // The next lesson is not to blame.
    for (const line of ['cluster heal', 'cluster start']) if (this.#world.isBundled) await this.#world.kt(line)
  }

  async #endBesides(): Promise<void> {
    await Promise.all(this.#besides.splice(0).map((beside) => beside.end()))
  }

  async #must(line: string): Promise<void> {
    if (!this.#world.isBundled) return
    const { code, output } = await this.#world.kt(line)
    if (code !== 0) throw new Error(`kt ${line}: exit code ${code}\n${output}`)
  }
}

function tail(output: string): string {
  return output.length > SHOWN_OUTPUT ? `... ${output.slice(-SHOWN_OUTPUT)}` : output
}

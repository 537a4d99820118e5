/**
 * The teacher of one lesson: prepares it, looks at the cluster again and again, says which goals are reached, and gives
 * hints. It prints nothing and keeps no files: `commands/learn` shows, `store.ts` keeps.
 */

import type { Timer } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import { wayOutOf } from './checks/ways-out.ts'
import { type FactParts, Facts } from './facts/facts.ts'
import { type Event, type Journal, takeSnapshot, type Watched } from './journal.ts'
import type { Lesson, Look, Need } from './lesson.ts'
import type { Attempt } from './progress.ts'
import type { Stage } from './stage.ts'
import { type Cannot, cannot, type Verdict, type WayOut } from './verdict.ts'

export interface TeacherParts {
  readonly lesson: Lesson
  readonly facts: FactParts
  readonly stage: Stage
  readonly journal: Journal
}

/** What one look found. */
export interface LessonView {
  /** When the look began, in ms since 1970. */
  readonly at: number
  readonly look: Look
  readonly goals: readonly { readonly name: string; readonly verdict: Verdict }[]
  /** What has changed on the cluster since the look before. */
  readonly events: readonly Event[]
  /** All goals are reached in this look. */
  readonly isPassed: boolean
}

/** Between two notes of the journal while checks take their time. */
const NOTE_INTERVAL_MS = 250
/** Groups are described within milliseconds; on a cluster that a lesson has broken nobody may ever answer. */
const CHECK_LIMIT_MS = 2_000

export class Teacher {
  readonly lesson: Lesson
  readonly #parts: TeacherParts
  readonly #watched: Watched
  /** Events that no look has told of yet. */
  #untold: Event[] = []

  constructor(parts: TeacherParts) {
    this.lesson = parts.lesson
    this.#parts = parts
    const { topics = [], groups = [] } = parts.lesson.watch ?? {}
    this.#watched = { topics, groups }
  }

  /** Makes what the lesson starts from; null, or why it cannot be done on this cluster. Done again it changes nothing. */
  async begin(): Promise<Cannot | null> {
    const missing = await this.missing()
    if (missing !== null) return missing
    const { stage } = this.#parts
    // A lesson starts from a whole cluster: an earlier one may have left some of it dead.
    if (this.lesson.withoutCluster !== true) await wholeCluster(stage, this.#facts())
    await this.lesson.setUp?.(stage)
    // The state that the first change is seen against.
    await this.#note(this.#facts())
    return null
  }

  /** Goes on with a lesson after another one: what happened meanwhile is no deed of this one. */
  async resume(): Promise<void> {
    const { journal } = this.#parts
    journal.resume(await takeSnapshot(this.#facts(), this.#watched, journal.last))
  }

  /** The first thing that this cluster has not got and the lesson needs. */
  async missing(): Promise<Cannot | null> {
    const facts = this.#facts()
    if (this.lesson.where === 'local' && facts.nodes() === null) {
      return cannot('this lesson kills and pauses brokers, which only the bundled cluster allows', 'kt learn --local')
    }
    for (const need of this.lesson.needs ?? []) {
      const missing = await unmet(need, facts, this.lesson)
      if (missing !== null) return missing
    }
    return null
  }

  /** Looks at the cluster once. A check that throws has failed, and says so; the others go on. */
  async look(answers: ReadonlyMap<string, string> = new Map()): Promise<LessonView> {
    const facts = this.#facts()
    await this.#note(facts)
    const look: Look = { facts, journal: this.#parts.journal, answers }
    const checking = Promise.all(
      this.lesson.goals.map(async ({ name, check }) => ({ name, verdict: await check(look).catch(failed) })),
    )
    await this.#noteDuring(checking)
    const goals = await this.#withWayOut(await checking, look)
    const isPassed = goals.every(({ verdict }) => verdict.state === 'done')
    const events = this.#untold.splice(0)
    return { at: facts.at, look, goals, events, isPassed }
  }

  /** What stands in the way of the whole lesson is said at the first open goal that knows no way out itself. */
  async #withWayOut(goals: LessonView['goals'], look: Look): Promise<LessonView['goals']> {
    const open = goals.findIndex(({ verdict }) => {
      return verdict.state === 'failed' || (verdict.state === 'not-yet' && verdict.wayOut === undefined)
    })
    const { verdict } = goals[open] ?? {}
    if (verdict === undefined) return goals
    const wayOut = await wayOutOf(this.lesson, look)
    return wayOut === null ? goals : goals.with(open, { ...goals[open]!, verdict: withWayOut(verdict, wayOut) })
  }

  /** While a dead leader keeps checks waiting, the cluster goes on: the journal is to know when. */
  async #noteDuring(work: Promise<unknown>): Promise<void> {
    let isOver = false
    const over = work.then(() => {
      isOver = true
    })
    while (!isOver) {
      let timer: Timer | undefined
      const moment = new Promise<void>((resolve) => {
        timer = this.#parts.facts.clock.setTimer(NOTE_INTERVAL_MS, resolve)
      })
      await Promise.race([over, moment])
      timer?.cancel()
      if (!isOver) await Promise.race([over, this.#note(this.#facts())])
    }
  }

  /** Throws a conflict when something keeps the lesson from being undone. Changes nothing. */
  async checkReset(): Promise<void> {
    const { stage, facts } = this.#parts
    const check = stage.checkClear().catch((error: unknown) => {
      // Nobody may be able to answer before `restore` has mended the cluster: `clear` asks again, before it deletes.
      if (error instanceof KtError && error.kind === 'conflict') throw error
    })
    let timer: Timer | undefined
    const late = new Promise<void>((resolve) => {
      timer = facts.clock.setTimer(CHECK_LIMIT_MS, resolve)
    })
    await Promise.race([check, late]).finally(() => timer?.cancel())
  }

  /** Undoes the lesson: its own topics and groups, and what it had changed elsewhere. */
  async reset(): Promise<void> {
    const { stage, journal } = this.#parts
    await this.checkReset()
    // What came since the last look is known as well.
    if (this.lesson.restore !== undefined && journal.last !== null) await this.#note(this.#facts())
    await this.lesson.restore?.(stage, journal)
    await stage.clear()
  }

  #facts(): Facts {
    return new Facts(this.#parts.facts)
  }

  async #note(facts: Facts): Promise<void> {
    const { journal } = this.#parts
    this.#untold.push(...journal.note(await takeSnapshot(facts, this.#watched, journal.last)))
  }
}

function failed(error: unknown): Verdict {
  const next = (error instanceof KtError ? error.next : undefined) ?? 'kt cluster status'
  return { state: 'failed', why: error instanceof Error ? error.message : String(error), next }
}

function withWayOut(verdict: Verdict, wayOut: WayOut): Verdict {
  if (verdict.state === 'not-yet') return { ...verdict, wayOut }
  return verdict.state === 'failed' ? { ...verdict, why: `${verdict.why}; ${wayOut.why}`, next: wayOut.next } : verdict
}

async function unmet(need: Need, facts: Facts, { number }: Lesson): Promise<Cannot | null> {
  switch (need.kind) {
    case 'brokers': {
      const nodes = facts.nodes()
      // Of the bundled cluster those that are dead count too: a lesson may just have killed them.
      const { length } = nodes === null ? (await facts.cluster()).brokers : nodes.filter(({ isBroker }) => isBroker)
      if (length >= need.atLeast) return null
      const next = nodes === null ? 'choose a cluster that has them, with --bootstrap-server' : 'kt cluster add'
      return cannot(`it needs ${need.atLeast} brokers, and this cluster has ${length}`, next)
    }
    case 'controllers': {
      const { length } = (await facts.quorum()).voters
      if (length >= need.atLeast) return null
      // A second cluster beside the learner's own: nothing that is there has to go.
      const next =
        facts.nodes() === null
          ? 'choose a cluster that has them, with --bootstrap-server'
          : `kt cluster start --name quorum --controllers ${need.atLeast} && KT_CLUSTER=quorum kt learn ${number}`
      return cannot(`it needs ${need.atLeast} controllers, and the quorum has ${length}`, next)
    }
    case 'api': {
      if ((await facts.apis()).has(need.key)) return null
      return cannot(`this cluster does not serve ${need.what}`, AGAINST_APACHE)
    }
    case 'kafka-home': {
      if (facts.kafka?.script(need.script) != null) return null
      const why =
        facts.kafka === null ? 'KAFKA_HOME names no Apache Kafka' : `${facts.kafka.directory} has no bin/${need.script}`
      return cannot(`it needs ${need.what}, which runs on Java, and ${why}`, withKafka(number))
    }
    case 'apache':
      return facts.nodes() === null ? null : cannot(`the bundled cluster has no ${need.what} yet`, AGAINST_APACHE)
  }
}

const withKafka = (lesson: number): string =>
  `put Apache Kafka and Java on this machine, then: KAFKA_HOME=/path/to/kafka kt learn ${lesson}`
const AGAINST_APACHE = 'do it on Apache Kafka: kt learn --bootstrap-server HOST:PORT'

async function wholeCluster(stage: Stage, facts: Facts): Promise<void> {
  const nodes = facts.nodes() ?? []
  if (nodes.some(({ state }) => state === 'stopped')) await stage.nodes?.startAll()
  await stage.nodes?.heal()
}

/** A hint, and what it reacts to. */
export interface Hint {
  readonly goal: string
  /** 1 to 3. */
  readonly level: number
  /** What went wrong with the last command, where one failed; null otherwise. */
  readonly lastError: string | null
  readonly text: string
  /** Set where going on as before never gets there: this comes first, and no hint was used up. */
  readonly wayOut: WayOut | null
}

/** The next hint for the first goal that is not reached, after `shown` of it were shown; null when all are reached. */
export function nextHint(
  lesson: Lesson,
  view: Pick<LessonView, 'goals'>,
  shown: (goal: string) => number,
  last: Attempt | null,
): Hint | null {
  const open = view.goals.find(({ verdict }) => verdict.state !== 'done')
  const goal = lesson.goals.find(({ name }) => name === open?.name)
  if (goal === undefined) return null
  const level = Math.min(3, shown(goal.name) + 1)
  const lastError =
    last !== null && isFailure(last) ? `${last.line}: ${last.error || `exit code ${last.exitCode}`}` : null
  const wayOut = open?.verdict.state === 'not-yet' ? (open.verdict.wayOut ?? null) : null
  return { goal: goal.name, level, lastError, text: goal.hints[level - 1]!, wayOut }
}

/** Ctrl-C is how a consumer ends, and no failure. */
export function isFailure({ exitCode }: Pick<Attempt, 'exitCode'>): boolean {
  return exitCode !== 0 && exitCode !== 130 && exitCode !== 143
}

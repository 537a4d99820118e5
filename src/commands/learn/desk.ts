/**
 * The teacher's desk: the course, the learner's progress, and where lessons take place, put together. It prints nothing:
 * the plain commands and the full screen both sit on it.
 */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { findKafkaHome } from '../../cli/kafka-home.ts'
import { nearest } from '../../cli/nearest.ts'
import { ktHome } from '../../cluster/cluster-directory.ts'
import { writeRecords } from '../../learn/facts/records.ts'
import { Journal } from '../../learn/journal.ts'
import type { Lesson } from '../../learn/lesson.ts'
import type { LessonEntry } from '../../learn/lessons/index.ts'
import { names } from '../../learn/names.ts'
import { forgotten, opened, type Progress, progressOf } from '../../learn/progress.ts'
import { Stage } from '../../learn/stage.ts'
import { LearnStore } from '../../learn/store.ts'
import { Teacher } from '../../learn/teacher.ts'
import type { Cannot } from '../../learn/verdict.ts'
import { type ForeignCluster, requireAgreement } from './agreement.ts'
import { BesideClusters } from './clusters-beside.ts'
import { lessonFiles } from './lesson-files.ts'
import { choosePlace, type Place, type PlaceChoice } from './place.ts'
import { Programs } from './programs/processes.ts'
import { Sitting } from './sitting.ts'

export interface DeskOptions extends Omit<PlaceChoice, 'remembered'> {
  readonly course: readonly LessonEntry[]
  /** Asks a person before the first lesson on a cluster that is not ours; throws where nobody can be asked. */
  readonly agree: (cluster: ForeignCluster) => Promise<boolean>
}

/** A lesson that was opened, or why it cannot be done here and which one can. */
export type Opening =
  | { readonly sitting: Sitting; readonly cannot: null }
  | { readonly sitting: null; readonly cannot: Cannot; readonly lesson: Lesson; readonly instead: LessonEntry | null }

type DeskContext = Pick<CommandContext, 'env' | 'stderr' | 'clock' | 'connection' | 'admin'>

/** Owner of nothing but the connection: what was learned is in the store, and is read anew each time. */
export class Desk {
  readonly store: LearnStore
  readonly course: readonly LessonEntry[]
  readonly place: Place
  readonly #context: DeskContext
  readonly #agree: DeskOptions['agree']
  readonly #beside: BesideClusters
  readonly #programs: Programs

  private constructor(store: LearnStore, place: Place, context: DeskContext, { course, agree }: DeskOptions) {
    this.store = store
    this.place = place
    this.course = course
    this.#context = context
    this.#agree = agree
    this.#beside = new BesideClusters(context.env)
    this.#programs = new Programs(context.env)
  }

  static async open(options: DeskOptions, context: DeskContext): Promise<Desk> {
    const store = new LearnStore(ktHome(context.env))
    const place = await choosePlace({ ...options, remembered: store.readOpen()?.target ?? null }, context)
    return new Desk(store, place, context, options)
  }

  get progress(): Progress {
    return this.store.readProgress()
  }

  /** Other commands may have changed it since it was last read: read, changed and written at once. */
  update(change: (progress: Progress) => Progress): Progress {
    const progress = change(this.store.readProgress())
    this.store.writeProgress(progress)
    return progress
  }

  /** By number, name or words of its title. Throws `KtError` of kind not-found. */
  entry(word: string): LessonEntry {
    return entryOf(word, this.course)
  }

  /** The lesson that `kt learn` opens. */
  get current(): LessonEntry {
    const { current } = this.progress
    return this.course.find(({ number }) => number >= current) ?? this.course.at(-1)!
  }

  /** The one that follows in the course; null after the last. */
  after(number: number): LessonEntry | null {
    return this.course.find((entry) => entry.number > number) ?? null
  }

  /**
   * Sets the lesson up unless that was done, and makes it the current one. A follower opens what another terminal has
   * opened: when that one has gone on meanwhile, the lesson does not become the current one again.
   */
  async open(entry: LessonEntry, { isFollower = false }: { isFollower?: boolean } = {}): Promise<Opening> {
    const lesson = await entry.load()
    if (lesson.withoutCluster !== true) await this.place.ensureRunning()
    const clusterId = await this.#clusterId(lesson)
    const fresh = this.#isFresh(lesson, clusterId)
    const journal = fresh ? new Journal() : this.store.readJournal(lesson.number)
    const teacher = this.#teacher(lesson, journal)
    const missing = await teacher.missing()
    if (missing !== null) return { sitting: null, cannot: missing, lesson, instead: await this.#possibleAfter(lesson) }
    if (clusterId !== null) await this.#agreed(lesson, clusterId)
    if (fresh) {
      const cannot = await teacher.begin()
      if (cannot !== null) return { sitting: null, cannot, lesson, instead: null }
      if (clusterId !== null) this.#markSetUp(lesson, clusterId)
      this.store.writeJournal(lesson.number, journal)
    } else if (clusterId !== null) await this.#goOn(lesson, teacher, journal)
    if (!isFollower || this.progress.current === lesson.number) this.#makeCurrent(lesson)
    return { sitting: new Sitting(this, teacher, journal, this.#context.clock), cannot: null }
  }

  /** What happened before it was begun, or while another lesson was open, is no deed of this one. */
  async #goOn({ number }: Lesson, teacher: Teacher, journal: Journal): Promise<void> {
    journal.since(progressOf(this.progress, number)?.startedAt ?? 0)
    if (this.progress.current === number) return
    await teacher.resume()
    this.store.writeJournal(number, journal)
  }

  /** Another terminal has opened it, on another cluster than this one's. */
  async isElsewhere(entry: LessonEntry): Promise<boolean> {
    const on = this.store.readPlaces().setUpOn[String(entry.number)]
    if (on === undefined) return false
    const here = await this.#clusterId(await entry.load()).catch(() => null)
    return here !== null && here !== on
  }

  #makeCurrent({ number }: Lesson): void {
    const now = this.#context.clock.now()
    this.update((progress) => opened(progress, number, now))
    this.store.writeOpen({ lesson: number, at: now, target: this.place.target })
  }

  /** Undoes a lesson: its topics and groups, its settings, what is known of it. Another lesson stays the open one. */
  async reset(entry: LessonEntry): Promise<void> {
    const lesson = await entry.load()
    if (lesson.withoutCluster !== true) {
      await this.place.ensureRunning()
      // What was seen on another cluster says nothing here.
      const isHere = this.store.readPlaces().setUpOn[String(lesson.number)] === (await this.#clusterId(lesson))
      await this.#teacher(lesson, isHere ? this.store.readJournal(lesson.number) : new Journal()).reset()
    }
    this.update((progress) => forgotten(progress, lesson.number))
    this.store.forget(lesson.number)
    if (this.store.readOpen()?.lesson === lesson.number) this.store.closeLesson()
  }

  /**
   * Undoes every lesson that was opened on this cluster, and forgets everything. `elsewhere` are those of other clusters:
   * what they made there is still there.
   */
  async resetAll(): Promise<{ undone: number[]; elsewhere: number[] }> {
    const { setUpOn } = this.store.readPlaces()
    const opened = new Set([...Object.keys(this.progress.lessons), ...Object.keys(setUpOn)])
    const entries = this.course.filter(({ number }) => opened.has(String(number)))
    const [here, elsewhere]: [LessonEntry[], number[]] = [[], []]
    for (const entry of entries) {
      const on = setUpOn[String(entry.number)]
      const lesson = await entry.load()
      if (lesson.withoutCluster !== true) await this.place.ensureRunning()
      if (on === undefined || on === (await this.#clusterId(lesson))) here.push(entry)
      else elsewhere.push(entry.number)
    }
    // What stands in the way of one is found before any of them is undone.
    for (const entry of here) await this.#checkReset(entry)
    for (const entry of here) await this.reset(entry)
    const undone = here.map(({ number }) => number)
    // Also those of other clusters, and of clusters that are gone: nobody would find them again.
    await this.#programs.end('')
    this.store.clear()
    return { undone, elsewhere }
  }

  async #checkReset(entry: LessonEntry): Promise<void> {
    const lesson = await entry.load()
    if (lesson.withoutCluster !== true) await this.#teacher(lesson, new Journal()).checkReset()
  }

  async close(): Promise<void> {
    await Promise.all([this.place.close(), this.#beside.close()])
  }

  #teacher(lesson: Lesson, journal: Journal): Teacher {
    const { place } = this
    const { clock, env } = this.#context
    const own = { files: lessonFiles(env, lesson.number), kafka: findKafkaHome(env) }
    const parts = {
      ...{ cluster: place, names: names(lesson.number), nodes: place.stageNodes, write: writeRecords, clock, ...own },
      ...{ programs: this.#programs, flags: place.flags, clusters: this.#beside },
    }
    const beside = (name: string) => this.#beside.access(name)
    const facts = { cluster: place, clock, localNodes: place.localNodes, beside, ...own }
    return new Teacher({ lesson, facts, stage: new Stage(parts), journal })
  }

  /** Never opened, or set up on a cluster that is another one by now. */
  #isFresh({ number }: Lesson, clusterId: string | null): boolean {
    if (progressOf(this.progress, number) === null) return true
    return clusterId !== null && this.store.readPlaces().setUpOn[String(number)] !== clusterId
  }

  #markSetUp({ number }: Lesson, clusterId: string): void {
    const places = this.store.readPlaces()
    this.store.writePlaces({ ...places, setUpOn: { ...places.setUpOn, [String(number)]: clusterId } })
  }

  /** null where nothing needs to run. */
  async #clusterId(lesson: Lesson): Promise<string | null> {
    if (lesson.withoutCluster === true) return null
    return (await (await this.place.admin()).describeCluster()).clusterId
  }

  async #agreed({ number }: Lesson, clusterId: string): Promise<void> {
    if (this.place.localNodes !== null) return
    await requireAgreement({ clusterId, prefix: names(number).prefix }, this.store, this.#agree)
  }

  /** The next lesson that can be done on this cluster. */
  async #possibleAfter({ number }: Lesson): Promise<LessonEntry | null> {
    for (const entry of this.course.filter((each) => each.number > number)) {
      const missing = await this.#teacher(await entry.load(), new Journal()).missing()
      if (missing === null) return entry
    }
    return null
  }
}

/** Words after `kt learn` that are no lesson: one that is misspelt is told. A test holds them against the grammar. */
export const VERBS: readonly string[] = [
  ...['goto', 'next', 'check', 'hint', 'solution', 'answer', 'incident', 'programs', 'files'],
  ...['act', 'list', 'reset', 'export', 'import', 'notes'],
]

/** By number, or by words of its title. Throws `KtError` of kind not-found that names those it may be. */
export function entryOf(word: string, course: readonly LessonEntry[]): LessonEntry {
  const number = /^\d{1,3}$/.test(word) ? Number(word) : null
  const found = course.filter((entry) =>
    number === null ? entry.title.toLowerCase().includes(word.toLowerCase()) : entry.number === number,
  )
  if (found.length === 1) return found[0]!
  const [verb] = found.length === 0 && number === null ? nearest(word, VERBS) : []
  const [first, last] = [course[0]?.number, course.at(-1)?.number]
  const facts =
    number === null ? found.map((each) => `${each.number}  ${each.title}`) : [`they go from ${first} to ${last}`]
  throw new KtError('not-found', `There is ${found.length > 1 ? 'more than one' : 'no'} lesson '${word}'`, {
    facts,
    next: verb === undefined ? 'kt learn list' : `kt learn ${verb}`,
  })
}

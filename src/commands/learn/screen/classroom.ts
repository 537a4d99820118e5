/** The lesson that is open on the screen: what was last seen of it, its picture, its events. Draws nothing. */
import type { Clock } from '../../../base/clock.ts'
import type { KtError } from '../../../base/errors.ts'
import { toKtError } from '../../../cli/errors.ts'
import { clockTime } from '../../../learn/checks/happened.ts'
import { eventText, isQuiet } from '../../../learn/event-text.ts'
import type { LessonEntry } from '../../../learn/lessons/index.ts'
import { type Picture, withNodes } from '../../../learn/picture/picture.ts'
import type { Verdict } from '../../../learn/verdict.ts'
import { Questions } from '../../describe/questions.ts'
import type { Desk, Opening } from '../desk.ts'
import { lessonPicture } from '../lesson-picture.ts'
import type { Seeing, Sitting } from '../sitting.ts'
import type { GoalState } from './goal-lines.ts'

/** More than any screen shows. */
const MAX_EVENTS_SHOWN = 50
/** A look takes some ten milliseconds; one that takes so long waits for somebody. */
const LATE_MS = 500

export interface ClassroomParts {
  readonly desk: Desk
  readonly clock: Clock
  /** A lesson has been opened; `why` tells why it cannot be done, or what went wrong. */
  readonly onOpened: (entry: LessonEntry, opening: Opening | null, why: KtError | null) => void
  /** Another terminal has opened this lesson on another cluster; here nothing changes. */
  readonly onStays: (entry: LessonEntry) => void
  /** All goals were reached: for the first time, or when the lesson was opened. */
  readonly onPassed: (sitting: Sitting, seeing: Seeing) => void
  /** A look failed as a whole; told once until one succeeds. */
  readonly onTrouble: (error: KtError) => void
  /** Something changed before the look had ended. */
  readonly onChange: () => void
}

/** How a lesson is opened. */
interface How {
  /** The obstacle that has been told already; null for none. */
  readonly known: string | null
  /** Another terminal has opened it. */
  readonly isFollower: boolean
}

/** Owner of the open lesson. */
export class Classroom {
  readonly #parts: ClassroomParts
  readonly #questions: Questions
  #entry: LessonEntry | null = null
  #sitting: Sitting | null = null
  #seeing: Seeing | null = null
  #picture: Picture | null = null
  #events: string[] = []
  #isTold = false
  #isInTrouble = false
  /** Since when a goal has been waiting, in monotonic ms. */
  readonly #waitingSince = new Map<string, number>()
  /** What a look found, to know whether the next one found something else. */
  #found = ''
  #opening: Promise<void> | null = null
  /** The lesson of another terminal that was not followed. */
  #staysFrom: number | null = null
  /** Why the lesson could not be opened; null when it was, or is being opened. */
  #obstacle: string | null = null

  constructor(parts: ClassroomParts) {
    this.#parts = parts
    this.#questions = new Questions(parts.clock, true)
  }

  get entry(): LessonEntry | null {
    return this.#entry
  }

  /** All goals were reached since it was opened. */
  get wasPassed(): boolean {
    return this.#isTold
  }

  /** It was to be opened, and this cluster cannot serve it, or something went wrong. */
  get isImpossible(): boolean {
    return this.#obstacle !== null
  }

  /** null while none is open. */
  get sitting(): Sitting | null {
    return this.#sitting
  }

  get picture(): Picture | null {
    return this.#picture
  }

  /** Newest last. */
  get events(): readonly string[] {
    return this.#events
  }

  get goals(): readonly GoalState[] {
    const now = this.#parts.clock.monotonic()
    return (this.#sitting?.lesson.goals ?? []).map(({ name }, at) => {
      const since = this.#waitingSince.get(name)
      const verdict = this.#seeing?.goals[at]?.verdict ?? null
      return { name, verdict, waitingMs: since === undefined ? null : now - since }
    })
  }

  /** Opens a lesson; a second call waits for the first. */
  async open(entry: LessonEntry): Promise<void> {
    return this.#openNext(entry, { known: null, isFollower: false })
  }

  /** What could not be opened may be possible now; nothing is told when it still is not, for the same reason. */
  async retry(): Promise<void> {
    const nodes = this.#parts.desk.place.localNodes?.() ?? null
    // Somebody who has just deleted the cluster is about to make another one: that is not ours to start.
    if (nodes !== null && !nodes.some(({ state }) => state === 'running')) return
    if (this.#entry !== null && this.#obstacle !== null) {
      return this.#openNext(this.#entry, { known: this.#obstacle, isFollower: false })
    }
  }

  async #openNext(entry: LessonEntry, how: How): Promise<void> {
    while (this.#opening !== null) await this.#opening
    this.#opening = this.#openNow(entry, how).finally(() => {
      this.#opening = null
    })
    return this.#opening
  }

  /** Looks once; true when something is new. Another lesson, opened or reset elsewhere, is opened here too. */
  async look(): Promise<boolean> {
    const sitting = this.#sitting
    if (sitting === null || this.#opening !== null) return false
    try {
      if (!sitting.isCurrent() && (await this.#follows())) return true
      const seeing = await this.#lookOrTell(sitting)
      if (this.#sitting !== sitting) return true
      this.#isInTrouble = false
      return await this.#saw(sitting, seeing)
    } catch (error) {
      if (!this.#isInTrouble) this.#parts.onTrouble(toKtError(error))
      this.#isInTrouble = true
      return false
    }
  }

  /** Goes where another terminal has gone; false when that one is on another cluster, which is told once. */
  async #follows(): Promise<boolean> {
    const { desk, onStays } = this.#parts
    const entry = desk.current
    if (this.#staysFrom === entry.number) return false
    if (await desk.isElsewhere(entry)) {
      this.#staysFrom = entry.number
      onStays(entry)
      return false
    }
    await this.#openNext(entry, { known: null, isFollower: true })
    return true
  }

  /** The lesson on the screen is the one that words like `hint` are about, whatever other terminals have opened. */
  async claim(): Promise<void> {
    if (this.#entry !== null && this.#sitting?.isCurrent() === false) await this.#parts.desk.open(this.#entry)
  }

  /** A look waits for brokers that have just died; what this machine knows of them is shown meanwhile. */
  async #lookOrTell(sitting: Sitting): Promise<Seeing> {
    const { clock, desk, onChange } = this.#parts
    const { localNodes } = desk.place
    const tell = (): void => {
      if (this.#picture !== null && localNodes !== null) this.#picture = withNodes(this.#picture, localNodes())
      onChange()
      late = clock.setTimer(LATE_MS, tell)
    }
    let late = clock.setTimer(LATE_MS, tell)
    try {
      return await sitting.look()
    } finally {
      late.cancel()
    }
  }

  async #openNow(entry: LessonEntry, { known, isFollower }: How): Promise<void> {
    const { desk, onOpened } = this.#parts
    this.#entry = entry
    this.#sitting = null
    this.#seeing = null
    this.#events = []
    this.#isTold = false
    this.#found = ''
    this.#obstacle = null
    this.#staysFrom = null
    this.#waitingSince.clear()
    let opening: Opening | null = null
    let why: KtError | null = null
    try {
      opening = await desk.open(entry, { isFollower })
    } catch (error) {
      why = toKtError(error)
    }
    this.#sitting = opening?.sitting ?? null
    this.#obstacle = why?.message ?? opening?.cannot?.why ?? null
    // It is the picture of another lesson.
    if (this.#obstacle !== null) this.#picture = null
    if (known === null || this.#obstacle !== known) onOpened(entry, opening, why)
  }

  async #saw(sitting: Sitting, seeing: Seeing): Promise<boolean> {
    const picture = await lessonPicture(sitting, seeing, this.#questions)
    if (this.#sitting !== sitting) return true
    this.#seeing = seeing
    this.#picture = picture
    for (const { name, verdict } of seeing.goals) this.#noteWaiting(name, verdict)
    const told = seeing.events.filter((event) => !isQuiet(event))
    this.#events.push(...told.map((event) => `${clockTime(event.at)}  ${eventText(event)}`))
    this.#events = this.#events.slice(-MAX_EVENTS_SHOWN)
    if (seeing.after !== null && (seeing.isNewlyPassed || !this.#isTold)) this.#parts.onPassed(sitting, seeing)
    this.#isTold ||= seeing.after !== null
    const found = JSON.stringify([seeing.goals, picture])
    const isNew = found !== this.#found || this.#waitingSince.size > 0
    this.#found = found
    return isNew
  }

  #noteWaiting(name: string, verdict: Verdict): void {
    const waits = verdict.state === 'not-yet' && verdict.waitingFor !== undefined
    if (!waits) this.#waitingSince.delete(name)
    else if (!this.#waitingSince.has(name)) this.#waitingSince.set(name, this.#parts.clock.monotonic())
  }
}

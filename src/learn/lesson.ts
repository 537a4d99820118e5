/**
 * What a lesson is: text, goals that are checked on the cluster, hints, a solution that is run by the tests, and what
 * happened and why. Data and small check functions; `README.md` shows how one is written.
 */
import type { Facts } from './facts/facts.ts'
import type { Journal } from './journal.ts'
import type { Stage } from './stage.ts'
import type { Verdict } from './verdict.ts'

/** Where a lesson can be done: `local` kills, pauses or cuts off processes of the bundled cluster. */
export type Where = 'anywhere' | 'local'

/** What a cluster must have; the teacher says which one is missing instead of failing in the middle. */
export type Need =
  | { readonly kind: 'brokers'; readonly atLeast: number }
  | { readonly kind: 'controllers'; readonly atLeast: number }
  /** Every broker serves this request (its API key), which is what `what` takes. */
  | { readonly kind: 'api'; readonly key: number; readonly what: string }
  /** What no request shows, and the bundled cluster has not got yet: `compaction`, `enforced quotas`. */
  | { readonly kind: 'apache'; readonly what: string }
  /** What runs on Java alone: a script of an Apache Kafka on the learner's machine, which KAFKA_HOME names. */
  | { readonly kind: 'kafka-home'; readonly script: string; readonly what: string }

/** Looks at facts and journal and says how far it is. Never throws for what the learner has not done yet. */
export type Check = (look: Look) => Promise<Verdict>

/** One look at the cluster: what is, and what was seen before. */
export interface Look {
  readonly facts: Facts
  readonly journal: Journal
  /** What the learner has answered, by the question's name. */
  readonly answers: ReadonlyMap<string, string>
}

export interface Goal {
  /** What shall be true, as a short sentence: `the topic has three partitions`. */
  readonly name: string
  readonly check: Check
  /** True already when the lesson begins: something that must stay as it is. */
  readonly fromStart?: true
  /** A nudge, the idea behind it, the exact command. */
  readonly hints: readonly [nudge: string, concept: string, command: string]
}

/** Asked before the learner runs something whose result surprises: first predict, then look. */
export interface Question {
  readonly name: string
  readonly ask: string
  /** Answers to choose from; absent: any text. */
  readonly choices?: readonly string[]
  /** The right answer, from the cluster where it depends on it. A wrong one never blocks: seeing why is the lesson. */
  readonly answer: (look: Look) => Promise<string | null>
  /** Shown after the answer, right or wrong. */
  readonly because: string
}

/** What older notes say, and what holds: with the version until which it was true. */
export interface Belief {
  readonly older: string
  readonly today: string
}

/** One line of the solution: a `kt` command line without the `kt`, as a learner would type it. */
export interface SolutionStep {
  readonly line: string
  /** Where it depends on what is seen, such as who leads: the line of this look. */
  readonly lineOf?: (look: Look) => Promise<string>
  /** Typed into it: lines for console-producer. */
  readonly input?: readonly string[]
  /** Runs beside the next ones, as in another terminal, until the lesson is passed. */
  readonly beside?: boolean
  /** Nothing is run: the last one that was started `beside` is ended as by Ctrl-C. The line says so to a learner. */
  readonly ends?: true
  /** The exit code it ends with; 0 when left out. */
  readonly exitCode?: number
  /** Waits until this goal is reached before the next line. */
  readonly until?: string
  /** Given as an answer to this question instead of run. */
  readonly answers?: string
}

export interface Lesson {
  /** 0-37 and onwards: its place in the course and the number in its names, `kt-15-orders`. */
  readonly number: number
  /** Its folder's name without the number: `kill-the-leader`. */
  readonly name: string
  readonly title: string
  /** The idea in one sentence, for the notebook: what is still true when the commands are forgotten. */
  readonly inShort: string
  readonly where: Where
  /** It begins where nothing runs: the local cluster is not started for it. */
  readonly withoutCluster?: true
  readonly needs?: readonly Need[]
  /** Places of older notes that it answers: `001:104`. */
  readonly answers?: readonly string[]
  readonly beliefs?: readonly Belief[]
  /** The idea, in a few short paragraphs; `code` in backticks. Lines are wrapped when they are shown. */
  readonly text: string
  /** What to type, line by line, as far as the learner is shown it; the rest is theirs to find. */
  readonly type: readonly string[]
  /** What the journal watches for. Names are made with `names()`. */
  readonly watch?: { readonly topics?: readonly string[]; readonly groups?: readonly string[] }
  /** Makes what the lesson starts from. Done again it changes nothing. */
  readonly setUp?: (stage: Stage) => Promise<void>
  /** Programs that its set-up starts go on writing and reading: its records and offsets are never the same twice. */
  readonly goesOn?: true
  /** What `reset` must do beyond deleting the lesson's topics and groups: settings it changed, nodes it stopped or added. */
  readonly restore?: (stage: Stage, journal: Journal) => Promise<void>
  readonly questions?: readonly Question[]
  readonly goals: readonly Goal[]
  readonly solution: readonly SolutionStep[]
  /** What happened and why, with what was seen. */
  readonly after: (look: Look) => Promise<string>
  /** What to try next, freely. */
  readonly play?: readonly string[]
}

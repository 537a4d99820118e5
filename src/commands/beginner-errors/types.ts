/** The knowledge behind failures that everybody meets in the first weeks: how a row of it looks. */
import type { Found } from './found.ts'
import type { Look } from './look.ts'
import type { Said } from './said.ts'
import type { Step } from './step.ts'

/** One thing that goes wrong: known by its words, explained with what the cluster shows at that moment. */
export interface BeginnerError {
  /** For tests and documents: `replication-factor`. */
  readonly id: string
  /** What happened, in a few words; the heading in `kt explain`. */
  readonly title: string
  /** Words as they are met, Java's and those of older versions among them. The first one is the best known. */
  readonly texts: readonly string[]
  /** The words by which it is known; groups may be named TOPIC, PARTITION, GROUP, BROKER, HOST, PORT. */
  readonly when: readonly RegExp[]
  /** Words that mean it when no other row knows the message, not even by its codes. */
  readonly otherwise?: RegExp
  /** Error codes of the protocol that mean it. */
  readonly codes?: readonly string[]
  /** Why it happens, true without looking at anything. */
  readonly why: string
  /** What to do; the first one is the best. */
  readonly next: readonly Step[]
  /** Where a person meets it, for the page of documents. */
  readonly where: string
  /**
   * When a command shows it behind the message: always, or (nothing has failed) at a terminal alone. `by itself`: what
   * the command prints explains it already, so that only `kt explain` shows it.
   */
  readonly shown?: 'always' | 'at a terminal' | 'by itself'
  /** Looks at the cluster and the machine; what it finds is shown as it comes, until the time is up. */
  readonly observe?: (said: Said, look: Look, found: Found) => Promise<void>
}

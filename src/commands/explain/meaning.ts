/** What `kt explain` hands around: a question, the kinds of things that it can be about, and what one of them is. */
import type { CommandTable } from '../../cli/command.ts'
import type { Structure } from '../../cli/format.ts'
import type { LiveCluster } from './live.ts'

/** Kinds of things that can be explained, in documents as well. */
export type MeaningKind = 'command' | 'error' | 'file' | 'message' | 'metric' | 'name' | 'option' | 'setting' | 'word'

/** A part of an explanation with a heading of its own. */
export interface Section {
  readonly title: string
  /** Sentences, one a paragraph. */
  readonly texts?: readonly string[]
  /** Two columns. */
  readonly rows?: readonly (readonly [left: string, right: string])[]
  /** Lines that can be typed as they are; never broken. */
  readonly lines?: readonly string[]
  /** From the cluster: what comes later when it is slow. */
  readonly isLive?: boolean
}

/** One thing that the words can mean; ambiguous words have several. */
export interface Meaning {
  /** What was asked, as typed. */
  readonly term: string
  readonly kind: MeaningKind
  /** Of settings: whose, `topic`; of options: which commands'. Null where nothing is to be told apart. */
  readonly of: string | null
  /** The heading behind the term, in brackets: `topic setting`. */
  readonly title: string
  /** What it is, in a few sentences. */
  readonly meaning: string
  readonly sections: readonly Section[]
  /** The same for programs: the shape belongs to the kind, see `README.md`. */
  readonly details: { readonly [key: string]: Structure }
}

/** Narrows a setting to one topic, broker or group. */
export interface Scope {
  readonly topic?: string
  readonly broker?: string
  readonly group?: string
}

/** What was asked. */
export interface Question {
  /** As typed or pasted, several lines perhaps. */
  readonly text: string
  readonly commands: CommandTable
  readonly scope: Scope
  /** Left out: nothing is known of this machine. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What a line needs to reach the same cluster: ` --bootstrap-server host:9092`, or nothing. */
  readonly connect: string
  /** A cluster that runs already: looked for once, with the first call, for about a second; null when none answers. */
  live(): Promise<LiveCluster | null>
}

/** What a kind's module exports. */
export interface KindModule {
  /** Everything of this kind that `subject` can be, best first; empty when it is none. Never throws for odd words. */
  meanings(subject: string, question: Question): Promise<Meaning[]>
  /** Names of this kind that are spelled nearly so. */
  near?(subject: string, question: Question): Promise<string[]>
}

/** A kind as the recogniser knows it before its module is loaded. */
export interface Kind {
  readonly kind: MeaningKind
  /** What it takes: all of the text, which may be several lines, or one name. */
  readonly takes: 'text' | 'name'
  /** A look at the letters alone; false, and the module is not loaded. */
  mayBe(subject: string): boolean
  load(): Promise<KindModule>
}

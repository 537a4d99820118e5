/** What a check says: three answers that are never mixed up, and how to see it for oneself. */

/** Going on as before never gets there: why, and the command that leads out. */
export type WayOut = {
  /** `kt-01-orders has 5 partitions, and a topic never gets fewer: delete it and make it anew` */
  readonly why: string
  /** `kt topics --delete --topic kt-01-orders` */
  readonly next: string
}

/** Reached, or not yet. */
export interface Seen {
  readonly state: 'done' | 'not-yet'
  /** `3 partitions` */
  readonly expected: string
  /** `2 partitions` */
  readonly observed: string
  /** The command that shows it, `kt topics --describe --topic kt-01-orders`. */
  readonly show: string
  /** Something is on its way by itself: `ISR of partition 0: 2 of 3`. */
  readonly waitingFor?: string
  /** Of one that is not reached and cannot be from here. */
  readonly wayOut?: WayOut
}

/** This cluster has not got what it takes. */
export interface Cannot {
  readonly state: 'cannot'
  readonly why: string
  readonly next: string
}

/** The check itself failed: nothing is known. */
export interface Failed {
  readonly state: 'failed'
  readonly why: string
  readonly next?: string
}

export type Verdict = Seen | Cannot | Failed

export function seen(done: boolean, facts: Omit<Seen, 'state'>): Seen {
  // Last: the facts may be those of another verdict.
  return { ...facts, state: done ? 'done' : 'not-yet' }
}

export function cannot(why: string, next: string): Cannot {
  return { state: 'cannot', why, next }
}

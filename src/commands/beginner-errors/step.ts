/**
 * A command to go on with, and what it is for. Words in capitals (`TOPIC`, `GROUP`, `PARTITION`, `BROKER`) stand for
 * names, and are put in where the failure tells them.
 */
export interface Step {
  /** Begins with `kt `; left out where there is only something to do. */
  readonly run?: string
  readonly does?: string
}

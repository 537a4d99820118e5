import type { ErrorKind } from '../base/errors.ts'

/** Everything went well. */
export const OK = 0
/** `kt plan --exit-code`: something differs from what files say; no failure. */
export const DIFFERS = 20
/** `kt learn check`: a goal is not reached yet; this cluster has not got what it takes; the check itself failed. */
export const LESSON_NOT_YET = 1
export const LESSON_CANNOT = 21
export const LESSON_CHECK_FAILED = 22
/** What every Kafka script exits with when something goes wrong; commands that mirror one do the same. */
export const SCRIPT_FAILURE = 1

/**
 * Exit codes of `kt`'s own commands (describe, cluster, quickstart ...), one per kind of failure. Commands that mirror
 * a script exit with 1 for all of them, as the scripts do; only an interruption keeps its number there.
 */
const OWN_EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  internal: 1,
  usage: 2,
  unreachable: 3,
  timeout: 4,
  authentication: 5,
  authorization: 6,
  kafka: 7,
  'not-found': 8,
  conflict: 9,
  storage: 10,
  interrupted: 130,
}

/** The exit code for a failure; `mirrorsScript` for commands whose codes are a Kafka script's. */
export function exitCodeFor(kind: ErrorKind, mirrorsScript: boolean): number {
  return mirrorsScript && kind !== 'interrupted' ? SCRIPT_FAILURE : OWN_EXIT_CODES[kind]
}

/** 128 plus the signal's number, as shells report it; a closed stdout is a clean end. */
export function exitCodeForReason(reason: unknown): number {
  if (reason === 'SIGINT') return 130
  if (reason === 'SIGTERM') return 143
  if (reason === 'SIGHUP') return 129
  return OK
}

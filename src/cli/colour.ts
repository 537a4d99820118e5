import type { ChalkInstance } from 'chalk'

/** What colours mean here; on anything but a colour terminal every function gives its text back unchanged. */
export interface Colours {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  /** Healthy: in sync, running. */
  readonly good: (text: string) => string
  /** Look at this: under-replicated, empty, deprecated. */
  readonly warning: (text: string) => string
  /** Broken: offline, no leader. */
  readonly bad: (text: string) => string
  /** Names: topics, groups, commands. */
  readonly name: (text: string) => string
  /** A value that has just changed. */
  readonly changed: (text: string) => string
}

const plain = (text: string): string => text

export const noColours: Colours = {
  bold: plain,
  dim: plain,
  good: plain,
  warning: plain,
  bad: plain,
  name: plain,
  changed: plain,
}

/** The environment's word on colour: NO_COLOR (any value) and TERM=dumb forbid it, FORCE_COLOR=0 too. */
export function coloursWanted(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal && env.TERM !== 'dumb'
}

/** Loads chalk only where colour will be seen. */
export async function loadColours(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Promise<Colours> {
  if (!coloursWanted(env, isTerminal)) return noColours
  const { Chalk } = await import('chalk')
  // chalk would look at the process's own stdout; the context has already decided.
  const chalk: ChalkInstance = new Chalk({ level: 1 })
  // chalk joins all its arguments: as the callback of `map` it would print the index too.
  const one =
    (paint: (text: string) => string) =>
    (text: string): string =>
      paint(text)
  return {
    bold: one(chalk.bold),
    dim: one(chalk.dim),
    good: one(chalk.green),
    warning: one(chalk.yellow),
    bad: one(chalk.red),
    name: one(chalk.cyan),
    changed: one(chalk.inverse),
  }
}

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

/**
 * Whether the terminal says that its background is light: COLORFGBG is `15;0` or `0;default;15`, the background last. Many
 * terminals do not say; whoever wants it can set it.
 */
export function isLight({ COLORFGBG = '' }: Readonly<Record<string, string | undefined>>): boolean {
  const background = COLORFGBG.split(';').at(-1) ?? ''
  return background === '7' || background === '15'
}

/** Colours of 256 with a contrast of 4.5 to 1 or more on white, where the plain green, yellow and cyan have 2 or less. */
const ON_LIGHT = { good: 28, warning: 130, bad: 124, name: 24, dim: 242 } as const

/** Loads chalk only where colour will be seen. */
export async function loadColours(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Promise<Colours> {
  if (!coloursWanted(env, isTerminal)) return noColours
  const { Chalk } = await import('chalk')
  // chalk would look at the process's own stdout; the context has already decided.
  const light = isLight(env) && (env.TERM?.includes('256') || Boolean(env.COLORTERM))
  const chalk: ChalkInstance = new Chalk({ level: light ? 2 : 1 })
  // chalk joins all its arguments: as the callback of `map` it would print the index too.
  const one =
    (paint: (text: string) => string) =>
    (text: string): string =>
      paint(text)
  return {
    bold: one(chalk.bold),
    dim: one(light ? chalk.ansi256(ON_LIGHT.dim) : chalk.dim),
    good: one(light ? chalk.ansi256(ON_LIGHT.good) : chalk.green),
    warning: one(light ? chalk.ansi256(ON_LIGHT.warning) : chalk.yellow),
    bad: one(light ? chalk.ansi256(ON_LIGHT.bad) : chalk.red),
    name: one(light ? chalk.ansi256(ON_LIGHT.name) : chalk.cyan),
    changed: one(chalk.inverse),
  }
}

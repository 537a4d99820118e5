/** Names that KIP-1147 replaced: each pair may not be mixed, and the old one is answered with a notice. */
import type { CommandContext } from '../cli/context.ts'
import { type GivenOptions, type OptionTable, UsageError } from '../cli/options.ts'

export interface RenamedOption<O extends OptionTable> {
  readonly old: keyof O & string
  readonly current: keyof O & string
}

/** Old and new name of one option together are refused, in the script's order of naming them. */
export function refuseBothNames<O extends OptionTable>(
  given: GivenOptions<O>,
  pairs: readonly (readonly [keyof O & string, keyof O & string])[],
): void {
  for (const [one, other] of pairs) {
    if (given.has(one) && given.has(other)) {
      throw new UsageError(`Options --${one} and --${other} cannot be specified together.`)
    }
  }
}

/** What the scripts print on stdout where nobody watches; at a terminal it is talk, which goes to stderr. */
export function printNotice(text: string, context: CommandContext): void {
  const isForPeople = context.stdout.isTerminal && !context.asScript
  context[isForPeople ? 'stderr' : 'stdout'].write(`${text}\n`)
}

/** Values of an option under whichever of its names was given. */
export function valuesUnder<O extends OptionTable>(given: GivenOptions<O>, renamed: RenamedOption<O>): string[] {
  return given.values(given.has(renamed.old) ? renamed.old : renamed.current) as string[]
}

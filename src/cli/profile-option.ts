/** `--profile NAME`, wherever `--command-config` stands: taken off the command line, so that no command has to know of it. */
import type { CommandContext } from './context.ts'
import { contextWith } from './derived-context.ts'
import { addedByKt, GivenOptions, type OptionTable, text } from './options.ts'

const PROFILE = addedByKt({
  profile: text('name', 'A connection saved by kt profile add. Left out: KT_PROFILE, else the profile in use.', {
    abbreviable: false,
  }),
})

/** The table with `--profile`, if its command connects; a script's own name has no such option. */
export function withProfile<O extends OptionTable>(options: O, asScript = false): O {
  return !asScript && Object.hasOwn(options, 'command-config') ? { ...options, ...PROFILE } : options
}

/** The options without `--profile`, and a context that connects by it. */
export function takeProfile<G extends GivenOptions<OptionTable>>(
  given: G,
  context: CommandContext,
): { given: G; context: CommandContext } {
  const name = given.given.get('profile')?.at(-1)
  if (name === undefined || given.table.profile?.ours !== true) return { given, context }
  const rest = new Map([...given.given].filter(([option]) => option !== 'profile'))
  const order = given.order.filter((option) => option !== 'profile')
  const { profile: _, ...table } = given.table
  return {
    given: new GivenOptions(table, rest, given.words, order) as unknown as G,
    context: connectingBy(name, context),
  }
}

/** A context whose connections are those of a profile. */
export function connectingBy(profile: string, context: CommandContext): CommandContext {
  return contextWith(context, {
    connection: (target) => context.connection({ ...target, profile }),
    admin: (target) => context.admin({ ...target, profile }),
  })
}

/** `kt profile use` and `kt profile remove`. */
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { ProfileStore } from '../../cli/profiles.ts'

/** From now on commands that are not told where to connect use this profile. */
export async function useProfile(
  [name]: readonly string[],
  flags: { readonly none?: true; readonly format?: string },
  context: CommandContext,
): Promise<number> {
  const format = formatNamed(flags.format)
  if ((name === undefined) !== (flags.none === true)) {
    throw new UsageError('Name a profile, or say --none', { next: 'kt profile list' })
  }
  const store = new ProfileStore(context.env)
  store.use(name ?? null)
  const stronger = ['KT_PROFILE', 'KT_BOOTSTRAP_SERVER'].filter((variable) => context.env[variable])
  if (format !== undefined) {
    context.stdout.write(formatDocument(format, 'ProfileInUse', { name: name ?? null, overriddenBy: stronger }))
    return OK
  }
  context.stdout.write(name === undefined ? 'No profile is in use.\n' : `The profile ${name} is in use.\n`)
  if (name !== undefined && stronger.length > 0) {
    context.stderr.write(`kt: ${stronger.join(' and ')} in the environment wins over it; kt profile show tells\n`)
  }
  return OK
}

/** Forgets a profile; asks first where somebody can answer. */
export async function removeProfile(
  [name = '']: readonly string[],
  flags: { readonly yes?: true; readonly format?: string },
  context: CommandContext,
): Promise<number> {
  const format = formatNamed(flags.format)
  const store = new ProfileStore(context.env)
  const tell = (isRemoved: boolean, wasInUse: boolean): number => {
    if (format !== undefined) {
      context.stdout.write(formatDocument(format, 'ProfileRemoved', { name, isRemoved, wasInUse }))
    } else if (isRemoved) {
      context.stdout.write(`Removed the profile ${name}.${wasInUse ? ' No profile is in use now.' : ''}\n`)
    }
    return OK
  }
  const wasInUse = store.inUse() === name
  // Not there is told before anybody is asked; one that cannot be read can still be removed.
  store.mustHave(name)
  if (context.interactive && flags.yes !== true) {
    const answer = await context.ask({ message: `Remove the profile ${name} (${store.file(name)})?`, kind: 'confirm' })
    if (answer !== 'yes') return tell(false, wasInUse)
  }
  store.remove(name)
  return tell(true, wasInUse)
}

/** `kt profile list` and `kt profile show`: what is saved, and what holds and why. Secrets are never printed. */
import type { CommandContext } from '../../cli/context.ts'
import { reportError, toKtError } from '../../cli/errors.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed, type Structure } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { type ConnectionFlags, targetOfFlags } from '../../cli/own-command.ts'
import { ProfileStore } from '../../cli/profiles.ts'
import { gatherSettings, type Setting, type Settings, shownValue } from '../../cli/settings.ts'
import { withShellTarget } from '../../cli/shell-target.ts'
import { drawTable } from '../../cli/table.ts'

interface FormatFlag {
  readonly format?: string
}

/** One line per profile; the one in use has a star. */
export async function listProfiles(
  _: readonly string[],
  { format }: FormatFlag,
  context: CommandContext,
): Promise<number> {
  const store = new ProfileStore(context.env)
  const inUse = store.inUse()
  const profiles = store.list().flatMap((name) => {
    const settings = readable(store, name, context)
    if (settings === null) return []
    const servers = settings.get('bootstrap.servers') ?? ''
    const securityProtocol = settings.get('security.protocol') ?? 'PLAINTEXT'
    return [{ name, isInUse: name === inUse, bootstrapServers: servers, securityProtocol }]
  })
  const structured = formatNamed(format)
  if (structured !== undefined) {
    context.stdout.write(formatDocument(structured, 'ProfileList', { profiles }))
    return OK
  }
  if (profiles.length === 0) {
    context.stderr.write('No profiles yet. Try: kt profile add NAME --bootstrap-server HOST:PORT\n')
    return OK
  }
  const rows = profiles.map(({ name, isInUse, bootstrapServers, securityProtocol }) => [
    `${isInUse ? '*' : ' '} ${name}`,
    bootstrapServers,
    securityProtocol,
  ])
  context.stdout.write(await drawTable({ head: ['  PROFILE', 'SERVERS', 'PROTOCOL'], rows }))
  return OK
}

/** Null for a profile that cannot be read, which is told: it must not hide the others. */
function readable(store: ProfileStore, name: string, context: CommandContext): Map<string, string> | null {
  try {
    return store.read(name)
  } catch (error) {
    reportError(toKtError(error), context)
    return null
  }
}

/** The settings that hold, each with its source, and those that were said in vain. */
export async function showProfile(
  [name]: readonly string[],
  flags: ConnectionFlags & FormatFlag,
  context: CommandContext,
): Promise<number> {
  if (name !== undefined && flags.profile !== undefined && flags.profile !== name) {
    throw new UsageError('Name one profile, not two')
  }
  const target = targetOfFlags({ ...flags, ...(name === undefined ? {} : { profile: name }) })
  const settings = gatherSettings(withShellTarget(target, context.env), context.env)
  for (const notice of settings.notices) context.stderr.write(`kt: ${notice}\n`)
  const structured = formatNamed(flags.format)
  if (structured !== undefined) {
    context.stdout.write(formatDocument(structured, 'ConnectionSettings', documentOf(settings)))
    return OK
  }
  context.stderr.write(headline(settings))
  const rows = sorted(settings).map(({ key, value, source, by }) => [
    key,
    value,
    by === null ? source : lost(source, by),
  ])
  if (rows.length > 0) context.stdout.write(await drawTable({ head: ['SETTING', 'VALUE', 'FROM'], rows }))
  return OK
}

function headline({ profile, effective }: Settings): string {
  const first = profile === null ? 'No profile applies.\n' : `The profile ${profile.name}, by ${profile.chosenBy}.\n`
  const order = 'What wins: flag, environment, profile, file (a profile named by a flag counts as one).\n'
  return effective.has('bootstrap.servers') ? first + order : `${first}${order}No servers: the local cluster is used.\n`
}

const lost = (source: string, by: string): string => `${source} (not used: ${by} wins)`

interface ShownSetting extends Setting {
  /** What has won; null for what holds. */
  readonly by: string | null
}

/** By key, what holds before what does not. */
function sorted({ effective, overridden }: Settings): ShownSetting[] {
  const held = [...effective.values()].map((setting) => ({ ...setting, by: null }))
  const others = overridden.map((setting) => ({ ...setting, by: effective.get(setting.key)!.source }))
  const all: ShownSetting[] = [...held, ...others].map((each) => ({ ...each, value: shownValue(each) }))
  return all.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
}

function documentOf(settings: Settings): Record<string, Structure> {
  const { profile } = settings
  return {
    profile: profile === null ? null : { ...profile },
    settings: sorted(settings).map(({ key, value, source, by }) => ({ name: key, value, source, overriddenBy: by })),
  }
}

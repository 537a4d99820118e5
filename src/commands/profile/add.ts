/** `kt profile add`: gathers the settings, checks them as a connection would, and saves them. */
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { PASSWORD_AS_IS } from '../../cli/plain-password.ts'
import { ProfileStore } from '../../cli/profiles.ts'
import { loginConfig } from '../../cli/settings.ts'
import { clientOptionsFromProperties, loadProperties } from '../../client/properties.ts'
import { readStdin } from '../read-stdin.ts'

export interface AddFlags {
  readonly bootstrapServer?: string
  readonly commandConfig?: string
  readonly property?: readonly string[]
  readonly securityProtocol?: string
  readonly truststore?: string
  readonly mechanism?: string
  readonly user?: string
  readonly passwordStdin?: true
  readonly replace?: true
  readonly format?: string
}

/** Saves a profile. Throws `conflict` for a name that is taken, `usage` for settings that cannot be. */
export async function addProfile(
  [name = '']: readonly string[],
  flags: AddFlags,
  context: CommandContext,
): Promise<number> {
  const format = formatNamed(flags.format)
  const store = new ProfileStore(context.env)
  const isReplaced = store.has(name)
  if (isReplaced && flags.replace !== true) {
    throw new KtError('conflict', `There is a profile ${name} already`, {
      facts: [store.file(name)],
      next: `kt profile add ${name} --replace ...`,
    })
  }
  const settings = settingsOf(flags)
  await addLogin(settings, flags, context)
  if (settings.size === 0) throw new UsageError('A profile needs settings', { next: '--bootstrap-server HOST:PORT' })
  check(settings)
  store.write(name, settings)
  if (format !== undefined) {
    const [bootstrapServers, securityProtocol] = [settings.get('bootstrap.servers'), settings.get('security.protocol')]
    const connection = { bootstrapServers: bootstrapServers ?? '', securityProtocol: securityProtocol ?? 'PLAINTEXT' }
    context.stdout.write(
      formatDocument(format, 'ProfileSaved', { name, file: store.file(name), isReplaced, ...connection }),
    )
    return OK
  }
  context.stdout.write(`Saved the profile ${name}.\n`)
  context.stderr.write(`It is in ${store.file(name)}, for your eyes only. Try: kt profile show ${name}\n`)
  return OK
}

/** From the weakest to the strongest: the file, the properties, the flags. */
function settingsOf(flags: AddFlags): Map<string, string> {
  const settings = new Map(flags.commandConfig === undefined ? [] : loadProperties(flags.commandConfig))
  for (const pair of flags.property ?? []) {
    const at = pair.indexOf('=')
    if (at <= 0) {
      // Shown only when it is a property's name: the rest of a password with a blank in it stands here too.
      const shown = /^[a-z]+(\.[a-z]+)+$/.test(pair) ? `--property ${pair}` : 'what --property gives'
      throw new UsageError(`${shown} is not of the form key=value`)
    }
    settings.set(pair.slice(0, at).trim(), pair.slice(at + 1))
  }
  const set = (key: string, value: string | undefined): void => {
    if (value !== undefined) settings.set(key, value)
  }
  set('bootstrap.servers', flags.bootstrapServer)
  set('security.protocol', flags.securityProtocol)
  set('sasl.mechanism', flags.mechanism)
  set('ssl.truststore.location', flags.truststore)
  // A profile is used from any directory.
  for (const key of ['ssl.truststore.location', 'ssl.keystore.location']) {
    const file = settings.get(key)
    if (file !== undefined) settings.set(key, path.resolve(file))
  }
  return settings
}

async function addLogin(settings: Map<string, string>, flags: AddFlags, context: CommandContext): Promise<void> {
  if (flags.user === undefined) {
    if (flags.passwordStdin) throw new UsageError('--password-stdin goes with --user')
    return
  }
  const mechanism = settings.get('sasl.mechanism') ?? ''
  if (!/^(PLAIN|SCRAM-SHA-(256|512))$/.test(mechanism)) {
    throw new UsageError(`--user goes with --mechanism PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512`)
  }
  const protocol = settings.get('security.protocol')?.trim().toUpperCase() ?? 'PLAINTEXT'
  if (!protocol.startsWith('SASL_')) {
    throw new UsageError(`--user goes with --security-protocol SASL_SSL or SASL_PLAINTEXT: ${protocol} takes no login`)
  }
  if (mechanism === 'PLAIN' && protocol === 'SASL_PLAINTEXT') {
    context.stderr.write(PASSWORD_AS_IS)
  }
  const password = await passwordOf(flags.user, flags, context)
  settings.set('sasl.jaas.config', loginConfig(mechanism, flags.user, password))
}

/** Whoever pipes more has taken the wrong file. */
const MAX_PASSWORD_BYTES = 64 * 1024

/** Never from the command line, where others see it and the shell remembers it. */
async function passwordOf(user: string, flags: AddFlags, context: CommandContext): Promise<string | undefined> {
  if (flags.passwordStdin) return (await readStdin(context.stdin, MAX_PASSWORD_BYTES)).replace(/\r?\n$/, '')
  if (context.interactive) return context.ask({ message: `Password of ${user}`, kind: 'secret' })
  context.stderr.write('kt: saved without a password; KT_SASL_PASSWORD gives it\n')
  return undefined
}

/** What cannot work is told now. A login without a password is completed by the environment later. */
function check(settings: ReadonlyMap<string, string>): void {
  const complete = new Map(settings)
  const jaas = complete.get('sasl.jaas.config')
  if (jaas !== undefined && /username=/.test(jaas) && !/password=/.test(jaas)) {
    complete.set('sasl.jaas.config', jaas.replace(/;\s*$/, ' password="";'))
  }
  clientOptionsFromProperties(complete)
}

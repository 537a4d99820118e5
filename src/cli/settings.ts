/**
 * What a command connects with, and where each value comes from. From the strongest: flags, a profile named by a flag, the
 * environment, the profile of KT_PROFILE or the one in use, the properties file of --command-config.
 */
import { parseJaas } from '../client/jaas.ts'
import { loadProperties } from '../client/properties.ts'
import { type ChosenProfile, chosenProfile, ENVIRONMENT_KEYS } from './chosen-profile.ts'
import type { ConnectionTarget } from './context.ts'
import { ProfileStore } from './profiles.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Setting {
  readonly key: string
  readonly value: string
  /** `flag --bootstrap-server`, `environment KT_SASL_MECHANISM`, `profile prod`, `file client.properties`. */
  readonly source: string
}

export interface Settings {
  /** What holds, by key. */
  readonly effective: ReadonlyMap<string, Setting>
  /** What was said as well and does not hold. */
  readonly overridden: readonly Setting[]
  readonly profile: ChosenProfile | null
  /** What a person should know, one line each. */
  readonly notices: readonly string[]
}

/** Not properties of Kafka's: they make up or complete sasl.jaas.config. */
const LOGIN_VARIABLES = new Set(['KT_SASL_USERNAME', 'KT_SASL_PASSWORD'])
/** Where empty means something else than left out. */
const MAY_BE_EMPTY = new Set(['ssl.endpoint.identification.algorithm'])

interface Layer {
  readonly values: ReadonlyMap<string, string>
  readonly sourceOf: (key: string) => string
}

/** Reads the file and the profile and lays everything over each other. Throws `KtError`s for what cannot be read. */
export function gatherSettings(target: ConnectionTarget, env: Environment): Settings {
  const profile = chosenProfile(target, env)
  const store = new ProfileStore(env)
  const file = target.commandConfig === undefined ? new Map<string, string>() : loadProperties(target.commandConfig)
  const ofFile: Layer = { values: file, sourceOf: () => `file ${target.commandConfig}` }
  const ofProfile: Layer = {
    values: profile === null ? new Map() : store.read(profile.name),
    sourceOf: () => `profile ${profile!.name}`,
  }
  const ofEnvironment = environmentLayer(env)
  const named = profile?.chosenBy === '--profile'
  const middle = named ? [ofEnvironment, ofProfile] : [ofProfile, ofEnvironment]
  const { effective, overridden } = overlay([ofFile, ...middle, flagLayer(target, file)])
  const replaced = completeLogin(effective, env, named ? new Set([ofProfile.sourceOf('')]) : new Set())
  if (replaced !== null) overridden.push(replaced)
  const exposure = profile === null ? null : store.exposure(profile.name)
  return { effective, overridden, profile, notices: exposure === null ? [] : [exposure] }
}

/** From the weakest to the strongest. */
function overlay(layers: readonly Layer[]): { effective: Map<string, Setting>; overridden: Setting[] } {
  const effective = new Map<string, Setting>()
  const overridden: Setting[] = []
  for (const { values, sourceOf } of layers) {
    for (const [key, value] of values) {
      const before = effective.get(key)
      if (before !== undefined) overridden.push(before)
      effective.set(key, { key, value, source: sourceOf(key) })
    }
  }
  return { effective, overridden }
}

function flagLayer(target: ConnectionTarget, file: ReadonlyMap<string, string>): Layer {
  // Commands that read the file themselves hand on what they read; that is still the file's.
  const own = [...(target.properties ?? [])].filter(([key, value]) => file.get(key) !== value)
  const values = new Map(own)
  const servers = target.bootstrapController ?? target.bootstrapServer
  if (servers !== undefined) values.set('bootstrap.servers', servers)
  const option = target.bootstrapController === undefined ? '--bootstrap-server' : '--bootstrap-controller'
  const isServers = (key: string): boolean => key === 'bootstrap.servers' && servers !== undefined
  return { values, sourceOf: (key) => `flag ${isServers(key) ? option : '--command-property'}` }
}

/** `KT_SASL_MECHANISM` is sasl.mechanism, and so on for every property of ssl, sasl and security. */
function environmentLayer(env: Environment): Layer {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || LOGIN_VARIABLES.has(name)) continue
    const key = ENVIRONMENT_KEYS.test(name) ? name.slice('KT_'.length).toLowerCase().replaceAll('_', '.') : null
    if (key !== null && (value !== '' || MAY_BE_EMPTY.has(key))) values.set(key, value)
  }
  if (env.KT_BOOTSTRAP_SERVER) values.set('bootstrap.servers', env.KT_BOOTSTRAP_SERVER)
  if (env.KT_CLIENT_ID) values.set('client.id', env.KT_CLIENT_ID)
  return { values, sourceOf: variableOf }
}

/** The variable behind a key, as a source. */
export function variableOf(key: string): string {
  const name = key === 'bootstrap.servers' ? 'BOOTSTRAP_SERVER' : key.toUpperCase().replaceAll('.', '_')
  return `environment KT_${name}`
}

const PLAIN_MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule'

/**
 * `KT_SASL_USERNAME` and `KT_SASL_PASSWORD` complete a login, and replace one that is weaker than the environment: that one
 * is returned.
 */
function completeLogin(
  effective: Map<string, Setting>,
  env: Environment,
  stronger: ReadonlySet<string>,
): Setting | null {
  const { KT_SASL_USERNAME: user, KT_SASL_PASSWORD: password } = env
  if (!user && !password) return null
  const mechanism = effective.get('sasl.mechanism')?.value.trim() ?? ''
  if (mechanism !== 'PLAIN' && !mechanism.startsWith('SCRAM-')) return null
  const before = effective.get('sasl.jaas.config')
  const options = before === undefined ? new Map<string, string>() : parseJaas(before.value).options
  const isStronger = before !== undefined && (stronger.has(before.source) || before.source.startsWith('flag'))
  if (isStronger && options.has('password')) return null
  const username = isStronger ? options.get('username') : user || options.get('username')
  const secret = password || options.get('password')
  if (username === undefined) return null
  const value = loginConfig(mechanism, username, secret)
  const source = `environment ${[user && 'KT_SASL_USERNAME', password && 'KT_SASL_PASSWORD'].filter(Boolean).join(', ')}`
  effective.set('sasl.jaas.config', { key: 'sasl.jaas.config', value, source })
  return before ?? null
}

/** sasl.jaas.config for a user; without a password where it comes from elsewhere. */
export function loginConfig(mechanism: string, username: string, password: string | undefined): string {
  const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
  const module = mechanism === 'PLAIN' ? PLAIN_MODULE : SCRAM_MODULE
  const secret = password === undefined ? '' : ` password=${quoted(password)}`
  return `${module} required username=${quoted(username)}${secret};`
}

const SECRET = /password|secret|passphrase|(^|\.)keystore\.key$/i
const HIDDEN = '(hidden)'

/** A value as it may be shown: of a login the user, never the password. */
export function shownValue({ key, value }: Pick<Setting, 'key' | 'value'>): string {
  if (key === 'sasl.jaas.config') return shownLogin(value)
  if (SECRET.test(key)) return HIDDEN
  // Certificates and keys in line.
  if (/-----BEGIN/.test(value)) return '(PEM)'
  // A password in a URL: user:password@host.
  return value.replace(/(:\/\/[^/\s:@]*):[^/\s@]*@/g, `$1:${HIDDEN}@`)
}

function shownLogin(jaas: string): string {
  try {
    const { module, options } = parseJaas(jaas)
    const shown = [...options].map(([name, value]) => `${name}="${HARMLESS.test(name) ? value : HIDDEN}"`)
    return `${[module, 'required', ...shown].join(' ')};`
  } catch {
    return HIDDEN
  }
}

/** Options of login modules that are no secrets; whatever else there may be is. */
const HARMLESS = /^(username|tokenauth|clientId|scope|awsProfileName|awsRoleArn|extension_.*|unsecuredLogin.*)$/

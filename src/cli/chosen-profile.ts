/** Which profile applies, if any: asked by every command that connects, so what reads profiles is elsewhere. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type Environment, ktHome } from '../cluster/cluster-directory.ts'
import type { ConnectionTarget } from './context.ts'

/** Variables that are properties of Kafka's: `KT_SASL_MECHANISM` is sasl.mechanism. */
export const ENVIRONMENT_KEYS = /^KT_(SSL|SASL|SECURITY)_[A-Z0-9_]+$/
/** Names the profile that `kt profile use` chose. */
export const IN_USE = 'in-use'

export interface ChosenProfile {
  readonly name: string
  readonly chosenBy: '--profile' | 'KT_PROFILE' | 'kt profile use'
}

/** True when there is anything to gather but servers: asked by every command, so it costs next to nothing. */
export function hasSettings(target: ConnectionTarget, env: Environment): boolean {
  if (target.commandConfig !== undefined || (target.properties?.size ?? 0) > 0) return true
  if (chosenProfile(target, env) !== null || env.KT_CLIENT_ID !== undefined) return true
  return Object.keys(env).some((name) => ENVIRONMENT_KEYS.test(name))
}

/**
 * The profile that applies. The one in use is for commands that are not told where to connect: what is printed in somebody's
 * notes goes where the notes say, and takes no password there.
 */
export function chosenProfile(target: ConnectionTarget, env: Environment): ChosenProfile | null {
  if (target.profile !== undefined) return { name: target.profile, chosenBy: '--profile' }
  if (env.KT_PROFILE !== undefined && env.KT_PROFILE !== '') return { name: env.KT_PROFILE, chosenBy: 'KT_PROFILE' }
  const { bootstrapServer, bootstrapController, commandConfig } = target
  if ((bootstrapServer ?? bootstrapController ?? commandConfig) !== undefined) return null
  const name = profileInUse(env)
  return name === null ? null : { name, chosenBy: 'kt profile use' }
}

export function profilesDirectory(env: Environment): string {
  return path.join(ktHome(env), 'profiles')
}

/** The name that `kt profile use` left; one small file, looked at by every command that is not told where to connect. */
export function profileInUse(env: Environment): string | null {
  try {
    const name = fs.readFileSync(path.join(profilesDirectory(env), IN_USE), 'utf8').trim()
    return name === '' ? null : name
  } catch {
    return null
  }
}

import { parseWhole, UsageError } from '../../cli/options.ts'
import type { Admin, ScramCredentialInfo } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'
import type { Changes } from './changes.ts'

type Mechanism = ScramCredentialInfo['mechanism']

const MECHANISMS: readonly Mechanism[] = ['SCRAM-SHA-256', 'SCRAM-SHA-512']
/** Fewest iterations a broker accepts, and what is taken when none are named. */
const MIN_ITERATIONS = 4096

export function isScram(key: string): boolean {
  return MECHANISMS.includes(key as Mechanism)
}

/** `iterations=8192,password=secret` or `password=secret`. Throws `UsageError`. */
export function parseCredential(mechanism: string, text: string): { iterations: number; password: string } {
  const match = /^(?:iterations=(-?[0-9]*),)?password=(.*)$/.exec(text)
  if (match === null) throw new UsageError(`Invalid credential property ${mechanism}=${text}`)
  const given = match[1]
  const iterations = given === undefined || given === '-1' ? MIN_ITERATIONS : parseWhole(given, 'int')
  if (iterations === undefined) throw new UsageError(`For input string: "${given}"`)
  if (iterations < MIN_ITERATIONS) {
    throw new UsageError(
      `Iterations ${iterations} is less than the minimum ${MIN_ITERATIONS} required for ${mechanism}`,
    )
  }
  return { iterations, password: match[2]! }
}

/** Sets and removes a user's credentials in one request. */
export async function alterScram(admin: Admin, user: string, changes: Changes): Promise<void> {
  const removals = changes.remove.map((mechanism) => ({
    user,
    mechanism: mechanism as Mechanism,
    delete: true as const,
  }))
  const additions = [...changes.add].map(([mechanism, text]) => ({
    user,
    mechanism: mechanism as Mechanism,
    ...parseCredential(mechanism, text),
  }))
  const outcomes = await admin.alterScramCredentials([...removals, ...additions])
  for (const outcome of outcomes.values()) unwrap(outcome)
}

/** `--add-scram`: credentials a cluster begins with (KIP-900). Messages are the script's. */
import { createHash, createHmac } from 'node:crypto'
import { KtError } from '../../base/errors.ts'
import { type Random, systemRandom } from '../../base/random.ts'
import { parseWhole } from '../../cli/options.ts'
import { saltPassword } from '../../client/sasl.ts'
import type { UserScramCredentialRecord } from '../../protocol/metadata/11-user-scram-credential.ts'

type Hash = 'sha256' | 'sha512'

const MECHANISMS: Readonly<Record<string, { readonly id: number; readonly hash: Hash }>> = {
  'SCRAM-SHA-256': { id: 1, hash: 'sha256' },
  'SCRAM-SHA-512': { id: 2, hash: 'sha512' },
}

/** `SCRAM-SHA-512` for 2, as records have it. */
export function mechanismName(id: number): string {
  return Object.keys(MECHANISMS).find((name) => MECHANISMS[name]!.id === id)!
}

const DEFAULT_ITERATIONS = 4096
const MIN_ITERATIONS = 4096
const MAX_ITERATIONS = 16_384
const SALT_BYTES = 32
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

function refuse(message: string): never {
  throw new KtError('usage', message)
}

/** `SCRAM-SHA-256=[name=alice,password=alice-secret]` as the record that the cluster begins with. */
export function scramRecord(argument: string, random: Random = systemRandom): UserScramCredentialRecord {
  const { name, id, hash, components } = mechanismOf(argument)
  const take = (key: string): string | undefined => {
    const value = components.get(key)
    components.delete(key)
    return value
  }
  const user = take('name') ?? refuse("You must supply 'name' to add-scram")
  const givenSalt = decode(take('salt'), 'salt')
  const iterations = iterationsOf(take('iterations'), name)
  const password = take('password')
  const givenSalted = take('saltedpassword')
  if (password === undefined && givenSalted === undefined) {
    refuse("You must supply one of 'password' or 'saltedpassword' to add-scram")
  }
  if (password === undefined && givenSalt === undefined) {
    refuse("You must supply 'salt' with 'saltedpassword' to add-scram")
  }
  const decoded = password === undefined ? decode(givenSalted, 'saltedPassword') : undefined
  if (components.size > 0) refuse(`Unknown SCRAM configurations: ${[...components.keys()].sort().join(', ')}`)
  checkIterations(iterations, name)
  const salt = givenSalt ?? random.bytes(SALT_BYTES)
  const salted = decoded ?? saltPassword(hash, password!, salt, iterations)
  return { name: user, mechanism: id, salt, ...keysOf(salted, hash), iterations }
}

interface Parsed {
  readonly name: string
  readonly id: number
  readonly hash: Hash
  readonly components: Map<string, string>
}

function mechanismOf(argument: string): Parsed {
  const text = argument.trim()
  const equals = text.indexOf('=')
  if (equals < 0) refuse(`Failed to find equals sign in SCRAM argument '${text}'`)
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)]
  const mechanism = Object.hasOwn(MECHANISMS, name) ? MECHANISMS[name] : undefined
  if (mechanism === undefined) refuse(`The add-scram mechanism ${name} is not supported.`)
  if (!value.startsWith('[')) refuse('Expected configuration string to start with [')
  if (!value.endsWith(']')) refuse('Expected configuration string to end with ]')
  const components = new Map(value.slice(1, -1).split(',').map(component))
  return { name, ...mechanism, components }
}

function component(text: string): [string, string] {
  const equals = text.indexOf('=')
  if (equals < 0) refuse(`No equals sign found in SCRAM component: ${text}`)
  const value = text.slice(equals + 1)
  return [text.slice(0, equals), /^".*"$/s.test(value) && value.length > 1 ? value.slice(1, -1) : value]
}

function decode(text: string | undefined, what: string): Buffer | undefined {
  if (text === undefined) return undefined
  if (!BASE64.test(text)) refuse(`Failed to decode given ${what}: ${text}`)
  return Buffer.from(text, 'base64')
}

function iterationsOf(text: string | undefined, _mechanism: string): number {
  if (text === undefined) return DEFAULT_ITERATIONS
  return parseWhole(text, 'int') ?? refuse(`Failed to parse iterations count: ${text}`)
}

function checkIterations(iterations: number, mechanism: string): void {
  const name = mechanism.replaceAll('-', '_')
  const value = "The 'iterations' value must be"
  if (iterations < MIN_ITERATIONS) refuse(`${value} >= ${MIN_ITERATIONS} for add-scram using ${name}`)
  if (iterations > MAX_ITERATIONS) refuse(`${value} <= ${MAX_ITERATIONS} for add-scram using ${name}`)
}

/** RFC 5802: what a server keeps instead of the password. */
function keysOf(salted: Buffer, hash: Hash): { storedKey: Buffer; serverKey: Buffer } {
  const clientKey = createHmac(hash, salted).update('Client Key').digest()
  const serverKey = createHmac(hash, salted).update('Server Key').digest()
  return { storedKey: createHash(hash).update(clientKey).digest(), serverKey }
}

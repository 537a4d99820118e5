/**
 * The text form of a dynamic quorum's first voters (KIP-853): `id@host:port:directory-id`, separated by commas. Messages
 * are Kafka's.
 */
import { type Uuid, uuidToBytes } from '../base/uuid.ts'
import { SUPPORTED_KRAFT_VERSIONS, type VoterSet } from '../raft/voters.ts'

export interface DynamicVoter {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly directoryId: Uuid
}

const MAX_INT = 2 ** 31 - 1
const MAX_PORT = 65_535

/** As Java's Integer.parseInt takes it; null for anything else. */
function integer(text: string): number | null {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  return value >= -MAX_INT - 1 && value <= MAX_INT ? value : null
}

/** The host in front of the port, and what follows it. */
function splitHost(text: string): [host: string, rest: string] {
  if (text === '') throw new RangeError('No hostname found after node id.')
  if (text.startsWith('[')) {
    const end = text.indexOf(']')
    if (end < 0) throw new RangeError('Hostname began with left bracket, but no right bracket was found.')
    return [text.slice(1, end), text.slice(end + 1)]
  }
  const end = text.indexOf(':')
  if (end < 0) throw new RangeError('No colon following hostname could be found.')
  return [text.slice(0, end), text.slice(end)]
}

function nodeId(text: string, at: number): number {
  if (at < 0) throw new RangeError('No @ found in dynamic voter string.')
  if (at === 0) throw new RangeError('Invalid @ at beginning of dynamic voter string.')
  const id = integer(text.slice(0, at))
  if (id === null) throw new RangeError('Failed to parse node id in dynamic voter string.')
  if (id < 0) throw new RangeError(`Invalid negative node id ${id} in dynamic voter string.`)
  return id
}

function directoryId(text: string): Uuid {
  try {
    uuidToBytes(text)
    return text
  } catch {
    throw new RangeError('Failed to parse directory ID in dynamic voter string.')
  }
}

/** One `id@host:port:directory-id`. Throws `RangeError`. */
export function parseDynamicVoter(input: string): DynamicVoter {
  const text = input.trim()
  const at = text.indexOf('@')
  const id = nodeId(text, at)
  const [host, rest] = splitHost(text.slice(at + 1))
  if (!rest.startsWith(':')) throw new RangeError('Port section must start with a colon.')
  const colon = rest.indexOf(':', 1)
  if (colon < 0) throw new RangeError('No colon following port could be found.')
  const port = integer(rest.slice(1, colon))
  if (port === null) throw new RangeError('Failed to parse port in dynamic voter string.')
  if (port < 0 || port > MAX_PORT) throw new RangeError(`Invalid port ${port} in dynamic voter string.`)
  return { id, host, port, directoryId: directoryId(rest.slice(colon + 1)) }
}

/** All voters, by id. Throws `RangeError`. */
export function parseDynamicVoters(input: string): DynamicVoter[] {
  const voters = new Map<number, DynamicVoter>()
  for (const text of input.trim().split(',')) {
    if (text === '') continue
    const voter = parseDynamicVoter(text)
    if (voters.has(voter.id)) throw new RangeError(`Node id ${voter.id} was specified more than once.`)
    voters.set(voter.id, voter)
  }
  if (voters.size === 0) throw new RangeError('No voters given.')
  return [...voters.values()].sort((a, b) => a.id - b.id)
}

/** The text that `parseDynamicVoter` reads. */
export function formatDynamicVoter({ id, host, port, directoryId: directory }: DynamicVoter): string {
  return `${id}@${host.includes(':') ? `[${host}]` : host}:${port}:${directory}`
}

/** As the voters record has them: one endpoint each, on the controller listener. */
export function voterSetOf(voters: readonly DynamicVoter[], controllerListenerName: string): VoterSet {
  return new Map(
    voters.map(({ id, host, port, directoryId: directory }) => [
      id,
      {
        id,
        directoryId: directory,
        endpoints: [{ name: controllerListenerName.toUpperCase(), host, port }],
        kraftVersions: SUPPORTED_KRAFT_VERSIONS,
      },
    ]),
  )
}

/**
 * Which answers name addresses that a client then connects to, and how to put others in their place. Bytes that are no
 * address stay as they are, unknown tags too, so that a client sees everything else as the broker said it.
 */
import { Reader, Writer } from '../base/bytes.ts'
import { ApiKey } from './api-keys.ts'
import { type ByteRange, interpretDecode } from './interpret.ts'
import { type Api, includesVersion, type Schema } from './schema.ts'

/** First version whose answer names addresses of brokers (of controllers, where those are asked). */
const FIRST_WITH_ADDRESSES: ReadonlyMap<number, number> = new Map([
  [ApiKey.produce, 10], // the new leader (KIP-951)
  [ApiKey.fetch, 16], // the same
  [ApiKey.metadata, 0],
  [ApiKey.findCoordinator, 0],
  [ApiKey.describeCluster, 0],
  [ApiKey.shareFetch, 0],
  [ApiKey.shareAcknowledge, 0],
])

/**
 * Answers with hosts and ports that no client connects to because of them: of the quorum between its voters and
 * DescribeQuorum, which tells where the voters listen, and of Kafka Streams, whose instances name themselves.
 */
export const OTHER_ADDRESSES: ReadonlySet<number> = new Set([
  ApiKey.vote,
  ApiKey.beginQuorumEpoch,
  ApiKey.endQuorumEpoch,
  ApiKey.fetchSnapshot,
  ApiKey.describeQuorum,
  ApiKey.updateRaftVoter,
  ApiKey.streamsGroupHeartbeat,
  ApiKey.streamsGroupDescribe,
])

/** Keys of all answers that name addresses in some version. */
export const KEYS_WITH_ADDRESSES: readonly number[] = [...FIRST_WITH_ADDRESSES.keys()]

/** True when answers of this version name addresses that clients connect to. */
export function carriesAddresses(apiKey: number, version: number): boolean {
  const first = FIRST_WITH_ADDRESSES.get(apiKey)
  return first !== undefined && version >= first
}

/** Answers that may be too large to be held: records first, addresses in their tail (`endpoint-tail.ts`). */
export function isLargeWithTail(apiKey: number, version: number): boolean {
  return (apiKey === ApiKey.fetch || apiKey === ApiKey.shareFetch) && carriesAddresses(apiKey, version)
}

/** An address in an answer, and where its two fields stand. */
export interface FoundAddress {
  readonly host: string
  readonly port: number
  /** -1 where the answer does not say whose it is. */
  readonly nodeId: number
  readonly hostStart: number
  readonly hostEnd: number
  readonly portStart: number
}

export interface FoundAddresses {
  readonly addresses: readonly FoundAddress[]
  /** Where the sizes of tagged fields stand, and how far each field goes. */
  readonly tagSizes: readonly { readonly start: number; readonly end: number; readonly fieldEnd: number }[]
  readonly isFlexible: boolean
}

/** What is read of one structure of an answer until its port is there. */
interface Partial {
  path: string
  nodeId: number
  host: string
  hostStart: number
  hostEnd: number
}

/**
 * The addresses of a response body, which begins at `start` (behind the header). Those of nobody (an empty host, as a
 * failed FindCoordinator has it) are left out. Throws `ProtocolError` when the bytes are no such answer.
 */
export function findAddresses(api: Api, version: number, frame: Buffer, start: number): FoundAddresses {
  return findAddressesIn(api.response, version, frame, start)
}

/** The same of any structure with addresses in it. */
export function findAddressesIn(schema: Schema, version: number, frame: Buffer, start: number): FoundAddresses {
  const addresses: FoundAddress[] = []
  const tagSizes: { start: number; end: number; fieldEnd: number }[] = []
  let partial: Partial = { path: '', nodeId: -1, host: '', hostStart: 0, hostEnd: 0 }
  const onBytes = ({ part, value, start, end }: ByteRange): void => {
    if (part === 'tagSize') tagSizes.push({ start, end, fieldEnd: end + (value as number) })
  }
  const onField = (path: string, value: unknown, start: number, end: number): void => {
    const dot = path.lastIndexOf('.')
    const [within, name] = [path.slice(0, Math.max(0, dot)), path.slice(dot + 1)]
    if (within !== partial.path) partial = { path: within, nodeId: -1, host: '', hostStart: 0, hostEnd: 0 }
    if (name === 'nodeId' || name === 'brokerId') partial.nodeId = value as number
    else if (name === 'host') Object.assign(partial, { host: value, hostStart: start, hostEnd: end })
    else if (name === 'port' && partial.host !== '' && (value as number) > 0) {
      const { nodeId, host, hostStart, hostEnd } = partial
      addresses.push({ host, port: value as number, nodeId, hostStart, hostEnd, portStart: start })
    }
  }
  interpretDecode(schema, version, new Reader(frame, start), { onField, onBytes })
  return { addresses, tagSizes, isFlexible: includesVersion(schema.flexibleVersions, version) }
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly bytes: Buffer
}

/** The frame with each address replaced by what `replace` says; null leaves one as it is. The frame is not changed. */
export function replaceAddresses(
  frame: Buffer,
  { addresses, tagSizes, isFlexible }: FoundAddresses,
  replace: (address: FoundAddress) => { readonly host: string; readonly port: number } | null,
): Buffer {
  const edits: Edit[] = []
  for (const address of addresses) {
    const other = replace(address)
    if (other === null) continue
    const port = Buffer.alloc(4)
    port.writeInt32BE(other.port)
    edits.push({ start: address.hostStart, end: address.hostEnd, bytes: encodedHost(other.host, isFlexible) })
    edits.push({ start: address.portStart, end: address.portStart + 4, bytes: port })
  }
  const sizes = tagSizes.map(({ start, end, fieldEnd }): Edit => {
    const growth = edits
      .filter((edit) => edit.start >= end && edit.end <= fieldEnd)
      .reduce((sum, edit) => sum + edit.bytes.length - (edit.end - edit.start), 0)
    const writer = new Writer(8)
    writer.uvarint(fieldEnd - end + growth)
    return { start, end, bytes: writer.toBuffer() }
  })
  return applied(frame, [...edits, ...sizes])
}

function encodedHost(host: string, isCompact: boolean): Buffer {
  const writer = new Writer(host.length + 8)
  writer.string(host, isCompact)
  return writer.toBuffer()
}

function applied(frame: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  for (const { start, end, bytes } of [...edits].sort((a, b) => a.start - b.start)) {
    pieces.push(frame.subarray(at, start), bytes)
    at = end
  }
  pieces.push(frame.subarray(at))
  return Buffer.concat(pieces)
}

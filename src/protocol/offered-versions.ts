/** What a broker offers (ApiVersions), narrowed to the versions that we can read. */
import { Reader } from '../base/bytes.ts'
import { ErrorCode } from './error-codes.ts'
import { interpretDecode } from './interpret.ts'
import { type Api, parseVersions } from './schema.ts'

export interface Narrowed {
  readonly frame: Buffer
  /** `Metadata 14 to 13`, for each that was offered at a newer version. */
  readonly changes: readonly string[]
}

/**
 * The answer to ApiVersions, its body at `start`, with no version above ours of a request that we know. Nothing changes its
 * length. Throws `ProtocolError` when it is no such answer.
 */
export function narrowVersions(
  { api, version, apis }: { api: Api; version: number; apis: ReadonlyMap<number, Api> },
  frame: Buffer,
  start: number,
): Narrowed {
  // KIP-511: a version that the broker does not know is answered in version 0.
  const read = frame.readInt16BE(start) === ErrorCode.UNSUPPORTED_VERSION ? 0 : version
  const narrowed = Buffer.from(frame)
  const changes: string[] = []
  let offered = { key: -1, min: 0 }
  interpretDecode(api.response, read, new Reader(frame, start), {
    onField: (path, value, from) => {
      const [, name] = /^apiKeys\[\d+\]\.(\w+)$/.exec(path) ?? []
      if (name === 'apiKey') offered = { key: value as number, min: 0 }
      if (name === 'minVersion') offered.min = value as number
      const known = name === 'maxVersion' ? apis.get(offered.key) : undefined
      if (known === undefined) return
      const { max } = parseVersions(known.validVersions)
      if ((value as number) <= max || offered.min > max) return
      narrowed.writeInt16BE(max, from)
      changes.push(`${known.name} ${value} to ${max}`)
    },
  })
  return { frame: changes.length === 0 ? frame : narrowed, changes }
}

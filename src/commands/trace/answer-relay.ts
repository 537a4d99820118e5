/**
 * Answers on their way to the client: passed on as they come, but for those that name brokers, whose addresses are replaced
 * by those of the proxy's listeners first. Only these are held, each as a whole; of large ones with records only what stands
 * behind these. Nothing is offered (ApiVersions) that could not be read.
 */

import { ProtocolError } from '../../base/errors.ts'
import type { Address } from '../../client/address.ts'
import type { AskedRequest, WireTap } from '../../client/wire-tap.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import { fillTail, MAX_TAIL_BYTES, RESERVED_BYTES, readTail } from '../../protocol/endpoint-tail.ts'
import {
  carriesAddresses,
  type FoundAddress,
  findAddresses,
  isLargeWithTail,
  replaceAddresses,
} from '../../protocol/endpoints.ts'
import type { FrameSink } from '../../protocol/frame-stream.ts'
import { narrowVersions } from '../../protocol/offered-versions.ts'

/** Of an answer with records that is larger than this, up to `fetch.max.bytes`, only the end is held. */
export const MAX_HELD_FETCH_BYTES = 64 * 1024
/** Metadata of a huge cluster are some MiB; above this nothing is held. */
export const MAX_HELD_BYTES = 100 * 1024 * 1024

export interface RelayOptions {
  readonly tap: WireTap
  /** Where the client finds this broker behind the proxy; null leaves the address as it is. */
  readonly proxied: (address: FoundAddress) => Promise<Address | null>
  /** Takes what goes to the client, in order; `ready` is awaited before anything behind it. */
  readonly write: (bytes: Buffer | Promise<Buffer>) => void
  /** Tells a person what could not be done. */
  readonly note: (text: string) => void
  /** The same of what holds for every connection. */
  readonly noteOnce: (text: string) => void
}

/** `pass` as it comes, `hold` until it is complete, `tail`: pass the records and hold what stands behind them. */
type Mode = 'head' | 'pass' | 'hold' | 'tail'

export class AnswerRelay implements FrameSink {
  readonly #options: RelayOptions
  #size = 0
  /** Where the next piece stands in the frame. */
  #position = 0
  #mode: Mode = 'head'
  #held: Buffer[] = []
  /** Where the records end and addresses may begin, -1 until it was seen. */
  #tailAt = -1

  constructor(options: RelayOptions) {
    this.#options = options
    options.tap.answer.onTail = (position) => {
      this.#tailAt = position
    }
  }

  begin(sizeInBytes: number): void {
    this.#size = sizeInBytes
    this.#position = 0
    this.#mode = 'head'
    this.#held = []
    this.#tailAt = -1
    this.#options.tap.answer.begin(sizeInBytes)
  }

  /** Throws `ProtocolError` for an answer whose end cannot be held. */
  data(piece: Buffer): void {
    const { answer } = this.#options.tap
    answer.data(piece)
    if (this.#mode !== 'head') {
      this.#take(piece)
      return
    }
    this.#held.push(piece)
    if (answer.asked !== undefined) this.#decide(answer.asked)
  }

  #decide(asked: AskedRequest | null): void {
    this.#mode = this.#modeFor(asked)
    const pieces = this.#held
    this.#held = []
    if (this.#mode !== 'hold') this.#options.write(sizeBytes(this.#size + (this.#mode === 'tail' ? RESERVED_BYTES : 0)))
    for (const piece of pieces) this.#take(piece)
  }

  #take(piece: Buffer): void {
    const passed = this.#mode === 'pass' ? piece.length : this.#mode === 'hold' ? 0 : this.#beforeTail(piece)
    if (passed > 0) this.#options.write(passed === piece.length ? piece : piece.subarray(0, passed))
    if (passed < piece.length) this.#held.push(piece.subarray(passed))
    this.#position += piece.length
  }

  /** How much of the piece stands before the tail. */
  #beforeTail(piece: Buffer): number {
    if (this.#tailAt < 0) return piece.length
    if (this.#size - this.#tailAt > MAX_TAIL_BYTES)
      throw new ProtocolError(`${this.#size - this.#tailAt} bytes of addresses`)
    return Math.min(piece.length, Math.max(0, this.#tailAt - this.#position))
  }

  #modeFor(asked: AskedRequest | null): Mode {
    const { note, tap } = this.#options
    if (asked === null) {
      if (!tap.isOpaque) note('an answer that nobody has asked for is passed on as it is')
      return 'pass'
    }
    const { api, header, isKnown } = asked
    if (!isKnown) {
      const hint = carriesAddresses(api.key, header.apiVersion) ? '; the client may go past the proxy from here on' : ''
      note(`${asked.problem}: it is passed on as it is${hint}`)
      return 'pass'
    }
    if (api.key === ApiKey.apiVersions) return 'hold'
    if (!carriesAddresses(api.key, header.apiVersion)) return 'pass'
    if (isLargeWithTail(api.key, header.apiVersion)) return this.#size <= MAX_HELD_FETCH_BYTES ? 'hold' : 'tail'
    if (this.#size <= MAX_HELD_BYTES) return 'hold'
    note(`an answer to ${api.name} of ${this.#size} bytes is passed on as it is: it is too large to be held`)
    return 'pass'
  }

  /** Throws `ProtocolError` where an answer ends that was announced larger and cannot be read. */
  end(): void {
    const { answer } = this.#options.tap
    const { asked, bodyStart } = answer
    answer.end()
    if (this.#mode === 'pass') return
    const held = Buffer.concat(this.#held)
    this.#held = []
    if (asked === null || asked === undefined) this.#options.write(sized(held))
    else if (this.#mode === 'tail') this.#writeTail(held, asked)
    else if (asked.api.key === ApiKey.apiVersions) this.#options.write(sized(this.#narrowed(held, asked, bodyStart)))
    else this.#options.write(this.#rewritten(held, asked, bodyStart))
  }

  #writeTail(held: Buffer, { api, header, problem }: AskedRequest): void {
    if (this.#tailAt < 0 || problem !== null)
      throw new ProtocolError(problem ?? `an answer to ${api.name} without an end`)
    const tail = readTail(api, header.apiVersion, held)
    if (tail.found.addresses.length === 0) this.#options.write(fillTail(tail, () => null))
    else this.#options.write(this.#proxied(tail.found.addresses).then((proxied) => fillTail(tail, proxied)))
  }

  /** Clients choose the newest version that both know: none is offered whose addresses could not be found. */
  #narrowed(frame: Buffer, { api, header }: AskedRequest, bodyStart: number): Buffer {
    const { tap, note, noteOnce } = this.#options
    try {
      const { frame: narrowed, changes } = narrowVersions(
        { api, version: header.apiVersion, apis: tap.apis },
        frame,
        bodyStart,
      )
      if (changes.length > 0) {
        noteOnce(`the cluster has versions that kt does not know; clients are offered less: ${changes.join(', ')}`)
      }
      return narrowed
    } catch (error) {
      note(`an answer to ${api.name} is passed on as it is: ${(error as Error).message}`)
      return frame
    }
  }

  #rewritten(frame: Buffer, { api, header }: AskedRequest, bodyStart: number): Buffer | Promise<Buffer> {
    // Of Produce and Fetch nearly no answer has the tag.
    if ((api.key === ApiKey.fetch || api.key === ApiKey.produce) && this.#hasNoTags(frame)) return sized(frame)
    try {
      const found = findAddresses(api, header.apiVersion, frame, bodyStart)
      if (found.addresses.length === 0) return sized(frame)
      return this.#replaced(frame, found)
    } catch (error) {
      this.#options.note(`an answer to ${api.name} is passed on as it is: ${(error as Error).message}`)
      return sized(frame)
    }
  }

  /** The count of tags stands where the data ends. */
  #hasNoTags(frame: Buffer): boolean {
    return this.#tailAt >= 0 && frame[this.#tailAt] === 0
  }

  async #replaced(frame: Buffer, found: ReturnType<typeof findAddresses>): Promise<Buffer> {
    return sized(replaceAddresses(frame, found, await this.#proxied(found.addresses)))
  }

  async #proxied(addresses: readonly FoundAddress[]): Promise<(address: FoundAddress) => Address | null> {
    const proxied = new Map<FoundAddress, Address | null>()
    for (const address of addresses) proxied.set(address, await this.#options.proxied(address))
    return (address) => proxied.get(address) ?? null
  }
}

function sizeBytes(sizeInBytes: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(sizeInBytes)
  return size
}

function sized(frame: Buffer): Buffer {
  return Buffer.concat([sizeBytes(frame.length), frame])
}

/**
 * Answers on their way to the client: passed on as they come, but for those that name brokers, whose addresses are replaced
 * by those of the proxy's listeners first. Only these are held, each as a whole.
 */
import type { Address } from '../../client/address.ts'
import type { AskedRequest, WireTap } from '../../client/wire-tap.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import {
  addressTag,
  carriesAddresses,
  type FoundAddress,
  findAddresses,
  replaceAddresses,
  UNKNOWN_TAG,
} from '../../protocol/endpoints.ts'
import type { FrameSink } from '../../protocol/frame-stream.ts'

/**
 * An answer to Fetch up to this size is held, and its addresses replaced; in a larger one, which may be records up to
 * `fetch.max.bytes`, the tag with the addresses is made unknown: clients then ask for metadata, as before KIP-951.
 */
export const MAX_HELD_FETCH_BYTES = 64 * 1024
/** A share fetch has records before its addresses, metadata of a huge cluster are some MiB; above this nothing is held. */
export const MAX_HELD_BYTES = 100 * 1024 * 1024

export interface RelayOptions {
  readonly tap: WireTap
  /** Where the client finds this broker behind the proxy; null leaves the address as it is. */
  readonly proxied: (address: FoundAddress) => Promise<Address | null>
  /** Takes what goes to the client, in order; `ready` is awaited before anything behind it. */
  readonly write: (bytes: Buffer | Promise<Buffer>) => void
  /** Tells a person what could not be done. */
  readonly note: (text: string) => void
}

export class AnswerRelay implements FrameSink {
  readonly #options: RelayOptions
  #size = 0
  /** Where the next piece stands in the frame. */
  #position = 0
  #mode: 'head' | 'pass' | 'hold' = 'head'
  #held: Buffer[] = []
  /** Position of the tag with addresses, -1 until it was seen. */
  #tagAt = -1

  constructor(options: RelayOptions) {
    this.#options = options
    options.tap.answer.onTag = (tag, position) => {
      if (tag === 0) this.#tagAt = position
    }
  }

  begin(sizeInBytes: number): void {
    this.#size = sizeInBytes
    this.#position = 0
    this.#mode = 'head'
    this.#held = []
    this.#tagAt = -1
    this.#options.tap.answer.begin(sizeInBytes)
  }

  data(piece: Buffer): void {
    const { answer } = this.#options.tap
    answer.data(piece)
    if (this.#mode === 'head' && answer.asked !== undefined) this.#decide(answer.asked)
    if (this.#mode === 'pass') {
      this.#hideAddresses(piece)
      this.#options.write(piece)
    } else this.#held.push(piece)
    this.#position += piece.length
  }

  #decide(asked: AskedRequest | null): void {
    this.#mode = this.#isHeld(asked) ? 'hold' : 'pass'
    if (this.#mode === 'hold') return
    const size = Buffer.alloc(4)
    size.writeInt32BE(this.#size)
    this.#options.write(Buffer.concat([size, ...this.#held]))
    this.#held = []
  }

  #isHeld(asked: AskedRequest | null): boolean {
    const { note, tap } = this.#options
    if (asked === null) {
      if (!tap.isOpaque) note('an answer that nobody has asked for is passed on as it is')
      return false
    }
    const { api, header, isKnown } = asked
    if (!isKnown) {
      const hint = carriesAddresses(api.key, header.apiVersion) ? '; the client may go past the proxy from here on' : ''
      note(`${asked.problem}: it is passed on as it is${hint}`)
      return false
    }
    if (!carriesAddresses(api.key, header.apiVersion)) return false
    if (api.key === ApiKey.fetch) return this.#size <= MAX_HELD_FETCH_BYTES
    if (this.#size <= MAX_HELD_BYTES) return true
    note(`an answer to ${api.name} of ${this.#size} bytes is passed on as it is: it is too large to be held`)
    return false
  }

  /** In an answer that is passed on: the tag has just arrived with this piece, so it can still be changed. */
  #hideAddresses(piece: Buffer): void {
    const { asked } = this.#options.tap.answer
    const at = this.#tagAt - this.#position
    if (asked === null || asked === undefined || at < 0 || at >= piece.length) return
    if (addressTag(asked.api.key, asked.header.apiVersion) === 0) piece[at] = UNKNOWN_TAG
  }

  end(): void {
    const { answer } = this.#options.tap
    const { asked, bodyStart } = answer
    answer.end()
    if (this.#mode === 'pass') return
    const frame = Buffer.concat(this.#held)
    this.#held = []
    this.#options.write(asked === null || asked === undefined ? sized(frame) : this.#rewritten(frame, asked, bodyStart))
  }

  #rewritten(frame: Buffer, { api, header }: AskedRequest, bodyStart: number): Buffer | Promise<Buffer> {
    // Of Produce and Fetch nearly no answer has the tag.
    if ((api.key === ApiKey.fetch || api.key === ApiKey.produce) && this.#tagAt < 0) return sized(frame)
    try {
      const found = findAddresses(api, header.apiVersion, frame, bodyStart)
      if (found.addresses.length === 0) return sized(frame)
      return this.#replaced(frame, found)
    } catch (error) {
      this.#options.note(`an answer to ${api.name} is passed on as it is: ${(error as Error).message}`)
      return sized(frame)
    }
  }

  async #replaced(frame: Buffer, found: ReturnType<typeof findAddresses>): Promise<Buffer> {
    const proxied = new Map<FoundAddress, Address | null>()
    for (const address of found.addresses) proxied.set(address, await this.#options.proxied(address))
    return sized(replaceAddresses(frame, found, (address) => proxied.get(address) ?? null))
  }
}

function sized(frame: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  return Buffer.concat([size, frame])
}

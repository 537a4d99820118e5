/**
 * The conversation of one connection, read off its bytes without holding them: which request, at which version, what it
 * asks, and what was answered. Clients that are not ours are heard so: kafkajs in our own process, and any behind a proxy.
 */
import { ProtocolError } from '../base/errors.ts'
import { ApiKey, apiKeyName } from '../protocol/api-keys.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { FrameStream } from '../protocol/frame-stream.ts'
import { isFlexible, type RequestHeader } from '../protocol/header.ts'
import { loadAllApis } from '../protocol/registry.ts'
import { type Api, defineApi, includesVersion } from '../protocol/schema.ts'
import {
  decodeSteps,
  MessageStream,
  type Steps,
  type StreamInput,
  type TailObserver,
} from '../protocol/stream-decoder.ts'
import type { Address } from './address.ts'
import type { WireEvent } from './trace.ts'

/** As brokers have it by default (`socket.request.max.bytes`). */
export const MAX_REQUEST_BYTES = 100 * 1024 * 1024
/** As our own client has it (`connection.ts`): more than this is no answer of a broker. */
export const MAX_ANSWER_BYTES = 256 * 1024 * 1024
/** What requests that are not answered yet may keep of themselves; beyond it their fields are forgotten. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024
/** A request is kept as objects, which take about this much of what its bytes took, records aside. */
const LEAST_KEPT_BYTES = 256

/** Every message by its key, loaded once before anything is heard. */
export type ApisByKey = ReadonlyMap<number, Api>

export async function allApis(): Promise<ApisByKey> {
  return new Map((await loadAllApis()).map((api) => [api.key, api]))
}

/** A request whose answer is waited for. */
export interface AskedRequest {
  readonly header: RequestHeader
  /** Without fields where we do not know the key or the version. */
  readonly api: Api
  readonly isKnown: boolean
  readonly requestBytes: number
  request: unknown
  problem: string | null
  isComplete: boolean
  /** Monotonic: when its last byte was seen. */
  sentAtMs: number
  keptBytes: number
}

export interface WireTapOptions {
  readonly address: Address
  readonly apis: ApisByKey
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly onExchange: (event: WireEvent) => void
  readonly onAsked?: (asked: AskedRequest) => void
}

/** Both directions of one connection. `sent` and `received` throw `ProtocolError` for bytes that are no frames. */
export class WireTap {
  readonly #options: WireTapOptions
  readonly #requests: FrameStream
  readonly #answers: FrameStream
  #waiting: AskedRequest[] = []
  #keptBytes = 0
  /** SaslHandshake v0 (KIP-43): what follows are the mechanism's own bytes, in frames without a header. */
  #isOpaque = false
  /** The answer that is coming. */
  readonly answer: AnswerTap

  constructor(options: WireTapOptions) {
    this.#options = options
    this.answer = new AnswerTap(this, (event) => options.onExchange(event))
    this.#requests = new FrameStream(MAX_REQUEST_BYTES, new RequestTap(this))
    this.#answers = new FrameStream(MAX_ANSWER_BYTES, this.answer)
  }

  get address(): Address {
    return this.#options.address
  }

  get apis(): ApisByKey {
    return this.#options.apis
  }

  get isOpaque(): boolean {
    return this.#isOpaque
  }

  now(): number {
    return this.#options.now()
  }

  /** Requests that are not answered yet. */
  get outstanding(): number {
    return this.#waiting.length
  }

  /** What the client sent. */
  sent(chunk: Buffer): void {
    this.#requests.push(chunk)
  }

  /** What it received. */
  received(chunk: Buffer): void {
    this.#answers.push(chunk)
  }

  /** A request's header was read: an answer may come from now on. */
  asks(asked: AskedRequest): void {
    this.#isOpaque = false
    this.#waiting.push(asked)
    this.#options.onAsked?.(asked)
  }

  /** The request is complete. */
  hasAsked(asked: AskedRequest): void {
    asked.isComplete = true
    asked.sentAtMs = this.now()
    this.#keptBytes += asked.keptBytes
    if (this.#keptBytes > MAX_KEPT_BYTES) {
      this.#keptBytes -= asked.keptBytes
      asked.keptBytes = 0
      asked.request = null
    }
    const isUnanswered = asked.api.key === ApiKey.produce && (asked.request as { acks?: number } | null)?.acks === 0
    if (!isUnanswered) return
    this.#forget(asked)
    this.#options.onExchange(this.event(asked, null, 0, null))
  }

  /** Answers come in the order of the requests; null for one that nobody has asked for. */
  takeAsked(correlationId: number): AskedRequest | null {
    const asked = this.#waiting.find(({ header }) => header.correlationId === correlationId)
    if (asked === undefined) return null
    this.#forget(asked)
    return asked
  }

  #forget(asked: AskedRequest): void {
    this.#keptBytes -= asked.keptBytes
    // In order nearly always, so it is the first one.
    if (this.#waiting[0] === asked) this.#waiting.shift()
    else this.#waiting = this.#waiting.filter((each) => each !== asked)
  }

  /** SaslHandshake was answered: version 0 begins frames without headers. */
  handshaken({ header, api }: AskedRequest, response: unknown): void {
    const isAccepted = (response as { errorCode?: number } | null)?.errorCode === ErrorCode.NONE
    if (api.key === ApiKey.saslHandshake && header.apiVersion === 0 && isAccepted) this.#isOpaque = true
  }

  /** The connection has ended: what was asked will not be answered. */
  end(failure: string): void {
    for (const asked of this.#waiting.splice(0)) {
      if (asked.isComplete) this.#options.onExchange(this.event(asked, null, 0, failure))
    }
  }

  event(asked: AskedRequest, response: unknown, responseBytes: number, failure: string | null): WireEvent {
    const { header, api, request, requestBytes, sentAtMs, problem } = asked
    return {
      address: this.address,
      api,
      version: header.apiVersion,
      correlationId: header.correlationId,
      clientId: header.clientId,
      request,
      requestBytes,
      response,
      responseBytes,
      elapsedMs: Math.max(0, this.now() - sentAtMs),
      failure,
      unread: problem,
    }
  }
}

interface Frame<T> {
  readonly sizeInBytes: number
  readonly message: MessageStream<T>
}

/** Requests, frame by frame. */
class RequestTap {
  readonly #tap: WireTap
  #frame: Frame<unknown> | null = null
  #asked: AskedRequest | null = null

  constructor(tap: WireTap) {
    this.#tap = tap
  }

  begin(sizeInBytes: number): void {
    this.#asked = null
    this.#frame = { sizeInBytes, message: new MessageStream(sizeInBytes, (input) => this.#steps(input, sizeInBytes)) }
  }

  data(piece: Buffer): void {
    this.#frame!.message.push(piece)
  }

  end(): void {
    const { message } = this.#frame!
    message.finish()
    const asked = this.#asked
    if (asked === null) {
      if (this.#tap.isOpaque) return
      throw new ProtocolError(message.problem ?? 'a request without a header')
    }
    asked.request = message.value
    if (message.problem !== null) asked.problem = message.problem
    this.#tap.hasAsked(asked)
  }

  *#steps(input: StreamInput, sizeInBytes: number): Steps<unknown> {
    const header = yield* headerSteps(input)
    const api = this.#tap.apis.get(header.apiKey)
    const isKnown = api !== undefined && includesVersion(api.validVersions, header.apiVersion)
    if (this.#tap.isOpaque && !isKnown) throw new ProtocolError('no request')
    const asked: AskedRequest = {
      header,
      api: api ?? unknownApi(header.apiKey),
      isKnown,
      requestBytes: sizeInBytes + 4,
      request: null,
      problem: isKnown ? null : `kt does not know version ${header.apiVersion} of ${apiKeyName(header.apiKey)}`,
      isComplete: false,
      sentAtMs: this.#tap.now(),
      keptBytes: 0,
    }
    this.#asked = asked
    this.#tap.asks(asked)
    if (!isKnown) return null
    if (isFlexible(header.apiKey, header.apiVersion)) yield* skipTags(input)
    const start = input.position
    const request = yield* decodeSteps(input, api.request, header.apiVersion)
    const isData = api.key === ApiKey.produce
    asked.keptBytes = LEAST_KEPT_BYTES + (isData ? 0 : input.position - start)
    return request
  }
}

/** As `decodeRequestHeader`, from bytes that come piece by piece, up to the tags that some have behind it. */
function* headerSteps(input: StreamInput): Steps<RequestHeader> {
  const apiKey = (yield* input.take(2)).int16()
  const apiVersion = (yield* input.take(2)).int16()
  const correlationId = (yield* input.take(4)).int32()
  const length = (yield* input.take(2)).int16()
  const clientId = length < 0 ? null : (yield* input.take(length)).string(length)
  return { apiKey, apiVersion, correlationId, clientId }
}

function* skipTags(input: StreamInput): Steps<void> {
  const count = yield* input.uvarint()
  for (let i = 0; i < count; i++) {
    yield* input.uvarint()
    yield* input.pieces(yield* input.uvarint(), () => undefined)
  }
}

function unknownApi(key: number): Api {
  const name = apiKeyName(key)
  return defineApi({ key, name, validVersions: '0+', flexibleVersions: 'none', request: {}, response: {} })
}

/** Answers, frame by frame. */
export class AnswerTap {
  readonly #tap: WireTap
  readonly #onExchange: (event: WireEvent) => void
  #frame: Frame<unknown> | null = null
  /** Told where the data of the answer that is coming ends. */
  onTail: TailObserver | undefined
  /** Whose answer is coming: undefined until its correlation id is here, null when nobody has asked. */
  asked: AskedRequest | null | undefined
  /** Where its body begins. */
  bodyStart = 0

  constructor(tap: WireTap, onExchange: (event: WireEvent) => void) {
    this.#tap = tap
    this.#onExchange = onExchange
  }

  begin(sizeInBytes: number): void {
    this.asked = undefined
    this.#frame = { sizeInBytes, message: new MessageStream(sizeInBytes, (input) => this.#steps(input)) }
  }

  data(piece: Buffer): void {
    this.#frame!.message.push(piece)
  }

  end(): void {
    const { message, sizeInBytes } = this.#frame!
    message.finish()
    const { asked } = this
    if (asked === null || asked === undefined) return
    if (message.problem !== null) asked.problem ??= message.problem
    this.#tap.handshaken(asked, message.value)
    this.#onExchange(this.#tap.event(asked, message.value ?? {}, sizeInBytes, null))
  }

  *#steps(input: StreamInput): Steps<unknown> {
    const correlationId = (yield* input.take(4)).int32()
    const asked = this.#tap.takeAsked(correlationId)
    this.asked = asked
    this.bodyStart = input.position
    if (asked === null || !asked.isKnown) return null
    const { api, header } = asked
    // KIP-511: ApiVersions is answered without tags in the header, and in version 0 where its version is not known.
    if (api.key === ApiKey.apiVersions) return yield* apiVersionsSteps(input, asked)
    if (isFlexible(api.key, header.apiVersion)) yield* skipTags(input)
    this.bodyStart = input.position
    return yield* decodeSteps(input, api.response, header.apiVersion, (at) => this.onTail?.(at))
  }
}

function* apiVersionsSteps(input: StreamInput, { api, header }: AskedRequest): Steps<unknown> {
  const errorCode = yield* input.peekInt16()
  const version = errorCode === ErrorCode.UNSUPPORTED_VERSION ? 0 : header.apiVersion
  return yield* decodeSteps(input, api.response, version)
}

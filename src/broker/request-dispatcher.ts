import { Reader } from '../base/bytes.ts'
import { ProtocolError } from '../base/errors.ts'
import type { Logger } from '../base/logger.ts'
import type { Answer, ConnectionContext, RequestProcessor } from '../network/processor.ts'
import { ApiKey, apiKeyName } from '../protocol/api-keys.ts'
import { decode } from '../protocol/codec.ts'
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import { decodeRequestHeader, encodeResponse, type RequestHeader } from '../protocol/header.ts'
import { apiVersions } from '../protocol/messages/18-api-versions.ts'
import { type Api, parseVersions, type RequestOf, type ResponseInput, type VersionRange } from '../protocol/schema.ts'
import type { Handler, HandlerAnswer, RequestContext } from './handler.ts'
import { ANONYMOUS } from './principal.ts'

const UNSUPPORTED_VERSION_ANSWER: ResponseInput<typeof apiVersions> = {
  errorCode: ErrorCode.UNSUPPORTED_VERSION,
  apiKeys: [{ apiKey: ApiKey.apiVersions, minVersion: 0, maxVersion: parseVersions(apiVersions.validVersions).max }],
}

class DispatchedRequest implements RequestContext {
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly connection: ConnectionContext

  constructor(header: RequestHeader, connection: ConnectionContext) {
    this.apiVersion = header.apiVersion
    this.correlationId = header.correlationId
    this.clientId = header.clientId
    this.connection = connection
  }

  get principal(): string {
    return ANONYMOUS
  }
  get clientAddress(): string {
    return this.connection.clientAddress
  }
  get listenerName(): string {
    return this.connection.listenerName
  }
  get clientSoftwareName(): string {
    return this.connection.clientSoftwareName
  }
  get clientSoftwareVersion(): string {
    return this.connection.clientSoftwareVersion
  }
  get closed(): AbortSignal {
    return this.connection.closed
  }

  rememberSoftware(name: string, version: string): void {
    this.connection.clientSoftwareName = name
    this.connection.clientSoftwareVersion = version
  }
}

interface Route {
  readonly handler: Handler
  readonly accepted: VersionRange
}

/** What is served: advertised and declared. Produce is advertised from 0 and served from 3 (KAFKA-18659). */
function acceptedVersions(handler: Handler): VersionRange {
  const declared = parseVersions(handler.api.validVersions)
  return {
    min: Math.max(declared.min, handler.versions.min),
    max: Math.min(declared.max, handler.versions.max),
  }
}

/**
 * From a request frame to its handler and back to a response frame. Bytes that are no request of a served key and version
 * throw `ProtocolError`, which closes the connection as Kafka does; only ApiVersions is answered in any version (KIP-511).
 */
export class RequestDispatcher implements RequestProcessor {
  private readonly routes: (Route | undefined)[] = []
  private readonly logger: Logger

  constructor(handlers: readonly Handler[], logger: Logger) {
    for (const handler of handlers) this.routes[handler.api.key] = { handler, accepted: acceptedVersions(handler) }
    this.logger = logger
  }

  process(frame: Buffer, connection: ConnectionContext): Answer | Promise<Answer> {
    const reader = new Reader(frame)
    const header = decodeRequestHeader(reader)
    const route = this.routes[header.apiKey]
    if (route === undefined) throw new ProtocolError(`${apiKeyName(header.apiKey)} is not served here`)
    const { min, max } = route.accepted
    if (header.apiVersion < min || header.apiVersion > max) return this.unsupportedVersion(header)
    const request = decode(route.handler.api.request, header.apiVersion, reader) as RequestOf<Api>
    return this.handle(route.handler, request, new DispatchedRequest(header, connection))
  }

  /** The body of a version we do not know cannot be read, and the client cannot read ours but in version 0. */
  private unsupportedVersion(header: RequestHeader): Answer {
    if (header.apiKey !== ApiKey.apiVersions) {
      throw new ProtocolError(`${apiKeyName(header.apiKey)} version ${header.apiVersion} is not served`)
    }
    return { chunks: encodeResponse(apiVersions, 0, header.correlationId, UNSUPPORTED_VERSION_ANSWER) }
  }

  private handle(handler: Handler, request: RequestOf<Api>, context: DispatchedRequest): Answer | Promise<Answer> {
    let answer: HandlerAnswer<Api> | Promise<HandlerAnswer<Api>>
    try {
      answer = handler.handle(request, context)
    } catch (error) {
      return this.failure(handler, request, context, error)
    }
    if (!(answer instanceof Promise)) return this.encode(handler.api, context, answer)
    return answer.then(
      (ready) => this.encode(handler.api, context, ready),
      (error) => this.failure(handler, request, context, error),
    )
  }

  private encode(api: Api, context: DispatchedRequest, answer: HandlerAnswer<Api>): Answer {
    const { response, afterSend } = answer
    const close = answer.closeConnection === true
    if (response === null) return { chunks: null, afterSend, close }
    try {
      return { chunks: encodeResponse(api, context.apiVersion, context.correlationId, response), afterSend, close }
    } catch (error) {
      afterSend?.()
      throw error
    }
  }

  private failure(handler: Handler, request: RequestOf<Api>, context: DispatchedRequest, error: unknown): Answer {
    if (!(error instanceof KafkaError)) {
      this.logger.error(`unexpected error in ${handler.api.name} v${context.apiVersion}`, error)
    }
    const code = error instanceof KafkaError ? error.code : ErrorCode.UNKNOWN_SERVER_ERROR
    const response = this.errorResponse(handler, request, code, error instanceof KafkaError ? error.message : '')
    return this.encode(handler.api, context, { response })
  }

  private errorResponse(handler: Handler, request: RequestOf<Api>, code: number, message: string): ResponseInput<Api> {
    if (handler.errorResponse !== undefined) return handler.errorResponse(code, message, request)
    const { fields } = handler.api.response
    if (fields.errorCode === undefined) throw new Error(`${handler.api.name} failed and has no code to say so`)
    if (fields.errorMessage === undefined) return { errorCode: code } as ResponseInput<Api>
    return { errorCode: code, errorMessage: message } as ResponseInput<Api>
  }
}

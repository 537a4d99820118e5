/**
 * API key 58, Envelope, version 0 (KIP-590): a client's request that a broker hands on. The inner request is served as if
 * the client had asked this controller itself; NOT_CONTROLLER is told outside, so that the broker looks elsewhere.
 */
import { Reader } from '../../base/bytes.ts'
import { ProtocolError } from '../../base/errors.ts'
import { decode } from '../../protocol/codec.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { decodeRequestHeader, encodeResponse } from '../../protocol/header.ts'
import { envelope } from '../../protocol/messages/58-envelope.ts'
import { decodePrincipal } from '../../protocol/principal-data.ts'
import type { RequestOf } from '../../protocol/schema.ts'
import { defineHandler, type Handler, type RequestContext } from '../handler.ts'
import { ANONYMOUS } from '../principal.ts'
import type { ControllerServices } from './services.ts'

const SIZE_BYTES = 4
/** APIs that a broker hands on; everything else inside an Envelope is refused. */
const FORWARDABLE: ReadonlySet<number> = new Set([
  19, 20, 29, 30, 31, 33, 37, 43, 44, 45, 46, 49, 51, 55, 57, 64, 80, 81,
])

interface Inner {
  readonly handler: Handler
  readonly request: RequestOf<Handler['api']>
  readonly context: RequestContext
}

/** Throws `KafkaError` INVALID_REQUEST or UNSUPPORTED_VERSION for what no broker would hand on. */
function open(data: Buffer, principal: string, outer: RequestContext, byKey: ReadonlyMap<number, Handler>): Inner {
  const reader = new Reader(data)
  const header = decodeRequestHeader(reader)
  if (!FORWARDABLE.has(header.apiKey)) {
    throw new KafkaError('INVALID_REQUEST', `API key ${header.apiKey} cannot be forwarded`)
  }
  const handler = byKey.get(header.apiKey)
  // A broker that does not know our versions yet hands on what we do not serve. This error, and no other, makes Apache
  // Kafka's close the client's connection; asked again for its versions it then leaves the API out.
  if (handler === undefined) throw new KafkaError('UNSUPPORTED_VERSION')
  const { min, max } = handler.versions
  if (header.apiVersion < min || header.apiVersion > max) throw new KafkaError('UNSUPPORTED_VERSION')
  const request = decode(handler.api.request, header.apiVersion, reader) as Inner['request']
  const { apiVersion, correlationId, clientId } = header
  const context: RequestContext = Object.create(outer, {
    apiVersion: { value: apiVersion },
    correlationId: { value: correlationId },
    clientId: { value: clientId },
    principal: { value: principal },
  })
  return { handler, request, context }
}

async function serve({ handler, request, context }: Inner): Promise<Buffer> {
  let response: object
  try {
    response = (await handler.handle(request, context)).response ?? {}
  } catch (error) {
    if (!(error instanceof KafkaError) || error.code === ErrorCode.NOT_CONTROLLER) throw error
    response = handler.errorResponse?.(error.code, error.message, request) ?? { errorCode: error.code }
  }
  const chunks = encodeResponse(handler.api, context.apiVersion, context.correlationId, response)
  return Buffer.concat(chunks).subarray(SIZE_BYTES)
}

export function envelopeHandler(
  services: ControllerServices,
  byKey: () => ReadonlyMap<number, Handler>,
): Handler<typeof envelope> {
  return defineHandler(envelope, { min: 0, max: 0 }, async (request, context) => {
    if (!services.controller.isActive) return { response: { responseData: null, errorCode: ErrorCode.NOT_CONTROLLER } }
    try {
      const principal = request.requestPrincipal === null ? ANONYMOUS : decodePrincipal(request.requestPrincipal)
      const responseData = await serve(open(request.requestData, principal, context, byKey()))
      return { response: { responseData, errorCode: ErrorCode.NONE } }
    } catch (error) {
      if (error instanceof KafkaError) return { response: { responseData: null, errorCode: error.code } }
      if (error instanceof ProtocolError)
        return { response: { responseData: null, errorCode: ErrorCode.INVALID_REQUEST } }
      throw error
    }
  })
}

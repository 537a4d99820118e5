import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'

/** Who asked and how: one per request. */
export interface RequestContext {
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly principal: string
  readonly clientAddress: string
  readonly listenerName: string
  /** Software name and version from ApiVersions (KIP-511), '' when it did not say. */
  readonly clientSoftwareName: string
  readonly clientSoftwareVersion: string
  /** Aborted when the connection has closed: a waiting fetch gives up. */
  readonly closed: AbortSignal
  /** ApiVersions told what the client is. */
  rememberSoftware(name: string, version: string): void
}

/** Serves one API key. `null` means no answer is sent (Produce with acks=0). */
export interface Handler<A extends Api = Api> {
  readonly api: A
  /** Advertised by ApiVersions; within what the declaration allows, except Produce, which shows 0 (KAFKA-18659). */
  readonly versions: { readonly min: number; readonly max: number }
  handle(request: RequestOf<A>, context: RequestContext): Promise<HandlerAnswer<A>> | HandlerAnswer<A>
  /**
   * The answer when `handle` failed as a whole with an error code. Left out: the code in the response's own top-level
   * `errorCode`; an API that has none and no such function ends the connection, so that nobody waits for ever.
   */
  errorResponse?(code: number, message: string, request: RequestOf<A>): ResponseInput<A>
}

export type HandlerAnswer<A extends Api> = {
  readonly response: ResponseInput<A> | null
  /** Runs when the response has left or its connection has closed: gives pooled buffers back. */
  readonly afterSend?: () => void
  /** Ends the connection: how Produce with acks=0 tells of an error. */
  readonly closeConnection?: boolean
}

type HandleFunction<A extends Api> = Handler<A>['handle']

/** Puts a handler together: API, the versions it serves (`3-13`), what it does. */
export function defineHandler<A extends Api>(
  api: A,
  versions: { readonly min: number; readonly max: number },
  handle: HandleFunction<A>,
  errorResponse?: Handler<A>['errorResponse'],
): Handler<A> {
  return errorResponse === undefined ? { api, versions, handle } : { api, versions, handle, errorResponse }
}

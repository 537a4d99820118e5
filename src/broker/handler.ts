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
}

/** Serves one API key. `null` means no answer is sent (Produce with acks=0). */
export interface Handler<A extends Api = Api> {
  readonly api: A
  /** Advertised by ApiVersions; within what the declaration allows, except Produce, which shows 0 (KAFKA-18659). */
  readonly versions: { readonly min: number; readonly max: number }
  handle(request: RequestOf<A>, context: RequestContext): Promise<HandlerAnswer<A>> | HandlerAnswer<A>
}

export type HandlerAnswer<A extends Api> = {
  readonly response: ResponseInput<A> | null
  /** Runs when the response has left or its connection has closed: gives pooled buffers back. */
  readonly afterSend?: () => void
}

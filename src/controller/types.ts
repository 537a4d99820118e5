/** The controller as brokers see it: requests in Kafka's own messages, answered once their records are committed. */

import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'

/** An operation computes records and a response; only replay changes state (records + response). */
export interface ControllerResult<R> {
  readonly records: readonly MetadataRecordInput[]
  readonly response: R
  /** All records take effect in one append or not at all. */
  readonly atomic?: boolean
}

export interface ControllerRequestContext {
  /** `User:ANONYMOUS` where nobody authenticated. */
  readonly principal: string
  readonly clientId: string | null
  /** Monotonic milliseconds after which the answer is of no use. */
  readonly deadlineMs: number
  /** Set when a broker hands on what a client asked of it: the controller is told who that was (KIP-590). */
  readonly clientAddress?: string
}

/**
 * Where a broker sends what only the active controller may do. In a combined node it is a function call; across
 * processes it is the same requests on the wire.
 */
export interface ControllerChannel {
  send<A extends Api>(
    api: A,
    version: number,
    request: RequestOf<A>,
    context: ControllerRequestContext,
  ): Promise<ResponseInput<A>>
}

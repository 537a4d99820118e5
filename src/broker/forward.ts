/** What only the active controller may do: the request goes to it as it is, and its answer comes back (KIP-590). */

import type { Clock } from '../base/clock.ts'
import type { ControllerChannel } from '../controller/types.ts'
import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'
import { defineHandler, type Handler, type HandlerAnswer, type RequestContext } from './handler.ts'

/** What forwarding needs of a broker; a controller's listener has it, too. */
export interface Forwarding {
  readonly controller: ControllerChannel
  readonly clock: Clock
  readonly config: { readonly requestTimeoutMs: number }
}

export async function sendToController<A extends Api>(
  broker: Forwarding,
  api: A,
  request: RequestOf<A>,
  context: RequestContext,
): Promise<ResponseInput<A>> {
  const named = (request as { timeoutMs?: number }).timeoutMs
  const timeoutMs = named ?? broker.config.requestTimeoutMs
  return broker.controller.send(api, context.apiVersion, request, {
    principal: context.principal,
    clientId: context.clientId,
    deadlineMs: broker.clock.monotonic() + timeoutMs,
    clientAddress: context.clientAddress,
  })
}

/** A handler that does nothing but forward. */
export function forwardingHandler<A extends Api>(
  broker: Forwarding,
  api: A,
  versions: { readonly min: number; readonly max: number },
  errorResponse?: NonNullable<Handler<A>['errorResponse']>,
): Handler<A> {
  const handle = async (request: RequestOf<A>, context: RequestContext): Promise<HandlerAnswer<A>> => ({
    response: await sendToController(broker, api, request, context),
  })
  return defineHandler(api, versions, handle, errorResponse)
}

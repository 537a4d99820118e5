/** What only the active controller may do: the request goes to it as it is, and its answer comes back (KIP-590). */
import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'
import type { BrokerServices } from './broker-services.ts'
import { defineHandler, type Handler, type HandlerAnswer, type RequestContext } from './handler.ts'

export async function sendToController<A extends Api>(
  broker: BrokerServices,
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
  })
}

/** A handler that does nothing but forward. */
export function forwardingHandler<A extends Api>(
  broker: BrokerServices,
  api: A,
  versions: { readonly min: number; readonly max: number },
  errorResponse: NonNullable<Handler<A>['errorResponse']>,
): Handler<A> {
  const handle = async (request: RequestOf<A>, context: RequestContext): Promise<HandlerAnswer<A>> => ({
    response: await sendToController(broker, api, request, context),
  })
  return defineHandler(api, versions, handle, errorResponse)
}

/** What the handlers of group APIs share: who asks, in the coordinator's words. */
import type { GroupRequestContext } from '../coordinator/group/services.ts'
import type { RequestContext } from './handler.ts'

/** The address as Java prints one, which is what tools show of a member. */
export function groupContext(context: RequestContext): GroupRequestContext {
  return { apiVersion: context.apiVersion, clientId: context.clientId, clientHost: `/${context.clientAddress}` }
}

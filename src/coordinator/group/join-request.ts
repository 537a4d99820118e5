/** Differences between the versions of JoinGroup, kept out of the group's logic. */
import type { JoinGroupRequest, JoinGroupResponseInput } from '../../protocol/messages/11-join-group.ts'
import type { ClassicJoin } from './classic/join.ts'
import type { MemberProtocol } from './classic/member.ts'
import type { GroupRequestContext } from './services.ts'

export function classicJoinOf(request: JoinGroupRequest, context: GroupRequestContext): ClassicJoin {
  const { apiVersion } = context
  return {
    groupId: request.groupId,
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    clientId: context.clientId ?? '',
    clientHost: javaAddress(context.clientHost),
    sessionTimeoutMs: request.sessionTimeoutMs,
    // Version 0 knows one timeout only.
    rebalanceTimeoutMs: apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
    protocolType: request.protocolType,
    protocols: ownProtocols(request.protocols),
    reason: request.reason === null || request.reason === '' ? 'not provided' : request.reason,
    requiresKnownMemberId: apiVersion >= 4,
    supportsSkippingAssignment: apiVersion >= 9,
  }
}

/** As `InetAddress.toString` prints an address without a name: `/127.0.0.1`. Tools show it as it is. */
function javaAddress(host: string): string {
  return host.startsWith('/') ? host : `/${host}`
}

/** Copies out of the request's frame, which goes when the request is answered; a name said twice counts once. */
function ownProtocols(protocols: JoinGroupRequest['protocols']): MemberProtocol[] {
  const own = new Map<string, Buffer>()
  for (const { name, metadata } of protocols) if (!own.has(name)) own.set(name, Buffer.from(metadata))
  return [...own].map(([name, metadata]) => ({ name, metadata }))
}

/** Before version 7 the protocol name cannot be null; from then on it is never empty. */
export function joinResponseOf(response: JoinGroupResponseInput, apiVersion: number): JoinGroupResponseInput {
  const protocolName = response.protocolName ?? ''
  return { ...response, protocolName: apiVersion >= 7 && protocolName === '' ? null : protocolName }
}

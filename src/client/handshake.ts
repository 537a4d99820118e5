/** What happens on a new connection before the first real request: version negotiation, then SASL if asked. */
import { KtError, ProtocolError } from '../base/errors.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import { type ApiVersionsResponse, apiVersions } from '../protocol/messages/18-api-versions.ts'
import type { Api, VersionRange } from '../protocol/schema.ts'
import { parseVersions } from '../protocol/schema.ts'
import { formatAddress } from './address.ts'
import type { Connection } from './connection.ts'
import { unsupportedVersion } from './diagnose.ts'

/** KIP-511: letters, digits, dots and dashes only, else the broker answers INVALID_REQUEST. */
export const CLIENT_SOFTWARE = { clientSoftwareName: 'kafka-toolkit', clientSoftwareVersion: '0.1.0' }

/**
 * Asks what the broker serves. A broker that does not know our ApiVersions version answers in version 0 with error 35
 * and, since KIP-511, with its own range for ApiVersions; older ones leave that out and get version 0.
 */
export async function negotiateVersions(connection: Connection, timeoutMs: number): Promise<void> {
  let version = parseVersions(apiVersions.validVersions).max
  for (let attempt = 0; attempt < 3; attempt++) {
    const response = await connection.send(apiVersions, version, version >= 3 ? CLIENT_SOFTWARE : {}, { timeoutMs })
    if (response.errorCode === ErrorCode.NONE) return adopt(connection, response)
    if (response.errorCode !== ErrorCode.UNSUPPORTED_VERSION || version === 0) {
      throw new ProtocolError(`ApiVersions was answered with ${errorName(response.errorCode)}`)
    }
    const offered = response.apiKeys.find((entry) => entry.apiKey === apiVersions.key)?.maxVersion ?? 0
    version = Math.max(0, Math.min(offered, version - 1))
  }
  throw new ProtocolError('ApiVersions found no common version')
}

function adopt(connection: Connection, response: ApiVersionsResponse): void {
  connection.versions = new Map(
    response.apiKeys.map((entry) => [entry.apiKey, { min: entry.minVersion, max: entry.maxVersion }]),
  )
  connection.features = new Map(response.finalizedFeatures.map((feature) => [feature.name, feature.maxVersionLevel]))
}

/** The newest version both sides speak, at most `cap`; null when there is none. */
export function commonVersion(
  api: Api,
  versions: ReadonlyMap<number, VersionRange>,
  cap: number = Number.MAX_SAFE_INTEGER,
): number | null {
  const theirs = versions.get(api.key)
  if (theirs === undefined) return null
  const ours = parseVersions(api.validVersions)
  const version = Math.min(ours.max, theirs.max, cap)
  return version >= Math.max(ours.min, theirs.min) ? version : null
}

/** Like `commonVersion`, but throws the `KtError` that names both ranges. */
export function requireVersion(api: Api, connection: Connection, cap?: number): number {
  const version = commonVersion(api, connection.versions, cap)
  if (version !== null) return version
  const ours = parseVersions(api.validVersions)
  const capped = { min: ours.min, max: Math.min(ours.max, cap ?? ours.max) }
  throw unsupportedVersion(api.name, connection.address, capped, connection.versions.get(api.key))
}

/** True when the brokers run KRaft: such brokers do not serve the ZooKeeper era's LeaderAndIsr (key 4). */
export function isKRaft(connection: Connection): boolean {
  return !connection.versions.has(4)
}

/** A refusal of the broker during the handshake, as a person sees it. */
export function refused(connection: Connection, message: string, facts: readonly string[], next: string): KtError {
  return new KtError('authentication', `${formatAddress(connection.address)} refused the login: ${message}`, {
    facts: [...facts, 'failed step: SASL, the login (TCP and TLS are fine)'],
    next,
  })
}

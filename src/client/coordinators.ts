/** Which broker coordinates a group (FindCoordinator, KIP-699 batches). */
import { ErrorCode } from '../protocol/error-codes.ts'
import type { Api } from '../protocol/schema.ts'
import { groupBy, outcomeOf, settle } from './admin/outcome.ts'
import type { Outcome } from './admin-types.ts'
import { ANY, type ClusterClient } from './cluster-client.ts'
import { commonVersion, requireVersion } from './handshake.ts'

/** Whose coordinator is looked for. */
export type CoordinatorKind = 'group' | 'transaction'
const KEY_TYPES: Readonly<Record<CoordinatorKind, number>> = { group: 0, transaction: 1 }
const BATCHED_FROM = 4

/** The coordinator is being elected, loads its partition, or has moved. */
export const RETRY_COORDINATOR: ReadonlySet<number> = new Set([
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.NOT_COORDINATOR,
])

/** Broker id of each group's or transactional id's coordinator; on a fresh cluster this waits until `__consumer_offsets` exists. */
export function findCoordinators(
  client: ClusterClient,
  keys: readonly string[],
  kind: CoordinatorKind = 'group',
  timeoutMs?: number,
): Promise<Map<string, Outcome<number>>> {
  const attempt = (pending: readonly string[]) => lookUp(client, pending, KEY_TYPES[kind])
  return settle(client, 'FindCoordinator', keys, attempt, { retry: RETRY_COORDINATOR, timeoutMs })
}

async function lookUp(
  client: ClusterClient,
  groupIds: readonly string[],
  keyType: number,
): Promise<Map<string, Outcome<number>>> {
  const { findCoordinator } = await import('../protocol/messages/10-find-coordinator.ts')
  const connection = await client.connection(ANY)
  const version = commonVersion(findCoordinator, connection.versions) ?? 0
  const found = new Map<string, Outcome<number>>()
  if (version >= BATCHED_FROM) {
    const input = { keyType, coordinatorKeys: groupIds }
    const answer = await client.sendOn(connection, findCoordinator, input)
    for (const coordinator of answer.coordinators) found.set(coordinator.key, learn(client, coordinator))
    return found
  }
  for (const key of groupIds) {
    const input = version === 0 ? { key } : { key, keyType }
    found.set(key, learn(client, await client.sendOn(connection, findCoordinator, input)))
  }
  return found
}

interface Coordinator {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

function learn(client: ClusterClient, { nodeId, host, port, errorCode, errorMessage }: Coordinator): Outcome<number> {
  return outcomeOf(errorCode, errorMessage, () => {
    if (client.metadata.broker(nodeId) === undefined)
      client.metadata.learnBroker({ id: nodeId, host, port, rack: null })
    return nodeId
  })
}

/**
 * Asks the coordinator of each group, all coordinators at once; groups whose coordinator has moved or still loads are
 * asked for again.
 */
export function askCoordinators<T>(
  client: ClusterClient,
  what: string,
  groupIds: readonly string[],
  ask: (brokerId: number, groupIds: readonly string[]) => Promise<Map<string, Outcome<T>>>,
  { kind = 'group', retry = RETRY_COORDINATOR }: { kind?: CoordinatorKind; retry?: ReadonlySet<number> } = {},
): Promise<Map<string, Outcome<T>>> {
  const attempt = async (pending: readonly string[], remainingMs: number): Promise<Map<string, Outcome<T>>> => {
    const coordinators = await findCoordinators(client, pending, kind, remainingMs)
    const results = new Map<string, Outcome<T>>()
    const located: { groupId: string; brokerId: number }[] = []
    for (const [groupId, outcome] of coordinators) {
      if (outcome.ok) located.push({ groupId, brokerId: outcome.value })
      else results.set(groupId, outcome)
    }
    const byBroker = groupBy(located, ({ brokerId }) => brokerId)
    const answers = await Promise.all(
      [...byBroker].map(([brokerId, group]) =>
        ask(
          brokerId,
          group.map(({ groupId }) => groupId),
        ),
      ),
    )
    for (const answer of answers) for (const [groupId, outcome] of answer) results.set(groupId, outcome)
    return results
  }
  return settle(client, what, [...new Set(groupIds)], attempt, { retry })
}

/** Brokers without transactions have no coordinators to look for: what they lack is told before anybody is asked. */
export async function requireServed(client: ClusterClient, api: Api): Promise<void> {
  await client.retrying(api.name, async () => requireVersion(api, await client.connection(ANY)))
}

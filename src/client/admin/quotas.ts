/** Client quotas (KIP-546). */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { Admin, MutationOptions, Outcome, QuotaEntity, QuotaOp } from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER } from '../cluster-client.ts'
import { outcomeOf, settle } from './outcome.ts'

const MATCH = { exact: 0, default: 1, any: 2 } as const

type Filter = Parameters<Admin['describeClientQuotas']>[0]
type Described = { entity: QuotaEntity; quotas: ReadonlyMap<string, number> }

function componentOf({ entityType, match }: Filter['components'][number]) {
  if (match === 'default') return { entityType, matchType: MATCH.default, match: null }
  if (match === 'any') return { entityType, matchType: MATCH.any, match: null }
  return { entityType, matchType: MATCH.exact, match: match.name }
}

/** Quotas of the entities that match; `strict` leaves out entities with further components. */
export function describeClientQuotas(client: ClusterClient, filter: Filter): Promise<Described[]> {
  return client.retrying('DescribeClientQuotas', async () => {
    const { describeClientQuotas: api } = await import('../../protocol/messages/48-describe-client-quotas.ts')
    const input = { components: filter.components.map(componentOf), strict: filter.strict }
    const answer = await client.send(ANY, api, input)
    if (answer.errorCode !== ErrorCode.NONE) {
      throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
    }
    return (answer.entries ?? []).map(({ entity, values }) => ({
      entity: { entries: new Map(entity.map(({ entityType, entityName }) => [entityType, entityName])) },
      quotas: new Map(values.map(({ key, value }) => [key, value])),
    }))
  })
}

type Entry = { entity: QuotaEntity; ops: readonly QuotaOp[] }

/** Sets and removes quotas; results in the order given. */
export async function alterClientQuotas(
  client: ClusterClient,
  entries: readonly Entry[],
  options: MutationOptions = {},
): Promise<Outcome<void>[]> {
  const { alterClientQuotas: api } = await import('../../protocol/messages/49-alter-client-quotas.ts')
  const byKey = new Map(entries.map((entry) => [keyOf([...entry.entity.entries]), entry]))
  const attempt = async (keys: readonly string[]): Promise<Map<string, Outcome<void>>> => {
    const answer = await client.send(CONTROLLER, api, {
      entries: keys.map((key) => entryFields(byKey.get(key)!)),
      validateOnly: options.validateOnly ?? false,
    })
    return new Map(
      answer.entries.map(({ entity, errorCode, errorMessage }) => [
        keyOf(entity.map(({ entityType, entityName }) => [entityType, entityName])),
        outcomeOf(errorCode, errorMessage, () => undefined),
      ]),
    )
  }
  const retry = new Set([ErrorCode.NOT_CONTROLLER])
  const results = await settle<string, void>(client, 'AlterClientQuotas', [...byKey.keys()], attempt, { retry })
  return entries.map(({ entity }) => results.get(keyOf([...entity.entries]))!)
}

function keyOf(components: [string, string | null][]): string {
  return JSON.stringify([...components].sort(([left], [right]) => (left < right ? -1 : 1)))
}

function entryFields({ entity, ops }: Entry) {
  return {
    entity: [...entity.entries].map(([entityType, entityName]) => ({ entityType, entityName })),
    ops: ops.map(({ key, value }) => ({ key, value: value ?? 0, remove: value === null })),
  }
}

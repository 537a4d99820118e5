/** Rules of the authorizer: describe, create, delete. Brokers forward changes to the active controller. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { Outcome } from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER } from '../cluster-client.ts'
import type {
  AclBinding,
  AclEntry,
  AclFilter,
  AclOperation,
  AclPatternType,
  AclPermission,
  AclResource,
  AclResourceType,
} from '../security-types.ts'
import { failed, outcomeOf } from './outcome.ts'

/** Kafka's ids; 0 is what we do not know, 1 matches any. */
const RESOURCE_TYPES: Readonly<Record<AclResourceType, number>> = {
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
}
const PATTERN_TYPES: Readonly<Record<AclPatternType | 'ANY' | 'MATCH', number>> = {
  ANY: 1,
  MATCH: 2,
  LITERAL: 3,
  PREFIXED: 4,
}
const OPERATIONS: Readonly<Record<AclOperation, number>> = {
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
}
const PERMISSIONS: Readonly<Record<AclPermission, number>> = { DENY: 2, ALLOW: 3 }
const UNKNOWN = 0
const ANYTHING = 1

function nameOf<N extends string>(ids: Readonly<Record<N, number>>, id: number): N | 'UNKNOWN' {
  const found = Object.entries(ids).find(([, each]) => each === id)
  return found === undefined ? 'UNKNOWN' : (found[0] as N)
}

function idOf<N extends string>(ids: Readonly<Record<N, number>>, name: N | 'UNKNOWN' | undefined): number {
  if (name === undefined) return ANYTHING
  return ids[name as N] ?? UNKNOWN
}

function filterFields({ resourceType, name, patternType, entry }: AclFilter) {
  return {
    resourceTypeFilter: idOf(RESOURCE_TYPES, resourceType),
    resourceNameFilter: name ?? null,
    patternTypeFilter: idOf(PATTERN_TYPES, patternType),
    principalFilter: entry?.principal ?? null,
    hostFilter: entry?.host ?? null,
    operation: idOf(OPERATIONS, entry?.operation),
    permissionType: idOf(PERMISSIONS, entry?.permission),
  }
}

interface WireEntry {
  readonly principal: string
  readonly host: string
  readonly operation: number
  readonly permissionType: number
}

function entryOf({ principal, host, operation, permissionType }: WireEntry): AclEntry {
  return {
    principal,
    host,
    operation: nameOf(OPERATIONS, operation),
    permission: nameOf(PERMISSIONS, permissionType),
  }
}

interface WireResource {
  readonly resourceType: number
  readonly resourceName: string
  readonly patternType: number
}

function resourceOf({ resourceType, resourceName, patternType }: WireResource): AclResource {
  const pattern = nameOf(PATTERN_TYPES, patternType)
  return {
    resourceType: nameOf(RESOURCE_TYPES, resourceType),
    name: resourceName,
    patternType: pattern === 'ANY' || pattern === 'MATCH' ? 'UNKNOWN' : pattern,
  }
}

/** The rules a filter matches. Throws when the cluster has no authorizer, or does not let us see it. */
export function describeAcls(client: ClusterClient, filter: AclFilter): Promise<AclBinding[]> {
  return client.retrying('DescribeAcls', async () => {
    const { describeAcls: api } = await import('../../protocol/messages/29-describe-acls.ts')
    const answer = await client.send(ANY, api, filterFields(filter))
    if (answer.errorCode !== ErrorCode.NONE) {
      throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
    }
    return answer.resources.flatMap((resource) =>
      resource.acls.map((acl) => ({ resource: resourceOf(resource), entry: entryOf(acl) })),
    )
  })
}

/** One outcome per rule, in the order given. */
export function createAcls(client: ClusterClient, bindings: readonly AclBinding[]): Promise<Outcome<void>[]> {
  return client.retrying('CreateAcls', async () => {
    const { createAcls: api } = await import('../../protocol/messages/30-create-acls.ts')
    const answer = await client.send(CONTROLLER, api, {
      creations: bindings.map(({ resource, entry }) => ({
        resourceType: idOf(RESOURCE_TYPES, resource.resourceType),
        resourceName: resource.name,
        resourcePatternType: idOf(PATTERN_TYPES, resource.patternType),
        principal: entry.principal,
        host: entry.host,
        operation: idOf(OPERATIONS, entry.operation),
        permissionType: idOf(PERMISSIONS, entry.permission),
      })),
    })
    return bindings.map((_, index) => {
      const result = answer.results[index]
      if (result === undefined) return failed(ErrorCode.UNKNOWN_SERVER_ERROR, 'The answer does not mention this rule')
      return outcomeOf(result.errorCode, result.errorMessage, () => undefined)
    })
  })
}

/** What each filter has removed; one rule that could not be removed is the filter's failure. */
export function deleteAcls(client: ClusterClient, filters: readonly AclFilter[]): Promise<Outcome<AclBinding[]>[]> {
  return client.retrying('DeleteAcls', async () => {
    const { deleteAcls: api } = await import('../../protocol/messages/31-delete-acls.ts')
    const answer = await client.send(CONTROLLER, api, { filters: filters.map(filterFields) })
    return filters.map((_, index): Outcome<AclBinding[]> => {
      const result = answer.filterResults[index]
      if (result === undefined) return failed(ErrorCode.UNKNOWN_SERVER_ERROR, 'The answer does not mention this filter')
      if (result.errorCode !== ErrorCode.NONE) return failed(result.errorCode, result.errorMessage)
      const bad = result.matchingAcls.find(({ errorCode }) => errorCode !== ErrorCode.NONE)
      if (bad !== undefined) return failed(bad.errorCode, bad.errorMessage)
      return {
        ok: true,
        value: result.matchingAcls.map((acl) => ({ resource: resourceOf(acl), entry: entryOf(acl) })),
      }
    })
  })
}

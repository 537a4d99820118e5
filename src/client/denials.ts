/**
 * What a broker has denied: which operation on which resource, seen in answers as they pass. Error codes of an answer tell
 * neither, and by the time a command reports one, the question it belongs to is gone.
 */
import { shellWord } from '../base/shell-word.ts'
import { formatAddress } from './address.ts'
import type { ResolvedOptions } from './options.ts'
import type { DenialKeeper, DeniedClient } from './security-types.ts'

export type DeniedResource = 'topic' | 'group' | 'cluster' | 'transactional-id' | 'delegation-token'

export interface Denial {
  readonly operation: string
  readonly resource: DeniedResource
  /** Null where the answer does not tell. */
  readonly name: string | null
  /** `User:alice`; null when only the broker knows. */
  readonly principal: string | null
  /** Where the question was asked. */
  readonly bootstrapServer: string
}

/** Error codes of denials and the resources they are about. */
const RESOURCES: ReadonlyMap<number, DeniedResource> = new Map([
  [29, 'topic'],
  [30, 'group'],
  [31, 'cluster'],
  [53, 'transactional-id'],
  [65, 'delegation-token'],
])

/** The errors behind the codes. */
const ERROR_NAMES: Readonly<Record<DeniedResource, string>> = {
  topic: 'TOPIC_AUTHORIZATION_FAILED',
  group: 'GROUP_AUTHORIZATION_FAILED',
  cluster: 'CLUSTER_AUTHORIZATION_FAILED',
  'transactional-id': 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'delegation-token': 'DELEGATION_TOKEN_AUTHORIZATION_FAILED',
}

type Needs = Partial<Record<DeniedResource, string>>
const consume = { topic: 'Read', group: 'Read', 'transactional-id': 'Write' } as const
const alterCluster = { cluster: 'Alter' } as const
const alterConfigs = { topic: 'AlterConfigs', group: 'AlterConfigs', cluster: 'AlterConfigs' } as const

/** The operation that each API needs, by its key; left out are those that need Describe. */
const NEEDS: Readonly<Record<number, Needs>> = {
  0: { topic: 'Write', 'transactional-id': 'Write', cluster: 'IdempotentWrite' },
  1: { topic: 'Read', cluster: 'ClusterAction' },
  8: consume,
  11: consume,
  12: consume,
  13: consume,
  14: consume,
  19: { topic: 'Create', cluster: 'Create' },
  20: { topic: 'Delete' },
  21: { topic: 'Delete' },
  22: { 'transactional-id': 'Write', cluster: 'IdempotentWrite' },
  24: { topic: 'Write', 'transactional-id': 'Write' },
  25: { group: 'Read', 'transactional-id': 'Write' },
  26: { 'transactional-id': 'Write' },
  27: alterCluster,
  28: consume,
  30: alterCluster,
  31: alterCluster,
  32: { topic: 'DescribeConfigs', group: 'DescribeConfigs', cluster: 'DescribeConfigs' },
  33: alterConfigs,
  34: alterCluster,
  37: { topic: 'Alter' },
  42: { group: 'Delete' },
  43: alterCluster,
  44: alterConfigs,
  45: alterCluster,
  47: { group: 'Delete', topic: 'Read' },
  48: { cluster: 'DescribeConfigs' },
  49: { cluster: 'AlterConfigs' },
  51: alterCluster,
  57: alterCluster,
  61: { topic: 'Read' },
  64: alterCluster,
  68: { topic: 'Describe', group: 'Read' },
  74: { cluster: 'DescribeConfigs' },
  76: { topic: 'Describe', group: 'Read' },
  78: { topic: 'Read', group: 'Read' },
  79: { topic: 'Read', group: 'Read' },
  80: alterCluster,
  81: alterCluster,
  88: { topic: 'Describe', group: 'Read' },
  91: { topic: 'Read', group: 'Read' },
  92: { topic: 'Read', group: 'Delete' },
}

/** The fields that name a resource, in answers and in questions. */
const NAME_FIELDS: Readonly<Record<DeniedResource, readonly string[]>> = {
  topic: ['topicName', 'topic', 'name', 'resourceName'],
  group: ['groupId', 'group', 'key', 'resourceName'],
  cluster: [],
  'transactional-id': ['transactionalId', 'key'],
  'delegation-token': ['tokenId'],
}

/** Answers are looked through this far: a denial of what a person named is near the beginning. */
const MAX_NODES = 300
/** Produce, Fetch, ShareFetch: they come by the thousand and are large. Whoever reads them tells of a denial with `add`. */
const DATA_APIS: ReadonlySet<number> = new Set([0, 1, 78])

/** A bundled node refuses transactions with a code that clients take as final; nobody could allow them. */
const NOT_THERE = /does not implement/

type Fields = Readonly<Record<string, unknown>>

interface Found {
  readonly resource: DeniedResource
  /** From the object with the code outwards. */
  readonly path: readonly Fields[]
}

/** Who asks with these options, where no connection says more. */
export function askerOf(options: Pick<ResolvedOptions, 'sasl' | 'tls' | 'bootstrap'>): DeniedClient {
  return { principal: principalOf(options), server: formatAddress(options.bootstrap[0]!) }
}

/** What the clients of one command were denied: the last of each kind of resource. Whoever runs the command owns it. */
export class DenialLog implements DenialKeeper {
  readonly #last = new Map<DeniedResource, Denial>()

  /** Looks for a denial in an answer that is no data, and keeps it. */
  look(apiKey: number, request: unknown, response: unknown, asker: () => DeniedClient): void {
    if (DATA_APIS.has(apiKey)) return
    const found = findDenial(response)
    if (found === null) return
    const client = asker()
    const name = nameOf(found.resource, [...found.path, request as Fields], client)
    this.#keep(found.resource, denialOf(apiKey, found.resource, name, client))
  }

  /** Keeps that `name` was refused with this code; of codes that are no denial nothing is kept. */
  add(apiKey: number, errorCode: number, name: string | null, client: DeniedClient): void {
    const resource = RESOURCES.get(errorCode)
    if (resource !== undefined) this.#keep(resource, denialOf(apiKey, resource, name, client))
  }

  /** The last denial of what this error is about, `GROUP_AUTHORIZATION_FAILED` for one; with null the last of any kind. */
  last(errorName: string | null): Denial | null {
    const kinds = [...this.#last.values()]
    const wanted = kinds.filter((denial) => errorName === null || ERROR_NAMES[denial.resource] === errorName)
    return wanted.at(-1) ?? null
  }

  #keep(resource: DeniedResource, denial: Denial): void {
    // The newest stands last.
    this.#last.delete(resource)
    this.#last.set(resource, denial)
  }
}

function denialOf(apiKey: number, resource: DeniedResource, name: string | null, client: DeniedClient): Denial {
  const operation = NEEDS[apiKey]?.[resource] ?? 'Describe'
  return { operation, resource, name, principal: client.principal, bootstrapServer: client.server }
}

/** Breadth first: the outer codes are about the whole, and come first in people's minds too. */
function findDenial(response: unknown): Found | null {
  const queue: (readonly Fields[])[] = [[response as Fields]]
  for (let at = 0; at < queue.length && at < MAX_NODES; at++) {
    const path = queue[at]!
    const fields = path[0]
    if (fields === null || typeof fields !== 'object' || ArrayBuffer.isView(fields)) continue
    // AddPartitionsToTxn has a code of another name.
    const resource = RESOURCES.get((fields.errorCode ?? fields.partitionErrorCode) as number)
    if (resource !== undefined && !NOT_THERE.test(String(fields.errorMessage))) return { resource, path }
    for (const value of Object.values(fields)) {
      if (!Array.isArray(value)) continue
      for (const each of value.slice(0, MAX_NODES)) queue.push([each as Fields, ...path])
    }
  }
  return null
}

function nameOf(resource: DeniedResource, path: readonly Fields[], client: DeniedClient): string | null {
  for (const fields of path) {
    // Newer versions of Produce and Fetch name topics by their ids alone (KIP-516).
    const byId = resource === 'topic' ? client.topicName?.(String(fields?.topicId)) : undefined
    if (byId !== undefined) return byId
    for (const field of NAME_FIELDS[resource]) {
      const value = fields?.[field]
      if (typeof value === 'string' && value !== '') return value
    }
  }
  return null
}

/** Who we are, as far as we can know: a broker may map names by rules of its own. */
function principalOf({ sasl, tls }: Pick<ResolvedOptions, 'sasl' | 'tls'>): string | null {
  if (sasl === undefined) return tls?.certPem === undefined && tls?.pfx === undefined ? 'User:ANONYMOUS' : null
  return 'username' in sasl && sasl.tokenAuth !== true ? `User:${sasl.username}` : null
}

/** What was denied, in one line: `Read on group g, as User:alice`. */
export function denialText({ operation, resource, name, principal }: Denial): string {
  const what = resource === 'cluster' ? 'the cluster' : `${resource} ${name ?? '(not named in the answer)'}`
  return `${operation} on ${what}${principal === null ? '' : `, as ${principal}`}`
}

/** The command that would allow it, for somebody who may give it. */
export function grantCommand({ operation, resource, name, principal, bootstrapServer }: Denial): string {
  const on = resource === 'cluster' ? '--cluster' : `--${resource} ${name === null ? 'NAME' : shellWord(name)}`
  const who = shellWord(principal ?? 'User:NAME')
  return `kt acls --bootstrap-server ${bootstrapServer} --add --allow-principal ${who} --operation ${operation} ${on}`
}

/**
 * What a broker has denied: which operation on which resource, seen in answers as they pass. Error codes of an answer tell
 * neither, and by the time a command reports one, the question it belongs to is gone. One place per process keeps the last.
 */
import type { ClientOptions } from './admin-types.ts'

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

type Needs = Partial<Record<DeniedResource, string>>
const describe = { topic: 'Describe', group: 'Describe', cluster: 'Describe' } as const
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
/** Produce and Fetch answers come by the thousand. */
const MAX_NODES_OF_DATA = 20

/** A bundled node refuses transactions with a code that clients take as final; nobody could allow them. */
const NOT_THERE = /does not implement/

type Fields = Readonly<Record<string, unknown>>

interface Found {
  readonly resource: DeniedResource
  /** From the object with the code outwards. */
  readonly path: readonly Fields[]
}

let latest: Denial | null = null

/** The last denial that this process has seen. */
export function latestDenial(): Denial | null {
  return latest
}

/** What was denied to one command says nothing about the next. */
export function forgetDenial(): void {
  latest = null
}

/** Looks for a denial in an answer, and keeps it. */
export function noteDenial(apiKey: number, request: unknown, response: unknown, asker: () => DeniedClient): void {
  const found = findDenial(response, apiKey <= 1 ? MAX_NODES_OF_DATA : MAX_NODES)
  if (found === null) return
  const { resource, path } = found
  const operation = NEEDS[apiKey]?.[resource] ?? describe[resource as keyof typeof describe] ?? 'Describe'
  const client = asker()
  const name = nameOf(resource, [...path, request as Fields], client)
  latest = { operation, resource, name, principal: principalOf(client), bootstrapServer: client.server }
}

export interface DeniedClient {
  readonly sasl: ClientOptions['sasl']
  readonly tls: ClientOptions['tls']
  readonly server: string
  readonly topicName?: (topicId: string) => string | undefined
}

/** Breadth first: the outer codes are about the whole, and come first in people's minds too. */
function findDenial(response: unknown, maxNodes: number): Found | null {
  const queue: (readonly Fields[])[] = [[response as Fields]]
  for (let at = 0; at < queue.length && at < maxNodes; at++) {
    const path = queue[at]!
    const fields = path[0]
    if (fields === null || typeof fields !== 'object' || ArrayBuffer.isView(fields)) continue
    const resource = RESOURCES.get(fields.errorCode as number)
    if (resource !== undefined && !NOT_THERE.test(String(fields.errorMessage))) return { resource, path }
    for (const value of Object.values(fields)) {
      if (!Array.isArray(value)) continue
      for (const each of value.slice(0, maxNodes)) queue.push([each as Fields, ...path])
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
function principalOf({ sasl, tls }: DeniedClient): string | null {
  if (sasl === undefined) return tls?.certPem === undefined && tls?.pfx === undefined ? 'User:ANONYMOUS' : null
  return 'username' in sasl && sasl.tokenAuth !== true ? `User:${sasl.username}` : null
}

/** Notes what another client than ours was denied. */
export function noteGroupDenial(groupId: string, client: DeniedClient): void {
  const who = { principal: principalOf(client), bootstrapServer: client.server }
  latest = { operation: 'Read', resource: 'group', name: groupId, ...who }
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

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

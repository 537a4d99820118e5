/** Rules from a command line: which resources, and who may do what on them. Pure. */
import { UsageError } from '../../cli/options.ts'
import type {
  AclEntry,
  AclFilter,
  AclOperation,
  AclPatternType,
  AclPermission,
  AclResourceType,
} from '../../client/security-types.ts'
import { ScriptFailure } from '../script-failure.ts'
import type { AclsGiven } from './options.ts'

/** A resource as the command line names it. */
export interface ResourceFilter {
  readonly resourceType: AclResourceType
  readonly name: string
  readonly patternType: AclPatternType | 'ANY' | 'MATCH'
}

/** The rules of one resource; none where all of them are meant. */
export interface ResourceRules {
  readonly filter: ResourceFilter
  readonly entries: readonly AclEntry[]
}

const CLUSTER: ResourceFilter = { resourceType: 'CLUSTER', name: 'kafka-cluster', patternType: 'LITERAL' }

export const SUPPORTED_OPERATIONS: Readonly<Record<AclResourceType, readonly AclOperation[]>> = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DESCRIBE', 'DELETE', 'ALTER', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'ALL'],
  GROUP: ['READ', 'DESCRIBE', 'DELETE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'ALL'],
  CLUSTER: [
    'CREATE',
    'CLUSTER_ACTION',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'IDEMPOTENT_WRITE',
    'ALTER',
    'DESCRIBE',
    'ALL',
  ],
  TRANSACTIONAL_ID: ['DESCRIBE', 'WRITE', 'TWO_PHASE_COMMIT', 'ALL'],
  DELEGATION_TOKEN: ['DESCRIBE', 'ALL'],
  USER: ['CREATE_TOKENS', 'DESCRIBE_TOKENS', 'ALL'],
}

/** `DescribeConfigs` and `DESCRIBECONFIGS` -> `DESCRIBE_CONFIGS`; undefined for what is no operation. */
function operationNamed(word: string): AclOperation | undefined {
  const all = new Set(Object.values(SUPPORTED_OPERATIONS).flat())
  return [...all].find((name) => {
    const plain = name.replaceAll('_', '')
    return plain === word.toUpperCase()
  })
}

const PATTERN_TYPES = ['ANY', 'MATCH', 'LITERAL', 'PREFIXED'] as const

/** How names are meant. Throws `ScriptFailure` for a word that says nothing. */
export function patternTypeOf(given: AclsGiven): ResourceFilter['patternType'] {
  const word = given.value('resource-pattern-type')!
  const type = PATTERN_TYPES.find((each) => each === word.toUpperCase())
  if (type !== undefined) return type
  const text = `Cannot parse argument '${word}' of option resource-pattern-type`
  throw new ScriptFailure(text, text, { facts: [`It is one of ${PATTERN_TYPES.join(', ').toLowerCase()}.`] })
}

/** Every resource that is named, each once. */
export function resourcesOf(given: AclsGiven): ResourceFilter[] {
  const patternType = patternTypeOf(given)
  const named = (resourceType: AclResourceType, names: readonly string[]): ResourceFilter[] =>
    names.map((name) => ({ resourceType, name, patternType }))
  const trimmed = (names: readonly string[]): string[] => names.map((name) => name.trim())
  const cluster = patternType === 'LITERAL' && (given.has('cluster') || given.has('idempotent'))
  const all = [
    ...named('TOPIC', trimmed(given.values('topic'))),
    ...(cluster ? [CLUSTER] : []),
    ...named('GROUP', trimmed(given.values('group'))),
    ...named('TRANSACTIONAL_ID', given.values('transactional-id')),
    ...named('DELEGATION_TOKEN', trimmed(given.values('delegation-token'))),
    ...named('USER', trimmed(given.values('user-principal'))),
  ]
  return distinct(all)
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}

/** What `--add` and `--remove` are about. Throws in the script's words. */
export function rulesOf(given: AclsGiven): ResourceRules[] {
  const entries = (operations: readonly AclOperation[]): AclEntry[] => entriesOf(given, operations)
  const rules = new Map<string, ResourceRules>()
  const add = (filter: ResourceFilter, more: readonly AclEntry[]): void => {
    const key = JSON.stringify(filter)
    rules.set(key, { filter, entries: distinct([...(rules.get(key)?.entries ?? []), ...more]) })
  }
  if (!given.has('producer') && !given.has('consumer')) {
    const { operations, unknown } = operationsOf(given)
    const own = entries(operations)
    const resources = namedResources(given)
    for (const filter of resources) {
      if (unknown && own.length + unknownEntries(given) > 0) throw unsupported(filter.resourceType)
      add(filter, own)
    }
  } else {
    const resources = namedResources(given)
    if (given.has('producer')) addProducer(given, resources, add)
    if (given.has('consumer')) addConsumer(given, resources, add)
  }
  for (const { filter, entries: own } of rules.values()) checkOperations(filter.resourceType, own)
  return [...rules.values()]
}

function addProducer(given: AclsGiven, resources: readonly ResourceFilter[], add: AddRules): void {
  const onTopic = entriesOf(given, ['WRITE', 'DESCRIBE', 'CREATE'])
  const onId = entriesOf(given, ['WRITE', 'DESCRIBE'])
  for (const filter of resources) {
    if (filter.resourceType === 'TOPIC') add(filter, onTopic)
    if (filter.resourceType === 'TRANSACTIONAL_ID') add(filter, onId)
  }
  if (given.has('idempotent')) add(CLUSTER, entriesOf(given, ['IDEMPOTENT_WRITE']))
}

function addConsumer(given: AclsGiven, resources: readonly ResourceFilter[], add: AddRules): void {
  const onTopic = entriesOf(given, ['READ', 'DESCRIBE'])
  const onGroup = entriesOf(given, ['READ'])
  for (const filter of resources) {
    if (filter.resourceType === 'TOPIC') add(filter, onTopic)
    if (filter.resourceType === 'GROUP') add(filter, onGroup)
  }
}

type AddRules = (filter: ResourceFilter, entries: readonly AclEntry[]) => void

function namedResources(given: AclsGiven): ResourceFilter[] {
  const resources = resourcesOf(given)
  if (resources.length > 0) return resources
  throw new UsageError(
    'You must provide at least one resource: --topic <topic> or --cluster or --group <group> or --delegation-token <Delegation Token ID>',
  )
}

function operationsOf(given: AclsGiven): { operations: AclOperation[]; unknown: boolean } {
  const found = given.values('operation').map((word) => operationNamed(word.trim()))
  return { operations: found.filter((each) => each !== undefined), unknown: found.includes(undefined) }
}

/** An unknown operation is refused only where it would be part of a rule. */
function unknownEntries(given: AclsGiven): number {
  return given.values('allow-principal').length + given.values('deny-principal').length
}

/** Each principal, from each host, for each operation. */
function entriesOf(given: AclsGiven, operations: readonly AclOperation[]): AclEntry[] {
  const allowed = principalsOf(given.values('allow-principal'))
  const denied = principalsOf(given.values('deny-principal'))
  const hosts = (name: 'allow-host' | 'deny-host'): string[] =>
    given.has(name) ? given.values(name).map((host) => host.trim()) : ['*']
  const entries = (principals: readonly string[], from: readonly string[], permission: AclPermission): AclEntry[] =>
    principals.flatMap((principal) =>
      operations.flatMap((operation) => from.map((host) => ({ principal, host, operation, permission }))),
    )
  return distinct([...entries(allowed, hosts('allow-host'), 'ALLOW'), ...entries(denied, hosts('deny-host'), 'DENY')])
}

/** `User:alice` as it is. Throws `ScriptFailure` where there is no type in front. */
export function principalsOf(words: readonly string[]): string[] {
  return words.map((word) => {
    const principal = word.trim()
    if (principal.includes(':')) return principal
    const text = `expected a string in format principalType:principalName but got ${principal}`
    throw new ScriptFailure(text, text, { next: `write it as User:${principal}` })
  })
}

function checkOperations(resourceType: AclResourceType, entries: readonly AclEntry[]): void {
  const supported: readonly string[] = SUPPORTED_OPERATIONS[resourceType]
  if (!entries.every(({ operation }) => supported.includes(operation))) throw unsupported(resourceType)
}

function unsupported(resourceType: AclResourceType): UsageError {
  const operations = SUPPORTED_OPERATIONS[resourceType].join(', ')
  return new UsageError(`ResourceType ${resourceType} only supports operations [${operations}]`)
}

/** Filters of the cluster for rules that are to go: every rule of the resource where none is named. */
export function removalFilters({ filter, entries }: ResourceRules): AclFilter[] {
  return entries.length === 0 ? [filter] : entries.map((entry) => ({ ...filter, entry }))
}

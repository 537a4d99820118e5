import { isIP } from 'node:net'
import { parseWhole, UsageError } from '../../cli/options.ts'
import type { ConfigResourceType, ConfigSource } from '../../client/admin-types.ts'
import type { ConfigsGiven } from './options.ts'

/** Kinds of entity as the command line names them; the order is that of the script's message. */
export const ENTITY_TYPES = [
  'topics',
  'clients',
  'users',
  'brokers',
  'ips',
  'client-metrics',
  'groups',
  'broker-loggers',
] as const
export type EntityType = (typeof ENTITY_TYPES)[number]

/** Entities that hold configurations, the resource they are in the protocol, and where their own settings come from. */
export const RESOURCES: Readonly<Partial<Record<EntityType, { type: ConfigResourceType; source: ConfigSource }>>> = {
  topics: { type: 'TOPIC', source: 'DYNAMIC_TOPIC_CONFIG' },
  brokers: { type: 'BROKER', source: 'DYNAMIC_BROKER_CONFIG' },
  'broker-loggers': { type: 'BROKER_LOGGER', source: 'DYNAMIC_BROKER_LOGGER_CONFIG' },
  'client-metrics': { type: 'CLIENT_METRICS', source: 'DYNAMIC_CLIENT_METRICS_CONFIG' },
  groups: { type: 'GROUP', source: 'DYNAMIC_GROUP_CONFIG' },
}

/** Entities that hold quotas, as the protocol names them. */
export const QUOTA_TYPES: Readonly<Partial<Record<EntityType, string>>> = {
  users: 'user',
  clients: 'client-id',
  ips: 'ip',
}

/** `topics` -> `topic`; the script cuts the last letter, also of `client-metrics`. */
export function singular(type: EntityType): string {
  return type.slice(0, -1)
}

const NAME_OPTIONS = [
  ['topic', 'topics'],
  ['client', 'clients'],
  ['user', 'users'],
  ['broker', 'brokers'],
  ['broker-logger', 'broker-loggers'],
  ['ip', 'ips'],
  ['client-metrics', 'client-metrics'],
  ['group', 'groups'],
] as const
const DEFAULT_OPTIONS = [
  ['client-defaults', 'clients'],
  ['user-defaults', 'users'],
  ['broker-defaults', 'brokers'],
  ['ip-defaults', 'ips'],
] as const

/** What the command line is about; names and types stand beside each other, '' is the default entity. */
export interface Entities {
  readonly types: readonly EntityType[]
  readonly names: readonly string[]
}

/** Reads both ways of naming entities: `--entity-type topics --entity-name t` and `--topic t`. */
export function entitiesOf(given: ConfigsGiven): Entities {
  const named = NAME_OPTIONS.filter(([option]) => given.has(option))
  const defaults = DEFAULT_OPTIONS.filter(([option]) => given.has(option))
  const types = [...given.values('entity-type'), ...[...named, ...defaults].map(([, type]) => type)]
  const entityNames = given.values('entity-name')
  const inOrder = given.order
    .filter((name) => name === 'entity-name' || name === 'entity-default')
    .map((name) => (name === 'entity-name' ? entityNames.shift()! : ''))
  const names = [...inOrder, ...named.map(([option]) => given.value(option)!), ...defaults.map(() => '')]
  return { types: types as EntityType[], names }
}

/** Which types, how many, and whether the two ways of naming were mixed. */
export function checkEntities(given: ConfigsGiven): void {
  const { types } = entitiesOf(given)
  const twice = types.filter((type, at) => types.indexOf(type) !== at)
  if (twice.length > 0) throw new UsageError(`Duplicate entity type(s) specified: ${[...new Set(twice)].join(',')}`)
  const unknown = types.find((type) => !ENTITY_TYPES.includes(type))
  if (unknown !== undefined) {
    throw new UsageError(
      `Invalid entity type ${unknown}, the entity type must be one of ${ENTITY_TYPES.join(', ')} with a --bootstrap-server or --bootstrap-controller argument`,
    )
  }
  if (types.length === 0) throw new UsageError('At least one entity type must be specified')
  if (types.length > 1 && types.some((type) => type !== 'users' && type !== 'clients')) {
    throw new UsageError("Only 'users' and 'clients' entity types may be specified together")
  }
  const usesFlags = [...NAME_OPTIONS, ...DEFAULT_OPTIONS].some(([option]) => given.has(option))
  if (usesFlags && (given.has('entity-name') || given.has('entity-type') || given.has('entity-default'))) {
    throw new UsageError('--entity-{type,name,default} should not be used in conjunction with specific entity flags')
  }
}

/** Whether the names fit the types and the action. */
export function checkEntityNames(given: ConfigsGiven): void {
  const { types, names } = entitiesOf(given)
  const type = types[0]!
  const hasName = names.some((name) => name !== '')
  const hasDefault = names.includes('')
  if (hasName && (type === 'brokers' || type === 'broker-loggers')) {
    const bad = names.find((name) => parseWhole(name, 'int') === undefined)
    if (bad !== undefined) {
      throw new UsageError(`The entity name for ${type} must be a valid integer broker id, but it is: ${bad}`)
    }
  }
  if (hasName && type === 'ips') for (const name of names) checkAddress(name, type)
  const allowsDefault = types.some((each) => ['users', 'clients', 'brokers', 'ips'].includes(each))
  if (given.has('describe')) checkDescribed(given, types, { hasName, allowsDefault })
  else checkAltered(types, { hasName, hasDefault, allowsDefault })
}

/** A name is looked up by the broker; an address that can be none is an error here. */
function checkAddress(name: string, type: EntityType): void {
  if (name === '' || isIP(name) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)) return
  throw new UsageError(`The entity name for ${type} must be a valid IP or resolvable host, but it is: ${name}`)
}

function checkDescribed(
  given: ConfigsGiven,
  types: readonly EntityType[],
  { hasName, allowsDefault }: { hasName: boolean; allowsDefault: boolean },
): void {
  if (!allowsDefault && given.has('entity-default')) {
    throw new UsageError(`--entity-default must not be specified with --describe of ${types.join(',')}`)
  }
  if (types.includes('broker-loggers') && !hasName) {
    throw new UsageError(`An entity name must be specified with --describe of ${types.join(',')}`)
  }
}

function checkAltered(
  types: readonly EntityType[],
  { hasName, hasDefault, allowsDefault }: { hasName: boolean; hasDefault: boolean; allowsDefault: boolean },
): void {
  if (allowsDefault && !hasName && !hasDefault) {
    throw new UsageError(
      'An entity-name or default entity must be specified with --alter of users, clients, brokers or ips',
    )
  }
  if (!allowsDefault && !hasName) {
    throw new UsageError(`An entity name must be specified with --alter of ${types.join(',')}`)
  }
}

import { formatDocument } from '../../cli/format.ts'
import { parseDouble, parseWhole, UsageError } from '../../cli/options.ts'
import type { Admin, ConfigResourceType } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'
import { type Changes, changesOf } from './changes.ts'
import { type Entities, type EntityType, entitiesOf, QUOTA_TYPES, RESOURCES, singular } from './entities.ts'
import type { ConfigsRun } from './options.ts'
import { quotaEntity, quotasOf } from './quotas.ts'
import { alterScram, isScram } from './scram.ts'

const USER_AND_CLIENT_QUOTAS = new Set([
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
])
const IP_QUOTAS = new Set(['connection_creation_rate'])

/** `--alter`: one entity, or one user and client together. */
export async function alterConfigs(run: ConfigsRun): Promise<void> {
  const { given, admin, context, presentation } = run
  const entities = entitiesOf(given)
  const type = entities.types[0]!
  const name = entities.names[0]!
  const changes = await changesOf(given)
  const resource = RESOURCES[type]
  if (type === 'broker-loggers') await checkLoggers(admin, name, changes)
  if (resource !== undefined && given.has('dry-run')) return showPlan(run, resource.type, name, changes)
  if (resource !== undefined) await alterResource(admin, resource.type, name, changes)
  else if (type === 'ips') await alterIpQuotas(admin, entities, changes)
  else await alterUserOrClient(admin, entities, changes)
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { entityType: type, entityName: name === '' ? null : name }
    const changed = { added: changes.add, deleted: [...changes.remove] }
    context.stdout.write(formatDocument(presentation, 'ConfigsAltered', { ...fields, ...changed }))
  } else {
    context.stdout.write(completed(type, name))
    if (presentation === 'terminal' && type === 'topics' && changes.add.has('retention.ms')) {
      context.stderr.write(
        `${OLD_DATA_STAYS}\n  next: kt explain --topic ${name} "old data still there after retention.ms"\n`,
      )
    }
  }
}

/** Otherwise somebody waits for records to go that will not go yet. */
const OLD_DATA_STAYS = 'Records go with their whole segment, and three clocks run until then.'

function completed(type: EntityType, name: string): string {
  return name === ''
    ? `Completed updating default config for ${type} in the cluster.\n`
    : `Completed updating config for ${singular(type)} ${name}.\n`
}

/** `--dry-run`: the cluster checks the change; then what it would change is shown. */
async function showPlan(
  { admin, context, presentation }: ConfigsRun,
  type: ConfigResourceType,
  name: string,
  changes: Changes,
): Promise<void> {
  await alterResource(admin, type, name, changes, true)
  const [outcome] = await admin.describeConfigs([{ type, name }], { synonyms: true })
  const { plannedRows } = await import('./compare.ts')
  const rows = plannedRows(unwrap(outcome!), changes)
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { entityType: type.toLowerCase(), entityName: name === '' ? null : name }
    context.stdout.write(
      formatDocument(presentation, 'ConfigChangePlan', { ...fields, changes: rows.map((row) => ({ ...row })) }),
    )
    return
  }
  const { plainTable } = await import('../plain-table.ts')
  const cells = rows.map((row) => [row.name, row.before ?? '-', row.after ?? 'the default'])
  context.stdout.write(
    `${plainTable(['NAME', 'NOW', 'WOULD BE'], cells)}The cluster accepts it; nothing was changed.\n`,
  )
}

async function alterResource(
  admin: Admin,
  type: ConfigResourceType,
  name: string,
  changes: Changes,
  validateOnly = false,
): Promise<void> {
  if (type === 'BROKER' && name !== '' && parseWhole(name, 'int') === undefined) {
    throw new UsageError(`The entity name for brokers must be a valid integer broker id, found: ${name}`)
  }
  const operations = [
    ...changes.remove.map((key) => ({ name: key, operation: 'DELETE' as const, value: '' })),
    ...[...changes.add].map(([key, value]) => ({ name: key, operation: 'SET' as const, value })),
  ]
  const outcomes = await admin.incrementalAlterConfigs([{ resource: { type, name }, changes: operations }], {
    validateOnly,
  })
  for (const outcome of outcomes) unwrap(outcome)
}

/** A broker would take a level for a logger that does not exist; the script does not. */
async function checkLoggers(admin: Admin, broker: string, { add, remove }: Changes): Promise<void> {
  const [outcome] = await admin.describeConfigs([{ type: 'BROKER_LOGGER', name: broker }])
  const known = new Set(unwrap(outcome!).map(({ name }) => name))
  const unknown = [...remove, ...add.keys()].filter((name) => !known.has(name))
  if (unknown.length > 0) throw new UsageError(`Invalid broker logger(s): ${unknown.join(',')}`)
}

async function alterIpQuotas(admin: Admin, entities: Entities, changes: Changes): Promise<void> {
  const unknown = [...changes.add.keys(), ...changes.remove].filter((key) => !IP_QUOTAS.has(key))
  if (unknown.length > 0) {
    throw new UsageError(
      `Only connection quota configs can be added for 'ips' using --bootstrap-server. Unexpected config names: ${unknown.join(', ')}`,
    )
  }
  await alterQuotas(admin, entities, changes)
}

async function alterUserOrClient(admin: Admin, entities: Entities, changes: Changes): Promise<void> {
  const isClient = entities.types[0] === 'clients' || entities.types.length === 2
  checkNames(isClient ? 'clients' : 'users', [...changes.add.keys()], 'added')
  checkNames(isClient ? 'clients' : 'users', changes.remove, 'deleted')
  const all = [...changes.add.keys(), ...changes.remove]
  const quotas = all.some((key) => USER_AND_CLIENT_QUOTAS.has(key))
  if (all.some(isScram)) {
    if (entities.names.includes('')) {
      throw new UsageError(
        'The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.',
      )
    }
    if (quotas) {
      throw new UsageError(
        "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using --bootstrap-server.",
      )
    }
  }
  if (quotas) await alterQuotas(admin, entities, changes)
  else await alterScram(admin, entities.names[0]!, changes)
}

function checkNames(type: 'users' | 'clients', keys: readonly string[], verb: 'added' | 'deleted'): void {
  const unknown = keys.filter((key) => !USER_AND_CLIENT_QUOTAS.has(key) && (type === 'clients' || !isScram(key)))
  if (unknown.length === 0) return
  const what = type === 'clients' ? 'quota configs' : 'quota and SCRAM credential configs'
  throw new UsageError(
    `Only ${what} can be ${verb} for '${type}' using --bootstrap-server. Unexpected config names: ${unknown.join(', ')}`,
  )
}

/** Only what is there can be deleted; values are floating point numbers. */
async function alterQuotas(admin: Admin, entities: Entities, changes: Changes): Promise<void> {
  if (entities.types.length !== entities.names.length) {
    throw new UsageError('Exactly one entity name must be specified for every entity type')
  }
  const present = (await quotasOf(admin, entities))[0]?.quotas ?? new Map()
  const absent = changes.remove.filter((key) => !present.has(key))
  if (absent.length > 0) throw new UsageError(`Invalid config(s): ${absent.join(',')}`)
  const ops = [
    ...[...changes.add].map(([key, text]) => ({ key, value: quotaValue(key, text) })),
    ...changes.remove.map((key) => ({ key, value: null })),
  ]
  const entity = quotaEntity(
    entities.types.map((type) => QUOTA_TYPES[type]!),
    entities.names,
  )
  for (const outcome of await admin.alterClientQuotas([{ entity, ops }])) unwrap(outcome)
}

function quotaValue(key: string, text: string): number {
  const value = parseDouble(text)
  if (value === undefined) throw new UsageError(`Cannot parse quota configuration value for ${key}: ${text}`)
  return value
}

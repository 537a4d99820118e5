import { UsageError } from '../../cli/options.ts'
import type { Admin, ConfigEntry, ConfigSource, KafkaFailure, Outcome } from '../../client/admin-types.ts'
import { hashMapOrder } from '../java-text.ts'
import { RefusedError, unwrap } from '../outcome.ts'
import { type EntityType, entitiesOf, RESOURCES, singular } from './entities.ts'
import type { ConfigsRun } from './options.ts'
import { type DescribedEntity, entityText, writeEntities } from './print.ts'

/** `--describe`: configurations, or quotas and credentials, of one entity or of all of a type. */
export async function describeConfigs(run: ConfigsRun): Promise<void> {
  const { types, names } = entitiesOf(run.given)
  const type = types[0]!
  if (RESOURCES[type] === undefined) return (await import('./describe-quotas.ts')).describeQuotas(run)
  await describeResources(run, type, names[0])
}

async function describeResources(run: ConfigsRun, type: EntityType, name: string | undefined): Promise<void> {
  const { admin, given, context, presentation } = run
  const all = given.has('all')
  if (name !== undefined && type === 'topics') checkTopicName(name)
  if (name !== undefined && !all && !(await exists(admin, type, name))) {
    const message = `The ${singular(type)} '${name}' doesn't exist and doesn't have dynamic config.\n`
    if (presentation === 'script') context.stdout.write(message)
    else context.stderr.write(message)
    if (presentation === 'script' || presentation === 'terminal') return
    await writeEntities(run, [])
    return
  }
  const names = name === undefined ? await entityNames(admin, type) : [name]
  if (names.length === 0) return writeEntities(run, [])
  const resource = RESOURCES[type]!
  const outcomes = await admin.describeConfigs(
    names.map((each) => ({ type: resource.type, name: each })),
    { synonyms: true },
  )
  await write(run, type, names, outcomes)
}

/** The script prints a heading before it learns of a refusal, and then stops. */
async function write(
  run: ConfigsRun,
  type: EntityType,
  names: readonly string[],
  outcomes: readonly Outcome<ConfigEntry[]>[],
): Promise<void> {
  const all = run.given.has('all')
  const described: DescribedEntity[] = []
  let failure: KafkaFailure | undefined
  for (const [at, name] of names.entries()) {
    const outcome = outcomes[at]!
    described.push({ type, name, all, entries: outcome.ok ? entriesOf(outcome, type, name, all) : [] })
    failure = outcome.ok ? undefined : outcome.error
    if (failure !== undefined) break
  }
  if (failure === undefined) return writeEntities(run, described)
  if (run.presentation === 'script') run.context.stdout.write(described.map(entityText).join(''))
  throw new RefusedError(failure)
}

function entriesOf(outcome: Outcome<ConfigEntry[]>, type: EntityType, name: string, all: boolean): ConfigEntry[] {
  const own: ConfigSource =
    type === 'brokers' && name === '' ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : RESOURCES[type]!.source
  return unwrap(outcome)
    .filter(({ source }) => all || source === own)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const MAX_TOPIC_NAME_LENGTH = 249

function checkTopicName(name: string): void {
  const wrong = (() => {
    if (name === '') return 'the empty string is not allowed'
    if (name === '.' || name === '..') return `'${name}' is not allowed`
    if (name.length > MAX_TOPIC_NAME_LENGTH) {
      return `the length of '${name}' is longer than the max allowed length ${MAX_TOPIC_NAME_LENGTH}`
    }
    if (/^[A-Za-z0-9._-]+$/.test(name)) return null
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  })()
  if (wrong !== null) throw new UsageError(`Topic name is invalid: ${wrong}`)
}

async function exists(admin: Admin, type: EntityType, name: string): Promise<boolean> {
  if (name === '' && (type === 'brokers' || type === 'broker-loggers')) return true
  return (await entityNames(admin, type)).includes(name)
}

/** Every entity of a type, in the script's order; brokers end with the default of all brokers. */
async function entityNames(admin: Admin, type: EntityType): Promise<string[]> {
  if (type === 'topics') return hashMapOrder((await admin.listTopics()).map(({ name }) => name))
  if (type === 'brokers' || type === 'broker-loggers') {
    return [...(await admin.describeCluster()).brokers.map(({ id }) => String(id)), '']
  }
  const resources = (await admin.listConfigResources([RESOURCES[type]!.type])).map(({ name }) => name)
  if (type === 'client-metrics') return resources
  const groups = (await admin.listGroups()).map(({ groupId }) => groupId)
  return [...new Set([...groups, ...resources])].sort()
}

/** `kt plan --export`: what the cluster has, as the documents that `kt plan` reads. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { toKtError } from '../../cli/errors.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed, type Structure, type StructuredFormat } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { targetOfFlags } from '../../cli/own-command.ts'
import type { Admin, ConfigEntry, ConfigResource } from '../../client/admin-types.ts'
import { bindingFields } from '../acls/text.ts'
import { unwrap } from '../outcome.ts'
import { topicFilter } from '../topic-filter.ts'
import { ownSource } from '../undo/entry.ts'
import type { PlanFlags } from './plan-files.ts'
import { type TopicState, topicList, topicStates } from './state.ts'

interface ExportFlags extends PlanFlags {
  readonly replace?: true
}

/** One document, and the file of a directory that it belongs in. */
interface Exported {
  readonly part: 'topics' | 'configs' | 'acls' | 'quotas' | 'users'
  readonly kind: string
  readonly fields: Record<string, Structure>
}

/** Writes documents to stdout, into a file, or into a directory with a file for each subject. */
export async function exportCluster(
  paths: readonly string[],
  flags: ExportFlags,
  context: CommandContext,
): Promise<number> {
  const [place, ...more] = paths
  if (more.length > 0) throw new UsageError('--export writes to one file or directory')
  const isFile = place !== undefined && /\.(ya?ml|json)$/i.test(place)
  const format = formatNamed(flags.format) ?? (place?.toLowerCase().endsWith('.json') ? 'json' : 'yaml')
  const admin = await context.admin(targetOfFlags(flags))
  const documents = await exported(admin, flags.topic, (line) => context.stderr.write(`kt: ${line}\n`))
  if (documents.length === 0) context.stderr.write('There is nothing to export.\n')
  if (place === undefined) context.stdout.write(joined(documents, format))
  else if (isFile) writeFiles([[place, joined(documents, format)]], flags.replace === true, context)
  else {
    const parts = [...new Set(documents.map(({ part }) => part))]
    const files = parts.map((part): [string, string] => {
      const own = documents.filter((each) => each.part === part)
      return [path.join(place, `${part}.${format}`), joined(own, format)]
    })
    writeFiles(files, flags.replace === true, context)
  }
  return OK
}

function joined(documents: readonly Exported[], format: StructuredFormat): string {
  return documents
    .map(({ kind, fields }) => formatDocument(format, kind, fields))
    .join(format === 'yaml' ? '---\n' : '')
}

function writeFiles(
  files: readonly (readonly [file: string, text: string])[],
  replaces: boolean,
  context: CommandContext,
): void {
  const taken = files.map(([file]) => file).filter((file) => fs.existsSync(file))
  if (taken.length > 0 && !replaces) {
    throw new KtError('conflict', `${taken.join(', ')} exists already; nothing was written`, { next: 'add --replace' })
  }
  for (const [file, text] of files) {
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true })
      fs.writeFileSync(file, text)
    } catch (error) {
      throw new KtError('storage', `${file} cannot be written`, { facts: [(error as Error).message], cause: error })
    }
    context.stdout.write(`Wrote ${file}.\n`)
  }
}

async function exported(
  admin: Admin,
  expression: string | undefined,
  tell: (line: string) => void,
): Promise<Exported[]> {
  const filter = expression === undefined ? null : topicFilter(expression)
  const names = (await topicList(admin)).filter((name) => filter === null || filter.allows(name))
  const topics = [...(await topicStates(admin, names)).values()].map((topic) => topicDocument(topic, tell))
  if (filter !== null) return topics
  const configs = await configDocument(admin, tell)
  const others = await Promise.all([
    whereServed('access rules', tell, () => aclDocument(admin)),
    whereServed('quotas', tell, () => quotaDocument(admin)),
    whereServed('SCRAM users', tell, () => userDocument(admin)),
  ])
  return [...topics, ...configs, ...others.flat()]
}

/** A cluster without an authorizer, or one that does not serve a request, is exported all the same. */
async function whereServed(
  what: string,
  tell: (line: string) => void,
  read: () => Promise<Exported[]>,
): Promise<Exported[]> {
  try {
    return await read()
  } catch (error) {
    const failure = toKtError(error)
    if (failure.kind !== 'kafka' && failure.kind !== 'authorization') throw error
    tell(`${what} are left out: ${failure.message}`)
    return []
  }
}

function topicDocument({ description, replicas, configs }: TopicState, tell: (line: string) => void): Exported {
  const { name } = description
  const factors = new Set(replicas.map((each) => each.length))
  // Partitions with different numbers of replicas can only be told one by one.
  const placement: Record<string, Structure> =
    factors.size === 1 ? { replicationFactor: [...factors][0]! } : { replicas }
  const own = ownSettings({ type: 'TOPIC', name }, configs, tell)
  const fields = { name, partitionCount: replicas.length, ...placement, ...(own.size > 0 ? { configs: own } : {}) }
  return { part: 'topics', kind: 'Topic', fields }
}

/** What is set on the resource itself. Secrets are not told, and named on stderr. */
function ownSettings(
  resource: ConfigResource,
  entries: readonly ConfigEntry[],
  tell: (line: string) => void,
): Map<string, string> {
  const own = entries.filter(({ source }) => source === ownSource(resource))
  for (const { name } of own.filter(({ value, isSensitive }) => isSensitive || value === null)) {
    tell(`${name} of ${resource.type.toLowerCase()} '${resource.name}' is a secret and left out`)
  }
  const told = own.filter(({ value, isSensitive }) => !isSensitive && value !== null)
  return new Map(told.map(({ name, value }) => [name, value!] as const).sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function configDocument(admin: Admin, tell: (line: string) => void): Promise<Exported[]> {
  const { brokers } = await admin.describeCluster()
  const names = ['', ...brokers.map(({ id }) => String(id))]
  const others = await whereServedResources(admin, tell)
  const resources = [...names.map((name): ConfigResource => ({ type: 'BROKER', name })), ...others]
  const described = await admin.describeConfigs(resources, { synonyms: true })
  const entities = resources.flatMap((resource, at): Structure[] => {
    const configs = ownSettings(resource, unwrap(described[at]!), tell)
    if (configs.size === 0) return []
    const entityType = {
      TOPIC: 'topics',
      BROKER: 'brokers',
      GROUP: 'groups',
      CLIENT_METRICS: 'client-metrics',
      BROKER_LOGGER: '',
    }
    return [{ entityType: entityType[resource.type], entityName: resource.name === '' ? null : resource.name, configs }]
  })
  return entities.length === 0 ? [] : [{ part: 'configs', kind: 'ConfigList', fields: { entities } }]
}

/** Groups and client metrics subscriptions that have settings. */
async function whereServedResources(admin: Admin, tell: (line: string) => void): Promise<ConfigResource[]> {
  try {
    return await admin.listConfigResources(['GROUP', 'CLIENT_METRICS'])
  } catch (error) {
    tell(`settings of groups and client metrics are left out: ${toKtError(error).message}`)
    return []
  }
}

async function aclDocument(admin: Admin): Promise<Exported[]> {
  const bindings = await admin.describeAcls({})
  const acls = bindings.map(bindingFields)
  acls.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
  return acls.length === 0 ? [] : [{ part: 'acls', kind: 'AclList', fields: { acls } }]
}

async function quotaDocument(admin: Admin): Promise<Exported[]> {
  const found = await admin.describeClientQuotas({ components: [], strict: false })
  const quotas = found.map(({ entity, quotas: values }) => ({ entity: entity.entries, values }))
  return quotas.length === 0 ? [] : [{ part: 'quotas', kind: 'QuotaList', fields: { quotas } }]
}

/** Without passwords, which nobody can read: on another cluster `passwordFrom` has to be added. */
async function userDocument(admin: Admin): Promise<Exported[]> {
  const found = await admin.describeScramCredentials('all')
  const scramCredentials = [...found].flatMap(([user, outcome]): Structure[] => {
    if (!outcome.ok || outcome.value.length === 0) return []
    return [{ user, credentials: outcome.value.map(({ mechanism, iterations }) => ({ mechanism, iterations })) }]
  })
  return scramCredentials.length === 0 ? [] : [{ part: 'users', kind: 'QuotaList', fields: { scramCredentials } }]
}

/** `kt broker-api-versions`, Kafka's `kafka-broker-api-versions.sh`: which requests brokers serve, and which versions of them. */
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument, type Structure } from '../cli/format.ts'
import { CONNECTION_OPTIONS, defineScriptCommand, type Given, presentationOf, targetOf } from '../cli/script-command.ts'
import { loadTableDrawer } from '../cli/table.ts'
import type { ApiVersionRange, BrokerNode, Outcome } from '../client/admin-types.ts'
import { CLIENT_APIS } from '../protocol/client-apis.ts'
import { hashMapOrderBy, javaHashCode } from './java-text.ts'

export const brokerApiVersions = defineScriptCommand({
  name: 'broker-api-versions',
  script: 'kafka-broker-api-versions.sh',
  summary: 'Show which requests brokers serve, and which versions of them',
  options: CONNECTION_OPTIONS,
  runsBare: true,
  examples: [
    { command: 'kt broker-api-versions', does: 'every request of every broker, and the version kt would use' },
    { command: 'kt broker-api-versions --format json', does: 'the same as a structure' },
    { command: 'kt broker-api-versions | grep -w Fetch', does: 'one request' },
  ],
  run: runBrokerApiVersions,
})

interface BrokerApis {
  readonly broker: BrokerNode
  readonly apis: Outcome<ApiVersionRange[]>
}

/** One request as a broker serves it. */
export interface ApiRow {
  readonly key: number
  readonly name: string
  /** null: not served. */
  readonly versions: { readonly min: number; readonly max: number } | null
  /** The newest version both sides speak; a word where there is none, null for requests that we do not know. */
  readonly usable: number | 'node too new' | 'node too old' | null
}

async function runBrokerApiVersions(given: Given<typeof CONNECTION_OPTIONS>, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const admin = await context.admin(targetOf(given))
  const brokers = await admin.describeApiVersions()
  if (presentation === 'script') {
    for (const each of inNodeOrder(brokers)) context.stdout.write(apiVersionsText(each))
  } else if (presentation === 'terminal') {
    context.stdout.write(await tables(brokers, context))
  } else {
    const document = formatDocument(presentation, 'BrokerApiVersionList', { brokers: brokers.map(brokerFields) })
    context.stdout.write(document)
  }
  return OK
}

/** As a HashMap keyed by `Node` iterates. */
function inNodeOrder(brokers: readonly BrokerApis[]): BrokerApis[] {
  return hashMapOrderBy(brokers, ({ broker }) => nodeHash(broker), 16)
}

const HASH_OF_FALSE = 1237

function nodeHash({ host, id, port, rack }: BrokerNode): number {
  const parts = [javaHashCode(host), id, port, rack === null ? 0 : javaHashCode(rack), HASH_OF_FALSE]
  return parts.reduce((hash, part) => (Math.imul(hash, 31) + part) | 0, 1)
}

/** Requests in the order of their keys: those served, and those of clients that are not. */
export function apiRows(ranges: readonly ApiVersionRange[]): ApiRow[] {
  const served = ranges.map(({ key, min, max }): ApiRow => {
    const known = CLIENT_APIS.get(key)
    return { key, name: known?.name ?? 'UNKNOWN', versions: { min, max }, usable: usableVersion(key, min, max) }
  })
  const keys = new Set(ranges.map(({ key }) => key))
  const missing = [...CLIENT_APIS].filter(([key]) => !keys.has(key))
  const rows = [...served, ...missing.map(([key, { name }]): ApiRow => ({ key, name, versions: null, usable: null }))]
  return rows.sort((left, right) => left.key - right.key)
}

function usableVersion(key: number, min: number, max: number): ApiRow['usable'] {
  const known = CLIENT_APIS.get(key)
  if (known === undefined) return null
  if (known.max < min) return 'node too new'
  return max < known.min ? 'node too old' : Math.min(known.max, max)
}

/** What the script prints of one broker. */
export function apiVersionsText({ broker, apis }: BrokerApis): string {
  const node = `${broker.host}:${broker.port} (id: ${broker.id} rack: ${broker.rack} isFenced: false)`
  if (!apis.ok) return `${node} -> ERROR: ${apis.error.message}\n`
  return `${node} -> (\n\t${apiRows(apis.value).map(rowText).join(',\n\t')}\n)\n`
}

function rowText({ key, name, versions, usable }: ApiRow): string {
  if (versions === null) return `${name}(${key}): UNSUPPORTED`
  const range = versionsText(versions)
  const use = usable === null ? '' : typeof usable === 'number' ? ` [usable: ${usable}]` : ` [unusable: ${usable}]`
  return `${name}(${key}): ${range}${use}`
}

function versionsText({ min, max }: { min: number; max: number }): string {
  return min === max ? String(min) : `${min} to ${max}`
}

function brokerFields({ broker, apis }: BrokerApis): Structure {
  const { id, host, port, rack } = broker
  return {
    id,
    host,
    port,
    rack,
    error: apis.ok ? null : apis.error.message,
    apis: apis.ok
      ? apiRows(apis.value).map(({ key, name, versions, usable }) => ({
          apiKey: key,
          name,
          minVersion: versions?.min ?? null,
          maxVersion: versions?.max ?? null,
          usableVersion: typeof usable === 'number' ? usable : null,
        }))
      : [],
  }
}

async function tables(brokers: readonly BrokerApis[], context: CommandContext): Promise<string> {
  const { bold, name, dim, warning, bad } = await context.colours()
  const draw = await loadTableDrawer()
  const parts = brokers.map(({ broker, apis }) => {
    const heading = `${bold(`Broker ${broker.id}`)}  ${broker.host}:${broker.port}\n`
    if (!apis.ok) return `${heading}${bad(apis.error.message)}\n`
    const rows = apiRows(apis.value).map((row) => [
      String(row.key),
      row.versions === null ? dim(row.name) : name(row.name),
      row.versions === null ? warning('not served') : versionsText(row.versions),
      row.usable === null ? dim('-') : String(row.usable),
    ])
    return heading + draw({ head: ['KEY', 'REQUEST', 'VERSIONS', 'USED BY KT'].map(dim), rows, rightAligned: [0] })
  })
  return parts.join('\n')
}

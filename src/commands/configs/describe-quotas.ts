import { formatDocument, type Structure } from '../../cli/format.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin, Outcome, ScramCredentialInfo } from '../../client/admin-types.ts'
import { type Entities, entitiesOf } from './entities.ts'
import type { ConfigsRun } from './options.ts'
import { type EntityQuotas, entityTitle, quotaLine, quotasOf } from './quotas.ts'

type Credentials = ReadonlyMap<string, Outcome<ScramCredentialInfo[]>>

/** Users, clients and addresses: quotas, and the SCRAM credentials of users. */
export async function describeQuotas({ given, admin, context, presentation }: ConfigsRun): Promise<void> {
  const entities = entitiesOf(given)
  const quotas = await quotasOf(admin, entities)
  const credentials = await credentialsOf(admin, entities)
  if (presentation === 'script') {
    context.stdout.write(quotas.map(quotaLine).join('') + credentialText(credentials))
  } else if (presentation === 'terminal') {
    context.stdout.write(await quotaTable(quotas, credentials))
  } else {
    const fields = { quotas: quotas.map(quotaFields), scramCredentials: credentialFields(credentials) }
    context.stdout.write(formatDocument(presentation, 'QuotaList', fields))
  }
}

/** Only users have credentials, and not the default user. */
async function credentialsOf(admin: Admin, { types, names }: Entities): Promise<Credentials> {
  if (!types.includes('users') || types.includes('clients') || names.includes('')) return new Map()
  const found = await admin.describeScramCredentials(names.length === 0 ? 'all' : names)
  return new Map([...found].filter(([, outcome]) => outcome.ok || outcome.error.name !== 'RESOURCE_NOT_FOUND'))
}

function credentialText(credentials: Credentials): string {
  return [...credentials]
    .map(([user, outcome]) => {
      if (!outcome.ok) {
        return `Error retrieving SCRAM credential configs for user-principal '${user}': ${outcome.error.name}: ${outcome.error.message}\n`
      }
      const infos = outcome.value.map(({ mechanism, iterations }) => `${mechanism}=iterations=${iterations}`)
      return `SCRAM credential configs for user-principal '${user}' are ${infos.join(', ')}\n`
    })
    .join('')
}

async function quotaTable(quotas: readonly EntityQuotas[], credentials: Credentials): Promise<string> {
  const rows = quotas.flatMap(({ entity, quotas: values }) =>
    [...values].map(([key, value]) => [entityTitle(entity), key, String(value)]),
  )
  for (const [user, outcome] of credentials) {
    if (!outcome.ok) rows.push([`user-principal '${user}'`, outcome.error.name, outcome.error.message])
    else
      for (const each of outcome.value)
        rows.push([`user-principal '${user}'`, each.mechanism, `${each.iterations} iterations`])
  }
  if (rows.length === 0) return 'Nothing is set.\n'
  return drawTable({ head: ['ENTITY', 'NAME', 'VALUE'], rows, rightAligned: [2] })
}

function quotaFields({ entity, quotas }: EntityQuotas): Structure {
  return { entity: entity.entries, values: quotas }
}

function credentialFields(credentials: Credentials): Structure[] {
  return [...credentials].map(([user, outcome]) => {
    if (!outcome.ok) return { user, error: { ...outcome.error } }
    return { user, credentials: outcome.value.map(({ mechanism, iterations }) => ({ mechanism, iterations })) }
  })
}

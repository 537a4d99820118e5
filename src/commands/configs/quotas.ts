import { UsageError } from '../../cli/options.ts'
import type { Admin, QuotaEntity } from '../../client/admin-types.ts'
import { hashMapOrder, hashMapOrderBy, javaDouble, javaHashCode } from '../java-text.ts'
import { type Entities, QUOTA_TYPES } from './entities.ts'

export interface EntityQuotas {
  readonly entity: QuotaEntity
  readonly quotas: ReadonlyMap<string, number>
}

/** Protocol names and names of entities ('' is the default one) as the admin wants them. */
export function quotaEntity(types: readonly string[], names: readonly string[]): QuotaEntity {
  return { entries: new Map(types.map((type, at) => [type, names[at] === '' ? null : names[at]!])) }
}

/** Quotas of exactly these kinds of entity, in the order the script gives them. */
export async function quotasOf(admin: Admin, { types, names }: Entities): Promise<EntityQuotas[]> {
  if (names.length > types.length) throw new UsageError('More entity names specified than entity types')
  const components = types.map((type, at) => {
    const name = names[at]
    const entityType = QUOTA_TYPES[type]!
    if (name === undefined) return { entityType, match: 'any' as const }
    return { entityType, match: name === '' ? ('default' as const) : { name } }
  })
  const found = await admin.describeClientQuotas({ components, strict: true })
  return hashMapOrderBy(found, ({ entity }) => entityHash(entity), found.length)
}

/** Java's hash of a map of names, wrapped in the entity's own. */
function entityHash({ entries }: QuotaEntity): number {
  let sum = 31
  for (const [type, name] of entries) sum = (sum + (javaHashCode(type) ^ (name === null ? 0 : javaHashCode(name)))) | 0
  return sum
}

const TITLES = [
  ['user', 'user-principal'],
  ['client-id', 'client-id'],
  ['ip', 'ip'],
] as const

/** `user-principal 'ann', the default client-id` */
export function entityTitle({ entries }: QuotaEntity): string {
  return TITLES.filter(([type]) => entries.has(type))
    .map(([type, title]) => {
      const name = entries.get(type)
      return name === null || name === undefined || name === '' ? `the default ${title}` : `${title} '${name}'`
    })
    .join(', ')
}

/** The script's line for one entity. */
export function quotaLine({ entity, quotas }: EntityQuotas): string {
  const values = hashMapOrder([...quotas.keys()], quotas.size).map((key) => `${key}=${javaDouble(quotas.get(key)!)}`)
  return `Quota configs for ${entityTitle(entity)} are ${values.join(', ')}\n`
}

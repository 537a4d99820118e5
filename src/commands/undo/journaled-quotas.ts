/** Changes of quotas that are kept in the journal. */
import type { Admin, MutationOptions, Outcome, QuotaEntity } from '../../client/admin-types.ts'
import type { QuotaEdit } from './entry.ts'
import { changeAndKeep, lookBefore, type Recorder } from './recorder.ts'

type Entries = Parameters<Admin['alterClientQuotas']>[0]

/** `alterClientQuotas`, with the values before it kept. */
export async function alterQuotasAndKeep(
  admin: Admin,
  recorder: Recorder,
  entries: Entries,
  options?: MutationOptions,
): Promise<Outcome<void>[]> {
  if (options?.validateOnly === true) return admin.alterClientQuotas(entries, options)
  const before = await lookBefore(admin, [], () => Promise.all(entries.map(({ entity }) => quotasNow(admin, entity))))
  const change = () => admin.alterClientQuotas(entries, options)
  return changeAndKeep(recorder, before, change, ({ found }, outcomes) =>
    entries.flatMap(({ entity, ops }, at): QuotaEdit[] => {
      if (outcomes !== null && !outcomes[at]!.ok) return []
      const values = ops
        .map(({ key, value }) => ({ key, before: found[at]!.get(key) ?? null, after: value }))
        .filter((each) => each.before !== each.after)
      return values.length === 0 ? [] : [{ kind: 'quota', entity: Object.fromEntries(entity.entries), values }]
    }),
  )
}

/** Quotas of exactly this entity; none when nothing is set. */
export async function quotasNow(admin: Admin, { entries }: QuotaEntity): Promise<ReadonlyMap<string, number>> {
  const components = [...entries].map(([entityType, name]) => ({
    entityType,
    match: name === null ? ('default' as const) : { name },
  }))
  const found = await admin.describeClientQuotas({ components, strict: true })
  return found[0]?.quotas ?? new Map()
}

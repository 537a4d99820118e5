/** Carries an undo out, edit by edit. */
import type { Admin, Outcome } from '../../client/admin-types.ts'
import type { ConfigEdit, Edit, OffsetEdit, QuotaEdit } from './entry.ts'
import type { UndoRow } from './undo-plan.ts'

/** What became of one row; null: it is done. */
export interface TakenBack {
  readonly row: UndoRow
  readonly error: string | null
}

/** Sets back what the rows name; a refusal is told beside its row and holds nothing else up. */
export async function takeBack(admin: Admin, rows: readonly UndoRow[]): Promise<TakenBack[]> {
  const byEdit = new Map<Edit, UndoRow[]>()
  for (const row of rows) byEdit.set(row.edit, [...(byEdit.get(row.edit) ?? []), row])
  const results: TakenBack[] = []
  for (const [edit, own] of byEdit) {
    if (edit.kind === 'config') results.push(...(await settings(admin, edit, own)))
    else if (edit.kind === 'quota') results.push(...(await quotas(admin, edit, own)))
    else if (edit.kind === 'offsets') results.push(...(await offsets(admin, edit, own)))
  }
  return results
}

function told(row: UndoRow, outcome: Outcome<unknown>): TakenBack {
  return { row, error: outcome.ok ? null : outcome.error.message }
}

async function settings(admin: Admin, edit: ConfigEdit, rows: readonly UndoRow[]): Promise<TakenBack[]> {
  const changes = rows.map(({ index }) => {
    const { name, before } = edit.settings[index]!
    return { name, operation: before === null ? ('DELETE' as const) : ('SET' as const), value: before ?? '' }
  })
  const [outcome] = await admin.incrementalAlterConfigs([{ resource: edit.resource, changes }])
  return rows.map((row) => told(row, outcome!))
}

async function quotas(admin: Admin, edit: QuotaEdit, rows: readonly UndoRow[]): Promise<TakenBack[]> {
  const ops = rows.map(({ index }) => ({ key: edit.values[index]!.key, value: edit.values[index]!.before }))
  const [outcome] = await admin.alterClientQuotas([{ entity: { entries: new Map(Object.entries(edit.entity)) }, ops }])
  return rows.map((row) => told(row, outcome!))
}

async function offsets(admin: Admin, edit: OffsetEdit, rows: readonly UndoRow[]): Promise<TakenBack[]> {
  const { groupId, isShare, partitions } = edit
  const set = rows.filter(({ index }) => partitions[index]!.before !== null)
  const gone = rows.filter(({ index }) => partitions[index]!.before === null)
  const results: TakenBack[] = []
  if (set.length > 0) {
    const list = set.map(({ index }) => {
      const { topic, partition, before } = partitions[index]!
      return { topic, partition, ...before! }
    })
    const outcome = isShare
      ? await admin.alterShareGroupOffsets(groupId, list)
      : { ok: true as const, value: await admin.alterGroupOffsets(groupId, list) }
    results.push(...set.map((row, at) => told(row, outcome.ok ? outcome.value[at]! : outcome)))
  }
  if (gone.length > 0) {
    const list = gone.map(({ index }) => partitions[index]!)
    if (isShare) return [...results, ...(await shareTopicsGone(admin, groupId, gone, list))]
    const outcome = await admin.deleteGroupOffsets(groupId, list)
    results.push(...gone.map((row, at) => told(row, outcome.ok ? outcome.value[at]! : outcome)))
  }
  return results
}

async function shareTopicsGone(
  admin: Admin,
  groupId: string,
  rows: readonly UndoRow[],
  partitions: readonly { readonly topic: string }[],
): Promise<TakenBack[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const outcome = await admin.deleteShareGroupOffsets(groupId, topics)
  return rows.map((row, at) => {
    return told(row, outcome.ok ? outcome.value[topics.indexOf(partitions[at]!.topic)]! : outcome)
  })
}

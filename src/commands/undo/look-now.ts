/** What the cluster has now where a change was made. */
import type { Admin, ConfigResource, Outcome, TopicPartition } from '../../client/admin-types.ts'
import type { Edit, OffsetEdit } from './entry.ts'
import { ownSource, quotaTitle, resourceTitle } from './entry.ts'
import { quotasNow } from './journaled-quotas.ts'

/** Settings of the resource itself by name; as text, why they cannot be told. */
export type SettingsNow = ReadonlyMap<string, string | null> | string

export interface GroupNow {
  /** By `topic:partition`. */
  readonly offsets: ReadonlyMap<string, number>
  /** `Empty`, `Stable`, ...; `Dead` for a group that is not there. */
  readonly state: string
  readonly memberCount: number
}

export interface ClusterNow {
  readonly topicIds: ReadonlyMap<string, string>
  /** By the resource's title. */
  readonly settings: ReadonlyMap<string, SettingsNow>
  readonly groups: ReadonlyMap<string, GroupNow>
  /** By the entity's title. */
  readonly quotas: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** By `topic:partition`: where the log begins. */
  readonly logStarts: ReadonlyMap<string, number>
}

export const partitionKey = ({ topic, partition }: TopicPartition): string => `${topic}:${partition}`

/** Asks for all that `edits` speak of. */
export async function lookNow(admin: Admin, edits: readonly Edit[]): Promise<ClusterNow> {
  const offsetEdits = edits.filter((edit): edit is OffsetEdit => edit.kind === 'offsets')
  const topics = new Set(offsetEdits.flatMap(({ partitions }) => partitions.map(({ topic }) => topic)))
  for (const edit of edits) if (edit.kind === 'config' && edit.resource.type === 'TOPIC') topics.add(edit.resource.name)
  const [{ topicIds }, settings, groups, quotas] = await Promise.all([
    admin.identify([...topics]),
    settingsNow(admin, edits),
    groupsNow(admin, offsetEdits),
    allQuotas(admin, edits),
  ])
  const logStarts = await startsOf(admin, offsetEdits, topicIds)
  return { topicIds, settings, groups, quotas, logStarts }
}

async function settingsNow(admin: Admin, edits: readonly Edit[]): Promise<Map<string, SettingsNow>> {
  const resources = new Map<string, ConfigResource>()
  for (const edit of edits) if (edit.kind === 'config') resources.set(resourceTitle(edit.resource), edit.resource)
  if (resources.size === 0) return new Map()
  const described = await admin.describeConfigs([...resources.values()])
  return new Map(
    [...resources].map(([title, resource], at): [string, SettingsNow] => {
      const outcome = described[at]!
      if (!outcome.ok) return [title, outcome.error.message]
      const own = outcome.value.filter(({ source }) => source === ownSource(resource))
      return [title, new Map(own.map(({ name, value }) => [name, value]))]
    }),
  )
}

async function groupsNow(admin: Admin, edits: readonly OffsetEdit[]): Promise<Map<string, GroupNow>> {
  const idsOf = (isShare: boolean): string[] => [
    ...new Set(edits.filter((edit) => edit.isShare === isShare).map(({ groupId }) => groupId)),
  ]
  const [plain, share] = [idsOf(false), idsOf(true)]
  const found = new Map<string, GroupNow>()
  if (plain.length > 0) {
    const [states, offsets] = await Promise.all([admin.describeGroups(plain), admin.listGroupOffsets(plain)])
    for (const id of plain) found.set(id, groupNow(states.get(id)!, offsets.get(id)!))
  }
  if (share.length > 0) {
    const [states, offsets] = await Promise.all([admin.describeShareGroups(share), admin.listShareGroupOffsets(share)])
    for (const id of share) found.set(id, groupNow(states.get(id)!, shareOffsets(offsets.get(id)!)))
  }
  return found
}

type Offsets = Outcome<readonly (TopicPartition & { readonly offset: number })[]>

function shareOffsets(
  outcome: Awaited<ReturnType<Admin['listShareGroupOffsets']>> extends Map<string, infer O> ? O : never,
): Offsets {
  if (!outcome.ok) return outcome
  const known = outcome.value.flatMap(({ topic, partition, startOffset }) =>
    startOffset === null || startOffset < 0 ? [] : [{ topic, partition, offset: startOffset }],
  )
  return { ok: true, value: known }
}

function groupNow(
  description: Outcome<{ readonly state: string; readonly members: readonly unknown[] }>,
  offsets: Offsets,
): GroupNow {
  const { state, members } = description.ok ? description.value : { state: 'Dead', members: [] }
  const known = offsets.ok ? offsets.value : []
  return {
    offsets: new Map(known.map((each) => [partitionKey(each), each.offset])),
    state,
    memberCount: members.length,
  }
}

async function allQuotas(admin: Admin, edits: readonly Edit[]): Promise<Map<string, ReadonlyMap<string, number>>> {
  const found = new Map<string, ReadonlyMap<string, number>>()
  for (const edit of edits) {
    if (edit.kind !== 'quota') continue
    found.set(quotaTitle(edit.entity), await quotasNow(admin, { entries: new Map(Object.entries(edit.entity)) }))
  }
  return found
}

/** Of topics that are there still; what is below is gone, whatever a group commits. */
async function startsOf(
  admin: Admin,
  edits: readonly OffsetEdit[],
  topicIds: ReadonlyMap<string, string>,
): Promise<Map<string, number>> {
  const wanted = new Map<string, TopicPartition>()
  for (const { topic, partition, before } of edits.flatMap(({ partitions }) => partitions)) {
    if (before !== null && topicIds.has(topic)) wanted.set(`${topic}:${partition}`, { topic, partition })
  }
  if (wanted.size === 0) return new Map()
  const listed = await admin.listOffsets([...wanted.values()].map((each) => ({ ...each, spec: 'earliest' })))
  return new Map(
    [...wanted.keys()].flatMap((key, at) => {
      const outcome = listed[at]!
      return outcome.ok ? [[key, outcome.value.offset] as const] : []
    }),
  )
}

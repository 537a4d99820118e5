/** The group as it would be: its members now, those that come or go, and the topics that they read. */
import { KtError } from '../../../base/errors.ts'
import { nearest } from '../../../cli/nearest.ts'
import { UsageError } from '../../../cli/options.ts'
import type { Admin, GroupDescription, GroupMember } from '../../../client/admin-types.ts'
import type { AssignorTopic } from '../../../protocol/assignors/index.ts'
import { partitionKey } from '../../../protocol/assignors/types.ts'
import { javaRegex } from '../../topic-filter.ts'
import { memberText } from '../steps/step-text.ts'
import type { FutureMember, Scenario } from './forecast.ts'
import { memberCountOf } from './words.ts'

export interface Wish {
  /** Null: no group, made-up members. */
  readonly group: GroupDescription | null
  readonly topics: readonly string[]
  readonly memberCount: string | undefined
}

export interface Prepared {
  readonly scenario: Scenario
  /** Members that would go. */
  readonly leaving: readonly string[]
  /** What a person should know of how sure this is. */
  readonly notes: readonly string[]
}

/** Asks for the topics and puts the scenario together. Throws `KtError`. */
export async function prepare({ group, topics, memberCount }: Wish, admin: Admin): Promise<Prepared> {
  if (group !== null) checkState(group)
  const members = group?.members ?? []
  const matched = await subscriptions(members, admin)
  const present = members.map((member): FutureMember => presentMember(member, matched.get(member.memberId)!))
  const count = memberCountOf(memberCount, present.length)
  const staying = present.slice(0, count)
  const leaving = present.slice(count)
  const names = topics.length > 0 ? topics : await topicsRead(present, group, admin)
  if (names.length === 0) {
    throw new UsageError('The group reads nothing and has committed nothing', {
      missing: 'topic',
      next: 'name topics: --topic orders --member-count 3',
    })
  }
  const coming = Array.from({ length: count - staying.length }, (_, at) => newMember(at + 1, names))
  const described = await describedTopics(
    [...new Set([...names, ...present.flatMap((member) => member.topics)])],
    admin,
  )
  const adjusted = staying.map((member) => (topics.length > 0 ? { ...member, topics } : member))
  return {
    scenario: { members: [...adjusted, ...coming], topics: described, readers: readersOf(present) },
    leaving: leaving.map(({ label }) => label),
    notes: notesOf(members, coming, leaving),
  }
}

/** What members subscribe to; for a group without any, what it has committed offsets of. */
async function topicsRead(
  members: readonly FutureMember[],
  group: GroupDescription | null,
  admin: Admin,
): Promise<string[]> {
  const subscribed = members.flatMap((member) => member.topics)
  if (subscribed.length > 0 || group === null) return [...new Set(subscribed)]
  const committed = (await admin.listGroupOffsets([group.groupId])).get(group.groupId)
  return committed?.ok ? [...new Set(committed.value.map(({ topic }) => topic))] : []
}

/** While a group rebalances nobody can say who reads what. */
function checkState({ groupId, state, protocolType }: GroupDescription): void {
  if (protocolType !== '' && protocolType !== 'consumer') {
    throw new KtError('usage', `Group '${groupId}' is none of consumers, but of '${protocolType}'`)
  }
  if (state !== 'PreparingRebalance' && state !== 'CompletingRebalance') return
  throw new KtError('kafka', `Group '${groupId}' is rebalancing (${state}): who reads what is not settled`, {
    next: `kt consumer-groups --describe --group ${groupId} --steps`,
  })
}

function presentMember(member: GroupMember, topics: readonly string[]): FutureMember {
  return {
    memberId: member.memberId,
    instanceId: member.groupInstanceId,
    label: memberText(member),
    isNew: false,
    topics,
    // The coordinator goes by what it wants members to have (KIP-848).
    owned: member.targetAssignment ?? member.assignment,
  }
}

function newMember(number: number, topics: readonly string[]): FutureMember {
  const name = `new-${number}`
  return { memberId: name, instanceId: null, label: name, isNew: true, topics, owned: [] }
}

/** Topics that each member reads, expressions resolved. */
async function subscriptions(members: readonly GroupMember[], admin: Admin): Promise<Map<string, readonly string[]>> {
  const hasRegex = members.some(({ subscribedRegex }) => subscribedRegex !== undefined)
  const all = hasRegex ? (await admin.listTopics()).filter(({ isInternal }) => !isInternal) : []
  return new Map(
    members.map(({ memberId, subscribedTopics, subscribedRegex, assignment }) => {
      const matches = subscribedRegex === undefined ? null : javaRegex(subscribedRegex)
      const named = subscribedTopics ?? assignment.map(({ topic }) => topic)
      const matched = all.filter(({ name }) => matches?.test(name)).map(({ name }) => name)
      return [memberId, [...new Set([...named, ...matched])]]
    }),
  )
}

async function describedTopics(names: readonly string[], admin: Admin): Promise<AssignorTopic[]> {
  const found: AssignorTopic[] = []
  for (const [name, outcome] of await admin.describeTopics(names)) {
    if (!outcome.ok) throw await noSuchTopic(name, outcome.error.message, admin)
    found.push({ name, topicId: outcome.value.topicId, partitionCount: outcome.value.partitions.length })
  }
  return found
}

async function noSuchTopic(name: string, message: string, admin: Admin): Promise<KtError> {
  const known = (await admin.listTopics().catch(() => [])).map((topic) => topic.name)
  const near = nearest(name, known)
  const facts = near.length === 0 ? [] : [`Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?`]
  return new KtError('not-found', `Topic '${name}': ${message}`, { facts, next: 'kt topics --list' })
}

function readersOf(members: readonly FutureMember[]): Map<string, string> {
  return new Map(members.flatMap(({ memberId, owned }) => owned.map((each) => [partitionKey(each), memberId] as const)))
}

function notesOf(
  members: readonly GroupMember[],
  coming: readonly FutureMember[],
  leaving: readonly FutureMember[],
): string[] {
  const notes: string[] = []
  if (coming.length > 0) {
    notes.push(
      'Members that come get their ids when they join: who gets which share may differ, how large it is may not.',
    )
  }
  if (leaving.length > 0) notes.push(`Without ${leaving.map(({ label }) => label).join(', ')}.`)
  if (members.some(({ rackId }) => rackId !== undefined)) {
    notes.push(
      'Members tell racks, which client assignors may follow where replicas differ in theirs; not looked at here.',
    )
  }
  return notes
}

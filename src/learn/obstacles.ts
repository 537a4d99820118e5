/** What keeps a lesson from being undone: members of its groups that no lesson has started. */
import { KtError } from '../base/errors.ts'
import type { Admin, GroupMember } from '../client/admin-types.ts'

/** A member, and the group that it is in. */
export type Membership = { readonly groupId: string } & Pick<GroupMember, 'clientId' | 'host' | 'assignment'>

/** Members of these groups. Groups that are gone meanwhile have none, and kinds without members are told by whoever deletes them. */
export async function membersOf(admin: Admin, groups: readonly string[]): Promise<Membership[]> {
  if (groups.length === 0) return []
  const described = await admin.describeGroups(groups)
  return groups.flatMap((groupId) => {
    const found = described.get(groupId)
    const members = found?.ok === true ? found.value.members : []
    return members.map(({ clientId, host, assignment }) => ({ groupId, clientId, host, assignment }))
  })
}

/** Programs of a lesson have their names as client ids: those end with the lesson. */
export function isProgram({ clientId }: Membership, programs: readonly string[]): boolean {
  return programs.some((name) => clientId === name || clientId.startsWith(`${name}-`))
}

/** A refusal before anything was deleted: who is there, and how each is ended. */
export function stillMembers(lesson: number, members: readonly Membership[]): KtError {
  const groups = [...new Set(members.map(({ groupId }) => groupId))]
  const what = groups.length === 1 ? `group ${groups[0]} still has` : `groups ${groups.join(', ')} still have`
  const count = `${members.length} ${members.length === 1 ? 'member' : 'members'}`
  return new KtError('conflict', `Lesson ${lesson} is not undone: ${what} ${count}`, {
    facts: [
      ...members.map(memberText),
      'nothing was deleted; end each with Ctrl-C in its terminal (at the prompt of kt learn: stop)',
      'one that was killed goes by itself: the group waits 45 s for it',
    ],
    next: `kt learn reset ${lesson}`,
  })
}

/** Somebody joined while the lesson was being undone: the group alone is left, for the next time. */
export function cameBack(lesson: number, group: string): KtError {
  return new KtError('conflict', `Group ${group} still has members: somebody joined it in this moment`, {
    facts: [
      'the rest of the lesson is undone',
      `kt consumer-groups --describe --group ${group} --members shows who it is`,
    ],
    next: `kt learn reset ${lesson}`,
  })
}

function memberText({ groupId, clientId, host, assignment }: Membership): string {
  const read = assignment.map(({ topic, partition }) => `${topic}-${partition}`).join(', ') || 'nothing'
  return `${clientId} on ${host.replace(/^\//, '')}, in group ${groupId}, reads ${read}`
}

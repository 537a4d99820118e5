import { KafkaError } from '../../protocol/error-codes.ts'
import type { ListGroupsResponseInput } from '../../protocol/messages/16-list-groups.ts'
import { ClassicGroup } from './classic/group.ts'
import type { Group } from './group.ts'

export type ListedGroup = NonNullable<ListGroupsResponseInput['groups']>[number]

/** The groups of one shard by id: the owner of which groups exist. */
export class Groups {
  private readonly byId = new Map<string, Group>()

  get(groupId: string): Group | undefined {
    return this.byId.get(groupId)
  }

  /** Throws GROUP_ID_NOT_FOUND. */
  require(groupId: string): Group {
    const group = this.byId.get(groupId)
    if (group === undefined) throw new KafkaError('GROUP_ID_NOT_FOUND', `Group ${groupId} not found.`)
    return group
  }

  /** The classic group of that id; null when there is none or it is of another kind. */
  classic(groupId: string): ClassicGroup | null {
    const group = this.byId.get(groupId)
    return group instanceof ClassicGroup ? group : null
  }

  /** Throws GROUP_ID_NOT_FOUND, also for a group of another kind. */
  requireClassic(groupId: string): ClassicGroup {
    const group = this.require(groupId)
    if (group instanceof ClassicGroup) return group
    throw new KafkaError('GROUP_ID_NOT_FOUND', `Group ${groupId} is not a classic group.`)
  }

  put(group: Group): void {
    this.byId.set(group.groupId, group)
  }

  remove(groupId: string): void {
    this.byId.delete(groupId)
  }

  all(): Group[] {
    return [...this.byId.values()]
  }

  /** ListGroups: empty filters let everything pass; names are compared without case (KIP-518, KIP-848). */
  list(statesFilter: readonly string[], typesFilter: readonly string[]): ListedGroup[] {
    const states = new Set(statesFilter.map((state) => state.trim().toLowerCase()))
    const types = new Set(typesFilter.map((type) => type.toLowerCase()))
    const wanted = (group: Group): boolean =>
      (states.size === 0 || states.has(group.stateName.toLowerCase())) && (types.size === 0 || types.has(group.type))
    return this.all()
      .filter(wanted)
      .map((group) => ({
        groupId: group.groupId,
        protocolType: group.listedProtocolType,
        groupState: group.stateName,
        groupType: group.type,
      }))
  }
}

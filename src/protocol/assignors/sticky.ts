/**
 * `sticky` and `cooperative-sticky` of the client (KIP-54, KIP-429): as even as can be, and members keep what they have.
 * Here for groups whose members all read the same topics; `sticky-mixed.ts` has the others. Racks are not looked at.
 */
import { hashMapOrder } from '../../base/java-hash.ts'
import { mixedSticky } from './sticky-mixed.ts'
import {
  type Assign,
  type AssignedPartition,
  type AssignorMember,
  type AssignorTopic,
  compareText,
  type GroupAssignment,
  nothingAssigned,
  partitionKey,
  partitionsOf,
  subscriptionsAreEqual,
} from './types.ts'

/** What the leader works out in one rebalance. */
interface StickyResult {
  readonly assignment: GroupAssignment
  /** Partitions that another member has to give up first, by key. */
  readonly transferred: ReadonlySet<string>
}

/** The eager one: everybody has given up everything before, so that it holds at once. */
export const assignSticky: Assign = (members, topics) => sticky(members, topics).assignment

/**
 * The cooperative one, in one rebalance: what another member still owns is given to nobody yet. The owner gives it up and
 * the group rebalances once more.
 */
export const assignCooperativeSticky: Assign = (members, topics) => {
  const { assignment, transferred } = sticky(members, topics)
  return new Map(
    [...assignment].map(([memberId, partitions]) => {
      const owned = new Set(members.find((member) => member.memberId === memberId)!.owned.map(partitionKey))
      return [
        memberId,
        partitions.filter((each) => !transferred.has(partitionKey(each)) || owned.has(partitionKey(each))),
      ]
    }),
  )
}

function sticky(members: readonly AssignorMember[], topics: readonly AssignorTopic[]): StickyResult {
  if (members.length === 0) return { assignment: new Map(), transferred: new Set() }
  const read = topics.filter(({ name }) => members.some((member) => member.topics.includes(name)))
  const existing = new Set(read.map(({ name }) => name))
  const present = members.map((member) => ({
    ...member,
    owned: member.owned.filter(({ topic }) => existing.has(topic)),
  }))
  if (looksEven(members)) return new EvenSticky(present, read).assign()
  const assignment = mixedSticky(present, read)
  return { assignment, transferred: addedAndTaken(members, assignment) }
}

/** As Kafka looks at it: members that read nothing are not noticed before the first that reads something. */
function looksEven(members: readonly AssignorMember[]): boolean {
  const byId = new Map(members.map((member) => [member.memberId, member]))
  const inOrder = hashMapOrder([...byId.keys()]).map((memberId) => byId.get(memberId)!)
  const first = inOrder.findIndex(({ topics }) => topics.length > 0)
  return first < 0 || subscriptionsAreEqual(inOrder.slice(first))
}

/** What one member gets and another loses. */
function addedAndTaken(members: readonly AssignorMember[], assignment: GroupAssignment): Set<string> {
  const added = new Set<string>()
  const taken = new Set<string>()
  for (const { memberId, owned } of members) {
    const before = new Set(owned.map(partitionKey))
    const after = new Set(assignment.get(memberId)!.map(partitionKey))
    for (const key of after) if (!before.has(key)) added.add(key)
    for (const key of before) if (!after.has(key)) taken.add(key)
  }
  return new Set([...added].filter((key) => taken.has(key)))
}

/** Everybody gets the least share or one more than that. */
class EvenSticky {
  readonly #members: readonly AssignorMember[]
  readonly #topics: readonly AssignorTopic[]
  readonly #assignment: GroupAssignment
  readonly #least: number
  readonly #most: number
  /** How many members get one more than the least share, and how many have it already. */
  readonly #overExpected: number
  #over = 0
  /** Members with less than their share, and those with the least one that may get another. */
  readonly #below: string[] = []
  #atLeast: string[] = []
  readonly #givenUpBy = new Map<string, string>()
  readonly #transferred = new Set<string>()

  constructor(members: readonly AssignorMember[], topics: readonly AssignorTopic[]) {
    const total = topics.reduce((sum, { partitionCount }) => sum + partitionCount, 0)
    this.#members = members
    this.#topics = topics
    this.#assignment = nothingAssigned(members)
    this.#least = Math.floor(total / members.length)
    this.#most = Math.ceil(total / members.length)
    this.#overExpected = total % members.length
  }

  assign(): StickyResult {
    const byId = new Map(this.#members.map((member) => [member.memberId, member]))
    // In the order of the leader's hash map: the first ones keep the larger shares.
    for (const memberId of hashMapOrder([...byId.keys()])) this.#keep(byId.get(memberId)!)
    this.#below.sort(compareText)
    this.#atLeast.sort(compareText)
    this.#giveOut(this.#unassigned())
    return { assignment: this.#assignment, transferred: this.#transferred }
  }

  #keep({ memberId, owned }: AssignorMember): void {
    const sorted = [...owned].sort((a, b) => a.partition - b.partition || compareText(a.topic, b.topic))
    if (sorted.length < this.#least) {
      this.#assignment.get(memberId)!.push(...sorted)
      this.#below.push(memberId)
      return
    }
    const keepsMore = sorted.length >= this.#most && this.#over < this.#overExpected
    const share = keepsMore ? this.#most : this.#least
    this.#assignment.get(memberId)!.push(...sorted.slice(0, share))
    for (const each of sorted.slice(share)) this.#givenUpBy.set(partitionKey(each), memberId)
    if (keepsMore) {
      this.#over++
      if (this.#over === this.#overExpected) this.#atLeast = []
    } else if (this.#over < this.#overExpected) {
      this.#atLeast.push(memberId)
    }
  }

  #unassigned(): AssignedPartition[] {
    const assigned = new Set([...this.#assignment.values()].flat().map(partitionKey))
    const topics = [...this.#topics].sort((a, b) => compareText(a.name, b.name))
    return topics.flatMap(partitionsOf).filter((each) => !assigned.has(partitionKey(each)))
  }

  /** In turn to those below their share; then one more each to the first that have just that. */
  #giveOut(unassigned: readonly AssignedPartition[]): void {
    let turn = 0
    for (const each of unassigned) {
      if (turn >= this.#below.length) turn = 0
      const memberId = this.#below[turn] ?? this.#atLeast.shift()!
      const list = this.#assignment.get(memberId)!
      list.push(each)
      const owner = this.#givenUpBy.get(partitionKey(each))
      if (owner !== undefined && owner !== memberId) this.#transferred.add(partitionKey(each))
      if (this.#below.length === 0) continue
      if (list.length === this.#least) {
        this.#below.splice(turn, 1)
        this.#atLeast.push(memberId)
      } else {
        turn++
      }
    }
  }
}

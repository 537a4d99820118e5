/** Random groups for assignors, and the lines in which they are told to Kafka's own classes. */
import type { Random } from '../../src/base/random.ts'
import { randomUuid } from '../../src/base/uuid.ts'
import type { AssignorMember, AssignorTopic, GroupAssignment } from '../../src/protocol/assignors/index.ts'
import { partitionKey } from '../../src/protocol/assignors/types.ts'

export interface AssignorCase {
  readonly topics: readonly AssignorTopic[]
  readonly members: readonly AssignorMember[]
}

/** A whole number below `limit`. */
const below = (random: Random, limit: number): number => random.bytes(4).readUInt32BE(0) % limit

/** A group that may have an assignment already, often an uneven one, and members that come new. */
export function randomCase(random: Random, { mixed }: { readonly mixed: boolean }): AssignorCase {
  const topics = Array.from({ length: 1 + below(random, 4) }, (_, at) => ({
    name: `topic-${at}-${below(random, 1_000)}`,
    topicId: randomUuid(random),
    partitionCount: 1 + below(random, below(random, 8) === 0 ? 40 : 9),
  }))
  const names = topics.map(({ name }) => name)
  const isStatic = below(random, 3) === 0
  const members = Array.from({ length: 1 + below(random, 7) }, (_, at) => ({
    memberId: `client-${below(random, 3)}-${randomUuid(random)}`,
    instanceId: isStatic && below(random, 2) === 0 ? `till-${below(random, 1_000)}-${at}` : null,
    topics: mixed ? names.filter(() => below(random, 3) > 0) : names,
    owned: [] as { topic: string; partition: number }[],
  }))
  if (mixed && members.every((member) => member.topics.length === 0)) members[0]!.topics = names
  shareOut(random, topics, members)
  return { topics, members }
}

/** Gives most partitions to somebody who reads them, now and then to one that does not any more. */
function shareOut(
  random: Random,
  topics: readonly AssignorTopic[],
  members: readonly { readonly topics: readonly string[]; readonly owned: { topic: string; partition: number }[] }[],
): void {
  const style = below(random, 3)
  if (style === 0) return
  const old = members.filter(() => below(random, 4) > 0)
  for (const { name, partitionCount } of topics) {
    const readers = old.filter((member) => member.topics.includes(name) || below(random, 8) === 0)
    if (readers.length === 0) continue
    for (let partition = 0; partition < partitionCount; partition++) {
      if (below(random, 6) === 0) continue
      const at = style === 1 ? partition % readers.length : below(random, readers.length)
      readers[at]!.owned.push({ topic: name, partition })
    }
  }
}

const partitionList = (list: readonly { readonly topic: string; readonly partition: number }[]): string =>
  list.map(({ topic, partition }) => `${topic}:${partition}`).join('/')

/** As `Assignors.java` reads it. */
export function caseLine(name: string, { topics, members }: AssignorCase): string {
  const topicTexts = topics.map(({ name: topic, topicId, partitionCount }) => `${topic}=${topicId}=${partitionCount}`)
  const memberTexts = members.map(
    (member) =>
      `${member.memberId}=${member.instanceId ?? ''}=${member.topics.join('/')}=${partitionList(member.owned)}`,
  )
  return `${name} ${topicTexts.join(';')} ${memberTexts.join(';')}`
}

/** The other way. */
export function parseCase(line: string): { readonly name: string } & AssignorCase {
  const [name, topicTexts, memberTexts] = line.split(' ') as [string, string, string]
  const listOf = (text: string): string[] => (text === '' ? [] : text.split('/'))
  return {
    name,
    topics: topicTexts.split(';').map((text) => {
      const [topic, topicId, count] = text.split('=') as [string, string, string]
      return { name: topic, topicId, partitionCount: Number(count) }
    }),
    members: memberTexts.split(';').map((text) => {
      const [memberId, instance, topics, owned] = text.split('=') as [string, string, string, string]
      return {
        memberId,
        instanceId: instance === '' ? null : instance,
        topics: listOf(topics),
        owned: listOf(owned).map((each) => {
          const [topic, partition] = each.split(':') as [string, string]
          return { topic, partition: Number(partition) }
        }),
      }
    }),
  }
}

/** As `Assignors.java` writes it. */
export function assignmentLine({ members }: AssignorCase, assignment: GroupAssignment): string {
  return members
    .map(({ memberId }) => {
      const texts = (assignment.get(memberId) ?? []).map(({ topic, partition }) => `${topic}:${partition}`)
      return `${memberId}=${texts.sort().join('/')}`
    })
    .join(';')
}

/** Partitions that more than one member has. */
export function sharedPartitions(assignment: GroupAssignment): string[] {
  const keys = [...assignment.values()].flat().map(partitionKey)
  return keys.filter((key, at) => keys.indexOf(key) !== at)
}

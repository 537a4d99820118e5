/** `range` of the client and of the broker (KIP-848): the same ranges, as both go by instance id and member id. */
import { type Assign, byInstanceThenId, nothingAssigned } from './types.ts'

/** Per topic, neighbouring partitions in the order of members; the first ones get one more. Racks are not looked at. */
export const assignRange: Assign = (members, topics) => {
  const assignment = nothingAssigned(members)
  const inOrder = [...members].sort(byInstanceThenId)
  for (const { name, partitionCount } of topics) {
    const readers = inOrder.filter((member) => member.topics.includes(name))
    if (readers.length === 0) continue
    const share = Math.floor(partitionCount / readers.length)
    const extra = partitionCount % readers.length
    let next = 0
    for (const [at, { memberId }] of readers.entries()) {
      const end = next + share + (at < extra ? 1 : 0)
      for (; next < end; next++) assignment.get(memberId)!.push({ topic: name, partition: next })
    }
  }
  return assignment
}

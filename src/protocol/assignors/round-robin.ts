/** `roundrobin` of the client. */
import { type Assign, byInstanceThenId, compareText, nothingAssigned, partitionsOf } from './types.ts'

/** All partitions of all topics in turn; members that do not read a topic are stepped over. */
export const assignRoundRobin: Assign = (members, topics) => {
  const assignment = nothingAssigned(members)
  const circle = [...members].sort(byInstanceThenId)
  const read = topics.filter(({ name }) => members.some((member) => member.topics.includes(name)))
  let turn = 0
  for (const topic of read.sort((a, b) => compareText(a.name, b.name))) {
    for (const partition of partitionsOf(topic)) {
      while (!circle[turn % circle.length]!.topics.includes(topic.name)) turn++
      assignment.get(circle[turn % circle.length]!.memberId)!.push(partition)
      turn++
    }
  }
  return assignment
}

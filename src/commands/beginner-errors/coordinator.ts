/** The broker that coordinates a group is the one that leads the group's partition of a topic: that topic is looked at. */
import type { PartitionDescription } from '../../client/admin-types.ts'
import { bringBack, partitionText, tellBrokers, tellGone } from './facts.ts'
import type { Found } from './found.ts'
import type { Look } from './look.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

/**
 * Why a group finds no coordinator; null for the group: any of them. True where that is the matter at this moment. Never
 * asks the coordinator itself: its answer would take as long as it is away.
 */
export async function tellCoordinator(look: Look, found: Found, groupId: string | null = null): Promise<boolean> {
  const description = await look.topic(OFFSETS_TOPIC)
  if (description === null) return false
  if (description === 'absent') return tellMissingTopic(look, found)
  const own = groupId === null ? null : await partitionOf(groupId, description.partitions)
  if (own !== null)
    found.fact(`coordinator of group '${groupId}' is whoever leads ${partitionText(OFFSETS_TOPIC, own)}`)
  const leaderless = (own === null ? description.partitions : [own]).filter(({ leader }) => leader < 0)
  if (leaderless.length === 0) return tellLed(own, look, found)
  if (own === null) {
    found.fact(`${leaderless.length} of ${description.partitions.length} partitions of ${OFFSETS_TOPIC} have no leader`)
    found.fact(partitionText(OFFSETS_TOPIC, leaderless[0]!))
  }
  const missing = [...new Set(leaderless.flatMap(({ replicas }) => replicas))]
  found.because(
    `The group's partition of ${OFFSETS_TOPIC} has no leader, so nobody coordinates the group until a broker that has it is back.`,
  )
  const alive = (await tellBrokers(look, found)) ?? []
  const down = missing.filter((id) => !alive.includes(id))
  if (alive.length > 0 && down.length > 0) await tellGone(down, look, found)
  found.do(await bringBack(missing, look))
  return true
}

async function partitionOf(
  groupId: string,
  partitions: readonly PartitionDescription[],
): Promise<PartitionDescription | null> {
  const { partitionFor } = await import('../consumer-groups/steps/record-source.ts')
  const number = partitionFor(groupId, partitions.length)
  return partitions.find(({ partition }) => partition === number) ?? null
}

/** There is a leader: it may have come to it a moment ago, or hang. */
async function tellLed(own: PartitionDescription | null, look: Look, found: Found): Promise<boolean> {
  if (own === null) found.fact(`every partition of ${OFFSETS_TOPIC} has a leader by now: there is a coordinator again`)
  const { fateOf } = await import('./local-nodes.ts')
  const fate = own === null ? '' : await fateOf(own.leader, look)
  if (own !== null && fate !== '') {
    found.fact(`broker ${own.leader}: ${fate}`)
    found.do(await bringBack([own.leader], look))
    return true
  }
  found.do({ run: 'kt consumer-groups --describe --group GROUP' })
  return false
}

/** The topic is made when the first group appears; where that fails, Kafka says nothing. */
async function tellMissingTopic(look: Look, found: Found): Promise<boolean> {
  const brokers = await tellBrokers(look, found)
  const factor = await look.brokerSetting('offsets.topic.replication.factor')
  found.fact(`${OFFSETS_TOPIC} does not exist yet; offsets.topic.replication.factor is ${factor ?? 'not told'}`)
  if (factor === null || brokers === null || Number(factor) <= brokers.length) return false
  found.because(
    `${OFFSETS_TOPIC} cannot be created: it wants ${factor} replicas, and there are fewer brokers. Kafka says nothing of that, groups just hang.`,
  )
  const { localStatus } = await import('./local-nodes.ts')
  const setting = { does: 'set offsets.topic.replication.factor=1 in server.properties and restart the broker' }
  found.do(
    ...((await localStatus(look)) === null
      ? [setting]
      : [
          { run: 'kt cluster add', does: `adds a broker; ${Number(factor) - brokers.length} more are needed` },
          setting,
        ]),
  )
  return true
}

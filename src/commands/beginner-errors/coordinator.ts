/** The broker that coordinates a group is the one that leads the group's partition of a topic: that topic is looked at. */
import { bringBack, partitionText, tellBrokers } from './facts.ts'
import type { Found } from './found.ts'
import type { Look } from './look.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

/** Why a group finds no coordinator. */
export async function tellCoordinator(look: Look, found: Found): Promise<void> {
  const description = await look.topic(OFFSETS_TOPIC)
  const brokers = await tellBrokers(look, found)
  if (description === 'absent') {
    const factor = await look.brokerSetting('offsets.topic.replication.factor')
    found.fact(`${OFFSETS_TOPIC} does not exist yet; offsets.topic.replication.factor is ${factor ?? 'not told'}`)
    if (factor === null || brokers === null || Number(factor) <= brokers.length) return
    found.because(
      `${OFFSETS_TOPIC} cannot be created: it wants ${factor} replicas, and there are fewer brokers. Kafka says nothing of that, groups just hang.`,
    )
    found.do(
      { does: 'set offsets.topic.replication.factor=1 in server.properties and restart the broker' },
      { run: 'kt cluster add' },
    )
    return
  }
  if (description === null) return
  const leaderless = description.partitions.filter(({ leader }) => leader < 0)
  if (leaderless.length === 0) {
    found.fact(`every partition of ${OFFSETS_TOPIC} has a leader by now: there is a coordinator again`)
    found.do({ run: 'kt consumer-groups --describe --group GROUP' })
    return
  }
  found.fact(`${leaderless.length} of ${description.partitions.length} partitions of ${OFFSETS_TOPIC} have no leader`)
  found.fact(partitionText(OFFSETS_TOPIC, leaderless[0]!))
  found.do(await bringBack([...new Set(leaderless.flatMap(({ replicas }) => replicas))], look))
}

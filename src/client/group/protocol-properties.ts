/** Which group protocol a consumer's properties ask for, in Kafka's words. */
import { KtError } from '../../base/errors.ts'
import type { GroupConsumerOptions } from '../group-consumer.ts'

/** What the coordinator decides in a group of KIP-848. */
const CLASSIC_ONLY = ['partition.assignment.strategy', 'heartbeat.interval.ms', 'session.timeout.ms']

/** `group.protocol` and what goes with it. Throws a usage `KtError` as Kafka's consumer refuses them. */
export function groupProtocolOptions(
  properties: ReadonlyMap<string, string>,
): Pick<GroupConsumerOptions, 'protocol' | 'groupInstanceId' | 'remoteAssignor'> {
  const name = properties.get('group.protocol')?.trim() ?? 'classic'
  const protocol = name.toLowerCase()
  const remoteAssignor = properties.get('group.remote.assignor')?.trim()
  const groupInstanceId = properties.get('group.instance.id')?.trim()
  if (protocol === 'classic') {
    if (remoteAssignor === undefined) return { protocol }
    throw new KtError('usage', 'group.remote.assignor cannot be set when group.protocol=CLASSIC')
  }
  if (protocol !== 'consumer') {
    throw new KtError(
      'usage',
      `Invalid value ${name} for configuration group.protocol: String must be one of (case insensitive): CONSUMER, CLASSIC`,
    )
  }
  const refused = CLASSIC_ONLY.find((property) => properties.has(property))
  if (refused !== undefined) throw new KtError('usage', `${refused} cannot be set when group.protocol=CONSUMER`)
  return {
    protocol,
    ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
    ...(remoteAssignor === undefined ? {} : { remoteAssignor }),
  }
}

import { ErrorCode } from '../../protocol/error-codes.ts'
import type { Outcome } from '../admin-types.ts'
import { brokerFailure } from '../by-leader.ts'
import type { ClusterClient } from '../cluster-client.ts'
import { failed } from './outcome.ts'

/** One question to one broker; a broker that is not there is its own failure, not the call's. */
export async function askBroker<T>(
  client: ClusterClient,
  brokerId: number,
  ask: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  try {
    if (client.metadata.broker(brokerId) === undefined) await client.refreshMetadata([])
    if (client.metadata.broker(brokerId) === undefined) {
      return failed(ErrorCode.BROKER_NOT_AVAILABLE, `Broker ${brokerId} is not part of the cluster or not alive`)
    }
    return await ask()
  } catch (error) {
    const outcome = brokerFailure(error)
    if (outcome === null) throw error
    return outcome
  }
}
